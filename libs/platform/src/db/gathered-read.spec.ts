import { GatheredRead } from './gathered-read.js';

/** A read whose answers come when the test lets them. */
function slowRead() {
  const asked: { keys: readonly string[]; answer: (values: Record<string, number>) => void; fail: () => void }[] = [];
  const read = new GatheredRead<number>(
    (keys) =>
      new Promise((resolve, reject) => {
        asked.push({
          keys,
          answer: (values) => resolve(new Map(Object.entries(values))),
          fail: () => reject(new Error('lost')),
        });
      }),
  );
  return { read, asked };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gathered read', () => {
  it('asks once for all who ask in the same instant, and gives each its own', async () => {
    const { read, asked } = slowRead();
    const answers = Promise.all([read.of('a'), read.of('b'), read.of('a'), read.of('unknown')]);
    await nextTurn();
    expect(asked.map(({ keys }) => keys)).toEqual([['a', 'b', 'unknown']]);
    asked[0]?.answer({ a: 1, b: 2 });
    expect(await answers).toEqual([1, 2, 1, undefined]);
  });

  it('begins a new statement for who asks after one was sent: it may be about something newer', async () => {
    const { read, asked } = slowRead();
    const before = read.of('a');
    await nextTurn();
    const after = read.of('a');
    await nextTurn();
    expect(asked).toHaveLength(2);
    asked[0]?.answer({ a: 1 });
    asked[1]?.answer({ a: 2 });
    expect(await Promise.all([before, after])).toEqual([1, 2]);
  });

  it('gathers while two statements run, and goes on when one of them ends or fails', async () => {
    const { read, asked } = slowRead();
    const first = read.of('a');
    await nextTurn();
    const second = read.of('b');
    await nextTurn();
    const others = Promise.all([read.of('c'), read.of('d')]);
    await nextTurn();
    expect(asked).toHaveLength(2);
    asked[0]?.fail();
    await expect(first).rejects.toThrow('lost');
    await nextTurn();
    expect(asked[2]?.keys).toEqual(['c', 'd']);
    asked[1]?.answer({ b: 2 });
    asked[2]?.answer({ c: 3, d: 4 });
    expect(await second).toBe(2);
    expect(await others).toEqual([3, 4]);
  });

  it('asks for at most a hundred keys at once', async () => {
    const { read, asked } = slowRead();
    const all = Promise.all(Array.from({ length: 230 }, (_, n) => read.of(String(n))));
    await nextTurn();
    await nextTurn();
    for (let turn = 0; turn < 3; turn++) {
      for (const { keys, answer } of asked) answer(Object.fromEntries(keys.map((key) => [key, Number(key)])));
      await nextTurn();
      await nextTurn();
    }
    expect(asked.map(({ keys }) => keys.length)).toEqual([100, 100, 30]);
    expect(await all).toEqual(Array.from({ length: 230 }, (_, n) => n));
  });
});
