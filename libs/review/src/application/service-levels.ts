import { ruleBooks } from '#platform/rulebooks';
import { readServiceLevel, type ServiceLevel } from '../domain/service-level.js';

let levels: ReadonlyMap<string, ServiceLevel> | undefined;

/** What the portal of a country promises about reviews; fails when no rule book says it. */
export function serviceLevelOf(country: string): ServiceLevel {
  levels ??= ruleBooks('review-service-level', readServiceLevel);
  const level = levels.get(country);
  if (!level) throw new Error(`config/countries has no rule book of kind "review-service-level" for ${country}`);
  return level;
}
