import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThanOrEqual } from 'typeorm';
import { type CalendarDate, type Money, moneyToJson } from '#kernel';
import { type CommandContext, httpError, idBytes, idText, newId, type Transaction, UnitOfWork } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import { type PaymentFile, writePaymentFile } from '../domain/settlement-payment-file.js';
import { payoutLifecycle } from '../domain/settlement.lifecycle.js';
import { SettlementObligation, SettlementPayout } from '../persistence/settlement.entities.js';
import { PaymentAccounts } from './payment-accounts.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { lockPayout, movePayout } from './settlement-records.js';
import { SetOff } from './set-off.js';

/** So many payments are in one file at most. */
const linesAtMost = 2000;

export interface InstructedFile {
  readonly fileId: string;
  readonly messageId: string;
  readonly payments: number;
  readonly total: { readonly amount: string; readonly currency: string };
  readonly executeOn: string;
}

/**
 * Payment files (ISO 20022 pain.001.001.09): of a payer for what it owes, and of the market for what it pays out. A payment is in one file
 * at a time; money goes to checked accounts only.
 */
@Injectable()
export class InstructPayments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: PaymentAccounts,
    private readonly setOff: SetOff,
    private readonly book: SettlementBook,
  ) {}

  /** One file with all that the caller's organisation owes up to a day and has not instructed yet. */
  async payIn(context: CommandContext, until: CalendarDate, currency: string): Promise<InstructedFile> {
    return this.unitOfWork.run(context, async (tx) => {
      const payerId = context.actor.organisationId;
      const account = (await this.accounts.usable(tx, [payerId])).get(payerId);
      if (!account) throw settlementError('payment_account_missing');
      const obligations = (
        await tx.manager.find(SettlementObligation, {
          // What is overdue may be instructed once more: its first file did not lead to a payment.
          where: [
            { payerId, currency, state: 'open', fileId: IsNull(), dueOn: LessThanOrEqual(until) },
            { payerId, currency, state: 'overdue', dueOn: LessThanOrEqual(until) },
          ],
          order: { id: 'ASC' },
          take: linesAtMost,
          lock: { mode: 'pessimistic_write' },
        })
      ).filter(({ amountMinor, paidMinor }) => amountMinor > paidMinor);
      const { settlementAccount } = this.book.rules;
      const payee = { name: settlementAccount.holder, account: settlementAccount.account, bic: settlementAccount.bic };
      const file = await this.write(
        tx,
        'pay_in',
        payerId,
        currency,
        { name: account.holderName, account: account.accountNumber },
        obligations.map((each) => ({
          endToEndId: compact(each.id),
          payee,
          amountMinor: each.amountMinor - each.paidMinor,
          reference: each.reference,
        })),
      );
      await tx.execute(
        `UPDATE settlement_obligation SET file_id = ?, version = version + 1 WHERE id IN (${obligations.map(() => '?').join(',')})`,
        [idBytes(file.fileId), ...obligations.map(({ id }) => idBytes(id))],
      );
      return file;
    });
  }

  /** One file with what is due to be paid out and may go: the payee's account is checked and its waiting time is over. */
  async payout(context: CommandContext, currency: string): Promise<InstructedFile> {
    return this.unitOfWork.run(context, async (tx) => {
      const found = await tx.rows<{ id: Buffer }>(
        "SELECT id FROM settlement_payout WHERE state = 'due' AND currency = ? ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED",
        [currency, linesAtMost],
      );
      const rows =
        found.length === 0
          ? []
          : await tx.manager.find(SettlementPayout, {
              where: { id: In(found.map(({ id }) => idText(id))) },
              order: { id: 'ASC' },
            });
      const accounts = await this.accounts.usable(
        tx,
        rows.map(({ payeeId }) => payeeId),
      );
      const payouts = rows.filter(({ payeeId }) => accounts.has(payeeId));
      const { settlementAccount } = this.book.rules;
      const payer = { name: settlementAccount.holder, account: settlementAccount.account, bic: settlementAccount.bic };
      const named = payouts.map((each) => {
        const account = accounts.get(each.payeeId) as { accountNumber: string; holderName: string };
        return { ...each, endToEnd: `${compact(each.id)}-${each.attempts + 1}`, account };
      });
      const file = await this.write(
        tx,
        'payout',
        await this.book.operator(tx),
        currency,
        payer,
        named.map((each) => ({
          endToEndId: each.endToEnd,
          payee: { name: each.account.holderName, account: each.account.accountNumber },
          amountMinor: each.amountMinor,
          reference: each.reference,
        })),
      );
      const state = payoutLifecycle.after('due', 'instruct', 'settlement');
      for (const each of named)
        await tx.execute(
          'UPDATE settlement_payout SET state = ?, file_id = ?, end_to_end = ?, account_number = ?, attempts = attempts + 1, version = version + 1 WHERE id = ?',
          [state, idBytes(file.fileId), each.endToEnd, each.account.accountNumber, idBytes(each.id)],
        );
      await recordSettlementSteps(
        tx,
        named.map((each) => ({
          subjectType: 'settlement_payout',
          subjectId: each.id,
          action: 'instruct',
          from: 'due',
          to: state,
          version: each.version + 1,
          audience: [each.payeeId],
        })),
      );
      return file;
    });
  }

  /** The bank refused a payout or did not answer: it is due again, under another end-to-end identification. */
  async fail(context: CommandContext, payoutId: string, reason: string): Promise<{ readonly state: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const payout = await lockPayout(tx, payoutId);
      if (payout.state !== 'instructed')
        throw settlementError('payout_not_instructed', { data: { state: payout.state } });
      await movePayout(tx, payout, 'fail', 'operator', { fileId: null, reason });
      await this.setOff.post(tx, await this.setOff.rows(tx, payout.obligationId ?? payout.matchId));
      return { state: (await lockPayout(tx, payoutId)).state };
    });
  }

  /** The file as it was given out; a payer sees its own. */
  async content(
    context: CommandContext,
    fileId: string,
    anyPayer: boolean,
  ): Promise<{ readonly name: string; readonly content: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const [row] = await tx.rows<{ payer_id: Buffer; message_id: string; content: string }>(
        'SELECT payer_id, message_id, content FROM settlement_file WHERE id = ?',
        [idBytes(fileId)],
      );
      if (!row || (!anyPayer && idText(row.payer_id) !== context.actor.organisationId))
        throw httpError('record_unknown');
      tx.audit({ action: 'settlement_file.read', subjectType: 'settlement_file', subjectId: fileId, data: {} });
      return { name: `${row.message_id}.xml`, content: row.content };
    });
  }

  private async write(
    tx: Transaction,
    direction: 'pay_in' | 'payout',
    payerId: string,
    currency: string,
    payer: PaymentFile['payer'],
    lines: PaymentFile['lines'],
  ): Promise<InstructedFile> {
    if (lines.length === 0) throw settlementError('nothing_to_instruct');
    const now = await tx.now();
    const fileId = newId();
    const messageId = compact(fileId);
    const executeOn = await this.book.workingDayFrom(tx, this.book.day(now));
    const content = writePaymentFile({ messageId, createdAt: now, executeOn, payer, currency, lines });
    const total: Money = { minor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n), currency };
    await tx.insertRows(
      'settlement_file',
      [
        'id',
        'message_id',
        'direction',
        'payer_id',
        'currency',
        'execute_on',
        'line_count',
        'total_minor',
        'checksum',
        'content',
        'created_by',
        'created_at',
      ],
      [
        [
          idBytes(fileId),
          messageId,
          direction,
          idBytes(payerId),
          currency,
          executeOn,
          lines.length,
          total.minor,
          createHash('sha256').update(content).digest(),
          content,
          tx.context.actor.id,
          now,
        ],
      ],
    );
    tx.audit({
      action: 'settlement_file.instruct',
      subjectType: 'settlement_file',
      subjectId: fileId,
      data: { direction, payments: lines.length, total: moneyToJson(total) },
    });
    return { fileId, messageId, payments: lines.length, total: moneyToJson(total), executeOn };
  }
}

/** An identifier in 25 letters and digits: identifications of payments have at most 35. */
function compact(id: string): string {
  return BigInt(`0x${id.replaceAll('-', '')}`)
    .toString(36)
    .toUpperCase()
    .padStart(25, '0');
}
