import { Injectable } from '@nestjs/common';
import { type CommandContext, idBytes, isDuplicateKey, newId, type Transaction, UnitOfWork } from '#platform';
import { guaranteeError } from '../domain/errors.js';
import { judgeCovenant } from '../domain/covenant.policy.js';
import { type SchemeAction, schemeLifecycle } from '../domain/scheme.lifecycle.js';
import { incoherences, type ClauseText, readSchemeTerms, type SchemeTerms } from '../domain/scheme-terms.js';
import { GuaranteeScheme, SchemeVersion } from '../persistence/entities.js';
import { assertPerson, Board } from './board.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

export interface SchemeInput {
  readonly code: string;
  readonly names: ClauseText;
  readonly currency: string;
}

/** A guarantor's schemes: making them, versions of their mandate, opening and stopping them. */
@Injectable()
export class Schemes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly board: Board,
  ) {}

  async create(context: CommandContext, input: SchemeInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const now = await tx.now();
      const scheme: GuaranteeScheme = {
        id: newId(),
        guarantorId: context.actor.organisationId,
        ...input,
        status: schemeLifecycle.initial,
        currentVersion: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await tx.manager.insert(GuaranteeScheme, scheme).catch((error: unknown) => {
        throw isDuplicateKey(error) ? guaranteeError('scheme_code_taken') : error;
      });
      // No leverage before a version is in force: nothing can be reserved.
      await tx.insertRows(
        'scheme_capacity',
        ['scheme_id', 'currency', 'leverage_hundredths'],
        [[idBytes(scheme.id), input.currency, 0]],
      );
      await this.record(tx, scheme, 'create', null, '', now);
      return schemeView(scheme);
    });
  }

  /** Proposes new terms. They count when the board has carried a motion about them. */
  async proposeVersion(context: CommandContext, schemeId: string, value: unknown, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      const terms = readSchemeTerms(value);
      const fields = [...incoherences(terms)];
      const book = this.book.feeBook(terms.fee.table, terms.fee.bookVersion);
      if (book.currency !== scheme.currency)
        fields.push({ pointer: '/fee/table', rule: 'currency', message: `is in ${book.currency}` });
      if (fields.length > 0) throw guaranteeError('scheme_terms_incoherent', { fields });
      const [last] = await tx.rows<{ number: number; waiting: string }>(
        "SELECT COALESCE(MAX(number), 0) AS number, COALESCE(SUM(status = 'proposed'), 0) AS waiting FROM scheme_version WHERE scheme_id = ?",
        [idBytes(schemeId)],
      );
      if (Number(last?.waiting) > 0) throw guaranteeError('scheme_version_pending');
      const now = await tx.now();
      const version: SchemeVersion = {
        schemeId,
        number: Number(last?.number) + 1,
        id: newId(),
        status: 'proposed',
        terms: JSON.stringify(value),
        reason,
        motionId: null,
        proposedBy: context.actor.id,
        proposedAt: now,
        decidedBy: null,
        decidedAt: null,
      };
      await tx.manager.insert(SchemeVersion, version);
      await this.record(tx, scheme, 'propose_version', scheme.status, `${version.number}: ${reason}`, now);
      return versionView(version);
    });
  }

  /** Puts a proposed version in force: by another person than its maker, on a carried motion. What was applied for keeps its own version. */
  async putInForce(context: CommandContext, schemeId: string, number: number) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      const version = await this.proposed(tx, schemeId, number);
      if (version.proposedBy === context.actor.id) throw guaranteeError('scheme_two_people');
      const motion = await this.board.assertCarried(tx, schemeId, 'version', version.id, 'put_in_force');
      const now = await tx.now();
      await tx.execute("UPDATE scheme_version SET status = 'superseded' WHERE scheme_id = ? AND status = 'in_force'", [
        idBytes(schemeId),
      ]);
      const decision = {
        status: 'in_force',
        decidedBy: context.actor.id,
        decidedAt: now,
        motionId: motion.id,
      } as const;
      await tx.manager.update(SchemeVersion, { id: version.id }, decision);
      const after = { ...scheme, currentVersion: number, version: scheme.version + 1, updatedAt: now };
      await tx.manager.update(
        GuaranteeScheme,
        { id: schemeId },
        { currentVersion: number, version: after.version, updatedAt: now },
      );
      const terms = await this.book.terms(tx, schemeId, number);
      await tx.execute('UPDATE scheme_capacity SET leverage_hundredths = ? WHERE scheme_id = ?', [
        terms.leverageHundredths,
        idBytes(schemeId),
      ]);
      await this.watchCovenant(tx, schemeId, terms);
      await this.record(tx, after, 'put_in_force', scheme.status, `version ${number}`, now);
      return versionView({ ...version, ...decision });
    });
  }

  async rejectVersion(context: CommandContext, schemeId: string, number: number, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      const version = await this.proposed(tx, schemeId, number);
      const decision = { status: 'rejected', decidedBy: context.actor.id, decidedAt: await tx.now() } as const;
      await tx.manager.update(SchemeVersion, { id: version.id }, decision);
      await this.record(tx, scheme, 'reject_version', scheme.status, reason, decision.decidedAt);
      return versionView({ ...version, ...decision });
    });
  }

  /** Opens, suspends, resumes or closes. A suspension is a member's alone, so that it takes effect at once; the others need a motion. */
  async move(context: CommandContext, schemeId: string, action: SchemeAction, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      const [seat] = await tx.rows(
        'SELECT id FROM scheme_board_member WHERE scheme_id = ? AND person_id = ? AND ended_on IS NULL',
        [idBytes(schemeId), idBytes(context.actor.id)],
      );
      if (!seat) throw guaranteeError('board_member_required');
      const status = schemeLifecycle.after(scheme.status, action, 'board');
      if (action !== 'suspend') await this.board.assertCarried(tx, schemeId, 'scheme', schemeId, action);
      if (action === 'open' && scheme.currentVersion === null) throw guaranteeError('scheme_not_active');
      const now = await tx.now();
      const after = { ...scheme, status, version: scheme.version + 1, updatedAt: now };
      await tx.manager.update(GuaranteeScheme, { id: schemeId }, { status, version: after.version, updatedAt: now });
      await this.record(tx, after, action, scheme.status, reason, now);
      return schemeView(after);
    });
  }

  /** Stops new guarantees while the covenant is broken, and lets them go on when it holds again. Takes the capacity row. */
  async watchCovenant(tx: Transaction, schemeId: string, terms: SchemeTerms): Promise<boolean> {
    const rows = await tx.rows<{ source_class: string; paid: string }>(
      'SELECT source_class, SUM(paid_minor) AS paid FROM scheme_contribution WHERE scheme_id = ? GROUP BY source_class',
      [idBytes(schemeId)],
    );
    const paid = new Map(rows.map(({ source_class, paid }) => [source_class, BigInt(paid)]));
    const { holds } = judgeCovenant(terms.covenant, paid);
    await tx.execute('UPDATE scheme_capacity SET stopped = ? WHERE scheme_id = ?', [
      holds ? null : 'covenant',
      idBytes(schemeId),
    ]);
    return holds;
  }

  private async proposed(tx: Transaction, schemeId: string, number: number): Promise<SchemeVersion> {
    assertPerson(tx);
    const version = await tx.manager.findOneBy(SchemeVersion, { schemeId, number });
    if (version?.status !== 'proposed')
      throw guaranteeError('scheme_unknown', { detail: 'No such version is proposed.' });
    return version;
  }

  private async record(
    tx: Transaction,
    { id, status, version }: GuaranteeScheme,
    action: string,
    from: string | null,
    reason: string,
    now: Date,
  ): Promise<void> {
    await recordHistory(
      tx,
      [{ subjectType: 'guarantee_scheme', subjectId: id, schemeId: id, action, from, to: status, reason }],
      now,
    );
    tx.audit({
      action: `guarantee_scheme.${action}`,
      subjectType: 'guarantee_scheme',
      subjectId: id,
      data: { status, version, reason },
    });
    tx.emit({
      name: 'guarantee_scheme.changed',
      subjectType: 'guarantee_scheme',
      subjectId: id,
      version,
      payload: { action, status },
    });
  }
}

export function schemeView({
  id,
  guarantorId,
  code,
  names,
  currency,
  status,
  currentVersion,
  version,
}: GuaranteeScheme) {
  return { id, guarantorId, code, names, currency, status, currentVersion, version };
}

export function versionView(version: SchemeVersion) {
  return {
    id: version.id,
    schemeId: version.schemeId,
    number: version.number,
    status: version.status,
    reason: version.reason,
    terms: JSON.parse(version.terms) as Record<string, unknown>,
    motionId: version.motionId,
    proposedBy: version.proposedBy,
    proposedAt: version.proposedAt.toISOString(),
    decidedBy: version.decidedBy,
    decidedAt: version.decidedAt?.toISOString() ?? null,
  };
}
