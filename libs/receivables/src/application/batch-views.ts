import { idText } from '#platform';
import type { BatchState } from '../domain/batch.lifecycle.js';
import type { ReceivableKind, Side } from '../domain/receivable.js';

export interface BatchRow {
  readonly id: Buffer;
  readonly organisation_id: Buffer;
  readonly checksum: string;
  readonly side: Side;
  readonly kind: ReceivableKind;
  readonly submit: number;
  readonly file_name: string;
  readonly size_bytes: string | number;
  readonly state: BatchState;
  readonly rows_done: number;
  readonly created_rows: number;
  readonly existing_rows: number;
  readonly refused_rows: number;
  readonly refusal_code: string | null;
  readonly refusal_text: string | null;
  readonly uploaded_by: string;
  readonly actor_kind: 'person' | 'client' | 'system';
  readonly version: number;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export const batchColumns = `id, organisation_id, checksum, side, kind, submit, file_name, size_bytes, state, rows_done, created_rows,
  existing_rows, refused_rows, refusal_code, refusal_text, uploaded_by, actor_kind, version, created_at, finished_at`;

export function batchView(row: BatchRow) {
  return {
    id: idText(row.id),
    checksum: row.checksum,
    side: row.side,
    kind: row.kind,
    submit: row.submit === 1,
    fileName: row.file_name,
    sizeBytes: Number(row.size_bytes),
    state: row.state,
    rows: { done: row.rows_done, created: row.created_rows, existing: row.existing_rows, refused: row.refused_rows },
    refusal: row.refusal_code === null ? null : { code: row.refusal_code, message: row.refusal_text ?? '' },
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

export interface BatchRowResult {
  readonly position: number;
  readonly line: number;
  readonly number: string;
  readonly result: 'created' | 'existing' | 'refused';
  readonly receivable_id: Buffer | null;
  readonly code: string | null;
  readonly message: string | null;
}

export function batchRowView(row: BatchRowResult) {
  return {
    position: row.position,
    line: row.line,
    number: row.number,
    result: row.result,
    receivableId: row.receivable_id && idText(row.receivable_id),
    refusal: row.code === null ? null : { code: row.code, message: row.message ?? '' },
  };
}
