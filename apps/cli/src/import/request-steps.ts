import { createHash } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Documents } from '#enterprises';
import { type MoneyJson, moneyFromJson } from '#kernel';
import { AttachDocument, CreateRequest, type DraftFields, MarketReader, SaveDraft, SubmitRequest } from '#marketplace';
import type { CommandContext } from '#platform';
import { readBeside } from './beside.js';
import type { RequestImportRow } from './request-columns.js';

type Stands = NonNullable<Awaited<ReturnType<MarketReader['ownRequestByReference']>>>;

/** The request as the row wants it; what the row leaves empty is left as it stands. */
export function draftFields(row: RequestImportRow): DraftFields & { readonly amount: MoneyJson } {
  return {
    productKind: row.product_kind,
    amount: { amount: row.amount, currency: row.currency },
    tenorMonths: row.tenor_months,
    purpose: row.purpose,
    anonymousText: row.anonymous_text,
    shariahOnly: row.shariah_only,
    collateral: row.collateral.length === 0 ? undefined : row.collateral,
    mode: row.mode,
  };
}

/** Begins the draft. The key is made of reference and content: two imports of one file at once make one request. */
export async function begin(
  app: INestApplicationContext,
  context: CommandContext,
  reference: string,
  fields: DraftFields,
): Promise<string> {
  const inputHash = createHash('sha256')
    .update(JSON.stringify([reference, fields]))
    .digest();
  const { organisationId: clientId } = context.actor;
  const idempotency = { clientId, key: inputHash.toString('hex'), route: 'import.requests', inputHash };
  const { id } = await app.get(CreateRequest).execute({ ...context, idempotency }, { ...fields, reference });
  return id;
}

/** Each step says whether it changed something; what stands as the row says is left alone. */
export async function save(
  app: INestApplicationContext,
  context: CommandContext,
  stands: Stands,
  fields: DraftFields & { readonly amount: MoneyJson },
): Promise<boolean> {
  const isSame =
    moneyFromJson(stands.amount).minor === moneyFromJson(fields.amount).minor &&
    stands.amount.currency === fields.amount.currency &&
    (['productKind', 'tenorMonths', 'purpose', 'anonymousText', 'shariahOnly', 'mode'] as const).every(
      (name) => fields[name] === undefined || fields[name] === stands[name],
    ) &&
    (fields.collateral === undefined || [...fields.collateral].sort().join() === [...stands.collateral].sort().join());
  if (isSame) return false;
  await app.get(SaveDraft).execute(context, stands.id, stands.version, fields);
  return true;
}

/** Uploads and attaches the documents that are not attached yet, known by kind and checksum. */
export async function attach(
  app: INestApplicationContext,
  context: CommandContext,
  stands: Pick<Stands, 'id' | 'documents'>,
  folder: string,
  documents: RequestImportRow['documents'],
): Promise<boolean> {
  let changed = false;
  for (const { kind, file } of documents) {
    const content = await readBeside(folder, file, '/documents');
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (stands.documents.some((known) => known.kind === kind && known.sha256 === sha256)) continue;
    const { id } = await app.get(Documents).upload(context, { kind: 'other', name: file, content });
    await app.get(AttachDocument).execute(context, stands.id, kind, id);
    changed = true;
  }
  return changed;
}

export async function submit(
  app: INestApplicationContext,
  context: CommandContext,
  stands: Pick<Stands, 'id' | 'state'>,
): Promise<{ readonly changed: boolean; readonly note?: string }> {
  if (stands.state !== 'draft') return { changed: false };
  const { reviewDueAt } = await app.get(SubmitRequest).execute(context, stands.id);
  return { changed: true, note: `submitted; the review is due at ${reviewDueAt}` };
}
