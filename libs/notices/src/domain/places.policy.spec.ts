import { callPlaces, chooseCalls } from './places.policy.js';

const due = (endpoint: string, count: number, failing = false) =>
  Array.from({ length: count }, (_, n) => ({ endpoint, failing, n }));
const counted = (chosen: readonly { endpoint: string }[]) => {
  const counts: Record<string, number> = {};
  for (const { endpoint } of chosen) counts[endpoint] = (counts[endpoint] ?? 0) + 1;
  return counts;
};

describe('the places for calls', () => {
  it('are not all taken by one endpoint', () => {
    expect(counted(chooseCalls([...due('slow', 90), ...due('quick', 3)], new Map()))).toEqual({ slow: 16, quick: 3 });
  });

  it('count the calls under way', () => {
    expect(counted(chooseCalls([...due('slow', 9), ...due('quick', 3)], new Map([['slow', 12]])))).toEqual({
      slow: 4,
      quick: 3,
    });
    expect(chooseCalls(due('quick', 3), new Map([['others', callPlaces.inAll]]))).toEqual([]);
  });

  it('give a failing endpoint one, and keep the order', () => {
    expect(chooseCalls(due('failing', 5, true), new Map())).toEqual([{ endpoint: 'failing', failing: true, n: 0 }]);
  });
});
