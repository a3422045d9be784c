import { Injectable } from '@nestjs/common';
import { IdentityReader, SetOrganisationStanding } from '#identity';
import type { FieldError } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, idBytes, idText, type Transaction, UnitOfWork } from '#platform';
import { type Reason, ReviewCases } from '#review';
import { institutionError } from '../domain/errors.js';
import { type VerificationAction, verificationLifecycle } from '../domain/verification.lifecycle.js';
import { FinancierProfile } from '../persistence/entities.js';
import { lockFinancier } from './financiers.js';
import { recordHistory } from './institution-history.js';
import { announceMatchable, recordMandateChanges } from './mandate-changes.js';
import { profileView } from './views.js';

/** The word under which review keeps a financier's verification. */
export const financierVerification = 'financier_verification';

type Party = 'institution' | 'operator' | 'system';

/**
 * The verification of a financier's licence. This context decides; review keeps clock and assignment. Every step
 * locks the profile first and its case second.
 */
@Injectable()
export class VerifyFinancier {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cases: ReviewCases,
    private readonly identity: IdentityReader,
    private readonly standing: SetOrganisationStanding,
  ) {}

  /** Hands the profile in: opens a review case. */
  async submit(context: CommandContext) {
    return this.unitOfWork.run(context, (tx) => this.submitWithin(tx));
  }

  async submitWithin(tx: Transaction) {
    const id = tx.context.actor.organisationId;
    const profile = await lockFinancier(tx, id);
    const missing = missingFields(profile);
    if (missing.length > 0) throw institutionError('institution_profile_incomplete', { fields: missing });
    const after = await this.move(tx, profile, 'submit', 'institution', '');
    const { caseId, dueAt } = await this.cases.open(tx, {
      kind: 'verification',
      subjectType: financierVerification,
      subjectId: id,
      applicantOrganisationId: id,
    });
    await tx.manager.update(FinancierProfile, { id }, { reviewCaseId: caseId });
    return { ...profileView({ ...after, reviewCaseId: caseId }), dueAt: dueAt.toISOString() };
  }

  /** The institution has completed what was asked for. */
  async answer(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockFinancier(tx, context.actor.organisationId);
      const after = await this.move(tx, profile, 'answer', 'institution', '');
      const { dueAt } = await this.cases.resume(tx, caseOf(profile));
      return { ...profileView(after), dueAt: dueAt.toISOString() };
    });
  }

  async withdraw(context: CommandContext) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockFinancier(tx, context.actor.organisationId);
      const after = await this.move(tx, profile, 'withdraw', 'institution', '');
      await this.cases.withdraw(tx, caseOf(profile));
      return profileView(after);
    });
  }

  async requestInformation(context: CommandContext, financierId: string, reasons: readonly Reason[]) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockFinancier(tx, financierId);
      const after = await this.move(tx, profile, 'request_information', 'operator', sentence(reasons));
      const { returnAt } = await this.cases.requestInformation(tx, caseOf(profile), { reasons });
      return { ...profileView(after), returnAt: returnAt.toISOString() };
    });
  }

  /** The reviewer's decision; a rejection needs reasons. */
  async decide(context: CommandContext, financierId: string, verified: boolean, reasons: readonly Reason[]) {
    return this.unitOfWork.run(context, (tx) => this.decideWithin(tx, financierId, verified, reasons));
  }

  async decideWithin(tx: Transaction, financierId: string, verified: boolean, reasons: readonly Reason[]) {
    const profile = await lockFinancier(tx, financierId);
    if (!verified && reasons.length === 0)
      throw institutionError('institution_profile_incomplete', {
        detail: 'A rejection needs at least one reason.',
        fields: [{ pointer: '/reasons', rule: 'required', message: 'name at least one reason' }],
      });
    const after = await this.move(tx, profile, verified ? 'verify' : 'reject', 'operator', sentence(reasons));
    await this.cases.decide(tx, caseOf(profile), { outcome: after.status, reasons });
    if (verified) await this.standing.within(tx, financierId, { verified: true }, 'financier verified');
    await announceMandates(tx, financierId);
    const organisation = await this.identity.organisation(financierId, tx);
    notify(tx, {
      organisationId: financierId,
      template: verified ? 'verification_decided_verified' : 'verification_decided_rejected',
      parameters: { name: organisation?.name ?? '', reasons: sentence(reasons) },
      link: '/institution',
    });
    return profileView(after);
  }

  /** The operator has cause to look again. */
  async reopen(context: CommandContext, financierId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const profile = await lockFinancier(tx, financierId);
      return profileView(await reopenVerification(tx, this.standing, profile, reason, await tx.now(), 'operator'));
    });
  }

  /** A reviewer has it, or silence gave it back; a step that came too late changes nothing. */
  async followCase(tx: Transaction, financierId: string, action: 'take_up' | 'return'): Promise<void> {
    const profile = await lockFinancier(tx, financierId);
    const party = action === 'take_up' ? 'operator' : 'system';
    if (!verificationLifecycle.open(profile.status, party).includes(action)) return;
    await this.move(tx, profile, action, party, '');
  }

  private async move(
    tx: Transaction,
    profile: FinancierProfile,
    action: VerificationAction,
    party: Party,
    reason: string,
  ): Promise<FinancierProfile> {
    return moveVerification(tx, profile, action, party, reason, await tx.now());
  }
}

async function moveVerification(
  tx: Transaction,
  profile: FinancierProfile,
  action: VerificationAction,
  party: Party,
  reason: string,
  now: Date,
): Promise<FinancierProfile> {
  const status = verificationLifecycle.after(profile.status, action, party);
  const after = { ...profile, status, version: profile.version + 1, updatedAt: now };
  const { id, version } = after;
  await tx.manager.update(FinancierProfile, { id }, { status, version, updatedAt: now });
  await recordHistory(
    tx,
    [{ subjectType: 'financier', subjectId: id, financierId: id, action, from: profile.status, to: status, reason }],
    now,
  );
  tx.audit({
    action: `institution.${action}`,
    subjectType: 'institution',
    subjectId: id,
    data: { status, version, reason },
  });
  tx.emit({
    name: 'institution.verification_changed',
    subjectType: 'institution',
    subjectId: id,
    version,
    audience: [id],
    payload: { status },
  });
  return after;
}

/** Takes the verification back: nothing of the institution is matched until it is verified again. */
export async function reopenVerification(
  tx: Transaction,
  standing: SetOrganisationStanding,
  profile: FinancierProfile,
  what: string,
  now: Date,
  party: Party = 'institution',
): Promise<FinancierProfile> {
  const after = await moveVerification(tx, profile, 'reopen', party, what, now);
  await standing.within(tx, profile.id, { verified: false }, what);
  await announceMandates(tx, profile.id);
  notify(tx, {
    organisationId: profile.id,
    template: 'verification_reopened',
    parameters: { what },
    link: '/institution',
  });
  return after;
}

/** Whether its live mandates may be matched has changed with their financier's standing. */
export async function announceMandates(tx: Transaction, financierId: string): Promise<void> {
  const rows = await tx.rows<{ id: Buffer }>(
    "SELECT id FROM mandate WHERE financier_id = ? AND status = 'live' ORDER BY id",
    [idBytes(financierId)],
  );
  const ids = rows.map(({ id }) => idText(id));
  await recordMandateChanges(tx, ids, await tx.now());
  announceMatchable(tx, ids);
}

function missingFields(profile: FinancierProfile): readonly FieldError[] {
  return (['licenceNumber', 'regulator', 'about'] as const)
    .filter((field) => profile[field].trim() === '')
    .map((field) => ({ pointer: `/${field}`, rule: 'required', message: 'is missing' }));
}

function caseOf({ reviewCaseId }: FinancierProfile): string {
  if (!reviewCaseId) throw new Error('a verification under review has no case');
  return reviewCaseId;
}

function sentence(reasons: readonly Reason[]): string {
  return reasons.map(({ message }) => message).join(' ');
}
