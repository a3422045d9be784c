import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from './house/evidence.js';
import { type Firm, makeFirm } from './house/parties.js';
import { draftRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

const limitSeconds = 2;
let market: RunningMarket;
let firm: Firm;

beforeAll(async () => {
  market = await RunningMarket.open({
    ownServers: true,
    env: { DATABASE_TIMEOUT_SECONDS: String(limitSeconds), DATABASE_POOL: '12' },
  });
  firm = await makeFirm(market);
});
afterAll(() => market.close());

/** Stops MariaDB without ending it: connections stay, and nothing answers any more. */
function signal(name: 'SIGSTOP' | 'SIGCONT'): void {
  const folder = String(market.servers?.env['SANAD_SERVERS']);
  const [pid] = readFileSync(join(folder, 'mariadb.pid'), 'utf8').split('\n');
  process.kill(Number(pid), name);
}

describe('MariaDB hangs', () => {
  it('holds no caller: all are told to come again, those without a connection too, and it goes on when it wakes', async () => {
    const before = await draftRequest(firm.owner);
    signal('SIGSTOP');
    let answers;
    let seconds;
    try {
      const began = performance.now();
      // More than the pool has connections.
      answers = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          n % 2 === 0
            ? firm.owner.send('GET', `/v1/requests/${before.id}`)
            : firm.owner.send('POST', '/v1/requests', { productKind: 'term_loan' }, { key: randomUUID() }),
        ),
      );
      seconds = (performance.now() - began) / 1000;
      expect((await firm.owner.send('GET', '/health/live')).status).toBe(200);
    } finally {
      signal('SIGCONT');
    }
    for (const { status, body, headers } of answers) {
      expect([status, body.code]).toEqual([503, 'database_unreachable']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // A connection and a statement, each waited for once.
    expect(seconds).toBeLessThan(2 * limitSeconds + 2);
    await until('the api ready again', async () => (await firm.owner.send('GET', '/health/ready')).status === 200);
    expect((await draftRequest(firm.owner)).id).not.toBe(before.id);
    await market.settle();
    expect([...market.apis, ...market.workers].map(({ alive }) => alive)).toEqual([true, true]);
    await judge(market);
  });
});
