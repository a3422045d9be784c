import { integer, list, object, oneOf, text } from '#finance';
import type { ClaimExtras } from './claim-amount.policy.js';

/** What a lender may have to hand in with a claim. */
export const claimDocumentKinds = [
  'loan_agreement',
  'account_statement',
  'demand_notice',
  'default_evidence',
  'collateral_report',
  'collection_report',
  'other',
] as const;
export type ClaimDocumentKind = (typeof claimDocumentKinds)[number];

/** A clause's words in each language of the portal. */
interface ClaimClauseText {
  readonly en: string;
  readonly ar: string;
  readonly zh: string;
}

/** A clause of a scheme's terms about claims. `claim_ground` is a reason for which a claim may be reduced or denied. */
export type ClaimClause = { readonly id: string; readonly text: ClaimClauseText } & (
  | { readonly kind: 'claim_trigger'; readonly daysPastDue: number }
  | { readonly kind: 'claim_documents'; readonly documents: readonly ClaimDocumentKind[] }
  | { readonly kind: 'claim_interest'; readonly days: number }
  | { readonly kind: 'claim_costs' }
  | { readonly kind: 'claim_service_level'; readonly workingDays: number }
  | { readonly kind: 'claim_ground' }
);

const shapes = {
  claim_trigger: { daysPastDue: integer({ min: 1, max: 720 }) },
  claim_documents: { documents: list(oneOf(claimDocumentKinds), { min: 1, max: claimDocumentKinds.length }) },
  claim_interest: { days: integer({ min: 1, max: 720 }) },
  claim_costs: {},
  claim_service_level: { workingDays: integer({ min: 1, max: 60 }) },
  claim_ground: {},
} as const;

const kinds = Object.keys(shapes) as readonly ClaimClause['kind'][];
const localText = object({ en: text({ max: 2000 }), ar: text({ max: 2000 }), zh: text({ max: 2000 }) });

/** Reads one clause about claims by its kind. */
const claimClause = {
  read(value: unknown, pointer: string, problems: Parameters<typeof localText.read>[2]) {
    const named = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    const kind = kinds.find((each) => each === named);
    const shape = kind ? shapes[kind] : {};
    return object({ id: text({ max: 20 }), kind: oneOf(kinds), text: localText, ...shape }).read(
      value,
      pointer,
      problems,
    );
  },
};

/** The reader of a list of clauses about claims, in a scheme's terms and in the rule book. */
export const claimClausesReader = list(claimClause, { min: 0, max: 60 });

/** What the clauses say about one claim; the rule book's clause stands in where the scheme has none of a kind. */
export interface ClaimTerms {
  readonly triggerClause: string;
  readonly triggerDays: number;
  readonly documentsClause: string | null;
  readonly documents: readonly ClaimDocumentKind[];
  /** Working days; the portal's promise when null. */
  readonly serviceDays: number | null;
  readonly extras: ClaimExtras;
}

export function claimTerms(own: readonly ClaimClause[], standard: readonly ClaimClause[]): ClaimTerms {
  const of = <Kind extends ClaimClause['kind']>(kind: Kind, from: readonly ClaimClause[]) =>
    from.find((clause): clause is Extract<ClaimClause, { kind: Kind }> => clause.kind === kind);
  const trigger = of('claim_trigger', own) ?? of('claim_trigger', standard);
  if (!trigger) throw new RangeError('the rule book has no claim_trigger clause');
  const documents = of('claim_documents', own) ?? of('claim_documents', standard);
  const interest = of('claim_interest', own);
  return {
    triggerClause: trigger.id,
    triggerDays: trigger.daysPastDue,
    documentsClause: documents?.id ?? null,
    documents: documents?.documents ?? [],
    serviceDays: of('claim_service_level', own)?.workingDays ?? null,
    // Money beyond principal is paid by the scheme's own clause only.
    extras: {
      interestDays: interest?.days ?? 0,
      interestClause: interest?.id ?? null,
      costsClause: of('claim_costs', own)?.id ?? null,
    },
  };
}
