import type { Money } from '#kernel';
import { idBytes, idText, isDuplicateKey, type Transaction } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import type { OfferTerms } from '../domain/offer-terms.js';
import type { RankedOffer } from '../domain/ranking.policy.js';

/** The live offers of a request, as the ranking sees them. */
export async function liveOffers(tx: Transaction, requestId: string): Promise<RankedOffer[]> {
  const rows = await tx.rows<{
    id: Buffer;
    currency: string;
    amount_minor: string;
    tenor_months: number;
    apr: string;
    total_cost_minor: string;
    received_minor: string;
    placed_at: Date;
  }>(
    "SELECT id, currency, amount_minor, tenor_months, apr, total_cost_minor, received_minor, placed_at FROM offer WHERE request_id = ? AND state = 'live'",
    [idBytes(requestId)],
  );
  return rows.map(rankedOf);
}

function rankedOf(row: {
  id: Buffer;
  currency: string;
  amount_minor: string;
  tenor_months: number;
  apr: string;
  total_cost_minor: string;
  received_minor: string;
  placed_at: Date;
}): RankedOffer {
  return {
    id: idText(row.id),
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    tenorMonths: row.tenor_months,
    apr: Number(row.apr),
    totalCostMinor: BigInt(row.total_cost_minor),
    receivedMinor: BigInt(row.received_minor),
    placedAt: row.placed_at,
  };
}

/** A new offer as it is stored. */
export interface NewOffer {
  readonly id: string;
  readonly requestId: string;
  readonly financierId: string;
  readonly mandateId: string;
  readonly state: string;
  readonly binding: boolean;
  readonly automatic: boolean;
  readonly amount: Money;
  readonly tenorMonths: number;
  readonly terms: OfferTerms;
  readonly apr: string;
  readonly totalCostMinor: bigint;
  readonly receivedMinor: bigint;
  readonly makerId: string;
  readonly checkerId: string | null;
  readonly placedAt: Date;
  readonly expiresAt: Date;
}

/** Stores an offer; the unique key refuses a second standing one of the same financier, however close in time they come. */
export async function insertOffer(tx: Transaction, offer: NewOffer): Promise<void> {
  try {
    await tx.insertRows(
      'offer',
      [
        'id',
        'request_id',
        'financier_id',
        'mandate_id',
        'state',
        'binding',
        'automatic',
        'currency',
        'amount_minor',
        'tenor_months',
        'terms',
        'apr',
        'total_cost_minor',
        'received_minor',
        'maker_id',
        'checker_id',
        'placed_at',
        'expires_at',
      ],
      [
        [
          idBytes(offer.id),
          idBytes(offer.requestId),
          idBytes(offer.financierId),
          idBytes(offer.mandateId),
          offer.state,
          offer.binding,
          offer.automatic,
          offer.amount.currency,
          offer.amount.minor.toString(),
          offer.tenorMonths,
          JSON.stringify(offer.terms),
          offer.apr,
          offer.totalCostMinor.toString(),
          offer.receivedMinor.toString(),
          offer.makerId,
          offer.checkerId,
          offer.placedAt,
          offer.expiresAt,
        ],
      ],
    );
  } catch (error) {
    if (isDuplicateKey(error)) throw marketplaceError('offer_exists');
    throw error;
  }
}
