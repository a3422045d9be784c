import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import {
  cursorInstant,
  type Actor,
  decodeCursor,
  defaultLimit,
  idBytes,
  idText,
  toPage,
  UnitOfWork,
  systemContext,
} from '#platform';
import { reviewError } from '../domain/errors.js';
import type { ReviewKind, ReviewState } from '../domain/review-case.js';
import { selectCases } from '../persistence/review-case.store.js';
import { type ReadCase, ReviewReader } from './review.reader.js';

export interface QueueFilter {
  readonly state?: ReviewState | undefined;
  readonly kind?: ReviewKind | undefined;
  /** `me`, `none` or a person. */
  readonly assignee?: string | undefined;
  readonly breached?: boolean | undefined;
  readonly escalated?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The operator's view of the work: the queue, one case with everything, and who has how much. */
@Injectable()
export class ReviewQueue {
  constructor(
    private readonly reader: ReviewReader,
    private readonly identity: IdentityReader,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Open cases by the time left, least first; paused ones by the end of silence; closed ones newest first. */
  async list(actor: Actor, filter: QueueFilter) {
    const limit = filter.limit ?? defaultLimit;
    const { sql, parameters, keyOf } = queueSql(actor, filter, limit);
    const found = await this.reader.cases((tx) => tx.rows(sql, parameters));
    const names = await this.names(found);
    return toPage(found, limit, keyOf, (read) => row(read, names));
  }

  /** One case with its clock, what was asked, its conflicts and all that happened. */
  async detail(caseId: string) {
    const [found] = await this.reader.cases((tx) => tx.rows(`${selectCases} WHERE c.id = ?`, [idBytes(caseId)]));
    if (!found) throw reviewError('review_case_unknown');
    const [{ requests, reasons, taken }, timeline, conflicts] = await Promise.all([
      this.reader.clockOf(caseId),
      this.reader.timeline(caseId),
      this.reader.conflicts(caseId),
    ]);
    return { ...row(found, await this.names([found])), reasons, taken, requests, conflicts, timeline };
  }

  /** Cases of one applicant, newest first. */
  async own(organisationId: string, page: { limit?: number | undefined; cursor?: string | undefined }) {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const found = await this.reader.cases((tx) =>
      tx.rows(`${selectCases} WHERE c.applicant_id = ?${after ? ' AND c.id < ?' : ''} ORDER BY c.id DESC LIMIT ?`, [
        idBytes(organisationId),
        ...(after ? [idBytes(String(after[0]))] : []),
        limit + 1,
      ]),
    );
    return toPage(found, limit, ({ reviewCase }) => [reviewCase.id], ownRow);
  }

  /** Who has how many cases, running, paused and late, and how many each let breach. */
  async workload() {
    const people = await this.identity.peopleOfKind('operator', ['reviewer', 'review_lead']);
    const [live, breaches] = await this.unitOfWork.run(systemContext('review.workload'), async (tx) => [
      await tx.rows<LoadRow>(
        `SELECT assignee_id, escalated, SUM(state = 'open') AS running, SUM(state = 'paused') AS paused, SUM(stage = 3) AS late
         FROM review_case WHERE live = 1 GROUP BY assignee_id, escalated`,
      ),
      await tx.rows<{ breached_assignee_id: Buffer; n: string }>(
        `SELECT breached_assignee_id, COUNT(*) AS n FROM review_case
         WHERE breached_assignee_id IS NOT NULL AND breached_at > ? GROUP BY breached_assignee_id`,
        [new Date((await tx.now()).getTime() - 90 * 86_400_000)],
      ),
    ]);
    const lost = new Map(breaches.map(({ breached_assignee_id, n }) => [idText(breached_assignee_id), Number(n)]));
    const sum = (rows: readonly LoadRow[]) => ({
      running: rows.reduce((total, { running }) => total + Number(running), 0),
      paused: rows.reduce((total, { paused }) => total + Number(paused), 0),
      late: rows.reduce((total, { late }) => total + Number(late), 0),
    });
    const of = (id: string | null) => live.filter(({ assignee_id }) => (assignee_id && idText(assignee_id)) === id);
    const waiting = of(null);
    return {
      people: people.map(({ personId, name, roles }) => ({
        personId,
        name,
        roles,
        ...sum(of(personId)),
        breachedIn90Days: lost.get(personId) ?? 0,
      })),
      unassigned: sum(waiting.filter(({ escalated }) => escalated === 0)),
      leadQueue: sum(waiting.filter(({ escalated }) => escalated === 1)),
    };
  }

  private async names(found: readonly ReadCase[]): Promise<ReadonlyMap<string, Named>> {
    const organisations = await this.identity.organisations(
      found.map(({ reviewCase }) => reviewCase.applicantOrganisationId),
    );
    const people = await this.identity.peopleOfKind('operator', ['reviewer', 'review_lead']);
    return new Map([
      ...[...organisations.values()].map(({ id, name }) => [id, { id, name }] as const),
      ...people.map(({ personId, name }) => [personId, { id: personId, name }] as const),
    ]);
  }
}

interface LoadRow {
  readonly assignee_id: Buffer | null;
  readonly escalated: number;
  readonly running: string;
  readonly paused: string;
  readonly late: string;
}

function queueSql(actor: Actor, filter: QueueFilter, limit: number) {
  const { state = 'open', kind, assignee, breached, escalated } = filter;
  const closed = state !== 'open' && state !== 'paused';
  const order = closed ? 'c.closed_at' : 'c.ends_at';
  const conditions = ['c.state = ?'];
  const parameters: unknown[] = [state];
  const also = (condition: string, ...values: unknown[]) => {
    conditions.push(condition);
    parameters.push(...values);
  };
  if (kind) also('c.kind = ?', kind);
  if (assignee === 'none') also('c.assignee_id IS NULL');
  else if (assignee) also('c.assignee_id = ?', idBytes(assignee === 'me' ? actor.id : assignee));
  if (breached !== undefined) also(`c.breached_at IS ${breached ? 'NOT NULL' : 'NULL'}`);
  if (escalated !== undefined) also('c.escalated = ?', escalated);
  const after = decodeCursor(filter.cursor, 2);
  if (after) {
    const compare = closed ? '<' : '>';
    const [at, id] = [cursorInstant(after[0]), idBytes(String(after[1]))];
    also(`(${order} ${compare} ? OR (${order} = ? AND c.id ${compare} ?))`, at, at, id);
  }
  const direction = closed ? 'DESC' : 'ASC';
  const sql = `${selectCases} WHERE ${conditions.join(' AND ')} ORDER BY ${order} ${direction}, c.id ${direction} LIMIT ?`;
  const keyOf = ({ reviewCase }: ReadCase) => [
    ((closed ? reviewCase.closedAt : (reviewCase.dueAt ?? reviewCase.returnAt)) as Date).toISOString(),
    reviewCase.id,
  ];
  return { sql, parameters: [...parameters, limit + 1], keyOf };
}

function ownRow({ reviewCase, clock }: ReadCase) {
  const {
    id,
    operatorId: _o,
    assigneeId: _a,
    escalated: _e,
    decidedBy: _d,
    applicantOrganisationId: _p,
    ...rest
  } = reviewCase;
  return { caseId: id, ...rest, clock };
}

function row(read: ReadCase, names: ReadonlyMap<string, Named>) {
  const { assigneeId, escalated, decidedBy, applicantOrganisationId } = read.reviewCase;
  return {
    ...ownRow(read),
    applicant: names.get(applicantOrganisationId) ?? { id: applicantOrganisationId, name: '' },
    assignee: assigneeId === null ? null : (names.get(assigneeId) ?? { id: assigneeId, name: '' }),
    escalated,
    decidedBy,
  };
}
