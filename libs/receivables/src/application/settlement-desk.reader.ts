import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import { decodeCursor, defaultLimit, idBytes, idText } from '#platform';
import type { ObligationState, StatementEntryState } from '../domain/settlement.lifecycle.js';
import { SettlementObligation, StatementEntry } from '../persistence/settlement.entities.js';
import { json, newestOf, paged, type PageInput } from './settlement-pages.js';

interface StatementRow {
  readonly id: Buffer;
  readonly statement_ref: string;
  readonly account: string;
  readonly currency: string;
  readonly opening_minor: string;
  readonly closing_minor: string;
  readonly entries: number;
  readonly uploaded_by: string;
  readonly uploaded_at: Date;
  readonly booked: string;
  readonly unclear: string;
}

const counted = (states: string) =>
  `(SELECT COUNT(*) FROM statement_entry e WHERE e.statement_id = s.id AND e.state IN (${states}))`;

/** What the operator's desk reads: statements, their movements, and what parties are to give back. */
@Injectable()
export class SettlementDeskReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
  ) {}

  /** `open`: only those with movements that wait for a person or for the worker. */
  async statements(page: PageInput & { readonly open?: boolean | undefined }) {
    const after = decodeCursor(page.cursor, 1);
    const where = [
      ...(after ? ['s.id < ?'] : []),
      ...(page.open === true
        ? [
            "EXISTS (SELECT 1 FROM statement_entry e WHERE e.statement_id = s.id AND e.state IN ('booked','unclear','proposed'))",
          ]
        : []),
    ];
    const rows: StatementRow[] = await this.dataSource.query(
      `SELECT s.id, s.statement_ref, s.account, s.currency, s.opening_minor, s.closing_minor, s.entries, s.uploaded_by, s.uploaded_at,
         ${counted("'booked'")} AS booked, ${counted("'unclear','proposed'")} AS unclear
       FROM bank_statement s ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY s.id DESC LIMIT ?`,
      [...(after ? [idBytes(String(after[0]))] : []), (page.limit ?? defaultLimit) + 1],
    );
    return paged(
      rows.map((row) => ({ ...row, id: idText(row.id) })),
      page,
      (row) => ({
        id: row.id,
        statement: row.statement_ref,
        account: row.account,
        opening: json(BigInt(row.opening_minor), row.currency),
        closing: json(BigInt(row.closing_minor), row.currency),
        entries: row.entries,
        /** Movements that nobody has matched yet: those that wait for a person, and those that the worker has still to look at. */
        unmatched: Number(row.booked) + Number(row.unclear),
        state: Number(row.booked) > 0 ? 'matching' : Number(row.unclear) > 0 ? 'open' : 'done',
        uploadedBy: row.uploaded_by,
        uploadedAt: row.uploaded_at.toISOString(),
      }),
    );
  }

  async entries(state: StatementEntryState | undefined, page: PageInput) {
    const rows = await newestOf(this.dataSource, StatementEntry, { state }, page);
    return paged(rows, page, (row) => ({
      id: row.id,
      statementId: row.statementId,
      entryRef: row.entryRef,
      direction: row.direction,
      reversal: row.reversal,
      amount: json(row.amountMinor, row.currency),
      matched: json(row.matchedMinor, row.currency),
      bookedOn: row.bookedOn,
      endToEndId: row.endToEnd,
      texts: row.texts,
      partyName: row.partyName,
      partyAccount: row.partyAccount,
      returnReason: row.returnReason,
      state: row.state,
      why: row.why,
      candidates: row.candidates ?? [],
      matchedBy: row.matchedBy,
      takesBack: row.reversesId,
      version: row.version,
      proposal: row.proposal && {
        kind: row.proposal,
        id: row.proposalId,
        parts: (row.proposalParts ?? []).map(({ obligationId, amountMinor }) => ({
          obligationId,
          amount: json(BigInt(amountMinor), row.currency),
        })),
        note: row.proposalNote,
        by: row.proposedBy,
      },
    }));
  }

  async owedBack(state: ObligationState | undefined, page: PageInput) {
    const rows = await newestOf(this.dataSource, SettlementObligation, { kind: 'give_back', state }, page);
    const parties = await this.identity.organisations(rows.map(({ payerId }) => payerId));
    return paged(rows, page, (row) => ({
      id: row.id,
      party: { id: row.payerId, name: parties.get(row.payerId)?.name ?? '' },
      amount: json(row.amountMinor, row.currency),
      paid: json(row.paidMinor, row.currency),
      dueOn: row.dueOn,
      reference: row.reference,
      state: row.state,
      /** The obligation, match or movement whose money it was. */
      ofId: row.subjectId,
    }));
  }
}
