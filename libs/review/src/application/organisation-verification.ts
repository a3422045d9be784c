import { Injectable } from '@nestjs/common';
import { IdentityReader, SetOrganisationStanding } from '#identity';
import type { FieldError } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, type DeliveredEvent, type Transaction, UnitOfWork } from '#platform';
import { reviewError } from '../domain/errors.js';
import type { Reason } from '../domain/review-case.js';
import {
  type VerificationAction,
  verificationLifecycle,
  type VerificationParty,
  type VerificationState,
} from '../domain/verification.lifecycle.js';
import { ReviewCases } from './review-cases.js';

/** What of an organisation's profile its verification reads and writes; the profile is kept by its own context. */
export interface VerifiedProfile {
  readonly id: string;
  readonly status: VerificationState;
  readonly reviewCaseId: string | null;
  readonly version: number;
  readonly updatedAt: Date;
}

export interface VerificationDecision {
  readonly verified: boolean;
  /** A rejection needs at least one. */
  readonly reasons: readonly Reason[];
}

/** One step as the history of the profile's context keeps it. */
export interface VerificationStep {
  readonly id: string;
  readonly action: VerificationAction;
  readonly from: VerificationState;
  readonly to: VerificationState;
  readonly reason: string;
}

/**
 * The verification of one kind of organisation as a review case. The context that keeps the profile says what must be there and what is looked
 * at; review keeps clock and assignment. Every step locks the profile first and its case second.
 */
@Injectable()
export abstract class OrganisationVerification<
  Profile extends VerifiedProfile,
  View extends object,
  Decision extends VerificationDecision = VerificationDecision,
> {
  /** The word under which review keeps the cases. */
  protected abstract readonly subjectType: string;
  /** What audit and events call the organisation. */
  protected abstract readonly noun: string;
  /** The page of the portal on which the organisation sees it. */
  protected abstract readonly link: string;

  constructor(
    protected readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly identity: IdentityReader,
    private readonly standing: SetOrganisationStanding,
  ) {}

  /** The profile, locked until the commit; refused where there is none. */
  protected abstract lock(tx: Transaction, id: string): Promise<Profile>;
  protected abstract view(profile: Profile): View;
  /** The refusal to take the profile as it is; undefined when nothing is missing. */
  protected abstract incomplete(tx: Transaction, profile: Profile): Promise<Error | undefined>;
  protected abstract write(tx: Transaction, id: string, changes: Partial<VerifiedProfile>): Promise<void>;
  protected abstract record(tx: Transaction, step: VerificationStep, at: Date): Promise<void>;

  /** What else a verification needs, and what it leaves behind. */
  protected async confirm(_tx: Transaction, _profile: Profile, _decision: Decision): Promise<void> {}

  /** Whether the organisation counts as verified has been decided anew. */
  protected async standingChanged(_tx: Transaction, _id: string): Promise<void> {}

  /** Hands the profile in: opens a review case. */
  async submit(context: CommandContext): Promise<View & { dueAt: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const id = tx.context.actor.organisationId;
      const profile = await this.lock(tx, id);
      const refusal = await this.incomplete(tx, profile);
      if (refusal) throw refusal;
      const after = await this.move(tx, profile, 'submit', 'applicant', '');
      const { caseId: reviewCaseId, dueAt } = await this.cases.open(tx, {
        kind: 'verification',
        subjectType: this.subjectType,
        subjectId: id,
        applicantOrganisationId: id,
      });
      await this.write(tx, id, { reviewCaseId });
      return { ...this.view({ ...after, reviewCaseId }), dueAt: dueAt.toISOString() };
    });
  }

  /** The applicant has completed what was asked for. */
  async answer(context: CommandContext): Promise<View & { dueAt: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await this.lock(tx, context.actor.organisationId);
      const after = await this.move(tx, profile, 'answer', 'applicant', '');
      const { dueAt } = await this.cases.resume(tx, caseOf(profile));
      return { ...this.view(after), dueAt: dueAt.toISOString() };
    });
  }

  async withdraw(context: CommandContext): Promise<View> {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await this.lock(tx, context.actor.organisationId);
      const after = await this.move(tx, profile, 'withdraw', 'applicant', '');
      await this.cases.withdraw(tx, caseOf(profile));
      return this.view(after);
    });
  }

  async requestInformation(
    context: CommandContext,
    id: string,
    reasons: readonly Reason[],
  ): Promise<View & { returnAt: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await this.lock(tx, id);
      const after = await this.move(tx, profile, 'request_information', 'operator', sentence(reasons));
      const { returnAt } = await this.cases.requestInformation(tx, caseOf(profile), { reasons });
      return { ...this.view(after), returnAt: returnAt.toISOString() };
    });
  }

  /** The reviewer's decision. Refuses a rejection without a reason, and whatever the kind of organisation must show and does not. */
  async decide(context: CommandContext, id: string, decision: Decision): Promise<View> {
    return this.unitOfWork.run(context, async (tx) => {
      const { verified, reasons } = decision;
      const profile = await this.lock(tx, id);
      if (!verified && reasons.length === 0) throw reviewError('review_reasons_missing', { fields: [reasonMissing] });
      const after = await this.move(tx, profile, verified ? 'verify' : 'reject', 'operator', sentence(reasons));
      if (verified) await this.confirm(tx, profile, decision);
      await this.cases.decide(tx, caseOf(profile), { outcome: after.status, reasons });
      if (verified) await this.standing.within(tx, id, { verified: true }, `${this.noun} verified`);
      await this.standingChanged(tx, id);
      const organisation = await this.identity.organisation(id, tx);
      notify(tx, {
        organisationId: id,
        template: verified ? 'verification_decided_verified' : 'verification_decided_rejected',
        parameters: { name: organisation?.name ?? '', reasons: sentence(reasons) },
        link: this.link,
      });
      return this.view(after);
    });
  }

  /** The operator has cause to look again. */
  async reopen(context: CommandContext, id: string, reason: string): Promise<View> {
    return this.unitOfWork.run(context, async (tx) =>
      this.view(await this.reopenWithin(tx, await this.lock(tx, id), reason, 'operator')),
    );
  }

  /** Takes the verification of a locked profile back because `what` has changed; the organisation is told and hands it in again. */
  async reopenWithin(
    tx: Transaction,
    profile: Profile,
    what: string,
    party: VerificationParty = 'applicant',
  ): Promise<Profile> {
    const after = await this.move(tx, profile, 'reopen', party, what);
    await this.standing.within(tx, profile.id, { verified: false }, what);
    await this.standingChanged(tx, profile.id);
    notify(tx, {
      organisationId: profile.id,
      template: 'verification_reopened',
      parameters: { what },
      link: this.link,
    });
    return after;
  }

  /** A reviewer has the case, or silence gave it back: the profile follows. What came too late changes nothing. */
  async follow(tx: Transaction, { name, payload }: Pick<DeliveredEvent, 'name' | 'payload'>): Promise<void> {
    const { subjectType, subjectId, assigneeId } = payload;
    if (subjectType !== this.subjectType || typeof subjectId !== 'string') return;
    const returned = name === 'review_case.returned';
    if (!returned && !assigneeId) return;
    const profile = await this.lock(tx, subjectId);
    const [action, party] = returned ? (['return', 'system'] as const) : (['take_up', 'operator'] as const);
    if (verificationLifecycle.open(profile.status, party).includes(action))
      await this.move(tx, profile, action, party, '');
  }

  private async move(
    tx: Transaction,
    profile: Profile,
    action: VerificationAction,
    party: VerificationParty,
    reason: string,
  ): Promise<Profile> {
    const { id, status: from } = profile;
    const status = verificationLifecycle.after(from, action, party);
    const updatedAt = await tx.now();
    const version = profile.version + 1;
    await this.write(tx, id, { status, version, updatedAt });
    await this.record(tx, { id, action, from, to: status, reason }, updatedAt);
    const subject = { subjectType: this.noun, subjectId: id };
    tx.audit({ action: `${this.noun}.${action}`, ...subject, data: { status, version, reason } });
    tx.emit({
      name: `${this.noun}.verification_changed`,
      ...subject,
      version,
      audience: [id],
      payload: { status },
    });
    return { ...profile, status, version, updatedAt };
  }
}

/** The events that `follow` is told. */
export const verificationEvents = ['review_case.assigned', 'review_case.returned'];

const reasonMissing: FieldError = { pointer: '/reasons', rule: 'required', message: 'name at least one reason' };

function caseOf({ reviewCaseId }: VerifiedProfile): string {
  if (!reviewCaseId) throw new Error('a verification under review has no case');
  return reviewCaseId;
}

function sentence(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join(' ');
}
