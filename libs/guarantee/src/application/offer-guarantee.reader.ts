import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { idBytes, idText, type Transaction } from '#platform';
import type { ApplicationState } from '../domain/application.lifecycle.js';
import type { GuaranteeState } from '../domain/guarantee.lifecycle.js';

/** Where the guarantee of an offer stands: its latest application, and its latest letter or guarantee. */
export interface OfferGuaranteeState {
  readonly applicationId: string;
  readonly application: ApplicationState;
  readonly citedClauses: readonly string[];
  readonly guaranteeId: string | null;
  readonly number: string | null;
  readonly guarantee: GuaranteeState | null;
  /** Until when the letter of intent holds. */
  readonly letterUntil: Date | null;
}

interface Row {
  readonly offer_id: Buffer;
  readonly application_id: Buffer;
  readonly status: ApplicationState;
  readonly cited_clauses: string | string[] | null;
  readonly guarantee_id: Buffer | null;
  readonly number: string | null;
  readonly state: GuaranteeState | null;
  readonly letter_until: Date | null;
}

/** What the market shows of the guarantees of its offers. */
@Injectable()
export class OfferGuaranteeReader {
  constructor(private readonly dataSource: DataSource) {}

  /** By offer; an offer that nobody has applied for is not in it. */
  async ofOffers(offerIds: readonly string[], tx?: Transaction): Promise<ReadonlyMap<string, OfferGuaranteeState>> {
    if (offerIds.length === 0) return new Map();
    const sql = `SELECT a.offer_id, a.id AS application_id, a.status, a.cited_clauses, g.id AS guarantee_id, g.number, g.state, g.letter_until
       FROM guarantee_application a LEFT JOIN guarantee g ON g.application_id = a.id
       WHERE a.offer_id IN (${offerIds.map(() => '?').join(',')}) ORDER BY a.id, g.id`;
    const ids = offerIds.map(idBytes);
    const rows = tx ? await tx.rows<Row>(sql, ids) : await this.dataSource.query<Row[]>(sql, ids);
    // The last row of each offer is its newest: ids grow with time.
    return new Map(rows.map((row) => [idText(row.offer_id), stateOf(row)]));
  }
}

function stateOf(row: Row): OfferGuaranteeState {
  const cited = row.cited_clauses ?? [];
  return {
    applicationId: idText(row.application_id),
    application: row.status,
    citedClauses: typeof cited === 'string' ? (JSON.parse(cited) as string[]) : cited,
    guaranteeId: row.guarantee_id && idText(row.guarantee_id),
    number: row.number,
    guarantee: row.state,
    letterUntil: row.letter_until,
  };
}
