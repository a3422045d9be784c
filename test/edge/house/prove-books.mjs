// Proves an export of the books without anything of this program: only the recipe of docs/guide/guarantee-risk.md and SHA-256.
// node prove-books.mjs FILE → the totals as JSON and 0, or what is wrong and 1.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const fail = (why) => {
  process.stdout.write(`${why}\n`);
  process.exit(1);
};
const need = (holds, why) => holds || fail(why);

const file = readFileSync(process.argv[2], 'utf8');
need(file.endsWith('\n'), 'the file is cut off');
need(Buffer.from(file, 'utf8').equals(readFileSync(process.argv[2])), 'the file is not UTF-8');
const texts = file.slice(0, -1).split('\n');
const lines = texts.map((text, at) => {
  try {
    return JSON.parse(text);
  } catch {
    return fail(`line ${at + 1} is not JSON`);
  }
});
// What is written again from what was read must be the same text: nothing hides between the fields.
lines.forEach((line, at) => need(JSON.stringify(line) === texts[at], `line ${at + 1} is written otherwise`));
const [head, ...rest] = lines;
const { manifest } = rest.pop() ?? {};
need(manifest, 'there is no manifest');

let link = Buffer.alloc(32);
let entries = 0;
let transfers = 0;
let postings = 0;
const nets = new Map();
const add = (key, amount) => nets.set(key, (nets.get(key) ?? 0n) + amount);
for (const [at, { audit, transfer, ...others }] of rest.entries()) {
  need(Object.keys(others).length === 0 && !audit !== !transfer, `line ${at + 2} is of no known kind`);
  if (audit) {
    need(transfers === 0, 'an audit entry stands behind the transfers');
    entries += 1;
    const { id, at: when, actorKind, actorId, organisationId, action, subjectType, subjectId, data, traceId } = audit;
    const fields = [id, when, actorKind, actorId, organisationId, action, subjectType, subjectId, data, traceId];
    need(audit.sequence === String(entries), `link ${entries} is missing`);
    need(audit.entryHash === sha256(JSON.stringify(fields)), `entry ${entries} was changed`);
    need(
      audit.linkHash === sha256(link, audit.sequence, Buffer.from(audit.entryHash, 'hex')),
      `link ${entries} does not follow`,
    );
    link = Buffer.from(audit.linkHash, 'hex');
    continue;
  }
  transfers += 1;
  const { reference, kind, description, subject, bookDate, postedAt, expiresAt, resolves, reverses } = transfer;
  const posted = transfer.lines.map(({ debit, credit, amount, currency }) => [debit, credit, amount, currency]);
  const said = [reference, kind, description, subject.type, subject.id, bookDate, postedAt, expiresAt];
  const content = JSON.stringify([...said, resolves, reverses, posted]);
  need(transfer.hash === sha256(content), `transfer ${transfers} was changed`);
  for (const { debitPurpose, creditPurpose, amount, currency } of transfer.lines) {
    postings += 1;
    if (kind === 'reserve') continue;
    add(`${currency}/${debitPurpose}`, BigInt(amount));
    add(`${currency}/${creditPurpose}`, -BigInt(amount));
  }
}
const balances = [...nets]
  .filter(([, net]) => net !== 0n)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, net]) => ({ currency: key.split('/')[0], purpose: key.split('/')[1], net: String(net) }));
for (const currency of new Set(balances.map((each) => each.currency)))
  need(
    balances.filter((each) => each.currency === currency).reduce((sum, { net }) => sum + BigInt(net), 0n) === 0n,
    `${currency} does not balance`,
  );
const body = texts.slice(0, -1).map((text) => `${text}\n`);
const stated = {
  format: head.format,
  madeAt: head.madeAt,
  audit: { entries, lastLink: link.toString('hex') },
  ledger: { transfers, postings },
  balances,
  sha256: sha256(...body),
};
need(JSON.stringify(manifest) === JSON.stringify(stated), 'the manifest is not that of the lines');
process.stdout.write(`${JSON.stringify({ entries, transfers, postings, balances })}\n`);
