const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waiting times after each failed attempt; the schedule that the Standard Webhooks specification recommends. */
const webhookWaits = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** Mail servers are away for minutes, seldom for a day. */
const mailWaits = [10 * second, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 12 * hour, 24 * hour];

/** Milliseconds until the next attempt after `attempts` failed ones, or null when there is none. `chance` (0 to 1) spreads them. */
export function webhookWait(attempts: number, chance: number): number | null {
  return spread(webhookWaits[attempts - 1], chance);
}

export function mailWait(attempts: number, chance: number): number | null {
  return spread(mailWaits[attempts - 1], chance);
}

/** Up to a tenth longer, so that a recovered receiver is not met by everybody at once. */
function spread(wait: number | undefined, chance: number): number | null {
  return wait === undefined ? null : Math.round(wait * (1 + chance / 10));
}

/** How long an endpoint may fail before its people are warned, and before it is switched off. */
export const endpointPatience = { warnAfterMs: 24 * hour, disableAfterMs: 5 * 24 * hour, graceMs: 24 * hour } as const;

export interface EndpointHealth {
  readonly failingSince: number | null;
  readonly warnedAt: number | null;
}

/**
 * What follows from another failure at `now`. An endpoint is never switched off before its people were warned and
 * had a day. `gone`: the receiver itself said that it is no longer there (HTTP 410), which shortens the patience.
 */
export function judgeFailure(
  { failingSince, warnedAt }: EndpointHealth,
  now: number,
  gone: boolean,
): 'wait' | 'warn' | 'disable' {
  const failingFor = now - (failingSince ?? now);
  if (warnedAt === null) return gone || failingFor >= endpointPatience.warnAfterMs ? 'warn' : 'wait';
  const patient = gone ? 0 : endpointPatience.disableAfterMs;
  return now - warnedAt >= endpointPatience.graceMs && failingFor >= patient ? 'disable' : 'wait';
}

/** When an endpoint that is warned at `now` will be switched off at the earliest. */
export function disableAt(failingSince: number, now: number): number {
  return Math.max(now + endpointPatience.graceMs, failingSince + endpointPatience.disableAfterMs);
}
