import { idBytes, JobQueue, newId, platformPersistence, setTimer, systemContext, TimerRunner } from '#platform';
import { createTestDatabase, type TestDatabase } from '#platform/testing';

let database: TestDatabase;
let queue: JobQueue;

beforeAll(async () => {
  database = await createTestDatabase([platformPersistence]);
  queue = new JobQueue(database.environment);
});
afterAll(async () => {
  await queue.close();
  await database.stop();
});

it('a timer whose handler fails stops no other, is put off, and its error is told', async () => {
  const fired: string[] = [];
  const broken = newId();
  const handler = {
    kind: 'test.tick',
    fire: async (_tx: unknown, due: readonly { subjectId: string }[]) => {
      if (due.some(({ subjectId }) => subjectId === broken)) throw new Error('this one is broken');
      fired.push(...due.map(({ subjectId }) => subjectId));
    },
  };
  const runner = new TimerRunner(database.unitOfWork, queue, [handler]);
  const sound = Array.from({ length: 5 }, () => newId());
  const past = new Date(Date.now() - 60_000);
  await database.unitOfWork.run(systemContext('test'), async (tx) => {
    for (const id of [...sound.slice(0, 2), broken, ...sound.slice(2)]) await setTimer(tx, 'test.tick', id, past);
  });
  await expect(runner.fireDue()).rejects.toMatchObject({ errors: [{ message: 'this one is broken' }] });
  expect([...new Set(fired)].sort()).toEqual([...sound].sort());
  expect(fired).toHaveLength(5);
  const left = await database.dataSource.query<{ subject_id: Buffer; due_at: Date }[]>(
    'SELECT subject_id, due_at FROM timer',
  );
  expect(left.map(({ subject_id }) => subject_id)).toEqual([idBytes(broken)]);
  expect(left[0]?.due_at.getTime()).toBeGreaterThan(Date.now());
  expect(await runner.fireDue()).toBe(0);
});
