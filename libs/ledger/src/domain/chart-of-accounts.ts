/** What an account is, in the classes of double-entry bookkeeping; `memorandum` stands for claims that are not money. */
export type AccountClass =
  'asset' | 'liability' | 'equity' | 'income' | 'expense' | 'memorandum_debit' | 'memorandum_credit';

/** The side on which an account of this class grows. */
export type Side = 'debit' | 'credit';

export const normalSide: Readonly<Record<AccountClass, Side>> = {
  asset: 'debit',
  expense: 'debit',
  memorandum_debit: 'debit',
  liability: 'credit',
  equity: 'credit',
  income: 'credit',
  memorandum_credit: 'credit',
};

/** Whose account it is: an organisation of the market, or a guarantee scheme. */
export const ownerTypes = ['organisation', 'scheme'] as const;
export type OwnerType = (typeof ownerTypes)[number];

interface AccountPurpose {
  readonly class: AccountClass;
  /** What is available may never fall below zero: kept as a row that is locked and checked by the database. */
  readonly floor: boolean;
  readonly meaning: string;
}

/**
 * The chart of accounts: every purpose that an account can have. A context that needs another adds a row here;
 * an account of it comes into being when it is first posted to. Class and floor of a purpose never change once used.
 */
export const chartOfAccounts = {
  settlement_bank: { class: 'asset', floor: false, meaning: 'money at the settlement bank, as its statements say' },
  settlement_payable: {
    class: 'liability',
    floor: true,
    meaning: 'money that is held for the owner until it is paid out',
  },
  settlement_receivable: { class: 'asset', floor: false, meaning: 'what the owner still owes in settlement' },
  settlement_suspense: { class: 'liability', floor: true, meaning: 'money that arrived and is not matched yet' },
  holdback: { class: 'liability', floor: true, meaning: 'part of a price held back until the debtor has paid' },
  fee_receivable: { class: 'asset', floor: false, meaning: 'fees that the owner still owes' },
  fee_income: { class: 'income', floor: false, meaning: 'fees earned by the owner' },
  receivable_owed: { class: 'memorandum_debit', floor: false, meaning: 'what an anchor has undertaken to pay' },
  receivable_held: {
    class: 'memorandum_credit',
    floor: true,
    meaning: 'face of the certificates that the owner holds',
  },
  scheme_bank: { class: 'asset', floor: false, meaning: 'money of a guarantee scheme at its bank' },
  contribution_receivable: { class: 'asset', floor: false, meaning: 'contributions promised and not yet paid in' },
  promised_capital: { class: 'equity', floor: false, meaning: 'contributions promised and not yet paid in' },
  paid_in_capital: { class: 'equity', floor: false, meaning: 'contributions paid in to a scheme' },
  guarantee_fee_receivable: { class: 'asset', floor: false, meaning: 'guarantee fees billed and not yet paid' },
  guarantee_fee_unearned: { class: 'liability', floor: true, meaning: 'guarantee fees paid for time to come' },
  guarantee_fee_income: { class: 'income', floor: false, meaning: 'guarantee fees earned' },
  claim_payable: { class: 'liability', floor: true, meaning: 'claims approved and not yet paid' },
  claim_expense: { class: 'expense', floor: false, meaning: 'claims borne by a scheme' },
  recovery_income: { class: 'income', floor: false, meaning: 'recoveries on claims paid' },
  recovery_payable: {
    class: 'liability',
    floor: true,
    meaning: 'the share of recoveries that others bore the loss of',
  },
  reguarantee_receivable: { class: 'asset', floor: false, meaning: 'what a re-guarantor owes of claims paid' },
  reguarantee_income: { class: 'income', floor: false, meaning: 'the share of claims that re-guarantors bear' },
  provision: { class: 'liability', floor: true, meaning: 'provision for expected losses' },
  provision_expense: { class: 'expense', floor: false, meaning: 'change of the provision for expected losses' },
  capacity_granted: { class: 'memorandum_debit', floor: false, meaning: 'capacity that capital and leverage grant' },
  capacity_free: { class: 'memorandum_credit', floor: true, meaning: 'capacity left for new guarantees' },
  capacity_used: { class: 'memorandum_credit', floor: true, meaning: 'capacity taken by guarantees' },
} as const satisfies Record<string, AccountPurpose>;

export type Purpose = keyof typeof chartOfAccounts;
export const purposes = Object.keys(chartOfAccounts) as readonly Purpose[];

/** An account by its owner and purpose; with a currency it is one account. */
export interface AccountKey {
  readonly ownerType: OwnerType;
  readonly ownerId: string;
  readonly purpose: Purpose;
}

export function organisationAccount(organisationId: string, purpose: Purpose): AccountKey {
  return { ownerType: 'organisation', ownerId: organisationId, purpose };
}

export function schemeAccount(schemeId: string, purpose: Purpose): AccountKey {
  return { ownerType: 'scheme', ownerId: schemeId, purpose };
}

/** One text for one account, to compare and to look up by. */
export function accountName({ ownerType, ownerId, purpose }: AccountKey, currency: string): string {
  return `${ownerType}:${ownerId}:${purpose}:${currency}`;
}
