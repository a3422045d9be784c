import type { PoolConnection } from 'mysql2';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { AuditEntry } from '../audit/audit-entry.js';
import type { DomainEvent } from '../outbox/domain-event.js';
import type { CommandContext } from './command-context.js';
import { directQuery } from './direct-query.js';

/** One open transaction. Everything that must commit together takes it as an explicit argument. */
export class Transaction {
  readonly pendingEvents: DomainEvent[] = [];
  readonly pendingAudit: AuditEntry[] = [];
  private lastNow: Date | undefined;

  constructor(
    readonly context: CommandContext,
    private readonly runner: QueryRunner,
    private readonly connection: PoolConnection,
    private readonly clockOffsetSeconds: number,
  ) {}

  /** The same transaction for another caller, with audit entries and events of its own. */
  of(context: CommandContext): Transaction {
    return new Transaction(context, this.runner, this.connection, this.clockOffsetSeconds);
  }

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Runs a SELECT of our own; parameters are never put into the text. */
  async rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return directQuery<Row[]>(this.connection, sql, parameters);
  }

  /** The same with instants left as texts, for views that only pass them on. */
  async rowsWithTextInstants<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return directQuery<Row[]>(this.connection, sql, parameters, { dateStrings: true });
  }

  /** Runs INSERT, UPDATE or DELETE and returns how many rows it changed. */
  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await directQuery<{ affectedRows: number }>(this.connection, sql, parameters)).affectedRows;
  }

  /** Inserts rows of one shape with one statement. */
  async insertRows(table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]): Promise<void> {
    if (rows.length === 0) return;
    const marks = `(${columns.map(() => '?').join(',')})`;
    await this.execute(
      `INSERT INTO ${table} (${columns.join(',')}) VALUES ${rows.map(() => marks).join(',')}`,
      rows.flat(),
    );
  }

  /**
   * The database's UTC time, read now: ask after the lock on the row whose deadline is judged, because the time
   * of a statement is that of its start and a lock may have been waited for. Tests offset it by configuration.
   */
  async now(): Promise<Date> {
    const [row] = await this.rows<{ now: Date }>('SELECT UTC_TIMESTAMP(6) AS now');
    this.lastNow = new Date((row as { now: Date }).now.getTime() + this.clockOffsetSeconds * 1000);
    return this.lastNow;
  }

  /** The time of what this unit did: as it was last asked, which is after the locks that count; asked now where nobody did. */
  async time(): Promise<Date> {
    return this.lastNow ?? this.now();
  }

  /** Adds an event to what this transaction commits; handlers get it after the commit, at least once. */
  emit(event: DomainEvent): void {
    this.pendingEvents.push(event);
  }

  /** Adds an entry of the audit log to what this transaction commits. */
  audit(entry: AuditEntry): void {
    this.pendingAudit.push(entry);
  }
}
