// How the measurements report: one line for people, one line of JSON for `npm run bench`.
import { appendFileSync } from 'node:fs';

/** @param {boolean} [met] left out where a figure is told without an aim */
export function report(name, value, unit, aim, met) {
  const verdict = met === undefined ? '' : met ? ' met' : ' MISSED';
  console.log(`${name}: ${value} ${unit}${aim ? ` (aim: ${aim})` : ''}${verdict}`);
  const line = JSON.stringify({ name, value, unit, ...(aim ? { aim } : {}), ...(met === undefined ? {} : { met }) });
  if (process.env.SANAD_BENCH_RESULT) appendFileSync(process.env.SANAD_BENCH_RESULT, `${line}\n`);
}

/** The value below which this share of the sorted values lies. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const rounded = (value, digits = 2) => Number(value.toFixed(digits));
