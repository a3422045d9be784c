import type { Transaction } from '#platform';
import { DiscountAsk } from '../persistence/certificate.entities.js';
import { lockCertificates, lockCertificatesOf } from './certificate-records.js';
import type { Receivables } from './receivables.js';
import { itemsOf, lockAssignment } from './settlement-records.js';

/** An early payment with what it is about, locked in the house's order: receivable, certificates, ask. */
export async function lockAsk(tx: Transaction, receivables: Receivables, askId: string) {
  const { receivableId } = await tx.manager.findOneByOrFail(DiscountAsk, { id: askId });
  const receivable = await receivables.lock(tx, receivableId);
  const certificates = await lockCertificatesOf(tx, [receivableId]);
  const ask = await tx.manager.findOneOrFail(DiscountAsk, {
    where: { id: askId },
    lock: { mode: 'pessimistic_write' },
  });
  return { ask, receivable, certificates };
}

/** A sale with what was sold, locked in the house's order: receivables, certificates, assignment. */
export async function lockSale(tx: Transaction, receivables: Receivables, assignmentId: string) {
  const items = await itemsOf(tx, assignmentId);
  const sold = await receivables.lockAll(
    tx,
    items.map(({ receivableId }) => receivableId),
  );
  const certificates = await lockCertificates(
    tx,
    items.map(({ certificateId }) => certificateId),
  );
  return { assignment: await lockAssignment(tx, assignmentId), items, receivables: sold, certificates };
}
