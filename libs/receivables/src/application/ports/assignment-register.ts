import type { CalendarDate } from '#kernel';

/** An assignment as an outside register files it. */
export interface AssignmentFiling {
  /** The market's own identifier: the same again is answered with the number that it got. */
  readonly id: string;
  readonly sellerCountry: string;
  readonly sellerRegistration: string;
  readonly debtorCountry: string;
  readonly debtorRegistration: string;
  readonly documentNumber: string;
  readonly issuedOn: CalendarDate;
  readonly securedParty: string;
  readonly filedOn: CalendarDate;
}

/** A register of assignments outside this market. Remote, so it is called outside transactions, and again until it has answered. */
export abstract class AssignmentRegister {
  /** Files the assignment and returns the register's own number. */
  abstract file(filing: AssignmentFiling): Promise<string>;
  /** Takes a filing off the register; again is no harm. */
  abstract satisfy(number: string, on: CalendarDate): Promise<void>;
}
