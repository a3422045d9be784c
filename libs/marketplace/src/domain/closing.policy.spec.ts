import { extendedClose } from './closing.policy.js';

/** The rule of the market's design: a binding offer that takes rank 1 in the last 10 minutes gives 10 more, six times at most. */
const rule = { extensionMinutes: 10, extensionsAtMost: 6 };
const closesAt = new Date('2026-11-26T14:00:00Z');
const leading = { binding: true, rank: 1 };
const ranked = { mode: 'ranked' as const, closesAt, extensions: 0 };

it.each([
  ['ten minutes before', '13:50:00', ranked, leading, '14:10:00'],
  ['a second before', '13:59:59', { ...ranked, extensions: 5 }, leading, '14:10:00'],
  ['a moment too early', '13:49:59', ranked, leading, null],
  ['at the close and after it', '14:00:00', ranked, leading, null],
  ['the seventh time', '13:55:00', { ...ranked, extensions: 6 }, leading, null],
  ['an indicative offer', '13:55:00', ranked, { binding: false, rank: 1 }, null],
  ['a second rank', '13:55:00', ranked, { binding: true, rank: 2 }, null],
  ['a sealed competition', '13:55:00', { ...ranked, mode: 'sealed' as const }, leading, null],
])('%s', (_what, at, competition, offer, expected) => {
  const found = extendedClose(competition, offer, new Date(`2026-11-26T${at}Z`), rule);
  expect(found).toEqual(expected === null ? null : new Date(`2026-11-26T${expected}Z`));
});
