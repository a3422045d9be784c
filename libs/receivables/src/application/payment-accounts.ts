import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { EnterpriseReader } from '#enterprises';
import type { Transaction } from '#platform';
import { PaymentAccount } from '../persistence/settlement.entities.js';

export interface UsableAccount {
  readonly accountNumber: string;
  readonly bankName: string;
  readonly holderName: string;
}

/** The accounts to which money may go: ownership checked, waiting time over, not replaced. */
@Injectable()
export class PaymentAccounts {
  constructor(private readonly enterprises: EnterpriseReader) {}

  /** By organisation; those without a usable account are left out. A few statements however many. */
  async usable(tx: Transaction, organisationIds: readonly string[]): Promise<ReadonlyMap<string, UsableAccount>> {
    const ids = [...new Set(organisationIds)];
    if (ids.length === 0) return new Map();
    const firms = await this.enterprises.paymentAccounts(ids, tx);
    const own = await tx.manager.findBy(PaymentAccount, { organisationId: In(ids), state: 'checked' });
    const now = await tx.now();
    return new Map<string, UsableAccount>([
      ...firms,
      ...own
        .filter(({ payableFrom }) => payableFrom <= now)
        .map(
          ({ organisationId, accountNumber, bankName, holderName }) =>
            [organisationId, { accountNumber, bankName, holderName }] as const,
        ),
    ]);
  }

  /** Whose checked account it is; several may share one with a bank that serves them as one. */
  async ownersOf(tx: Transaction, accountNumber: string): Promise<readonly string[]> {
    const own = await tx.manager.findBy(PaymentAccount, { accountNumber, state: 'checked' });
    const firms = await this.enterprises.ownersOfAccount(accountNumber, tx);
    return [...new Set([...own.map(({ organisationId }) => organisationId), ...firms])];
  }
}
