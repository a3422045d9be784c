import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until, visit } from '../client.mjs';
import { chapter, check, tell } from '../teller.mjs';

/** What remains of it all: figures for everybody, a record for the supervisor. */
export async function theAudit(market, firm, request) {
  chapter('10. What the public sees, and what the record keeps');
  const { items: rates } = await visit('GET', '/v1/market/honour-rates');
  const known = rates.filter(({ counted }) => counted > 0);
  check(
    `Honour rates are public: ${known.map(({ financier, honoured, counted }) => `${financier.name} ${honoured} of ${counted}`).join(', ')}.`,
    known.every(({ honoured, counted, rate }) => rate === honoured / counted),
  );
  const notices = await until(
    'notices',
    () => firm.owner.get('/v1/notices?limit=100'),
    ({ items }) => items.length > 0,
  );
  tell(`Hanan was told of ${notices.items.length} things on the way, such as “${notices.items[0].title}”.`);
  const supervisor = await market.as('reader@supervisor.example');
  const { items } = await supervisor.get(`/v1/review/requests/${request.id}/timeline`);
  const steps = items.filter(({ subjectType }) => subjectType === 'funding_request').map(({ action }) => action);
  const expected = ['create', 'submit', 'begin_review', 'request_information', 'answer_information', 'open'];
  check(
    `The supervisor reads the request’s life, step by step: ${steps.join(', ').replaceAll('_', ' ')}.`,
    expected.every((action, n) => steps[n] === action),
  );
  const changed = await supervisor.refusal('POST', `/v1/review/requests/${request.id}/open`);
  check('A supervisor reads everything and changes nothing.', changed?.status === 403);
  verifyChain();
}

/** The hash chain is walked by the command line, which needs the database; a story told from afar leaves it out. */
function verifyChain() {
  const cli = fileURLToPath(new URL('../../../dist/apps/cli/src/main.js', import.meta.url));
  if (!process.env.DATABASE_URL || !existsSync(cli))
    return tell('The audit chain is checked where the database is: sanad audit verify.');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'audit', 'verify'], { encoding: 'utf8' });
  check(`The chain of the audit log is whole: ${stdout.trim().split('\n')[0]}`, status === 0, stderr.trim());
}
