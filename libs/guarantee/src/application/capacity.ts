import { Injectable } from '@nestjs/common';
import { idBytes, type Transaction } from '#platform';
import { guaranteeError } from '../domain/errors.js';
import type { Guarantee } from '../persistence/entities.js';
import {
  addMovements,
  type CapacityPart,
  type CapacityRow,
  foldMovements,
  lockCapacity,
} from '../persistence/capacity.store.js';

/** Whose caps a guarantee counts in. */
export type Exposed = Pick<
  Guarantee,
  'id' | 'schemeId' | 'enterpriseId' | 'lenderId' | 'sector' | 'region' | 'vintage'
>;

/**
 * A scheme's headroom = base × leverage − used. What frees headroom or adds capital is written beside the hot row and folded
 * in later, so that it costs no lock; what lowers the base takes the row at once, so that no reservation overlooks a loss.
 * Lock guarantees before, post to the ledger after.
 */
@Injectable()
export class Capacity {
  /** Takes the scheme's capacity row with all that is committed folded in. */
  async lock(tx: Transaction, schemeId: string): Promise<CapacityRow> {
    const held = await lockCapacity(tx, schemeId);
    if (!held) throw guaranteeError('scheme_unknown');
    while ((await foldMovements(tx, schemeId)) > 0);
    return (await lockCapacity(tx, schemeId)) as CapacityRow;
  }

  /** Frees `amountMinor` of what a guarantee takes, in every cap that it counts in: a reduction, a release, a paid claim. */
  async giveBack(tx: Transaction, of: Exposed, amountMinor: bigint): Promise<void> {
    await this.giveBackParts(tx, of, partsOf(of, amountMinor));
  }

  async giveBackParts(
    tx: Transaction,
    { id, schemeId }: Pick<Exposed, 'id' | 'schemeId'>,
    parts: readonly CapacityPart[],
  ): Promise<void> {
    await addMovements(
      tx,
      parts.map((part) => ({ ...part, schemeId, subjectId: id })),
      await tx.now(),
    );
  }

  /** Adds to the base: money paid in, a fee earned, a recovery, a provision released. */
  async raiseBase(tx: Transaction, schemeId: string, amountMinor: bigint, subjectId: string): Promise<void> {
    await addMovements(tx, [{ schemeId, subjectId, scope: 'base', key: '', amountMinor }], await tx.now());
  }

  /** Takes from the base at once: a claim paid, a provision made, a refund. Headroom may become negative: then nothing new is issued. */
  async lowerBase(tx: Transaction, schemeId: string, amountMinor: bigint): Promise<void> {
    await tx.execute('UPDATE scheme_capacity SET base_minor = base_minor - ? WHERE scheme_id = ?', [
      amountMinor.toString(),
      idBytes(schemeId),
    ]);
  }
}

/** Everything that `amountMinor` of a guarantee counts in. */
export function partsOf(
  { enterpriseId, lenderId, sector, region, vintage }: Omit<Exposed, 'id' | 'schemeId'>,
  amountMinor: bigint,
): CapacityPart[] {
  return [
    { scope: 'total', key: '', amountMinor },
    { scope: 'enterprise', key: enterpriseId, amountMinor },
    { scope: 'lender', key: lenderId, amountMinor },
    { scope: 'sector', key: sector, amountMinor },
    { scope: 'region', key: region, amountMinor },
    { scope: 'vintage', key: vintage, amountMinor },
  ];
}
