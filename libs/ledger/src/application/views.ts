import { printAmount } from '#kernel';
import { availableOf, balanceOf, type Totals } from '../domain/balance.calculation.js';
import { chartOfAccounts, type OwnerType, type Purpose, type Side } from '../domain/chart-of-accounts.js';
import { reservationState, type ReservationState } from '../domain/reservation.lifecycle.js';
import type { TransferKind, TransferRecord } from '../domain/transfer.js';
import type { Account } from '../persistence/account.store.js';
import type { Successor } from '../persistence/transfer.store.js';

/** An account as it is shown; amounts are decimal strings in its currency. */
export interface AccountView {
  readonly id: string;
  readonly ownerType: OwnerType;
  readonly ownerId: string;
  readonly purpose: Purpose;
  readonly meaning: string;
  readonly class: string;
  readonly normalSide: Side;
  readonly currency: string;
  /** What is posted, on the side where the account grows. */
  readonly balance: string;
  /** The balance less what is reserved to be taken. */
  readonly available: string;
  readonly debitsPosted: string;
  readonly creditsPosted: string;
  readonly debitsPending: string;
  readonly creditsPending: string;
  readonly openedAt: Date;
}

export function accountView(account: Account, totals: Totals): AccountView {
  const { id, ownerType, ownerId, purpose, normal, currency, openedAt } = account;
  const print = (minor: bigint) => printAmount({ minor, currency });
  return {
    id,
    ownerType,
    ownerId,
    purpose,
    meaning: chartOfAccounts[purpose].meaning,
    class: account.class,
    normalSide: normal,
    currency,
    balance: print(balanceOf(normal, totals)),
    available: print(availableOf(normal, totals)),
    debitsPosted: print(totals.debitsPosted),
    creditsPosted: print(totals.creditsPosted),
    debitsPending: print(totals.debitsPending),
    creditsPending: print(totals.creditsPending),
    openedAt,
  };
}

export interface TransferLineView {
  readonly debitAccountId: string;
  readonly debitPurpose: Purpose;
  readonly creditAccountId: string;
  readonly creditPurpose: Purpose;
  readonly amount: string;
  readonly currency: string;
}

export interface TransferView {
  readonly id: string;
  readonly reference: string;
  readonly kind: TransferKind;
  readonly description: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly bookDate: string;
  readonly postedAt: Date;
  readonly expiresAt: Date | null;
  /** For a reservation: how it stands. */
  readonly state: ReservationState | null;
  /** The reservation that this transfer resolves. */
  readonly resolves: string | null;
  /** For a reservation: the transfer that resolved it. */
  readonly resolvedBy: string | null;
  readonly reverses: string | null;
  readonly reversedBy: string | null;
  /** SHA-256 of the content, hexadecimal. */
  readonly hash: string;
  readonly lines: readonly TransferLineView[];
}

export function transferView(
  transfer: TransferRecord,
  resolution: Successor | undefined,
  reversedBy: string | null,
): TransferView {
  const { id, reference, kind, description, subject, bookDate, postedAt, expiresAt, resolves, reverses } = transfer;
  return {
    id,
    reference,
    kind,
    description,
    subjectType: subject.type,
    subjectId: subject.id,
    bookDate,
    postedAt,
    expiresAt,
    state: kind === 'reserve' ? reservationState(resolution) : null,
    resolves,
    resolvedBy: resolution?.id ?? null,
    reverses,
    reversedBy,
    hash: transfer.hash.toString('hex'),
    lines: transfer.lines.map(({ debit, credit, amount, currency }) => ({
      debitAccountId: debit.id,
      debitPurpose: debit.purpose,
      creditAccountId: credit.id,
      creditPurpose: credit.purpose,
      amount: printAmount({ minor: amount, currency }),
      currency,
    })),
  };
}
