import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { type Passage, passagesUntil, timeTaken } from '../domain/clock.calculation.js';
import { reviewCaseLifecycle } from '../domain/review-case.lifecycle.js';
import type { ReviewCase } from '../domain/review-case.js';
import { CaseClocks, type RunningClock } from './case-clocks.js';
import { type CaseStep, recordSteps } from './record-steps.js';
import { tellOfPassages, tellOfReturn } from './tell-of-clocks.js';
import { type ChangedCase, lockLiveCases, updateCases } from '../persistence/review-case.batch.js';
import { pausesOf } from '../persistence/review-case.store.js';

interface Advance extends ChangedCase {
  readonly running: RunningClock;
  readonly steps: readonly CaseStep[];
}

/**
 * Lets clocks pass their points: warnings, the breach, reminders of late cases, and the return on silence. A batch
 * costs a fixed number of statements, so that thousands may fall due in one instant.
 */
@Injectable()
export class PassClockPoints {
  constructor(private readonly clocks: CaseClocks) {}

  async within(tx: Transaction, caseIds: readonly string[], now: Date): Promise<void> {
    const cases = await lockLiveCases(tx, caseIds);
    if (cases.length === 0) return;
    const kept = await this.clocks.calendars.current(tx);
    const paused = await pausesOf(
      tx,
      cases.filter(({ informationRequests }) => informationRequests > 0).map(({ id }) => id),
    );
    const advances = cases.map((reviewCase) => {
      const running = this.clocks.under(kept, reviewCase, paused.get(reviewCase.id) ?? []);
      return reviewCase.state === 'paused'
        ? returned(reviewCase, running, now)
        : this.advance(reviewCase, running, now);
    });
    const changed = advances.filter(({ steps }) => steps.length > 0);
    await updateCases(tx, changed);
    await recordSteps(
      tx,
      now,
      changed.flatMap(({ steps }) => steps),
    );
    await this.clocks.arm(
      tx,
      advances.filter(({ after }) => after.closedAt === null),
      now,
    );
    tellOfPassages(
      tx,
      changed.flatMap(({ before, steps }) => steps.map((step) => ({ before, step }))),
    );
    tellOfReturn(
      tx,
      changed.map(({ after }) => after),
      this.clocks.level.silenceDays,
    );
  }

  private advance(before: ReviewCase, running: RunningClock, now: Date): Advance {
    const { kept, clock } = running;
    const passages = passagesUntil(kept.calendar, clock, before.stage, now.getTime(), this.clocks.shares);
    const steps: CaseStep[] = [];
    let after = { ...before, ...this.clocks.shown(running) };
    for (const passage of passages) {
      const step = passed(after, passage, now);
      after = step.after;
      steps.push(step);
    }
    return { before, after, running, steps };
  }
}

function passed(reviewCase: ReviewCase, passage: Passage, now: Date): CaseStep {
  const next = { ...reviewCase, version: reviewCase.version + 1 };
  const from = reviewCase.state;
  switch (passage.kind) {
    case 'warn': {
      const after = { ...next, stage: passage.stage };
      return { after, from, action: 'warn', event: 'warned', data: { percent: passage.percent } };
    }
    case 'breach': {
      const after = { ...next, stage: passage.stage, breachedAt: now, assigneeId: null, escalated: true };
      return { after, from, action: 'breach', event: 'breached', note: { previousAssigneeId: reviewCase.assigneeId } };
    }
    case 'remind':
      return { after: next, from, action: 'remind', event: 'overdue', data: { daysLate: passage.daysLate } };
  }
}

/** A paused case whose applicant stayed silent until its end; one that was armed too early stays as it is. */
function returned(before: ReviewCase, running: RunningClock, now: Date): Advance {
  if (before.returnAt === null || before.returnAt > now) return { before, after: before, running, steps: [] };
  const state = reviewCaseLifecycle.after(before.state, 'return', 'clock');
  const { net, gross } = timeTaken(running.kept.calendar, running.facts, now.getTime());
  const reasons = [{ code: 'silence', message: 'No answer came within the time given.' }];
  const after: ReviewCase = {
    ...before,
    state,
    returnAt: null,
    closedAt: now,
    outcome: 'returned',
    calendarVersion: running.kept.version,
    version: before.version + 1,
  };
  const step: CaseStep = {
    after,
    from: before.state,
    action: 'return',
    event: 'returned',
    data: { outcome: 'returned', reasons, netMs: net, grossMs: gross, calendarVersion: after.calendarVersion },
  };
  return { before, after, running, steps: [step], closing: { reasons, net, gross } };
}
