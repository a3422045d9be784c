export interface AccountStanding {
  readonly ownershipCheckedAt: Date | null;
  readonly usableFrom: Date;
  readonly replacedAt: Date | null;
}

/**
 * When a newly declared account may be used at the earliest: at once when it is the firm's first, after the cooling
 * time when it takes the place of another (a changed account is the commonest way to divert a payment).
 */
export function usableFrom(declaredAt: Date, replacesAnother: boolean, coolingHours: number): Date {
  return replacesAnother ? new Date(declaredAt.getTime() + coolingHours * 3_600_000) : declaredAt;
}

/** Money may be directed to the account: its ownership was checked, and the cooling time is over. */
export function isUsable(account: AccountStanding, now: Date): boolean {
  return account.replacedAt === null && account.ownershipCheckedAt !== null && account.usableFrom <= now;
}
