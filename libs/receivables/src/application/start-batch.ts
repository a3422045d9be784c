import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { type CommandContext, DocumentStore, idBytes, idText, newId, UnitOfWork } from '#platform';
import { receivableError } from '../domain/errors.js';
import { batchLifecycle } from '../domain/batch.lifecycle.js';
import type { ReceivableKind, Side } from '../domain/receivable.js';
import { batchColumns, type BatchRow, batchView } from './batch-views.js';
import { sideOf } from './upload-receivable.js';

export interface BatchInput {
  readonly kind?: ReceivableKind;
  readonly side?: Side;
  readonly submit?: boolean;
  readonly fileName?: string;
}

/** Takes a file of receivables: it is stored with its checksum and read by a worker. The same file sent again is the same batch. */
@Injectable()
export class StartBatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly documents: DocumentStore,
  ) {}

  async execute(context: CommandContext, input: BatchInput, content: Buffer) {
    if (!Buffer.isBuffer(content) || !isReadable(content)) throw receivableError('batch_file_refused');
    // Stored before the transaction: a file without a row does no harm, a row without its file would.
    await this.documents.put(content);
    const checksum = createHash('sha256').update(content).digest('hex');
    return this.unitOfWork.run(context, async (tx) => {
      const { organisationId, organisationKind, id: actorId, kind: actorKind } = context.actor;
      const key = [input.side ?? sideOf(organisationKind), input.kind ?? 'invoice', input.submit ?? true] as const;
      const now = await tx.now();
      const id = newId();
      const inserted = await tx.execute(
        `INSERT IGNORE INTO receivable_batch (id, organisation_id, checksum, side, kind, submit, file_name, size_bytes, state, uploaded_by,
           actor_kind, version, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)`,
        [
          idBytes(id),
          idBytes(organisationId),
          checksum,
          ...key,
          input.fileName ?? '',
          content.length,
          batchLifecycle.initial,
          actorId,
          actorKind,
          now,
        ],
      );
      const [row] = await tx.rows<BatchRow>(
        `SELECT ${batchColumns} FROM receivable_batch WHERE organisation_id = ? AND checksum = ? AND side = ? AND kind = ? AND submit = ?`,
        [idBytes(organisationId), checksum, ...key],
      );
      if (inserted > 0)
        tx.audit({
          action: 'receivable_batch.start',
          subjectType: 'receivable_batch',
          subjectId: id,
          data: { checksum, bytes: content.length },
        });
      return { isNew: row !== undefined && idText(row.id) === id, ...batchView(row as BatchRow) };
    });
  }
}

/** By its first bytes: a workbook, XML, or text that is not something else; what is inside is judged by the worker. */
function isReadable(content: Buffer): boolean {
  if (content.length === 0) return false;
  const start = content.subarray(0, 4).toString('latin1');
  return (
    !start.startsWith('%PDF') &&
    !start.startsWith('\u0089PNG') &&
    !start.startsWith('\u00ff\u00d8\u00ff') &&
    !start.startsWith('\u007fELF')
  );
}
