// size: the whole walk of a batch, from its file to the answer of each row.
import { Injectable } from '@nestjs/common';
import { DomainError } from '#kernel';
import {
  type CommandContext,
  DocumentStore,
  idBytes,
  idText,
  newId,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { batchLifecycle } from '../domain/batch.lifecycle.js';
import { intakeFaults } from '../domain/intake.policy.js';
import { receivableError } from '../domain/errors.js';
import { batchColumns, type BatchRow } from './batch-views.js';
import { type ReadRow, readBatchRows, refusalOf, statedOf } from './batch-rows.js';
import { Counterparties } from './counterparties.js';
import { type IntakeRow, ReceivableIntake } from './receivable-intake.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';

/** Rows of one transaction: few enough that a killed worker loses little, many enough that statements are shared. */
const chunkRows = 250;

/** Whoever works on a batch says so anew with each chunk; after this time another worker goes on. */
const leaseMs = 20_000;

const asSystem = systemContext('receivables.batches');

/** Somebody else took the batch over: what this worker read is thrown away. */
class LeaseLost extends Error {}

interface Answer {
  readonly row: ReadRow;
  readonly result: 'created' | 'existing' | 'refused';
  readonly receivableId?: string;
  readonly refusal?: { readonly code: string; readonly message: string };
}

/**
 * Reads uploaded files. Each chunk of rows is committed with its receivables, its answers and the number of rows done, so that a worker that
 * dies leaves neither a gap nor a double: the next one reads the file again and passes over what is done.
 */
@Injectable()
export class ProcessBatches {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly documents: DocumentStore,
    private readonly parties: Counterparties,
    private readonly intake: ReceivableIntake,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** Works on one batch to its end; 0 when none waits. */
  async work(): Promise<number> {
    const token = newId();
    const batch = await this.unitOfWork.run(asSystem, (tx) => takeUp(tx, token));
    if (!batch) return 0;
    try {
      await this.read(batch, token);
    } catch (error) {
      if (error instanceof LeaseLost) return 1;
      if (!(error instanceof DomainError) || error.definition.kind === 'unavailable') throw error;
      await this.unitOfWork.run(asSystem, (tx) => end(tx, batch, token, refusalOf(error)));
    }
    return 1;
  }

  private async read(batch: BatchRow, token: string): Promise<void> {
    const content = await this.documents.get(batch.checksum);
    const context = uploaderOf(batch);
    let position = 0;
    let chunk: { position: number; row: ReadRow }[] = [];
    const flush = async () => {
      if (chunk.length === 0) return;
      const rows = chunk;
      chunk = [];
      await this.unitOfWork.run(context, (tx) => this.write(tx, batch, token, rows));
    };
    await readBatchRows(content, async (row) => {
      position += 1;
      if (position <= batch.rows_done) return;
      chunk.push({ position, row });
      if (chunk.length === chunkRows) await flush();
    });
    await flush();
    await this.unitOfWork.run(asSystem, (tx) => end(tx, batch, token));
  }

  private async write(
    tx: Transaction,
    batch: BatchRow,
    token: string,
    rows: readonly { readonly position: number; readonly row: ReadRow }[],
  ): Promise<void> {
    await extendLease(tx, batch, token, rows[0]?.position ?? 0);
    const answers = await this.answer(tx, batch, rows);
    await tx.insertRows(
      'receivable_batch_row',
      ['batch_id', 'position', 'line', 'number', 'result', 'receivable_id', 'code', 'message'],
      answers.map(({ row, result, receivableId, refusal }, index) => [
        batch.id,
        rows[index]?.position,
        row.line,
        row.number,
        result,
        receivableId ? idBytes(receivableId) : null,
        refusal?.code ?? null,
        refusal?.message ?? null,
      ]),
    );
    const count = (word: Answer['result']) => answers.filter(({ result }) => result === word).length;
    await tx.execute(
      `UPDATE receivable_batch SET rows_done = rows_done + ?, created_rows = created_rows + ?, existing_rows = existing_rows + ?,
         refused_rows = refused_rows + ? WHERE id = ?`,
      [answers.length, count('created'), count('existing'), count('refused'), batch.id],
    );
  }

  private async answer(
    tx: Transaction,
    batch: BatchRow,
    rows: readonly { readonly position: number; readonly row: ReadRow }[],
  ): Promise<readonly Answer[]> {
    const ownId = idText(batch.organisation_id);
    const stated = rows.map(({ row }) => {
      if ('code' in row.reading) return { refusal: row.reading };
      try {
        return statedOf(row.reading, batch.side);
      } catch (error) {
        return { refusal: refusalOf(error) };
      }
    });
    const own = await this.parties.ownNumbers(tx, ownId);
    const numbers = stated.flatMap((each) => ('other' in each ? [each.other] : []));
    const found = await this.parties.find(tx, ownId, batch.side, numbers);
    const today = this.book.today(await tx.now());
    const taken: { index: number; row: IntakeRow }[] = [];
    const answers: Answer[] = rows.map(({ row, position }, index) => {
      const refuse = (refusal: Answer['refusal']): Answer => ({
        row,
        result: 'refused',
        ...(refusal ? { refusal } : {}),
      });
      const facts = stated[index];
      if (!facts || 'refusal' in facts) return refuse(facts?.refusal);
      if (facts.own !== null && !own.has(facts.own)) return refuse(refusalOf(receivableError('party_not_yours')));
      const parties = found.get(facts.other);
      if (!parties || 'refusal' in parties)
        return refuse(refusalOf(parties?.refusal ?? receivableError('anchor_unknown')));
      const faults = intakeFaults({ ...facts, kind: batch.kind }, parties.anchorKind, today);
      if (faults.length > 0) return refuse(refusalOf(receivableError('receivable_invalid', { fields: faults })));
      const { own: _own, other: _other, ...claim } = facts;
      taken.push({
        index,
        row: {
          ...claim,
          parties,
          kind: batch.kind,
          side: batch.side,
          branchId: null,
          orderNumber: null,
          documentChecksum: batch.checksum,
          batchId: idText(batch.id),
          batchRow: position,
          submit: batch.submit === 1,
        },
      });
      return { row, result: 'created' };
    });
    const intake = await this.intake.within(
      tx,
      taken.map(({ row }) => row),
    );
    taken.forEach(({ index }, nth) => {
      const { receivableId, created } = intake[nth] as (typeof intake)[number];
      answers[index] = { row: (answers[index] as Answer).row, result: created ? 'created' : 'existing', receivableId };
    });
    return answers;
  }
}

/** The oldest batch on which nobody works, under a lease. */
async function takeUp(tx: Transaction, token: string): Promise<BatchRow | undefined> {
  const now = await tx.now();
  const [batch] = await tx.rows<BatchRow>(
    `SELECT ${batchColumns} FROM receivable_batch WHERE open_batch = 1 AND (lease_until IS NULL OR lease_until < ?)
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [now],
  );
  if (!batch) return undefined;
  await tx.execute(
    'UPDATE receivable_batch SET state = ?, lease_until = ?, lease_token = ?, version = version + 1 WHERE id = ?',
    [
      batchLifecycle.after(batch.state, 'take_up', 'system'),
      new Date(now.getTime() + leaseMs),
      idBytes(token),
      batch.id,
    ],
  );
  return { ...batch, state: 'running' };
}

/** Refuses a worker whose lease went to another, or that would do a chunk twice. */
async function extendLease(tx: Transaction, batch: BatchRow, token: string, from: number): Promise<void> {
  const now = await tx.now();
  const held = await tx.execute(
    "UPDATE receivable_batch SET lease_until = ? WHERE id = ? AND lease_token = ? AND state = 'running' AND rows_done = ?",
    [new Date(now.getTime() + leaseMs), batch.id, idBytes(token), from - 1],
  );
  if (held !== 1) throw new LeaseLost('another worker has the batch');
}

async function end(
  tx: Transaction,
  batch: BatchRow,
  token: string,
  refusal?: { readonly code: string; readonly message: string },
): Promise<void> {
  const state = batchLifecycle.after('running', refusal ? 'refuse' : 'finish', 'system');
  const now = await tx.now();
  const ended = await tx.execute(
    `UPDATE receivable_batch SET state = ?, refusal_code = ?, refusal_text = ?, finished_at = ?, lease_until = NULL, lease_token = NULL,
       version = version + 1 WHERE id = ? AND lease_token = ?`,
    [state, refusal?.code ?? null, refusal?.message.slice(0, 500) ?? null, now, batch.id, idBytes(token)],
  );
  if (ended !== 1) throw new LeaseLost('another worker has the batch');
  const organisationId = idText(batch.organisation_id);
  const subjectId = idText(batch.id);
  tx.audit({ action: `receivable_batch.${state}`, subjectType: 'receivable_batch', subjectId, data: { ...refusal } });
  tx.emit({
    name: 'receivable_batch.finished',
    subjectType: 'receivable_batch',
    subjectId,
    version: batch.version + 2,
    audience: [organisationId],
    payload: { state },
  });
}

/** The rows are taken in as by whoever uploaded the file. */
function uploaderOf(batch: BatchRow): CommandContext {
  const organisationId = idText(batch.organisation_id);
  return {
    ...asSystem,
    actor: { ...asSystem.actor, kind: batch.actor_kind, id: batch.uploaded_by, organisationId },
  };
}
