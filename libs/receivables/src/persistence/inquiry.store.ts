import { idBytes, idText, type Transaction } from '#platform';
import type { RegistryVerdict } from '../domain/hold.js';

/** A register outside: another registry (`registry:<id>`), or the register of liens. */
export const lienSource = 'lien';
export const peerSource = (peerId: string): string => `registry:${peerId}`;

export interface Inquiry {
  readonly receivableId: string;
  readonly source: string;
  readonly verdict: RegistryVerdict | 'lien' | null;
  readonly answeredAt: Date | null;
  readonly attempts: number;
}

interface InquiryRow {
  readonly receivable_id: Buffer;
  readonly source: string;
  readonly verdict: Inquiry['verdict'];
  readonly answered_at: Date | null;
  readonly attempts: number;
}

const columns = 'receivable_id, source, verdict, answered_at, attempts';
const inquiryOf = (row: InquiryRow): Inquiry => ({
  receivableId: idText(row.receivable_id),
  source: row.source,
  verdict: row.verdict,
  answeredAt: row.answered_at,
  attempts: row.attempts,
});

/** Has the sources asked about the receivables as soon as may be; an answer that stands is kept until the new one is there. */
export async function askSoon(
  tx: Transaction,
  receivableIds: readonly string[],
  sources: readonly string[],
  now: Date,
): Promise<void> {
  const rows = receivableIds.flatMap((id) => sources.map((source) => [idBytes(id), source, now] as const));
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO registry_inquiry (receivable_id, source, ask_at) VALUES ${rows.map(() => '(?,?,?)').join(',')}
     ON DUPLICATE KEY UPDATE ask_at = LEAST(COALESCE(ask_at, VALUES(ask_at)), VALUES(ask_at))`,
    rows.flat(),
  );
}

export async function inquiriesOf(tx: Transaction, receivableId: string): Promise<readonly Inquiry[]> {
  const rows = await tx.rows<InquiryRow>(`SELECT ${columns} FROM registry_inquiry WHERE receivable_id = ?`, [
    idBytes(receivableId),
  ]);
  return rows.map(inquiryOf);
}

/**
 * Takes inquiries that are due, and puts the next attempt off: whoever asks and dies leaves them to be asked again. Those of `only` are taken
 * though somebody else has just taken them: a listing needs the answer now, and to ask twice harms nothing.
 */
export async function takeInquiries(
  tx: Transaction,
  now: Date,
  retryAt: Date,
  atMost: number,
  only: readonly string[] = [],
): Promise<readonly Inquiry[]> {
  const rows = await (only.length > 0
    ? tx.rows<InquiryRow>(
        `SELECT ${columns} FROM registry_inquiry WHERE receivable_id IN (${only.map(() => '?').join(',')})
         ORDER BY receivable_id, source LIMIT ${atMost} FOR UPDATE`,
        only.map(idBytes),
      )
    : tx.rows<InquiryRow>(
        `SELECT ${columns} FROM registry_inquiry WHERE ask_at <= ? ORDER BY ask_at LIMIT ${atMost} FOR UPDATE SKIP LOCKED`,
        [now],
      ));
  if (rows.length > 0)
    await tx.execute(
      `UPDATE registry_inquiry SET ask_at = ?, attempts = attempts + 1
       WHERE (receivable_id, source) IN (${rows.map(() => '(?,?)').join(',')})`,
      [retryAt, ...rows.flatMap((row) => [row.receivable_id, row.source])],
    );
  return rows.map(inquiryOf);
}

export async function keepAnswer(
  tx: Transaction,
  { receivableId, source }: Pick<Inquiry, 'receivableId' | 'source'>,
  verdict: RegistryVerdict | 'lien',
  now: Date,
): Promise<void> {
  await tx.execute(
    `UPDATE registry_inquiry SET verdict = ?, answered_at = ?, ask_at = NULL, last_fault = NULL, attempts = 0
     WHERE receivable_id = ? AND source = ?`,
    [verdict, now, idBytes(receivableId), source],
  );
}

export async function keepFault(
  tx: Transaction,
  inquiries: readonly Pick<Inquiry, 'receivableId' | 'source'>[],
  fault: string,
): Promise<void> {
  if (inquiries.length === 0) return;
  await tx.execute(
    `UPDATE registry_inquiry SET last_fault = ? WHERE (receivable_id, source) IN (${inquiries.map(() => '(?,?)').join(',')})`,
    [fault.slice(0, 300), ...inquiries.flatMap(({ receivableId, source }) => [idBytes(receivableId), source])],
  );
}
