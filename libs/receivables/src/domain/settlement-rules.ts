import {
  integer,
  list,
  object,
  oneOf,
  optional,
  readRuleBook,
  type RuleBookHeader,
  ruleBookHeaderShape,
  text,
} from '#finance';

/** Periods and figures of settlement in one country: data of `config/countries/<cc>/settlement.json`. */
export interface SettlementRules extends RuleBookHeader {
  /** The account at the settlement bank through which all payments of receivables go. */
  readonly settlementAccount: {
    readonly account: string;
    readonly holder: string;
    readonly bank: string;
    readonly bic?: string | undefined;
  };
  readonly accountFormat: 'iban' | 'digits';
  /** Days for which a changed account waits before money may go there. */
  readonly coolingDays: number;
  /** Working days after the assignment in which the first leg is paid: 1 is T+1. */
  readonly firstLegWorkingDays: number;
  /** Working days after the first leg's day until an unpaid assignment is undone. */
  readonly firstLegGraceWorkingDays: number;
  /** Working days in which a receiver decides on a transfer. */
  readonly transferWorkingDays: number;
  /** Working days after the notice of an assignment on which an anchor that has not acknowledged is reminded. */
  readonly noticeReminders: readonly number[];
  /** Calendar days after the day of an early payment until one that was not made lapses. */
  readonly earlyGraceDays: number;
  /** Working days that a seller has to buy back. */
  readonly repurchaseWorkingDays: number;
  /** Working days in which a party gives back money that the bank has taken back. */
  readonly giveBackWorkingDays: number;
  readonly discountDayCount: 'ACT/360' | 'ACT/365' | '30/360';
}

const days = integer({ min: 0, max: 365 });

const shape = object({
  kind: oneOf(['settlement-rules']),
  ...ruleBookHeaderShape,
  settlementAccount: object({
    account: text({ max: 34 }),
    holder: text({ max: 70 }),
    bank: text({ max: 70 }),
    bic: optional(text({ max: 11 })),
  }),
  accountFormat: oneOf(['iban', 'digits']),
  coolingDays: days,
  firstLegWorkingDays: integer({ min: 1, max: 30 }),
  firstLegGraceWorkingDays: integer({ min: 1, max: 30 }),
  transferWorkingDays: integer({ min: 1, max: 60 }),
  noticeReminders: list(integer({ min: 1, max: 60 }), { min: 0, max: 10 }),
  earlyGraceDays: integer({ min: 1, max: 30 }),
  repurchaseWorkingDays: integer({ min: 1, max: 60 }),
  giveBackWorkingDays: integer({ min: 1, max: 60 }),
  discountDayCount: oneOf(['ACT/360', 'ACT/365', '30/360']),
});

/** Reads and checks a rule book of kind `settlement-rules`. */
export function readSettlementRules(value: unknown): SettlementRules {
  const { kind: _kind, ...book } = readRuleBook(value, shape, 'settlement rules');
  return book;
}
