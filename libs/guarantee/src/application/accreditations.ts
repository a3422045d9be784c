import { Inject, Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { notify } from '#notices';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  isDuplicateKey,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { type AccreditationAction, accreditationLifecycle } from '../domain/scheme.lifecycle.js';
import { SchemeAccreditation } from '../persistence/entities.js';
import { assertPerson, Board } from './board.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

/** Which lenders may apply to a scheme. A suspended one may not; what it was granted stands. */
@Injectable()
export class Accreditations {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly board: Board,
    private readonly identity: IdentityReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Proposes a lender; a second person decides. `validTo` null: no last day. */
  async propose(
    context: CommandContext,
    schemeId: string,
    input: { readonly lenderId: string; readonly validTo: string | null; readonly reason: string },
  ) {
    return this.unitOfWork.run(context, async (tx) => {
      await this.book.lockOwn(tx, schemeId);
      const lender = await this.identity.organisation(input.lenderId, tx);
      if (lender?.kind !== 'financier')
        throw httpError('input_invalid', {
          fields: [{ pointer: '/lenderId', rule: 'financier', message: 'is not a financier of this market' }],
        });
      const now = await tx.now();
      const row: SchemeAccreditation = {
        id: newId(),
        schemeId,
        ...input,
        status: accreditationLifecycle.initial,
        proposedBy: context.actor.id,
        decidedBy: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await tx.manager.insert(SchemeAccreditation, row).catch((error: unknown) => {
        throw isDuplicateKey(error) ? guaranteeError('accreditation_exists') : error;
      });
      await this.record(tx, row, 'propose', null, input.reason, now);
      return accreditationView(row);
    });
  }

  /** Approves, rejects, suspends, resumes or ends. The checker is another person than the proposer. */
  async move(
    context: CommandContext,
    schemeId: string,
    accreditationId: string,
    action: AccreditationAction,
    reason: string,
  ) {
    return this.unitOfWork.run(context, async (tx) => {
      await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      await tx.rows('SELECT id FROM scheme_accreditation WHERE id = ? FOR UPDATE', [idBytes(accreditationId)]);
      const row = await tx.manager.findOneBy(SchemeAccreditation, { id: accreditationId, schemeId });
      if (!row) throw httpError('record_unknown');
      const role = context.actor.permissions.has('scheme.govern') ? 'checker' : 'maker';
      const status = accreditationLifecycle.after(row.status, action, role);
      if ((action === 'approve' || action === 'reject') && row.proposedBy === context.actor.id)
        throw guaranteeError('scheme_two_people');
      await this.board.assertNoConflict(tx, schemeId, [row.lenderId]);
      const now = await tx.now();
      const after = { ...row, status, decidedBy: context.actor.id, version: row.version + 1, updatedAt: now };
      const { decidedBy, version, updatedAt } = after;
      await tx.manager.update(SchemeAccreditation, { id: row.id }, { status, decidedBy, version, updatedAt });
      await this.record(tx, after, action, row.status, reason, now);
      const scheme = await this.book.scheme(tx, schemeId);
      notify(tx, {
        organisationId: row.lenderId,
        template: 'guarantee_accreditation',
        parameters: { scheme: scheme.names.en, status, reason },
        link: '/guarantees',
      });
      return accreditationView(after);
    });
  }

  /** Refuses a lender that is not accredited today; holds the row against a suspension at the same moment. */
  async assertAccredited(tx: Transaction, schemeId: string, lenderId: string, now: Date): Promise<void> {
    const lenders = await this.accredited(tx, schemeId, [lenderId], now);
    if (!lenders.has(lenderId)) throw guaranteeError('lender_not_accredited');
  }

  /** Those of the lenders that are accredited today. */
  async accredited(
    tx: Transaction,
    schemeId: string,
    lenderIds: readonly string[],
    now: Date,
  ): Promise<ReadonlySet<string>> {
    const ids = [...new Set(lenderIds)].sort();
    if (ids.length === 0) return new Set();
    const rows = await tx.rows<{ lender_id: Buffer }>(
      `SELECT lender_id FROM scheme_accreditation WHERE scheme_id = ? AND lender_id IN (${ids.map(() => '?').join(',')})
       AND live = 1 AND status = 'accredited' AND (valid_to IS NULL OR valid_to >= ?) ORDER BY lender_id LOCK IN SHARE MODE`,
      [idBytes(schemeId), ...ids.map(idBytes), countryDate(this.environment.country, now)],
    );
    const found = new Set(rows.map(({ lender_id }) => lender_id.toString('hex')));
    return new Set(ids.filter((id) => found.has(id.replaceAll('-', ''))));
  }

  private async record(
    tx: Transaction,
    { id, schemeId, lenderId, status, version }: SchemeAccreditation,
    action: string,
    from: string | null,
    reason: string,
    now: Date,
  ): Promise<void> {
    await recordHistory(
      tx,
      [{ subjectType: 'guarantee_accreditation', subjectId: id, schemeId, action, from, to: status, reason }],
      now,
    );
    tx.audit({
      action: `guarantee_accreditation.${action}`,
      subjectType: 'guarantee_scheme',
      subjectId: schemeId,
      data: { lenderId, status, reason },
    });
    tx.emit({
      name: 'guarantee_accreditation.changed',
      subjectType: 'guarantee_accreditation',
      subjectId: id,
      version,
      audience: [lenderId],
      payload: { schemeId, lenderId, status },
    });
  }
}

export function accreditationView(row: SchemeAccreditation) {
  const { id, schemeId, lenderId, status, validTo, reason, proposedBy, decidedBy, version } = row;
  return { id, schemeId, lenderId, status, validTo, reason, proposedBy, decidedBy, version };
}
