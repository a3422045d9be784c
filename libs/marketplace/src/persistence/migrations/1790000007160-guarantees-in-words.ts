import { Exact } from '#finance';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { OfferFee, OfferTerms } from '../../domain/offer-terms.js';

/** A guarantee as offers named it before: in words, with a yearly fee on the covered part of what is owed. */
interface InWords {
  readonly scheme: string;
  readonly coverPercent: string;
  readonly annualFeePercent: string;
}

const page = 500;

/**
 * Offers that named their guarantee in words before schemes priced it. The fee stays in the offer as a fee to the guarantor, so that APR and
 * cost are what they were; the words stay as a condition. No scheme has reserved it: what is not awarded yet binds nobody until its lender
 * binds itself anew, with a scheme or without.
 */
export class GuaranteesInWords1790000007160 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (let after: Buffer = Buffer.alloc(16); ;) {
      const rows = (await runner.query(
        `SELECT id, terms FROM offer WHERE id > ? AND JSON_EXTRACT(terms, '$.guarantee.annualFeePercent') IS NOT NULL ORDER BY id LIMIT ${page}`,
        [after],
      )) as { id: Buffer; terms: string | object }[];
      for (const { id, terms } of rows) {
        const read = (typeof terms === 'string' ? JSON.parse(terms) : terms) as Record<string, unknown>;
        await runner.query(
          `UPDATE offer SET terms = ?, binding = CASE WHEN state IN ('pending_approval', 'live') THEN 0 ELSE binding END,
             version = version + 1 WHERE id = ?`,
          [JSON.stringify(withoutWords(read)), id],
        );
      }
      const last = rows.at(-1);
      if (!last || rows.length < page) return;
      after = last.id;
    }
  }

  /** The words are not made again: what was converted reads as well as before. */
  async down(): Promise<void> {
    await Promise.resolve();
  }
}

function withoutWords({ guarantee, ...terms }: Record<string, unknown>): Omit<OfferTerms, 'guarantee'> {
  const { scheme, coverPercent, annualFeePercent } = guarantee as InWords;
  const { fees, conditions, ...rest } = terms as unknown as OfferTerms;
  const fee: OfferFee = {
    name: `guarantee by ${scheme}`,
    when: 'yearly',
    percent: new Exact(annualFeePercent).times(coverPercent).div(100).toFixed(),
    of: 'outstanding',
    payee: 'guarantor',
    compulsory: true,
  };
  const text = `A guarantee by ${scheme} over ${coverPercent} % was named in words; no scheme of this market has reserved it.`;
  return { ...rest, fees: [...fees, fee], conditions: [...conditions, { text, closed: false }] };
}
