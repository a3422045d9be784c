import { covers } from './events.js';
import { disableAt, judgeFailure, mailWait, webhookWait } from './retry.policy.js';

const hour = 3_600_000;

describe('retries', () => {
  it('of a webhook follow the schedule of the Standard Webhooks specification, then end', () => {
    // https://github.com/standard-webhooks/standard-webhooks, "Retry schedule".
    const waits = Array.from({ length: 10 }, (_, index) => webhookWait(index + 1, 0));
    expect(waits).toEqual([5e3, 3e5, 18e5, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour, null]);
    expect(webhookWait(1, 1)).toBe(5500);
  });

  it('of a mail end too', () => {
    expect(mailWait(8, 0)).toBe(24 * hour);
    expect(mailWait(9, 0)).toBeNull();
  });
});

describe('a failing endpoint', () => {
  it('is never switched off before its people were warned and had a day', () => {
    const since = 0;
    expect(judgeFailure({ failingSince: null, warnedAt: null }, 10 * hour, false)).toBe('wait');
    expect(judgeFailure({ failingSince: since, warnedAt: null }, 23 * hour, false)).toBe('wait');
    expect(judgeFailure({ failingSince: since, warnedAt: null }, 200 * hour, false)).toBe('warn');
    expect(judgeFailure({ failingSince: since, warnedAt: 24 * hour }, 119 * hour, false)).toBe('wait');
    expect(judgeFailure({ failingSince: since, warnedAt: 24 * hour }, 120 * hour, false)).toBe('disable');
    expect(judgeFailure({ failingSince: since, warnedAt: 200 * hour }, 210 * hour, false)).toBe('wait');
    expect(disableAt(since, 24 * hour)).toBe(120 * hour);
    expect(disableAt(since, 200 * hour)).toBe(224 * hour);
  });

  it('that says it is gone is warned at once and off after a day', () => {
    expect(judgeFailure({ failingSince: null, warnedAt: null }, 0, true)).toBe('warn');
    expect(judgeFailure({ failingSince: 0, warnedAt: 0 }, 23 * hour, true)).toBe('wait');
    expect(judgeFailure({ failingSince: 0, warnedAt: 0 }, 24 * hour, true)).toBe('disable');
  });
});

it('a subscription covers an event by name, by family or altogether', () => {
  expect(covers('*', 'offer.placed')).toBe(true);
  expect(covers('offer.*', 'offer.placed')).toBe(true);
  expect(covers('offer.*', 'offers.placed')).toBe(false);
  expect(covers('offer.placed', 'offer.placed')).toBe(true);
  expect(covers('offer.placed', 'offer.placed_twice')).toBe(false);
});
