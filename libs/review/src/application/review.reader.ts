import { Injectable } from '@nestjs/common';
import { idBytes, idText, systemContext, type Transaction, UnitOfWork } from '#platform';
import { readClock, type ClockReading, type WorkingDuration, workingDuration } from '../domain/clock.view.js';
import { reviewError } from '../domain/errors.js';
import type { Reason, ReviewCase } from '../domain/review-case.js';
import { caseOfRow, pausesOf, selectCases } from '../persistence/review-case.store.js';
import { CaseClocks } from './case-clocks.js';

/** The clock of a case as its applicant sees it. Of a closed case only the time taken is left. */
export interface CaseClockView {
  readonly caseId: string;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly state: string;
  readonly serviceDays: number;
  readonly openedAt: Date;
  readonly dueAt: Date | null;
  /** While paused: answer before this, or the case is returned. */
  readonly returnAt: Date | null;
  readonly provisional: boolean;
  readonly calendarVersion: number;
  readonly closedAt: Date | null;
  readonly outcome: string | null;
  readonly reasons: readonly Reason[];
  readonly clock: ClockReading | null;
  readonly taken: { readonly net: WorkingDuration; readonly gross: WorkingDuration } | null;
  /** What the applicant was asked, oldest first. */
  readonly requests: readonly InformationRequestView[];
}

export interface InformationRequestView {
  readonly reasons: readonly Reason[];
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
}

export interface TimelineEntry {
  readonly version: number;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly data: unknown;
}

/** A case with its clock read now. */
export interface ReadCase {
  readonly reviewCase: ReviewCase;
  readonly clock: ClockReading | null;
}

interface ClosingRow {
  readonly reasons: string | null;
  readonly net_ms: string | null;
  readonly gross_ms: string | null;
}

/** What other contexts and screens may know of review cases. */
@Injectable()
export class ReviewReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clocks: CaseClocks,
  ) {}

  /** The clock of a case. With `organisationId`, a case of another applicant does not exist. */
  async clockOf(caseId: string, organisationId?: string): Promise<CaseClockView> {
    return this.read(async (tx, now) => {
      const [row] = await tx.rows(`${selectCases} WHERE c.id = ?`, [idBytes(caseId)]);
      const found = row && caseOfRow(row);
      if (!found || (organisationId !== undefined && found.applicantOrganisationId !== organisationId))
        throw reviewError('review_case_unknown');
      return this.view(tx, found, now);
    });
  }

  /** The clock of a subject's case: the open one, or the last that was closed. */
  async clockOfSubject(subjectType: string, subjectId: string): Promise<CaseClockView | undefined> {
    return this.read(async (tx, now) => {
      const [row] = await tx.rows(
        `${selectCases} WHERE c.subject_type = ? AND c.subject_id = ? ORDER BY c.id DESC LIMIT 1`,
        [subjectType, idBytes(subjectId)],
      );
      return row && this.view(tx, caseOfRow(row), now);
    });
  }

  /** Cases found by a query, each with its clock. */
  async cases(query: (tx: Transaction) => Promise<object[]>): Promise<ReadCase[]> {
    return this.read(async (tx, now) => {
      const found = (await query(tx)).map(caseOfRow);
      const kept = await this.clocks.calendars.current(tx);
      const pauses = await pausesOf(
        tx,
        found.map(({ id }) => id),
      );
      return found.map((reviewCase) => {
        if (reviewCase.closedAt) return { reviewCase, clock: null };
        const { facts, clock } = this.clocks.under(kept, reviewCase, pauses.get(reviewCase.id) ?? []);
        return { reviewCase, clock: readClock(kept.calendar, clock, facts, now.getTime()) };
      });
    });
  }

  /** Everything that happened to a case, in order. */
  async timeline(caseId: string): Promise<readonly TimelineEntry[]> {
    return this.read(async (tx) => {
      const rows = await tx.rows<{
        version: number;
        at: Date;
        actor_kind: string;
        actor_id: string;
        action: string;
        from_state: string | null;
        to_state: string;
        data: string;
      }>(
        `SELECT version, at, actor_kind, actor_id, action, from_state, to_state, data FROM review_case_history
         WHERE case_id = ? ORDER BY version`,
        [idBytes(caseId)],
      );
      return rows.map((row) => ({
        version: row.version,
        at: row.at,
        actorKind: row.actor_kind,
        actorId: row.actor_id,
        action: row.action,
        from: row.from_state,
        to: row.to_state,
        data: JSON.parse(row.data) as unknown,
      }));
    });
  }

  /** People who declared a conflict of interest in a case. */
  async conflicts(caseId: string): Promise<readonly { personId: string; reason: string; declaredAt: Date }[]> {
    return this.read(async (tx) => {
      const rows = await tx.rows<{ person_id: Buffer; reason: string; declared_at: Date }>(
        'SELECT person_id, reason, declared_at FROM review_conflict WHERE case_id = ? ORDER BY declared_at',
        [idBytes(caseId)],
      );
      return rows.map((row) => ({
        personId: idText(row.person_id),
        reason: row.reason,
        declaredAt: row.declared_at,
      }));
    });
  }

  private async view(tx: Transaction, reviewCase: ReviewCase, now: Date): Promise<CaseClockView> {
    const { kept, facts, clock } = await this.clocks.read(tx, reviewCase);
    const { id, ...rest } = reviewCase;
    const [closing] = await tx.rows<ClosingRow>('SELECT reasons, net_ms, gross_ms FROM review_case WHERE id = ?', [
      idBytes(id),
    ]);
    const { net_ms: net, gross_ms: gross, reasons } = closing as ClosingRow;
    return {
      caseId: id,
      kind: rest.kind,
      subjectType: rest.subjectType,
      subjectId: rest.subjectId,
      state: rest.state,
      serviceDays: rest.serviceDays,
      openedAt: rest.openedAt,
      dueAt: rest.dueAt,
      returnAt: rest.returnAt,
      provisional: rest.provisional,
      calendarVersion: rest.calendarVersion,
      closedAt: rest.closedAt,
      outcome: rest.outcome,
      reasons: reasons === null ? [] : (JSON.parse(reasons) as Reason[]),
      clock: rest.closedAt ? null : readClock(kept.calendar, clock, facts, now.getTime()),
      taken:
        net === null || gross === null
          ? null
          : { net: workingDuration(kept.calendar, Number(net)), gross: workingDuration(kept.calendar, Number(gross)) },
      requests: await requestsOf(tx, id),
    };
  }

  private read<T>(query: (tx: Transaction, now: Date) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(systemContext('review.read'), async (tx) => query(tx, await tx.now()));
  }
}

async function requestsOf(tx: Transaction, caseId: string): Promise<InformationRequestView[]> {
  const rows = await tx.rows<{ reasons: string; asked_at: Date; answered_at: Date | null }>(
    'SELECT reasons, asked_at, answered_at FROM review_information_request WHERE case_id = ? ORDER BY asked_at, id',
    [idBytes(caseId)],
  );
  return rows.map((row) => ({
    reasons: JSON.parse(row.reasons) as Reason[],
    askedAt: row.asked_at,
    answeredAt: row.answered_at,
  }));
}
