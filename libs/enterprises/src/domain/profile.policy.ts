import type { FieldError } from '#kernel';
import { type Identifier, identifierFault } from './identifiers.policy.js';
import { sectionOf } from './isic.policy.js';
import type { ProfileFacts } from './profile.js';

/** What the profile is checked against; the country's rule books. */
export interface ProfileRules {
  readonly legalForms: readonly string[];
  readonly schemes: readonly string[];
  isRegion(code: string): boolean;
  isIndustry(name: string): boolean;
}

/** An owner as stated; `sharePpm` in millionths of the whole. */
export interface OwnerFacts {
  readonly kind: 'person' | 'organisation';
  readonly name: string;
  readonly localName: string;
  readonly country: string;
  readonly bornOn: string | null;
  readonly sharePpm: number;
  readonly isWoman: boolean;
  readonly politicallyExposed: boolean;
}

/** What cannot be right in the facts stated so far. What is not stated yet is no fault. */
export function profileFaults(facts: ProfileFacts, today: string, rules: ProfileRules): readonly FieldError[] {
  const faults: FieldError[] = [];
  const fault = (pointer: string, rule: string, message: string): void => void faults.push({ pointer, rule, message });
  if (facts.legalForm !== null && !rules.legalForms.includes(facts.legalForm))
    fault('/legalForm', 'one_of', `must be one of ${rules.legalForms.join(', ')}`);
  if (facts.region !== null && !rules.isRegion(facts.region))
    fault('/region', 'region', 'is not a region of this country (ISO 3166-2)');
  if (facts.isicClass !== null) {
    const section = sectionOf(facts.isicClass);
    if (!section) fault('/isicClass', 'isic', 'is not a class of ISIC revision 4 that a firm can have');
    else if (facts.sector !== null && facts.sector !== section)
      fault('/isicClass', 'section', `lies in section ${section}, not ${facts.sector}`);
  }
  if (facts.foundedOn !== null && facts.foundedOn > today) fault('/foundedOn', 'past', 'must not be in the future');
  if (facts.sizeIndustry !== null && !rules.isIndustry(facts.sizeIndustry))
    fault('/sizeIndustry', 'one_of', 'is not an industry of the size standard');
  return faults;
}

/** Wrong or doubled identifiers, and schemes of another country. */
export function identifierFaults(identifiers: readonly Identifier[], rules: ProfileRules): readonly FieldError[] {
  return identifiers.flatMap((identifier, index) => {
    const pointer = `/identifiers/${index}`;
    if (!rules.schemes.includes(identifier.scheme))
      return [{ pointer: `${pointer}/scheme`, rule: 'one_of', message: `must be one of ${rules.schemes.join(', ')}` }];
    if (identifiers.findIndex(({ scheme }) => scheme === identifier.scheme) < index)
      return [{ pointer: `${pointer}/scheme`, rule: 'once', message: 'is given twice' }];
    const message = identifierFault(identifier);
    return message === undefined ? [] : [{ pointer: `${pointer}/value`, rule: 'identifier', message }];
  });
}

const whole = 1_000_000;

/** Shares above the whole, people without a date of birth, dates in the future. */
export function ownerFaults(owners: readonly OwnerFacts[], today: string): readonly FieldError[] {
  const faults: FieldError[] = owners.flatMap(({ kind, bornOn }, index) => {
    const pointer = `/owners/${index}/bornOn`;
    if (kind === 'person' && bornOn === null) return [{ pointer, rule: 'required', message: 'is needed for a person' }];
    return bornOn !== null && bornOn >= today ? [{ pointer, rule: 'past', message: 'must be in the past' }] : [];
  });
  if (owners.reduce((sum, { sharePpm }) => sum + sharePpm, 0) > whole)
    faults.push({ pointer: '/owners', rule: 'sum', message: 'the shares add up to more than 100 %' });
  return faults;
}
