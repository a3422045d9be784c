import type { DataSource } from 'typeorm';
import type { CalendarDate } from '#kernel';
import { idBytes, idText, isDuplicateKey, type Transaction } from '#platform';
import { marketplaceError } from '../domain/errors.js';

/** One certificate of a request. */
export interface ListedCertificate {
  readonly certificateId: string;
  readonly receivableId: string;
  readonly anchorId: string;
  readonly amountMinor: bigint;
  readonly dueOn: CalendarDate;
}

/** A request on receivables: what it stands on, and for which day its bids are compared. */
export interface ReceivableListing {
  readonly requestId: string;
  readonly sellerId: string;
  readonly settlesOn: CalendarDate;
  readonly certificates: readonly ListedCertificate[];
}

/** Stores a listing; the unique key refuses a certificate that stands in another request, however close in time they come. */
export async function insertListing(tx: Transaction, listing: ReceivableListing, now: Date): Promise<void> {
  await tx.insertRows(
    'receivable_listing',
    ['request_id', 'seller_id', 'settles_on', 'listed_at'],
    [[idBytes(listing.requestId), idBytes(listing.sellerId), listing.settlesOn, now]],
  );
  try {
    await tx.insertRows(
      'listed_certificate',
      ['request_id', 'certificate_id', 'receivable_id', 'anchor_id', 'amount_minor', 'due_on', 'live'],
      listing.certificates.map(({ certificateId, receivableId, anchorId, amountMinor, dueOn }) => [
        idBytes(listing.requestId),
        idBytes(certificateId),
        idBytes(receivableId),
        idBytes(anchorId),
        amountMinor.toString(),
        dueOn,
        1,
      ]),
    );
  } catch (error) {
    throw isDuplicateKey(error) ? marketplaceError('certificate_listed') : error;
  }
}

/** Sets the day for which bids are compared; it is known when the request opens. */
export async function setSettlementDay(tx: Transaction, requestId: string, settlesOn: CalendarDate): Promise<void> {
  await tx.execute('UPDATE receivable_listing SET settles_on = ? WHERE request_id = ?', [
    settlesOn,
    idBytes(requestId),
  ]);
}

/** The certificates are free again, or paid: they may stand in another request. */
export async function endListing(
  tx: Transaction,
  requestId: string,
  outcome: 'sold' | 'unsold' | 'withdrawn',
  now: Date,
): Promise<void> {
  await tx.execute('UPDATE receivable_listing SET ended_at = COALESCE(ended_at, ?), outcome = ? WHERE request_id = ?', [
    now,
    outcome,
    idBytes(requestId),
  ]);
  await tx.execute('UPDATE listed_certificate SET live = NULL WHERE request_id = ?', [idBytes(requestId)]);
}

interface Row {
  readonly request_id: Buffer;
  readonly seller_id: Buffer;
  readonly settles_on: string;
  readonly certificate_id: Buffer;
  readonly receivable_id: Buffer;
  readonly anchor_id: Buffer;
  readonly amount_minor: string;
  readonly due_on: string;
}

/** The listing of a request; undefined for a request that does not stand on receivables. */
export async function listingOf(
  from: Transaction | DataSource,
  requestId: string,
): Promise<ReceivableListing | undefined> {
  const sql = `SELECT l.request_id, l.seller_id, l.settles_on, c.certificate_id, c.receivable_id, c.anchor_id, c.amount_minor, c.due_on
    FROM receivable_listing l JOIN listed_certificate c ON c.request_id = l.request_id WHERE l.request_id = ? ORDER BY c.certificate_id`;
  const rows =
    'rows' in from
      ? await from.rows<Row>(sql, [idBytes(requestId)])
      : await from.query<Row[]>(sql, [idBytes(requestId)]);
  const [first] = rows;
  if (!first) return undefined;
  return {
    requestId,
    sellerId: idText(first.seller_id),
    settlesOn: first.settles_on as CalendarDate,
    certificates: rows.map((row) => ({
      certificateId: idText(row.certificate_id),
      receivableId: idText(row.receivable_id),
      anchorId: idText(row.anchor_id),
      amountMinor: BigInt(row.amount_minor),
      dueOn: row.due_on as CalendarDate,
    })),
  };
}

/** The anchors of a listing with what each owes, in the order in which their limits are locked. */
export function anchorShares(
  certificates: readonly Pick<ListedCertificate, 'anchorId' | 'amountMinor'>[],
): readonly { readonly anchorId: string; readonly amountMinor: bigint }[] {
  const shares = new Map<string, bigint>();
  for (const { anchorId, amountMinor } of certificates)
    shares.set(anchorId, (shares.get(anchorId) ?? 0n) + amountMinor);
  return [...shares]
    .map(([anchorId, amountMinor]) => ({ anchorId, amountMinor }))
    .sort((a, b) => (a.anchorId < b.anchorId ? -1 : 1));
}

/** What is owed by due day, in the order of the days. */
export function dueDays(
  certificates: readonly Pick<ListedCertificate, 'dueOn' | 'amountMinor'>[],
): readonly { readonly dueOn: CalendarDate; readonly amountMinor: bigint }[] {
  const days = new Map<CalendarDate, bigint>();
  for (const { dueOn, amountMinor } of certificates) days.set(dueOn, (days.get(dueOn) ?? 0n) + amountMinor);
  return [...days].map(([dueOn, amountMinor]) => ({ dueOn, amountMinor })).sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
}

/** The listing stands again after its award fell. */
export async function relist(tx: Transaction, requestId: string): Promise<void> {
  await tx.execute('UPDATE receivable_listing SET ended_at = NULL, outcome = NULL WHERE request_id = ?', [
    idBytes(requestId),
  ]);
  await tx.execute('UPDATE listed_certificate SET live = 1 WHERE request_id = ?', [idBytes(requestId)]);
}
