import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENVIRONMENT, type Environment, idBytes, idText, type Transaction } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { isInForce, type MandateRecord } from '../domain/mandate.js';
import { mandateColumns, mandateOf, type MandateSqlRow } from '../persistence/mandate-rows.js';

/** One entry of the feed: the mandate as it may be matched now, or null where it may not (any more). */
export interface MandateChange {
  readonly sequence: bigint;
  readonly mandateId: string;
  readonly mandate: MandateRecord | null;
}

export interface MandatePage {
  readonly mandates: readonly MandateRecord[];
  /** Hand it to the next call; null on the last page. */
  readonly nextCursor: string | null;
}

interface Standing {
  readonly financier_verified: number | string | null;
  readonly now: Date;
}

/**
 * Mandates for matching. A process that keeps an index asks {@link currentSequence}, then {@link loadAll} page by
 * page, then {@link changesSince} that number, and again before each match. A mandate that is read with a later
 * state than its number is harmless: its later number brings the same state again.
 */
@Injectable()
export class MandateReader {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The number of the last committed change. */
  async currentSequence(): Promise<bigint> {
    const [row] = await this.dataSource.query<{ sequence: string }[]>(
      'SELECT sequence FROM mandate_change_counter WHERE id = 1',
    );
    return BigInt(row?.sequence ?? 0);
  }

  /** Changes with a number above `sequence`, in order, at most `limit`. */
  async changesSince(sequence: bigint, limit: number): Promise<readonly MandateChange[]> {
    const rows = await this.dataSource.query<(MandateSqlRow & Standing & { sequence: string; mandate_id: Buffer })[]>(
      `SELECT c.sequence, c.mandate_id, ${mandateColumns}, ${standing}
       FROM mandate_change c JOIN mandate m ON m.id = c.mandate_id
       LEFT JOIN financier_profile p ON p.id = m.financier_id
       WHERE c.sequence > ? ORDER BY c.sequence LIMIT ?`,
      [sequence.toString(), limit],
    );
    return rows.map((row) => ({
      sequence: BigInt(row.sequence),
      mandateId: idText(row.mandate_id),
      mandate: this.matchable(row),
    }));
  }

  /** Every mandate that may be matched now, by id, `limit` rows looked at a page. */
  async loadAll(cursor: string | null, limit: number): Promise<MandatePage> {
    const rows = await this.dataSource.query<(MandateSqlRow & Standing)[]>(
      `SELECT ${mandateColumns}, ${standing}
       FROM mandate m LEFT JOIN financier_profile p ON p.id = m.financier_id
       WHERE m.status = 'live' AND m.id > ? ORDER BY m.id LIMIT ?`,
      [cursor === null ? Buffer.alloc(16) : idBytes(cursor), limit],
    );
    const last = rows.at(-1);
    return {
      mandates: rows.flatMap((row) => this.matchable(row) ?? []),
      nextCursor: rows.length === limit && last ? idText(last.id) : null,
    };
  }

  /** One mandate, whatever its state. */
  async mandate(id: string, tx?: Transaction): Promise<MandateRecord | undefined> {
    const sql = `SELECT ${mandateColumns} FROM mandate m WHERE m.id = ?`;
    const rows = tx
      ? await tx.rows<MandateSqlRow>(sql, [idBytes(id)])
      : await this.dataSource.query<MandateSqlRow[]>(sql, [idBytes(id)]);
    return rows[0] && mandateOf(rows[0]);
  }

  private matchable(row: MandateSqlRow & Standing): MandateRecord | null {
    if (Number(row.financier_verified) !== 1) return null;
    const now = new Date(row.now.getTime() + this.environment.clockOffsetSeconds * 1000);
    const mandate = mandateOf(row);
    return isInForce(mandate, countryDate(this.environment.country, now)) ? mandate : null;
  }
}

const standing = `p.status = 'verified' AND p.suspended = 0 AS financier_verified, UTC_TIMESTAMP(6) AS now`;
