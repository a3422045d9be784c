import { Injectable } from '@nestjs/common';
import { type MoneyJson, moneyFromJson, moneyToJson } from '#kernel';
import { type CommandContext, httpError, idBytes, newId, type Transaction, UnitOfWork } from '#platform';
import { guaranteeError } from '../domain/errors.js';
import { agreementLifecycle, type AgreementAction } from '../domain/agreement.lifecycle.js';
import { readClauses } from '../domain/scheme-terms.js';
import { PortfolioAgreement } from '../persistence/entities.js';
import { ApprovalLimits } from './approval-limits.js';
import { assertPerson, Board } from './board.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

export interface AgreementInput {
  readonly lenderId: string;
  readonly name: string;
  /** Narrower clauses beside the scheme's own. */
  readonly clauses: unknown;
  readonly quota: MoneyJson;
  /** The most that claims under this agreement are paid. */
  readonly lossCap: MoneyJson;
  readonly validFrom: string;
  readonly validTo: string;
}

/** A lender's right to guarantees without a review, within clauses, a quota and a cap of losses. */
@Injectable()
export class PortfolioAgreements {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly board: Board,
    private readonly limits: ApprovalLimits,
  ) {}

  async propose(context: CommandContext, schemeId: string, input: AgreementInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      const quota = moneyFromJson(input.quota);
      const lossCap = moneyFromJson(input.lossCap);
      readClauses(input.clauses);
      if (quota.currency !== scheme.currency || lossCap.currency !== scheme.currency || lossCap.minor > quota.minor)
        throw httpError('input_invalid', {
          fields: [
            { pointer: '/lossCap', rule: 'within', message: `must be in ${scheme.currency} and within the quota` },
          ],
        });
      const now = await tx.now();
      const row: PortfolioAgreement = {
        id: newId(),
        schemeId,
        lenderId: input.lenderId,
        name: input.name,
        status: agreementLifecycle.initial,
        clauses: JSON.stringify(input.clauses),
        quotaMinor: quota.minor,
        usedMinor: 0n,
        lossCapMinor: lossCap.minor,
        lossesMinor: 0n,
        validFrom: input.validFrom,
        validTo: input.validTo,
        proposedBy: context.actor.id,
        decidedBy: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await tx.manager.insert(PortfolioAgreement, row);
      await this.record(tx, row, 'propose', null, input.name, now);
      return agreementView(row, scheme.currency);
    });
  }

  async move(context: CommandContext, schemeId: string, agreementId: string, action: AgreementAction, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      await tx.rows('SELECT id FROM portfolio_agreement WHERE id = ? FOR UPDATE', [idBytes(agreementId)]);
      const row = await tx.manager.findOneBy(PortfolioAgreement, { id: agreementId, schemeId });
      if (!row) throw httpError('record_unknown');
      const status = agreementLifecycle.after(row.status, action, 'checker');
      if (action === 'approve' && row.proposedBy === context.actor.id) throw guaranteeError('scheme_two_people');
      await this.board.assertNoConflict(tx, schemeId, [row.id, row.lenderId]);
      // A quota binds the scheme like one large approval.
      if (action === 'approve')
        await this.limits.assertMayBind(tx, {
          schemeId,
          kind: 'application',
          subjectId: row.id,
          currency: scheme.currency,
          amountMinor: row.quotaMinor,
          action: 'approve_agreement',
        });
      const now = await tx.now();
      const after = { ...row, status, decidedBy: context.actor.id, version: row.version + 1, updatedAt: now };
      const { decidedBy, version, updatedAt } = after;
      await tx.manager.update(PortfolioAgreement, { id: row.id }, { status, decidedBy, version, updatedAt });
      await this.record(tx, after, action, row.status, reason, now);
      return agreementView(after, scheme.currency);
    });
  }

  private async record(
    tx: Transaction,
    { id, schemeId, lenderId, status, version }: PortfolioAgreement,
    action: string,
    from: string | null,
    reason: string,
    now: Date,
  ): Promise<void> {
    await recordHistory(
      tx,
      [{ subjectType: 'portfolio_agreement', subjectId: id, schemeId, action, from, to: status, reason }],
      now,
    );
    tx.audit({
      action: `portfolio_agreement.${action}`,
      subjectType: 'portfolio_agreement',
      subjectId: id,
      data: { lenderId, status, reason, version },
    });
  }
}

export function agreementView(row: PortfolioAgreement, currency: string) {
  const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency });
  return {
    id: row.id,
    schemeId: row.schemeId,
    lenderId: row.lenderId,
    name: row.name,
    status: row.status,
    clauses: JSON.parse(row.clauses) as Record<string, unknown>[],
    quota: money(row.quotaMinor),
    used: money(row.usedMinor),
    lossCap: money(row.lossCapMinor),
    losses: money(row.lossesMinor),
    validFrom: row.validFrom,
    validTo: row.validTo,
    proposedBy: row.proposedBy,
    decidedBy: row.decidedBy,
    version: row.version,
  };
}
