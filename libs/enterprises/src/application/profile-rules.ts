import { isRegionOf, sizeStandards } from '#platform/rulebooks';
import type { ProfileRules } from '../domain/profile.policy.js';
import { enterpriseRules } from './enterprise-rules.js';

/** The country's rule books as the checks of a profile need them. */
export function profileRules(country: string): ProfileRules {
  const { legalForms, identifiers, sizeStandard } = enterpriseRules(country);
  const industries = sizeStandard === undefined ? [] : (sizeStandards().get(sizeStandard)?.rules ?? []);
  return {
    legalForms: legalForms.map(({ code }) => code),
    schemes: identifiers.map(({ scheme }) => scheme),
    isRegion: (code) => isRegionOf(country, code),
    isIndustry: (name) => industries.some(({ industry }) => industry === name),
  };
}
