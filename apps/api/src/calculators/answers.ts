import type { CaseRefusal } from '#finance';

/** One case is answered by one answer; a list by a list, with the reason in the place of a case that is refused. */
export type Answers<Answer> = Answer | readonly (Answer | CaseRefusal)[];

/** The annual rate of charge. */
export interface AprAnswer {
  /** Percent a year with six decimals. */
  readonly apr: string;
}

/** A repayment schedule. */
export interface ScheduleAnswer {
  readonly instalments: readonly {
    readonly n: number;
    /** Absent or null where no date was given. */
    readonly due?: string | null;
    readonly principal: string;
    readonly interest: string;
    readonly total: string;
    /** Principal still to be paid after this instalment. */
    readonly balance: string;
  }[];
  readonly totals: { readonly principal: string; readonly interest: string; readonly total: string };
}

/** The value of a spreadsheet function. */
export interface FunctionAnswer {
  /** With 15 significant digits. */
  readonly value: string;
}

/** Days and part of a year between two dates. */
export interface DaysAnswer {
  readonly days: number;
  /** With 12 decimals. */
  readonly yearFraction: string;
}

/** When working days from a submission end. */
export interface DueAnswer {
  /** With the calendar's offset. */
  readonly dueAt: string;
  readonly firstDay: string;
  /** A year on the way is not published yet. */
  readonly provisional: boolean;
}

/** The size class of a firm. */
export interface SizeAnswer {
  readonly class: 'micro' | 'small' | 'medium' | 'large';
  /** The clause that decided. */
  readonly rule: string;
}

/** A guarantee fee with the clauses it follows. */
export interface GuaranteeFeeAnswer {
  readonly fee: string;
  readonly guaranteed?: string;
  readonly steps: readonly (string | Readonly<Record<string, unknown>>)[];
}
