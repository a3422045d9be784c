import { DomainError } from '#kernel';
import { systemContext } from '../db/command-context.js';
import type { Transaction } from '../db/transaction.js';
import type { UnitOfWork } from '../db/unit-of-work.js';
import type { JobQueue } from '../queue/job-queue.js';
import { dueTimer, type TimerHandler, type TimerRow } from './timers.js';

/** Timers due within this time have a delayed job in Redis; later ones only a row. */
const horizonMs = 60 * 60 * 1000;
/** Timers of one such span share a wake-up, so Redis holds at most 36,000 jobs however many timers there are. */
const spanMs = 100;
const batch = 1_000;
/** A timer whose handler fails is tried again after this time. */
const putOffMs = 60_000;

/**
 * Fires timers. The rows are the truth; a delayed job only says "look now". Both ways of losing one are covered: a
 * timer that was never armed is found by {@link arm}, one whose job was lost by the sweep that calls {@link fireDue}.
 */
export class TimerRunner {
  private readonly handlers = new Map<string, TimerHandler>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly queue: JobQueue,
    handlers: readonly TimerHandler[],
  ) {
    for (const handler of handlers) {
      if (this.handlers.has(handler.kind)) throw new Error(`two timer handlers are of kind ${handler.kind}`);
      this.handlers.set(handler.kind, handler);
    }
  }

  /** Gives timers of the next hour their wake-up jobs. Returns how many it armed. */
  async arm(): Promise<number> {
    const { wakeUps, rows } = await this.unitOfWork.run(systemContext('timer.arm'), async (tx) => {
      const now = await tx.now();
      const rows = await tx.rows<TimerRow>(
        `SELECT kind, subject_id, due_at FROM timer WHERE armed = 0 AND due_at <= ? ORDER BY due_at LIMIT ${batch * 4}
         FOR UPDATE SKIP LOCKED`,
        [new Date(now.getTime() + horizonMs)],
      );
      if (rows.length > 0) {
        await tx.execute(
          `UPDATE timer SET armed = 1 WHERE (subject_id, kind) IN (${rows.map(() => '(?, ?)').join(',')})`,
          rows.flatMap(({ subject_id, kind }) => [subject_id, kind]),
        );
      }
      const spans = new Set(rows.map(({ due_at }) => Math.ceil(due_at.getTime() / spanMs)));
      return {
        wakeUps: [...spans].map((span) => ({ span, delay: Math.max(0, span * spanMs - now.getTime()) })),
        rows,
      };
    });
    const delays = new Map(wakeUps.map(({ span, delay }) => [span, delay]));
    const published = await this.queue.addAll(
      'timer.tick',
      [...delays.keys()].map((span) => ({ span })),
      ({ span }) => `at-${span}`,
      ({ span }) => delays.get(span) ?? 0,
    );
    if (published) return rows.length;
    // Redis is away: they are armed again when it is back, and fired by the sweep until then.
    await this.unitOfWork.run(systemContext('timer.disarm'), (tx) =>
      tx.execute(
        `UPDATE timer SET armed = 0 WHERE (subject_id, kind) IN (${rows.map(() => '(?, ?)').join(',')})`,
        rows.flatMap(({ subject_id, kind }) => [subject_id, kind]),
      ),
    );
    return 0;
  }

  /** After Redis was emptied: every timer of the next hour gets its job again. */
  async rearm(): Promise<void> {
    await this.unitOfWork.run(systemContext('timer.rearm'), (tx) =>
      tx.execute('UPDATE timer SET armed = 0 WHERE armed = 1'),
    );
  }

  /**
   * Fires all that is due, batch by batch; several processes may do so at once. Returns how many it fired. A timer whose
   * handler fails stops no other: it is put off, and its error is thrown when the rest has fired.
   */
  async fireDue(): Promise<number> {
    const faults: unknown[] = [];
    let fired = 0;
    for (let more = true; more;) {
      const count = await this.fireBatch(batch).catch((error: unknown) => this.fireOneByOne(error, faults));
      fired += count;
      more = count === batch;
    }
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} timers could not be fired`);
    return fired;
  }

  /** A whole batch failed: each of its timers gets a transaction of its own, and those at fault are put off. */
  private async fireOneByOne(reason: unknown, faults: unknown[]): Promise<number> {
    // The database is away or busy: then nothing can be said about any timer.
    if (reason instanceof DomainError && reason.definition.kind === 'unavailable') throw reason;
    let done = 0;
    for (; done < batch; done++) {
      const [first] = await this.unitOfWork.run(systemContext('timer.look'), async (tx) =>
        this.due(tx, await tx.now(), 1),
      );
      if (!first) return done;
      try {
        await this.unitOfWork.run(systemContext('timer.fire'), async (tx) => {
          const now = await tx.now();
          await this.fire(tx, await this.due(tx, now, 1, first), now);
        });
      } catch (error) {
        faults.push(error);
        await this.unitOfWork.run(systemContext('timer.put_off'), async (tx) =>
          tx.execute('UPDATE timer SET due_at = ?, armed = 0 WHERE subject_id = ? AND kind = ? AND due_at = ?', [
            new Date((await tx.now()).getTime() + putOffMs),
            first.subject_id,
            first.kind,
            first.due_at,
          ]),
        );
      }
    }
    return done;
  }

  private async fireBatch(count: number): Promise<number> {
    return this.unitOfWork.run(systemContext('timer.fire'), async (tx) => {
      const now = await tx.now();
      const rows = await this.due(tx, now, count);
      await this.fire(tx, rows, now);
      return rows.length;
    });
  }

  /** The timers that are due and that nobody else holds; with `only`, that one. */
  private due(tx: Transaction, now: Date, count: number, only?: TimerRow): Promise<TimerRow[]> {
    return tx.rows<TimerRow>(
      `SELECT kind, subject_id, due_at FROM timer WHERE due_at <= ?${only ? ' AND subject_id = ? AND kind = ?' : ''}
       ORDER BY due_at LIMIT ${count} FOR UPDATE SKIP LOCKED`,
      [now, ...(only ? [only.subject_id, only.kind] : [])],
    );
  }

  private async fire(tx: Transaction, rows: readonly TimerRow[], now: Date): Promise<void> {
    if (rows.length === 0) return;
    // Removed before the handlers run: a handler may set the subject's next timer of the same kind.
    await tx.execute(
      `DELETE FROM timer WHERE (subject_id, kind) IN (${rows.map(() => '(?, ?)').join(',')})`,
      rows.flatMap(({ subject_id, kind }) => [subject_id, kind]),
    );
    for (const [kind, group] of groupByKind(rows)) {
      const handler = this.handlers.get(kind);
      if (!handler) throw new Error(`no handler for timers of kind ${kind}`);
      await handler.fire(tx, group.map(dueTimer), now);
    }
  }
}

function groupByKind(rows: readonly TimerRow[]): Map<string, TimerRow[]> {
  const groups = new Map<string, TimerRow[]>();
  for (const row of rows) groups.set(row.kind, [...(groups.get(row.kind) ?? []), row]);
  return groups;
}
