import { Redis } from 'ioredis';
import { idBytes, JobQueue, JobWorkers, TimerRunner, UnitOfWork } from '#platform';
import { ReviewHouse } from '../testing/review-house.js';
import { ReviewClockTimer } from './clock.timer.js';

let house: ReviewHouse;
let queue: JobQueue;
let redis: Redis;
beforeEach(async () => {
  house = await ReviewHouse.open();
  queue = new JobQueue(house.database.environment);
  redis = new Redis(house.database.environment.redisUrl);
});
afterEach(async () => {
  await dropKeys();
  redis.disconnect();
  await queue.close();
  await house.database.stop();
});

/** What FLUSHALL would do, to the keys of this test only. */
async function dropKeys(): Promise<number> {
  const keys = await redis.keys(`${house.database.environment.redisPrefix}*`);
  return keys.length === 0 ? 0 : redis.unlink(...keys);
}

const runner = (offsetSeconds: number) =>
  new TimerRunner(new UnitOfWork(house.database.dataSource, offsetSeconds), queue, [
    new ReviewClockTimer(house.clocks),
  ]);
const delayed = () => redis.zcard(`${house.database.environment.redisPrefix}:timer-tick:delayed`);
const warned = async (caseId: string) =>
  (
    await house.rows('SELECT 1 FROM outbox_event WHERE subject_id = ? AND name = ?', [
      idBytes(caseId),
      'review_case.warned',
    ])
  ).length;

// Half of the time of a case opened on Sunday 28 September 2025 at 09:00 is over on Monday at 13:00.
const opened = '2025-09-28T09:00:00+03:00';
const offset = (instant: string) => (Date.parse(instant) - Date.now()) / 1000;

describe('Redis emptied', () => {
  it('loses no clock: alarms come back, and the sweep fires what no alarm announced', async () => {
    const { caseId } = await house.open(opened);
    const before = runner(offset('2025-09-29T12:30:00+03:00'));
    expect(await before.arm()).toBe(1);
    expect(await delayed()).toBe(1);
    await dropKeys();
    expect(await delayed()).toBe(0);
    await before.rearm();
    expect(await before.arm()).toBe(1);
    expect(await delayed()).toBe(1);
    await dropKeys();
    expect(await runner(offset('2025-09-29T13:00:01+03:00')).fireDue()).toBe(1);
    expect(await warned(caseId)).toBe(1);
  });

  it('that is away keeps no clock waiting for an alarm that it never got', async () => {
    const { caseId } = await house.open(opened);
    const away = new JobQueue(house.database.environment);
    await away.addAll('timer.tick', [{ span: 1 }], () => 'first');
    await away.close();
    const at = (instant: string) =>
      new TimerRunner(new UnitOfWork(house.database.dataSource, offset(instant)), away, [
        new ReviewClockTimer(house.clocks),
      ]);
    expect(await at('2025-09-29T12:30:00+03:00').arm()).toBe(0);
    expect(await house.rows('SELECT armed FROM timer')).toEqual([{ armed: 0 }]);
    expect(await at('2025-09-29T13:00:01+03:00').fireDue()).toBe(1);
    expect(await warned(caseId)).toBe(1);
  });

  it('an alarm fires the clock through the queue, and a second alarm does not fire it twice', async () => {
    const { caseId } = await house.open(opened);
    const late = runner(offset('2025-09-29T13:00:00+03:00'));
    const workers = new JobWorkers(house.database.environment);
    let ticks = 0;
    const both = new Promise<void>((resolve, reject) =>
      workers.start(
        {
          'event.deliver': async () => undefined,
          'timer.tick': async () => {
            await late.fireDue();
            if (++ticks === 2) resolve();
          },
        },
        (_name, error) => reject(error),
      ),
    );
    await late.arm();
    await queue.addAll('timer.tick', [{ span: 1 }], () => 'again');
    await both;
    await workers.close();
    expect(await warned(caseId)).toBe(1);
  });
});
