/** Failed sign-ins that are free; after them each further failure doubles the wait. */
const freeFailures = 4;
const firstWaitSeconds = 15;
const longestWaitSeconds = 900;

/** How long sign-in stays shut after `failures` wrong passwords in a row, in seconds: guessing gets slow, nobody is shut out for good. */
export function lockOutSeconds(failures: number): number {
  if (failures <= freeFailures) return 0;
  return Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(20, failures - freeFailures - 1));
}
