import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import {
  type CommandContext,
  cursorRefused,
  decodeCursor,
  defaultLimit,
  httpError,
  idBytes,
  idText,
  isDuplicateKey,
  isId,
  newId,
  type PageQuery,
  toPage,
  type Transaction,
  UnitOfWork,
} from '#platform';
import type { SupplierState } from '../domain/anchor.js';
import { receivableError } from '../domain/errors.js';
import { AnchorSupplier } from '../persistence/entities.js';
import { type SupplierRow, supplierRowView, supplierView } from './anchor-views.js';
import { assertVersion, lockAnchor, recordAnchorHistory } from './anchors.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';

/** Named by its organisation here, or by its number in the company register. */
export interface SupplierInput {
  readonly organisationId?: string;
  readonly registrationNumber?: string;
  readonly country?: string;
  readonly name?: string;
  readonly reference?: string;
}

export interface SupplierChanges {
  readonly name?: string;
  readonly reference?: string;
  readonly status?: SupplierState;
}

/** An anchor's list of suppliers. Only the anchor reads it; a supplier learns who lists it, and nothing of the others. */
@Injectable()
export class Suppliers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** A supplier that is not registered here yet is linked when it registers. */
  async add(context: CommandContext, input: SupplierInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const anchorId = context.actor.organisationId;
      await lockAnchor(tx, anchorId);
      const entry: AnchorSupplier = {
        id: newId(),
        anchorId,
        ...(await this.identify(tx, input)),
        reference: input.reference ?? '',
        status: 'listed',
        version: 1,
        createdAt: await tx.now(),
      };
      if (entry.supplierId === anchorId) throw httpError('record_unknown');
      await tx.manager.insert(AnchorSupplier, entry).catch((error: unknown) => {
        throw isDuplicateKey(error) ? receivableError('supplier_listed') : error;
      });
      await this.record(tx, entry, 'add', null);
      return supplierView(entry);
    });
  }

  async change(context: CommandContext, entryId: string, version: number, changes: SupplierChanges) {
    return this.unitOfWork.run(context, async (tx) => {
      const anchorId = context.actor.organisationId;
      await lockAnchor(tx, anchorId);
      const before = await tx.manager.findOneBy(AnchorSupplier, { id: entryId, anchorId });
      if (!before) throw httpError('record_unknown');
      assertVersion(before.version, version);
      const after: AnchorSupplier = { ...before, ...changes, version: version + 1 };
      await tx.manager.update(AnchorSupplier, { id: entryId }, { ...changes, version: after.version });
      await this.record(tx, after, 'change', before.status);
      return supplierView(after);
    });
  }

  async list(anchorId: string, { limit = defaultLimit, cursor }: PageQuery) {
    const [after] = decodeCursor(cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.query<SupplierRow[]>(
      `SELECT id, supplier_id, country, registration_number, name, reference, status, version FROM anchor_supplier
       WHERE anchor_id = ?${after === undefined ? '' : ' AND id > ?'} ORDER BY id LIMIT ?`,
      [idBytes(anchorId), ...(after === undefined ? [] : [idBytes(after)]), limit + 1],
    );
    return toPage(rows, limit, ({ id }) => [idText(id)], supplierRowView);
  }

  /** A new organisation: the lists that named it by its number now know it. */
  async link(tx: Transaction, organisationId: string): Promise<void> {
    const organisation = await this.identity.organisation(organisationId, tx);
    if (!organisation) return;
    await tx.execute(
      `UPDATE anchor_supplier SET supplier_id = ?, version = version + 1
       WHERE country = ? AND registration_number = ? AND supplier_id IS NULL AND anchor_id <> ?`,
      [idBytes(organisationId), organisation.country, organisation.registrationNumber, idBytes(organisationId)],
    );
  }

  private async identify(tx: Transaction, input: SupplierInput) {
    const { organisationId, registrationNumber, country = this.book.country, name } = input;
    if (organisationId === undefined && registrationNumber === undefined)
      throw receivableError('receivable_invalid', {
        fields: [{ pointer: '/registrationNumber', rule: 'required', message: 'or name the organisation' }],
      });
    const known = organisationId
      ? await this.identity.organisation(organisationId, tx)
      : (await this.identity.organisationsByRegistration(country, [registrationNumber as string], tx))[0];
    if (organisationId && !known) throw httpError('record_unknown');
    if (known) {
      const { id, name: registered } = known;
      return {
        supplierId: id,
        country: known.country,
        registrationNumber: known.registrationNumber,
        name: name ?? registered,
      };
    }
    return { supplierId: null, country, registrationNumber: registrationNumber as string, name: name ?? '' };
  }

  private async record(tx: Transaction, entry: AnchorSupplier, action: string, from: string | null): Promise<void> {
    const { id, anchorId, status, registrationNumber, reference } = entry;
    await recordAnchorHistory(
      tx,
      { subjectType: 'supplier', subjectId: id, anchorId, action, from, to: status },
      await tx.now(),
    );
    tx.audit({
      action: `anchor_supplier.${action}`,
      subjectType: 'anchor_supplier',
      subjectId: id,
      data: { registrationNumber, reference, status },
    });
  }
}
