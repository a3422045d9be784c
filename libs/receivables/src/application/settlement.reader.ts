import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { IdentityReader } from '#identity';
import { decodeCursor, defaultLimit, httpError, idBytes } from '#platform';
import type { AssignmentState } from '../domain/assignment.lifecycle.js';
import type { ObligationState, PayoutState } from '../domain/settlement.lifecycle.js';
import { Assignment, AssignmentItem } from '../persistence/certificate.entities.js';
import { Receivable } from '../persistence/entities.js';
import { PaymentAccount, SettlementObligation, SettlementPayout } from '../persistence/settlement.entities.js';
import { accountView } from './declare-payment-account.js';
import { SettlementBook } from './settlement-book.js';
import { json, newestOf, paged, type PageInput } from './settlement-pages.js';

/** What parties and the operator read of assignments and settlement. */
@Injectable()
export class SettlementReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    private readonly book: SettlementBook,
  ) {}

  async obligations(payerId: string, state: ObligationState | undefined, page: PageInput) {
    const rows = await newestOf(this.dataSource, SettlementObligation, { payerId, state }, page);
    return paged(rows, page, (row) => ({
      id: row.id,
      kind: row.kind,
      subjectId: row.subjectId,
      amount: json(row.amountMinor, row.currency),
      paid: json(row.paidMinor, row.currency),
      dueOn: row.dueOn,
      reference: row.reference,
      state: row.state,
      instructed: row.fileId !== null,
    }));
  }

  async payouts(payeeId: string | undefined, state: PayoutState | undefined, page: PageInput) {
    const rows = await newestOf(this.dataSource, SettlementPayout, { payeeId, state }, page);
    return paged(rows, page, (row) => ({
      id: row.id,
      kind: row.kind,
      payeeId: row.payeeId,
      amount: json(row.amountMinor, row.currency),
      reference: row.reference,
      endToEndId: row.endToEnd,
      accountEnding: row.accountNumber?.slice(-4) ?? null,
      state: row.state,
      reason: row.reason,
    }));
  }

  /** Null while none is declared. */
  async account(organisationId: string) {
    const found = await this.dataSource.manager.findOneBy(PaymentAccount, { organisationId, live: 1 });
    return { account: found && accountView(found) };
  }

  async accountForReview(accountId: string) {
    const found = await this.dataSource.manager.findOneBy(PaymentAccount, { id: accountId });
    const organisation = found && (await this.identity.organisation(found.organisationId));
    if (!found || !organisation) throw httpError('record_unknown');
    return {
      ...accountView(found),
      organisation: {
        id: organisation.id,
        name: organisation.name,
        registrationNumber: organisation.registrationNumber,
      },
    };
  }

  /** A seller's and a financier's own assignments. */
  async assignments(organisationId: string, state: AssignmentState | undefined, page: PageInput) {
    const after = decodeCursor(page.cursor, 1);
    const query = this.dataSource.manager
      .createQueryBuilder(Assignment, 'r')
      .where('(r.seller_id = :own OR r.assignee_id = :own)', { own: idBytes(organisationId) });
    if (state) query.andWhere('r.state = :state', { state });
    if (after) query.andWhere('r.id < :after', { after: idBytes(String(after[0])) });
    const rows = await query
      .orderBy('r.id', 'DESC')
      .take((page.limit ?? defaultLimit) + 1)
      .getMany();
    return paged(rows, page, assignmentView);
  }

  async assignment(organisationId: string, id: string) {
    const found = await this.dataSource.manager.findOneBy(Assignment, { id });
    if (!found || (found.sellerId !== organisationId && found.assigneeId !== organisationId))
      throw httpError('record_unknown');
    const items = await this.dataSource.manager.find(AssignmentItem, {
      where: { assignmentId: id },
      order: { id: 'ASC' },
    });
    return {
      ...assignmentView(found),
      items: items.map((item) => ({
        id: item.id,
        certificateId: item.certificateId,
        anchorId: item.anchorId,
        face: json(item.faceMinor, found.currency),
        price: json(item.priceMinor, found.currency),
        holdback: json(item.holdbackMinor, found.currency),
        acknowledgedAt: item.acknowledgedAt?.toISOString() ?? null,
        filing: item.filing,
        standing: item.live === 1,
      })),
    };
  }

  /** The notices of assignment that an anchor has got. */
  async notices(anchorId: string, page: PageInput) {
    const rows = await newestOf(this.dataSource, AssignmentItem, { anchorId }, page);
    const assignments = await this.dataSource.manager.findBy(Assignment, {
      id: In([...new Set(rows.map(({ assignmentId }) => assignmentId))]),
    });
    const byId = new Map(assignments.map((each) => [each.id, each]));
    const assignees = await this.identity.organisations(assignments.map(({ assigneeId }) => assigneeId));
    return paged(rows, page, (row) => {
      const assignment = byId.get(row.assignmentId) as Assignment;
      return {
        id: row.id,
        receivableId: row.receivableId,
        amount: json(row.faceMinor, assignment.currency),
        assignee: { id: assignment.assigneeId, name: assignees.get(assignment.assigneeId)?.name ?? '' },
        noticeAt: row.noticeAt.toISOString(),
        reminders: row.reminders,
        acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
        standing: row.live === 1,
      };
    });
  }

  /**
   * Where an anchor pays a receivable: always the settlement account, under the receivable's own reference. Whoever holds its
   * certificates on the day is paid from there, so that this instruction never has to change.
   */
  async payTo(anchorId: string, receivableId: string) {
    const receivable = await this.dataSource.manager.findOneBy(Receivable, { id: receivableId, anchorId });
    const obligations = receivable
      ? await this.dataSource.manager.findBy(SettlementObligation, { subjectId: receivableId, kind: 'maturity' })
      : [];
    const maturity = obligations.find(({ state }) => state !== 'cancelled');
    if (!receivable || !maturity) throw httpError('record_unknown');
    const { account, holder, bank, bic } = this.book.rules.settlementAccount;
    const assigned = await this.dataSource.manager.countBy(AssignmentItem, { receivableId, live: 1 });
    return {
      receivableId,
      payOn: maturity.dueOn,
      outstanding: json(maturity.amountMinor - maturity.paidMinor, maturity.currency),
      reference: maturity.reference,
      account: { number: account, holder, bank, bic: bic ?? null },
      assigned: assigned > 0,
    };
  }
}

function assignmentView(row: Assignment) {
  const {
    id,
    reference,
    sellerId,
    assigneeId,
    currency,
    faceMinor,
    priceMinor,
    holdbackMinor,
    withRecourse,
    state,
    payOn,
    undoReason,
  } = row;
  return {
    id,
    reference,
    sellerId,
    assigneeId,
    face: json(faceMinor, currency),
    price: json(priceMinor, currency),
    holdback: json(holdbackMinor, currency),
    firstLeg: json(priceMinor - holdbackMinor, currency),
    withRecourse,
    state,
    payOn,
    undoReason,
  };
}
