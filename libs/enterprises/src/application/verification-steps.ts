import type { SetOrganisationStanding } from '#identity';
import { notify } from '#notices';
import type { Transaction } from '#platform';
import { type VerificationAction, verificationLifecycle } from '../domain/verification.lifecycle.js';
import { EnterpriseProfile } from '../persistence/entities.js';
import { recordProfileStep } from './enterprise-profiles.js';

export type Party = 'enterprise' | 'operator' | 'system';

/** Takes a locked profile along its life cycle, with history, audit and event. */
export async function moveVerification(
  tx: Transaction,
  profile: EnterpriseProfile,
  action: VerificationAction,
  party: Party,
  reason: string,
): Promise<EnterpriseProfile> {
  const status = verificationLifecycle.after(profile.status, action, party);
  const now = await tx.now();
  const after: EnterpriseProfile = { ...profile, status, version: profile.version + 1, updatedAt: now };
  const { id, version } = after;
  await tx.manager.update(EnterpriseProfile, { id }, { status, version, updatedAt: now });
  await recordProfileStep(tx, { enterpriseId: id, action, from: profile.status, to: status, reason }, now);
  tx.audit({
    action: `enterprise.${action}`,
    subjectType: 'enterprise',
    subjectId: id,
    data: { status, version, reason },
  });
  tx.emit({
    name: 'enterprise.verification_changed',
    subjectType: 'enterprise',
    subjectId: id,
    version,
    audience: [id],
    payload: { status },
  });
  return after;
}

/** Takes a verification back because `what` has changed; the firm is told and hands its profile in again. */
export async function reopenVerification(
  tx: Transaction,
  standing: SetOrganisationStanding,
  profile: EnterpriseProfile,
  what: string,
  party: Party,
): Promise<EnterpriseProfile> {
  const after = await moveVerification(tx, profile, 'reopen', party, what);
  await standing.within(tx, profile.id, { verified: false }, what);
  notify(tx, {
    organisationId: profile.id,
    template: 'verification_reopened',
    parameters: { what },
    link: '/enterprise',
  });
  return after;
}
