import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { IdentityReader, SetOrganisationStanding } from '#identity';
import { notify } from '#notices';
import { type CommandContext, ENVIRONMENT, type Environment, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { type Reason, ReviewCases } from '#review';
import { enterpriseError } from '../domain/errors.js';
import { taskList } from '../domain/tasks.policy.js';
import { verificationLifecycle } from '../domain/verification.lifecycle.js';
import { EnterpriseBankAccount, EnterpriseOwner, EnterpriseProfile } from '../persistence/entities.js';
import { readTaskFacts } from '../persistence/task-facts.js';
import { lockProfile } from './enterprise-profiles.js';
import { enterpriseRules } from './enterprise-rules.js';
import { moveVerification, reopenVerification } from './verification-steps.js';

/** The word under which review keeps an enterprise's verification. */
export const enterpriseVerification = 'enterprise_verification';

export interface VerificationDecision {
  readonly verified: boolean;
  /** The reviewer compared the account with evidence of whose it is. */
  readonly accountOwnershipConfirmed: boolean;
  /** The reviewer looked at every owner whose screening is not clear and found no hindrance. */
  readonly screeningCleared: boolean;
  readonly reasons: readonly Reason[];
}

/**
 * The verification of an enterprise. This context decides; review keeps clock and assignment. Every step locks the
 * profile first and its case second.
 */
@Injectable()
export class VerifyEnterprise {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly identity: IdentityReader,
    private readonly standing: SetOrganisationStanding,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Hands the profile in: opens a review case. Refused while the task list is not done. */
  async submit(context: CommandContext) {
    return this.unitOfWork.run(context, (tx) => this.submitWithin(tx));
  }

  async submitWithin(tx: Transaction) {
    const id = tx.context.actor.organisationId;
    const profile = await lockProfile(tx, id);
    const today = countryDate(this.environment.country, await tx.now());
    const state = await readTaskFacts((sql, parameters) => tx.rows(sql, parameters), profile, today);
    const missing = taskList(state, enterpriseRules(this.environment.country)).flatMap((task) =>
      task.missing.map((name) => ({ pointer: `/${name}`, rule: task.task, message: 'is missing' })),
    );
    if (missing.length > 0) throw enterpriseError('enterprise_tasks_remain', { fields: missing });
    const after = await moveVerification(tx, profile, 'submit', 'enterprise', '');
    const { caseId, dueAt } = await this.cases.open(tx, {
      kind: 'verification',
      subjectType: enterpriseVerification,
      subjectId: id,
      applicantOrganisationId: id,
    });
    await tx.manager.update(EnterpriseProfile, { id }, { reviewCaseId: caseId });
    return { status: after.status, version: after.version, reviewCaseId: caseId, dueAt: dueAt.toISOString() };
  }

  /** The enterprise has completed what was asked for. */
  async answer(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockProfile(tx, context.actor.organisationId);
      const { status, version } = await moveVerification(tx, profile, 'answer', 'enterprise', '');
      const { dueAt } = await this.cases.resume(tx, caseOf(profile));
      return { status, version, dueAt: dueAt.toISOString() };
    });
  }

  async withdraw(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockProfile(tx, context.actor.organisationId);
      const { status, version } = await moveVerification(tx, profile, 'withdraw', 'enterprise', '');
      await this.cases.withdraw(tx, caseOf(profile));
      return { status, version };
    });
  }

  async requestInformation(context: CommandContext, enterpriseId: string, reasons: readonly Reason[]) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockProfile(tx, enterpriseId);
      const after = await moveVerification(tx, profile, 'request_information', 'operator', sentence(reasons));
      const { returnAt } = await this.cases.requestInformation(tx, caseOf(profile), { reasons });
      return { status: after.status, version: after.version, returnAt: returnAt.toISOString() };
    });
  }

  /** The reviewer's decision, judged by the guard of the life cycle. */
  async decide(context: CommandContext, enterpriseId: string, decision: VerificationDecision) {
    return this.unitOfWork.run(context, (tx) => this.decideWithin(tx, enterpriseId, decision));
  }

  async decideWithin(tx: Transaction, enterpriseId: string, decision: VerificationDecision) {
    const { verified, reasons } = decision;
    const profile = await lockProfile(tx, enterpriseId);
    if (!verified && reasons.length === 0)
      throw enterpriseError('rejection_reasons_missing', {
        fields: [{ pointer: '/reasons', rule: 'required', message: 'name at least one reason' }],
      });
    const after = await moveVerification(tx, profile, verified ? 'verify' : 'reject', 'operator', sentence(reasons));
    if (verified) await this.confirm(tx, profile, decision);
    await this.cases.decide(tx, caseOf(profile), { outcome: after.status, reasons });
    if (verified) await this.standing.within(tx, enterpriseId, { verified: true }, 'enterprise verified');
    const organisation = await this.identity.organisation(enterpriseId, tx);
    notify(tx, {
      organisationId: enterpriseId,
      template: verified ? 'verification_decided_verified' : 'verification_decided_rejected',
      parameters: { name: organisation?.name ?? '', reasons: sentence(reasons) },
      link: '/enterprise',
    });
    return { status: after.status, version: after.version };
  }

  /** The operator has cause to look again. */
  async reopen(context: CommandContext, enterpriseId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockProfile(tx, enterpriseId);
      const { status, version } = await reopenVerification(tx, this.standing, profile, reason, 'operator');
      return { status, version };
    });
  }

  /** A reviewer has it, or silence gave it back; a step that came too late changes nothing. */
  async followCase(tx: Transaction, enterpriseId: string, action: 'take_up' | 'return'): Promise<void> {
    const profile = await lockProfile(tx, enterpriseId);
    const party = action === 'take_up' ? 'operator' : 'system';
    if (!verificationLifecycle.open(profile.status, party).includes(action)) return;
    await moveVerification(tx, profile, action, party, '');
  }

  private async confirm(tx: Transaction, profile: EnterpriseProfile, decision: VerificationDecision): Promise<void> {
    const enterpriseId = profile.id;
    if (profile.sizeClass === 'large') throw enterpriseError('enterprise_large');
    const account = await tx.manager.findOneBy(EnterpriseBankAccount, { enterpriseId, replacedAt: IsNull() });
    if (!account || !decision.accountOwnershipConfirmed) throw enterpriseError('account_ownership_open');
    const owners = await tx.manager.findBy(EnterpriseOwner, { enterpriseId });
    const open = owners.filter(({ screeningStatus }) => screeningStatus !== 'clear');
    if (open.length > 0 && !decision.screeningCleared)
      throw enterpriseError('screening_open', {
        data: { owners: open.map(({ name, screeningStatus }) => ({ name, screening: screeningStatus })) },
      });
    const now = await tx.now();
    if (account.ownershipCheckedAt === null)
      await tx.manager.update(
        EnterpriseBankAccount,
        { id: account.id },
        { ownershipCheckedAt: now, ownershipCheckedBy: tx.context.actor.id },
      );
    tx.audit({
      action: 'enterprise.confirm_checks',
      subjectType: 'enterprise',
      subjectId: enterpriseId,
      data: { accountId: account.id, screeningRuledOn: open.map(({ name }) => name) },
    });
  }
}

function caseOf({ reviewCaseId }: EnterpriseProfile): string {
  if (!reviewCaseId) throw new Error('a verification under review has no case');
  return reviewCaseId;
}

function sentence(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join(' ');
}
