import { Injectable } from '@nestjs/common';
import { type Transaction } from '#platform';
import { accountName } from '../domain/chart-of-accounts.js';
import { ledgerError } from '../domain/errors.js';
import { expiryReferencePrefix, reservationState } from '../domain/reservation.lifecycle.js';
import type {
  PostInput,
  PostReservedInput,
  ReserveInput,
  ReverseInput,
  TransferReceipt,
  TransferRecord,
  VoidReservedInput,
} from '../domain/transfer.js';
import { assertHeader, assertWellFormed, linesToPost, mirrored } from '../domain/transfer.policy.js';
import { openAccounts } from '../persistence/account.store.js';
import { lockTransfers, successorsOf } from '../persistence/transfer.store.js';
import { type TransferPlan, WriteTransfers } from './write-transfers.js';

/**
 * The ledger as other contexts use it: always inside their own transaction, so that the act and its postings commit
 * together. Call it last, after every other lock. Every method is idempotent by its reference.
 */
@Injectable()
export class Ledger {
  constructor(private readonly writer: WriteTransfers) {}

  /** Moves amounts at once. Refuses when an account with a floor lacks them, or the month is closed. */
  async post(tx: Transaction, input: PostInput): Promise<TransferReceipt> {
    return first(await this.postAll(tx, [input]));
  }

  /** Many transfers, all or none, with a fixed number of statements: for runs over thousands. */
  async postAll(tx: Transaction, inputs: readonly PostInput[]): Promise<TransferReceipt[]> {
    return this.writer.within(tx, await this.plans(tx, 'post', inputs));
  }

  /** Holds amounts until they are posted, given back, or their time is over. */
  async reserve(tx: Transaction, input: ReserveInput): Promise<TransferReceipt> {
    return first(await this.reserveAll(tx, [input]));
  }

  async reserveAll(tx: Transaction, inputs: readonly ReserveInput[]): Promise<TransferReceipt[]> {
    return this.writer.within(tx, await this.plans(tx, 'reserve', inputs));
  }

  /** Posts a reservation, in whole or in part; the rest is free again. Refuses one that was resolved or is over. */
  async postReserved(tx: Transaction, input: PostReservedInput): Promise<TransferReceipt> {
    assertHeader(input);
    const reserved = await this.reservation(tx, input.reservation);
    const plan = await this.resolution(tx, reserved);
    const lines = linesToPost(reserved.lines, input.amounts);
    return first(
      await this.writer.within(tx, [
        { ...header(input), ...plan, kind: 'post_reserved', lines, deadline: reserved.expiresAt },
      ]),
    );
  }

  /** Gives a reservation back. Refuses one that was resolved. */
  async voidReserved(tx: Transaction, input: VoidReservedInput): Promise<TransferReceipt> {
    assertHeader(input);
    const plan = await this.resolution(tx, await this.reservation(tx, input.reservation));
    return first(await this.writer.within(tx, [{ ...header(input), ...plan, kind: 'void_reserved', lines: [] }]));
  }

  /** Gives back those of the reservations that nobody has resolved and whose time is over at `now`; for the timer. */
  async expireReservations(tx: Transaction, ids: readonly string[], now: Date): Promise<number> {
    const reserved = await lockTransfers(tx, ids);
    const over = reserved.filter(({ kind, expiresAt }) => kind === 'reserve' && expiresAt !== null && expiresAt <= now);
    const resolved = await successorsOf(
      (sql, parameters) => tx.rows(sql, parameters),
      'resolves_id',
      over.map(({ id }) => id),
    );
    const left = over.filter(({ id }) => !resolved.has(id));
    await this.writer.within(
      tx,
      left.map((each) => ({
        ...released(each),
        kind: 'void_reserved',
        reference: `${expiryReferencePrefix}${each.id}`,
        description: 'The time of the reservation is over.',
        lines: [],
      })),
    );
    return left.length;
  }

  /** Writes the mirror of a transfer, once. Refuses reservations, their return, and reversals. */
  async reverse(tx: Transaction, input: ReverseInput): Promise<TransferReceipt> {
    assertHeader(input);
    const [reversed] = await lockTransfers(tx, [input.transfer]);
    if (!reversed) throw ledgerError('ledger_transfer_unknown');
    if (reversed.kind !== 'post' && reversed.kind !== 'post_reserved') {
      throw ledgerError('ledger_not_reversible', { data: { kind: reversed.kind } });
    }
    const earlier = (
      await successorsOf((sql, parameters) => tx.rows(sql, parameters), 'reverses_id', [reversed.id])
    ).get(reversed.id);
    const refusal = earlier && ledgerError('ledger_already_reversed', { data: { transferId: earlier.id } });
    return first(
      await this.writer.within(tx, [
        {
          ...header(input),
          kind: 'reverse',
          subject: reversed.subject,
          lines: mirrored(reversed.lines),
          reverses: reversed.id,
          resolves: null,
          releases: [],
          expiresAt: null,
          deadline: null,
          refusal,
        },
      ]),
    );
  }

  private async plans(
    tx: Transaction,
    kind: 'post' | 'reserve',
    inputs: readonly ReserveInput[],
  ): Promise<TransferPlan[]> {
    if (inputs.length === 0) return [];
    inputs.forEach(assertWellFormed);
    const wanted = inputs.flatMap(({ postings }) =>
      postings.flatMap(({ debit, credit, currency }) => [
        { key: debit, currency },
        { key: credit, currency },
      ]),
    );
    const accounts = await openAccounts(tx, wanted);
    const account = (key: Parameters<typeof accountName>[0], currency: string) => {
      const found = accounts.get(accountName(key, currency));
      if (!found) throw new Error(`the account ${accountName(key, currency)} was not opened`);
      return found;
    };
    return inputs.map((input) => ({
      ...header(input),
      kind,
      subject: input.subject,
      lines: input.postings.map(({ debit, credit, amount, currency }) => ({
        debit: account(debit, currency),
        credit: account(credit, currency),
        amount,
        currency,
      })),
      expiresAt: input.expiresAt ?? null,
      resolves: null,
      reverses: null,
      releases: [],
      deadline: null,
    }));
  }

  private async reservation(tx: Transaction, id: string): Promise<TransferRecord> {
    const [found] = await lockTransfers(tx, [id]);
    if (found?.kind !== 'reserve')
      throw ledgerError('ledger_transfer_unknown', { detail: 'There is no such reservation.' });
    return found;
  }

  /** What a resolution of this reservation carries; refused when it is resolved, which its locked row makes final. */
  private async resolution(tx: Transaction, reserved: TransferRecord): Promise<ReturnType<typeof released>> {
    const earlier = (
      await successorsOf((sql, parameters) => tx.rows(sql, parameters), 'resolves_id', [reserved.id])
    ).get(reserved.id);
    if (!earlier) return released(reserved);
    const state = reservationState(earlier);
    const refusal = ledgerError('ledger_reservation_resolved', {
      detail: `The reservation is ${state}.`,
      data: { state, transferId: earlier.id },
    });
    return { ...released(reserved), refusal };
  }
}

function released(reserved: TransferRecord): Omit<TransferPlan, 'kind' | 'lines' | 'reference' | 'description'> {
  const { id, subject, lines } = reserved;
  return { subject, resolves: id, reverses: null, expiresAt: null, releases: lines, deadline: null };
}

function header({ reference, description, bookDate }: TransferPlan | PostInput | VoidReservedInput | ReverseInput) {
  return { reference, description, bookDate };
}

function first(receipts: readonly TransferReceipt[]): TransferReceipt {
  return receipts[0] as TransferReceipt;
}
