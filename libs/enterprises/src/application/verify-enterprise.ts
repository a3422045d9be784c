import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { IdentityReader, SetOrganisationStanding } from '#identity';
import { ENVIRONMENT, type Environment, type Transaction, UnitOfWork } from '#platform';
import { countryDate } from '#platform/rulebooks';
import {
  OrganisationVerification,
  ReviewCases,
  type VerificationDecision,
  type VerificationStep,
  type VerifiedProfile,
} from '#review';
import { enterpriseError } from '../domain/errors.js';
import { taskList } from '../domain/tasks.policy.js';
import { EnterpriseBankAccount, EnterpriseOwner, EnterpriseProfile } from '../persistence/entities.js';
import { readTaskFacts } from '../persistence/task-facts.js';
import { lockProfile, recordProfileStep } from './enterprise-profiles.js';
import { enterpriseRules } from './enterprise-rules.js';

export interface EnterpriseDecision extends VerificationDecision {
  /** The reviewer compared the account with evidence of whose it is. */
  readonly accountOwnershipConfirmed: boolean;
  /** The reviewer looked at every owner whose screening is not clear and found no hindrance. */
  readonly screeningCleared: boolean;
}

/** Where the verification of an enterprise stands. */
export type EnterpriseVerificationView = Pick<EnterpriseProfile, 'status' | 'version' | 'reviewCaseId'>;

/** The verification of an enterprise: registration, owners and bank account. Verified, it may submit what it asks for. */
@Injectable()
export class VerifyEnterprise extends OrganisationVerification<
  EnterpriseProfile,
  EnterpriseVerificationView,
  EnterpriseDecision
> {
  protected readonly subjectType = 'enterprise_verification';
  protected readonly noun = 'enterprise';
  protected readonly link = '/enterprise';

  constructor(
    unitOfWork: UnitOfWork,
    cases: ReviewCases,
    identity: IdentityReader,
    standing: SetOrganisationStanding,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {
    super(unitOfWork, cases, identity, standing);
  }

  protected lock(tx: Transaction, id: string): Promise<EnterpriseProfile> {
    return lockProfile(tx, id);
  }

  protected view({ status, version, reviewCaseId }: EnterpriseProfile): EnterpriseVerificationView {
    return { status, version, reviewCaseId };
  }

  /** Something remains on the task list. */
  protected async incomplete(tx: Transaction, profile: EnterpriseProfile): Promise<Error | undefined> {
    const { country } = this.environment;
    const today = countryDate(country, await tx.now());
    const facts = await readTaskFacts((sql, parameters) => tx.rows(sql, parameters), profile, today);
    const fields = taskList(facts, enterpriseRules(country)).flatMap((task) =>
      task.missing.map((name) => ({ pointer: `/${name}`, rule: task.task, message: 'is missing' })),
    );
    return fields.length > 0 ? enterpriseError('enterprise_tasks_remain', { fields }) : undefined;
  }

  protected async write(tx: Transaction, id: string, changes: Partial<VerifiedProfile>): Promise<void> {
    await tx.manager.update(EnterpriseProfile, { id }, changes);
  }

  protected async record(tx: Transaction, { id, ...step }: VerificationStep, at: Date): Promise<void> {
    await recordProfileStep(tx, { enterpriseId: id, ...step }, at);
  }

  protected override async confirm(
    tx: Transaction,
    profile: EnterpriseProfile,
    decision: EnterpriseDecision,
  ): Promise<void> {
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
