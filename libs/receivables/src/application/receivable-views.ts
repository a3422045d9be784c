import { moneyToJson } from '#kernel';
import type { ReceivableRecord } from '../domain/receivable.js';

/** A receivable as its two parties see it. */
export function receivableView(receivable: ReceivableRecord) {
  const { currency, faceMinor, netMinor } = receivable;
  return {
    id: receivable.id,
    kind: receivable.kind,
    state: receivable.state,
    sellerId: receivable.sellerId,
    anchorId: receivable.anchorId,
    branchId: receivable.branchId,
    number: receivable.number,
    orderNumber: receivable.orderNumber,
    issuedOn: receivable.issuedOn,
    dueOn: receivable.dueOn,
    faceAmount: moneyToJson({ minor: faceMinor, currency }),
    netAmount: moneyToJson({ minor: netMinor, currency }),
    uploadedBySide: receivable.uploadedBySide,
    batchId: receivable.batchId,
    submittedAt: receivable.submittedAt?.toISOString() ?? null,
    confirmedAt: receivable.confirmedAt?.toISOString() ?? null,
    version: receivable.version,
  };
}
