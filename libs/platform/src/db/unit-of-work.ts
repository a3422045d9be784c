import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, defineErrors } from '#kernel';
import type { PoolConnection } from 'mysql2';
import type { DataSource } from 'typeorm';
import { claimKey, isStorable, storeRefusal, storeResult } from '../idempotency/claim.js';
import { connectionWithin, Database, directQuery } from './direct-query.js';
import { claimKeys, storeAnswers } from '../idempotency/claim-group.js';
import { type CommandContext, systemContext } from './command-context.js';
import { isConnectionLost, isRetryable } from './failures.js';
import { Transaction } from './transaction.js';
import { writePending } from './write-pending.js';

export const databaseError = defineErrors({
  database_busy: {
    kind: 'unavailable',
    title: 'Too many people are changing the same record at this moment.',
    next: 'Send the same command again with the same Idempotency-Key in a few seconds.',
  },
  database_unreachable: {
    kind: 'unavailable',
    title: 'The database cannot be reached at this moment.',
    next: 'Send the same command again with the same Idempotency-Key; if it was done already, you will get its answer.',
  },
});

/**
 * A unit is given up when it was tried so often and for so long: a burst of honest commands on one row meets in deadlocks that are found at
 * once, so that a number alone would be used up in a second. A hanging database is another matter, with limits of its own (database.ts).
 */
const attempts = 10;
const patience = 15_000;

/** A caller's command on its way into a common transaction. */
export interface GroupCommand<Input> {
  readonly context: CommandContext;
  readonly input: Input;
}

/** A command in its common transaction; its `tx` collects audit entries and events under its own caller's name. */
export interface GroupMember<Input> {
  readonly input: Input;
  readonly tx: Transaction;
}

/** What became of one command of a group. */
export type GroupOutcome<Result> = { readonly result: Result } | { readonly error: unknown };

/** Decides all members in their order; a refusal is an outcome, what it throws fails the whole transaction. */
export type GroupWork<Input, Result> = (
  tx: Transaction,
  members: readonly GroupMember<Input>[],
) => Promise<readonly GroupOutcome<Result>[]>;

/**
 * Every write of this market: what `work` changes, its audit entries, its events and the stored answer of its
 * idempotency key commit together or not at all. A deadlock or a lock timeout rolls back and starts the whole
 * unit again from BEGIN, so `work` must have no effect outside the transaction.
 */
export class UnitOfWork {
  /** How long a unit waits for a connection. */
  private readonly limitMs: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clockOffsetSeconds: number,
    private readonly patienceMs = patience,
  ) {
    this.limitMs = dataSource instanceof Database ? dataSource.limitMs : 0;
  }

  async run<T>(context: CommandContext, work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.persistently(() => this.once(context, work));
    } catch (error) {
      const stored = error instanceof DomainError && context.idempotency && isStorable(error);
      if (!stored) throw error;
      // Twins of a refused command meet on the key again, so this too may have to start anew.
      return this.persistently(() => this.refuse<T>(context, error));
    }
  }

  /**
   * The commands of several callers in one transaction: each keeps its own idempotency key, audit entries, events and answer, and
   * one that is refused does not fail the others. When the transaction as a whole fails, each command is tried alone.
   */
  async runTogether<Input, Result>(
    commands: readonly GroupCommand<Input>[],
    work: GroupWork<Input, Result>,
  ): Promise<readonly GroupOutcome<Result>[]> {
    try {
      return await this.persistently(() => this.together(commands, work));
    } catch (error) {
      if (commands.length === 1) return [{ error }];
      const outcomes: GroupOutcome<Result>[] = [];
      for (const command of commands) outcomes.push(...(await this.runTogether([command], work)));
      return outcomes;
    }
  }

  private async together<Input, Result>(
    commands: readonly GroupCommand<Input>[],
    work: GroupWork<Input, Result>,
  ): Promise<readonly GroupOutcome<Result>[]> {
    return this.inTransaction(systemContext('group'), async (tx) => {
      const stored = await claimKeys(
        tx,
        commands.map(({ context }) => context.idempotency),
      );
      const outcomes = stored.map(
        (answer): GroupOutcome<Result> | undefined =>
          answer && ('refusal' in answer ? { error: answer.refusal } : { result: answer.result as Result }),
      );
      const members = commands.flatMap(({ context, input }, index) =>
        outcomes[index] ? [] : [{ index, input, tx: tx.of(context) }],
      );
      if (members.length === 0) return outcomes as GroupOutcome<Result>[];
      const decided = await work(tx, members);
      members.forEach(({ index }, at) => (outcomes[index] = decided[at] as GroupOutcome<Result>));
      const done = members.filter((_member, at) => 'result' in (decided[at] as GroupOutcome<Result>));
      const units = [tx, ...done.map((member) => member.tx)];
      if (units.some(({ pendingAudit, pendingEvents }) => pendingAudit.length + pendingEvents.length > 0))
        await writePending(tx, await tx.time(), units);
      await storeAnswers(
        tx,
        members.flatMap(({ index }) => {
          const claim = commands[index]?.context.idempotency;
          return claim ? [{ claim, outcome: outcomes[index] as GroupOutcome<Result> }] : [];
        }),
      );
      return outcomes as GroupOutcome<Result>[];
    });
  }

  /** Starts again after deadlocks and lock timeouts, within bounds. */
  private async persistently<T>(unit: () => Promise<T>): Promise<T> {
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await unit();
      } catch (error) {
        if (error instanceof DomainError) throw error;
        if (isConnectionLost(error)) throw databaseError('database_unreachable', { retryAfterSeconds: 5 });
        if (!isRetryable(error)) throw error;
        const isPatient = attempt < attempts || performance.now() - started < this.patienceMs;
        if (!isPatient) throw databaseError('database_busy', { retryAfterSeconds: 2 });
        // Full jitter: those who collided must not meet again at the same instant.
        await pause(Math.random() * Math.min(500, 10 * 2 ** attempt));
      }
    }
  }

  private async once<T>(context: CommandContext, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inTransaction(context, async (tx) => {
      const claim = context.idempotency;
      const stored = claim && (await claimKey(tx, claim));
      if (stored) {
        if ('refusal' in stored) throw stored.refusal;
        return stored.result as T;
      }
      const result = await work(tx);
      if (tx.pendingAudit.length > 0 || tx.pendingEvents.length > 0) await writePending(tx, await tx.time());
      if (claim) await storeResult(tx, claim, result);
      return result;
    });
  }

  /** The command was refused: the refusal becomes its answer, unless a twin stored one first, which then holds. */
  private async refuse<T>(context: CommandContext, refusal: DomainError): Promise<T> {
    const claim = context.idempotency as NonNullable<CommandContext['idempotency']>;
    const stored = await this.inTransaction(context, async (tx) => {
      await storeRefusal(tx, claim, refusal);
      return claimKey(tx, claim);
    });
    if (stored && 'result' in stored) return stored.result as T;
    throw stored?.refusal ?? refusal;
  }

  private async inTransaction<T>(context: CommandContext, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const connection = await connectionWithin(runner.connect() as Promise<PoolConnection>, this.limitMs);
      await directQuery(connection, 'START TRANSACTION', []);
      // Entities refuse to lock outside a transaction, and the runner did not see this one begin.
      Object.assign(runner, { isTransactionActive: true });
      try {
        const result = await work(new Transaction(context, runner, connection, this.clockOffsetSeconds));
        await directQuery(connection, 'COMMIT', []);
        return result;
      } catch (error) {
        // A lock timeout leaves the transaction open on the server: always an explicit ROLLBACK. A connection that cannot even
        // do that must not be used again.
        await directQuery(connection, 'ROLLBACK', []).catch(() => connection.destroy());
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}
