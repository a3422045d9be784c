import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount, type PostInput } from '#ledger';
import { type CommandContext, idBytes, idText, newId, type Transaction, UnitOfWork } from '#platform';
import { normalAccount } from '../domain/payment-account.policy.js';
import { settlementError } from '../domain/settlement-errors.js';
import { type BankStatement, readStatements, type StatementLine } from '../domain/statement-camt053.js';
import { MatchEntries } from './match-entries.js';
import { SettlementBook } from './settlement-book.js';

export interface BookedStatement {
  readonly statementId: string;
  readonly statement: string;
  readonly entries: number;
  /** Movements that stood in an earlier statement too, and were booked then. */
  readonly known: number;
  readonly replayed: boolean;
  readonly matched: number;
  readonly unclear: number;
}

/**
 * Takes a bank statement (camt.053.001.08) of the settlement account into the books: each movement once, whatever is sent again. What came in
 * stands in suspense, what went out is owed by the operator, until it is matched. Booking is one transaction; matching follows,
 * one movement at a time, and a worker's loop does what a crash left undone.
 */
@Injectable()
export class BookStatement {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
    private readonly matching: MatchEntries,
    private readonly book: SettlementBook,
  ) {}

  async execute(
    context: CommandContext,
    content: Uint8Array,
  ): Promise<{ readonly statements: readonly BookedStatement[] }> {
    const statements = readStatements(content);
    const account = normalAccount(this.book.rules.settlementAccount.account);
    const other = statements.find((each) => each.account !== account);
    if (other) throw settlementError('statement_of_other_account', { data: { statement: other.statementId } });
    const booked = await this.unitOfWork.run(context, async (tx) => {
      const results: Omit<BookedStatement, 'matched' | 'unclear'>[] = [];
      for (const statement of statements) results.push(await this.within(tx, statement));
      return results;
    });
    const done: BookedStatement[] = [];
    for (const each of booked) done.push({ ...each, ...(await this.matching.ofStatement(context, each.statementId)) });
    return { statements: done };
  }

  async within(tx: Transaction, statement: BankStatement): Promise<Omit<BookedStatement, 'matched' | 'unclear'>> {
    const checksum = createHash('sha256').update(JSON.stringify(statement, printBigint)).digest();
    const id = newId();
    const named = { statement: statement.statementId };
    const inserted = await tx.execute(
      `INSERT IGNORE INTO bank_statement (id, account, statement_ref, checksum, currency, opening_minor, closing_minor, entries, uploaded_by, uploaded_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        idBytes(id),
        statement.account,
        statement.statementId,
        checksum,
        statement.currency,
        statement.openingMinor,
        statement.closingMinor,
        statement.lines.length,
        tx.context.actor.id,
        await tx.now(),
      ],
    );
    if (inserted === 0) {
      const [row] = await tx.rows<{ id: Buffer; checksum: Buffer; entries: number }>(
        'SELECT id, checksum, entries FROM bank_statement WHERE account = ? AND statement_ref = ?',
        [statement.account, statement.statementId],
      );
      if (!row?.checksum.equals(checksum)) throw settlementError('statement_id_reused', { data: named });
      return { statementId: idText(row.id), ...named, entries: row.entries, known: row.entries, replayed: true };
    }
    const known = await this.known(tx, statement);
    const fresh = statement.lines
      .filter(({ entryRef }) => !known.has(entryRef))
      .map((line) => ({ ...line, id: newId() }));
    await this.insert(tx, id, statement.account, fresh);
    tx.audit({
      action: 'bank_statement.book',
      subjectType: 'bank_statement',
      subjectId: id,
      data: { ...named, entries: fresh.length, known: known.size },
    });
    tx.emit({
      name: 'bank_statement.booked',
      subjectType: 'bank_statement',
      subjectId: id,
      version: 1,
      payload: named,
    });
    await this.ledger.postAll(tx, await this.postings(tx, fresh));
    return { statementId: id, ...named, entries: fresh.length, known: known.size, replayed: false };
  }

  /** References that an earlier statement has brought; refused when one says something else now. */
  private async known(tx: Transaction, { account, lines }: BankStatement): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (let at = 0; at < lines.length; at += 1000) {
      const part = lines.slice(at, at + 1000);
      const rows = await tx.rows<{ entry_ref: string; amount_minor: string; direction: string }>(
        `SELECT entry_ref, amount_minor, direction FROM statement_entry WHERE account = ? AND entry_ref IN (${part.map(() => '?').join(',')})`,
        [account, ...part.map(({ entryRef }) => entryRef)],
      );
      for (const row of rows) {
        const line = part.find(({ entryRef }) => entryRef === row.entry_ref);
        if (line && (line.amountMinor !== BigInt(row.amount_minor) || line.direction !== row.direction))
          throw settlementError('statement_entry_differs', { data: { entry: row.entry_ref } });
        found.add(row.entry_ref);
      }
    }
    return found;
  }

  private async insert(
    tx: Transaction,
    statementId: string,
    account: string,
    lines: readonly (StatementLine & { readonly id: string })[],
  ): Promise<void> {
    const now = await tx.time();
    for (let at = 0; at < lines.length; at += 1000)
      await tx.insertRows(
        'statement_entry',
        [
          'id',
          'statement_id',
          'account',
          'entry_ref',
          'direction',
          'reversal',
          'amount_minor',
          'currency',
          'booked_on',
          'end_to_end',
          'texts',
          'party_name',
          'party_account',
          'return_reason',
          'state',
          'version',
          'created_at',
        ],
        lines
          .slice(at, at + 1000)
          .map((line) => [
            idBytes(line.id),
            idBytes(statementId),
            account,
            line.entryRef,
            line.direction,
            line.reversal ? 1 : 0,
            line.amountMinor,
            line.currency,
            line.bookedOn,
            line.endToEndId,
            JSON.stringify(line.texts),
            line.partyName,
            line.partyAccount,
            line.returnReason,
            'booked',
            1,
            now,
          ]),
      );
  }

  private async postings(
    tx: Transaction,
    lines: readonly (StatementLine & { readonly id: string })[],
  ): Promise<readonly PostInput[]> {
    const operator = await this.book.operator(tx);
    const bank = organisationAccount(operator, 'settlement_bank');
    const suspense = organisationAccount(operator, 'settlement_suspense');
    const unexplained = organisationAccount(operator, 'settlement_receivable');
    return lines
      .filter(({ amountMinor }) => amountMinor > 0n)
      .map(({ id, direction, amountMinor, currency, entryRef }) => ({
        reference: `statement.entry:${id}`,
        description: `Bank movement ${entryRef}`,
        subject: { type: 'statement_entry', id },
        postings: [
          direction === 'credit'
            ? { debit: bank, credit: suspense, amount: amountMinor, currency }
            : { debit: unexplained, credit: bank, amount: amountMinor, currency },
        ],
      }));
  }
}

function printBigint(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
