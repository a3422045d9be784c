import type { CalendarDate } from '#kernel';

/** What a search in a register of security interests is about: a creditor and one claim on a debtor. */
export interface LienQuery {
  readonly sellerCountry: string;
  readonly sellerRegistration: string;
  readonly debtorCountry: string;
  readonly debtorRegistration: string;
  readonly documentNumber: string;
  readonly issuedOn: CalendarDate;
}

/** A right of somebody else that is filed and not satisfied. */
export interface PriorLien {
  /** The register's own number of the filing. */
  readonly filing: string;
  readonly securedParty: string;
  readonly filedOn: CalendarDate;
  /** `claim`: this very claim; `all_receivables`: everything that the seller is owed. */
  readonly scope: 'claim' | 'all_receivables';
}

/**
 * A register of assignments and liens outside this market. Remote, so it is asked outside transactions; its answer is stored with its time.
 * An implementation throws where the register cannot answer.
 */
export abstract class LienRegister {
  abstract readonly name: string;
  abstract search(query: LienQuery): Promise<readonly PriorLien[]>;
}
