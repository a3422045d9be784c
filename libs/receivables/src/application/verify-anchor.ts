import { Injectable } from '@nestjs/common';
import { IdentityReader, SetOrganisationStanding } from '#identity';
import type { FieldError } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { type Reason, ReviewCases } from '#review';
import { type AnchorVerificationAction, anchorVerificationLifecycle } from '../domain/anchor.lifecycle.js';
import { receivableError } from '../domain/errors.js';
import { AnchorProfile } from '../persistence/entities.js';
import { anchorView } from './anchor-views.js';
import { lockAnchor, recordAnchorHistory } from './anchors.js';

/** The word under which review keeps an anchor's verification. */
export const anchorVerification = 'anchor_verification';

type Party = 'anchor' | 'operator' | 'system';

/** The verification of an anchor. This context decides; review keeps clock and assignment. */
@Injectable()
export class VerifyAnchor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly identity: IdentityReader,
    private readonly standing: SetOrganisationStanding,
  ) {}

  /** Hands the profile in: opens a review case. */
  async submit(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const id = tx.context.actor.organisationId;
      const profile = await lockAnchor(tx, id);
      const missing = missingFields(profile);
      if (missing.length > 0) throw receivableError('anchor_profile_incomplete', { fields: missing });
      const after = await move(tx, profile, 'submit', 'anchor', '');
      const { caseId, dueAt } = await this.cases.open(tx, {
        kind: 'verification',
        subjectType: anchorVerification,
        subjectId: id,
        applicantOrganisationId: id,
      });
      await tx.manager.update(AnchorProfile, { id }, { reviewCaseId: caseId });
      return { ...anchorView({ ...after, reviewCaseId: caseId }), dueAt: dueAt.toISOString() };
    });
  }

  /** The anchor has completed what was asked for. */
  async answer(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockAnchor(tx, tx.context.actor.organisationId);
      const after = await move(tx, profile, 'answer', 'anchor', '');
      const { dueAt } = await this.cases.resume(tx, caseOf(profile));
      return { ...anchorView(after), dueAt: dueAt.toISOString() };
    });
  }

  async withdraw(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockAnchor(tx, tx.context.actor.organisationId);
      const after = await move(tx, profile, 'withdraw', 'anchor', '');
      await this.cases.withdraw(tx, caseOf(profile));
      return anchorView(after);
    });
  }

  async requestInformation(context: CommandContext, anchorId: string, reasons: readonly Reason[]) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockAnchor(tx, anchorId);
      const after = await move(tx, profile, 'request_information', 'operator', sentence(reasons));
      const { returnAt } = await this.cases.requestInformation(tx, caseOf(profile), { reasons });
      return { ...anchorView(after), returnAt: returnAt.toISOString() };
    });
  }

  /** The reviewer's decision; a rejection needs reasons. */
  async decide(context: CommandContext, anchorId: string, verified: boolean, reasons: readonly Reason[]) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockAnchor(tx, anchorId);
      if (!verified && reasons.length === 0) throw receivableError('receivable_reason_missing');
      const after = await move(tx, profile, verified ? 'verify' : 'reject', 'operator', sentence(reasons));
      await this.cases.decide(tx, caseOf(profile), { outcome: after.status, reasons });
      if (verified) await this.standing.within(tx, anchorId, { verified: true }, 'anchor verified');
      const organisation = await this.identity.organisation(anchorId, tx);
      notify(tx, {
        organisationId: anchorId,
        template: verified ? 'verification_decided_verified' : 'verification_decided_rejected',
        parameters: { name: organisation?.name ?? '', reasons: sentence(reasons) },
        link: '/anchor',
      });
      return anchorView(after);
    });
  }

  /** The operator has cause to look again. */
  async reopen(context: CommandContext, anchorId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) =>
      anchorView(await reopenAnchor(tx, this.standing, await lockAnchor(tx, anchorId), reason, 'operator')),
    );
  }

  /** A reviewer has it, or silence gave it back; a step that came too late changes nothing. */
  async followCase(tx: Transaction, anchorId: string, action: 'take_up' | 'return'): Promise<void> {
    const profile = await lockAnchor(tx, anchorId);
    const party = action === 'take_up' ? 'operator' : 'system';
    if (anchorVerificationLifecycle.open(profile.status, party).includes(action))
      await move(tx, profile, action, party, '');
  }
}

/** Takes the verification back: nothing new is confirmed until the anchor is verified again. */
export async function reopenAnchor(
  tx: Transaction,
  standing: SetOrganisationStanding,
  profile: AnchorProfile,
  what: string,
  party: Party,
): Promise<AnchorProfile> {
  const after = await move(tx, profile, 'reopen', party, what);
  await standing.within(tx, profile.id, { verified: false }, what);
  notify(tx, { organisationId: profile.id, template: 'verification_reopened', parameters: { what }, link: '/anchor' });
  return after;
}

async function move(
  tx: Transaction,
  profile: AnchorProfile,
  action: AnchorVerificationAction,
  party: Party,
  reason: string,
): Promise<AnchorProfile> {
  const status = anchorVerificationLifecycle.after(profile.status, action, party);
  const now = await tx.now();
  const after = { ...profile, status, version: profile.version + 1, updatedAt: now };
  const { id, version } = after;
  await tx.manager.update(AnchorProfile, { id }, { status, version, updatedAt: now });
  await recordAnchorHistory(
    tx,
    { subjectType: 'anchor', subjectId: id, anchorId: id, action, from: profile.status, to: status, reason },
    now,
  );
  tx.audit({ action: `anchor.${action}`, subjectType: 'anchor', subjectId: id, data: { status, version, reason } });
  tx.emit({
    name: 'anchor.verification_changed',
    subjectType: 'anchor',
    subjectId: id,
    version,
    audience: [id],
    payload: { status },
  });
  return after;
}

function missingFields(profile: AnchorProfile): readonly FieldError[] {
  return (['about', 'taxId'] as const)
    .filter((field) => (profile[field] ?? '').trim() === '')
    .map((field) => ({ pointer: `/${field}`, rule: 'required', message: 'is missing' }));
}

function caseOf({ reviewCaseId }: AnchorProfile): string {
  if (!reviewCaseId) throw new Error('a verification under review has no case');
  return reviewCaseId;
}

function sentence(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join(' ');
}
