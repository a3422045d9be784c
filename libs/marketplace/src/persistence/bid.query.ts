import { idBytes, idText, type Transaction } from '#platform';

/** The indicative offer that a financier has standing on a request, and until when it was asked to bind itself. */
export interface StandingIndicative {
  readonly id: string;
  readonly bindingDue: Date | null;
}

/** A request as a bidder meets it, locked, with the bidder's own match and whether the enterprise disclosed itself to it. */
export interface BidderRequest {
  readonly id: string;
  readonly state: string;
  readonly mode: 'sealed' | 'ranked';
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly awardedMinor: bigint;
  readonly tenorMonths: number;
  readonly shariahOnly: boolean;
  readonly closesAt: Date;
  readonly decideBy: Date | null;
  readonly extensions: number;
  readonly disclosed: boolean;
  /** The indicative offer that the bidder has standing, locked as well. */
  readonly indicative: StandingIndicative | undefined;
  /** The mandate by which the financier was matched. */
  readonly mandateId: string;
}

interface Row {
  readonly state: string;
  readonly mode: 'sealed' | 'ranked';
  readonly currency: string;
  readonly amount_minor: string;
  readonly awarded_minor: string;
  readonly tenor_months: number;
  readonly shariah_only: number;
  readonly closes_at: Date | null;
  readonly decide_by: Date | null;
  readonly extensions: number;
  readonly mandate_id: Buffer;
  readonly disclosed_at: Date | null;
  readonly indicative_id: Buffer | null;
  readonly binding_due: Date | null;
}

/**
 * One statement of the hot path: locks the request, then the financier's own indicative offer, and finds whether it was invited. A financier that was not gets the
 * same nothing as for a request that does not exist.
 */
export async function lockForBid(
  tx: Transaction,
  requestId: string,
  financierId: string,
): Promise<BidderRequest | undefined> {
  const [row] = await tx.rows<Row>(
    `SELECT r.state, r.mode, r.currency, r.amount_minor, r.awarded_minor, r.tenor_months, r.shariah_only, r.closes_at, r.decide_by, r.extensions, m.mandate_id, d.disclosed_at,
            i.id AS indicative_id, i.binding_due
     FROM funding_request r
     JOIN request_match m ON m.request_id = r.id AND m.financier_id = ? AND m.state <> 'waiting'
     LEFT JOIN disclosure d ON d.request_id = r.id AND d.financier_id = m.financier_id
     LEFT JOIN offer i ON i.request_id = r.id AND i.financier_id = m.financier_id AND i.binding = 0 AND i.state = 'live'
     WHERE r.id = ? FOR UPDATE`,
    [idBytes(financierId), idBytes(requestId)],
  );
  if (!row?.closes_at) return undefined;
  return {
    id: requestId,
    state: row.state,
    mode: row.mode,
    currency: row.currency,
    amountMinor: BigInt(row.amount_minor),
    awardedMinor: BigInt(row.awarded_minor),
    tenorMonths: row.tenor_months,
    shariahOnly: row.shariah_only === 1,
    closesAt: row.closes_at,
    decideBy: row.decide_by,
    extensions: row.extensions,
    disclosed: row.disclosed_at !== null,
    indicative: row.indicative_id ? { id: idText(row.indicative_id), bindingDue: row.binding_due } : undefined,
    mandateId: idText(row.mandate_id),
  };
}
