import { httpError, idBytes, isDuplicateKey, type Transaction } from '#platform';
import { institutionError } from '../domain/errors.js';
import type { MandateRecord } from '../domain/mandate.js';
import { MandateRow } from './entities.js';
import { mandateColumns, mandateOf, type MandateSqlRow } from './mandate-rows.js';

/** A mandate of this financier, locked until the commit; another's is unknown. */
export async function lockMandate(tx: Transaction, financierId: string, id: string): Promise<MandateRecord> {
  const [row] = await tx.rows<MandateSqlRow>(
    `SELECT ${mandateColumns} FROM mandate m WHERE m.id = ? AND m.financier_id = ? FOR UPDATE`,
    [idBytes(id), idBytes(financierId)],
  );
  if (!row) throw httpError('record_unknown');
  return mandateOf(row);
}

export async function insertMandate(tx: Transaction, mandate: MandateRecord, now: Date): Promise<void> {
  try {
    await tx.manager.insert(MandateRow, { ...mutable(mandate), createdAt: now, updatedAt: now });
  } catch (error) {
    throw isDuplicateKey(error) ? referenceTaken() : error;
  }
}

/** Writes a mandate that this transaction has locked. */
export async function updateMandate(tx: Transaction, mandate: MandateRecord, now: Date): Promise<void> {
  const { id, financierId, ...columns } = mutable(mandate);
  try {
    await tx.manager.update(MandateRow, { id, financierId }, { ...columns, updatedAt: now });
  } catch (error) {
    throw isDuplicateKey(error) ? referenceTaken() : error;
  }
}

function referenceTaken(): Error {
  return institutionError('mandate_reference_taken', {
    fields: [{ pointer: '/reference', rule: 'unique', message: 'is used by another mandate of this institution' }],
  });
}

/** The domain's lists are readonly; the entity's are not. */
function mutable(mandate: MandateRecord) {
  return {
    ...mandate,
    productKinds: [...mandate.productKinds],
    sectors: [...mandate.sectors],
    regions: [...mandate.regions],
    sizeClasses: [...mandate.sizeClasses],
    ageBands: [...mandate.ageBands],
    collateral: [...mandate.collateral],
  };
}
