import { examine, type Finding, newId, platformPersistence, setTimer, systemContext } from '#platform';
import { createTestDatabase, type TestDatabase } from '#platform/testing';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase([platformPersistence]);
});
afterAll(() => database.stop());

const find = (findings: readonly Finding[], check: string): Finding | undefined =>
  findings.find((finding) => finding.check === check);

it('a market that is well has no fault', async () => {
  const findings = await examine(database.environment, [platformPersistence]);
  expect(findings.filter(({ state, check }) => state === 'ill' && check !== 'durability')).toEqual([]);
  expect(find(findings, 'schema')).toMatchObject({ state: 'well', found: 'up to date' });
});

it('a timer that nobody fires and a schema from before are told with what to do', async () => {
  const past = new Date(Date.now() - 120_000);
  await database.unitOfWork.run(systemContext('test'), (tx) => setTimer(tx, 'test.tick', newId(), past));
  const late = find(await examine(database.environment, [platformPersistence]), 'timers');
  expect(late).toMatchObject({ state: 'ill', found: '1 late by over 60 s', next: expect.stringContaining('worker') });
  class Newer1999999999999 {
    up(): Promise<void> {
      return Promise.resolve();
    }
    down(): Promise<void> {
      return Promise.resolve();
    }
  }
  const newer = [platformPersistence, { entities: [], migrations: [Newer1999999999999] }];
  expect(find(await examine(database.environment, newer), 'schema')).toMatchObject({ next: 'Run sanad migrate.' });
});

it('servers that are not there are named, each by itself', async () => {
  const nowhere = {
    ...database.environment,
    databaseUrl: 'mysql://nobody:none@127.0.0.1:1/none',
    redisUrl: 'redis://127.0.0.1:1',
    dataFolder: '/etc/passwd/none',
  };
  const findings = await examine(nowhere, [platformPersistence]);
  for (const check of ['database', 'queue', 'data folder'])
    expect(find(findings, check)).toMatchObject({ state: 'ill', next: expect.any(String) });
});
