import { Injectable } from '@nestjs/common';
import { idBytes, idText, type Transaction } from '#platform';
import { OrganisationVerification, type VerificationStep, type VerifiedProfile } from '#review';
import { institutionError } from '../domain/errors.js';
import { FinancierProfile } from '../persistence/entities.js';
import { lockFinancier } from './financiers.js';
import { recordHistory } from './institution-history.js';
import { announceMatchable, recordMandateChanges } from './mandate-changes.js';
import { profileView } from './views.js';

/** The verification of a financier: the operator looks at its licence. Verified, it may publish products and mandates. */
@Injectable()
export class VerifyFinancier extends OrganisationVerification<FinancierProfile, ReturnType<typeof profileView>> {
  protected readonly subjectType = 'financier_verification';
  protected readonly noun = 'institution';
  protected readonly link = '/institution';

  protected lock(tx: Transaction, id: string): Promise<FinancierProfile> {
    return lockFinancier(tx, id);
  }

  protected view(profile: FinancierProfile) {
    return profileView(profile);
  }

  protected async incomplete(_tx: Transaction, profile: FinancierProfile): Promise<Error | undefined> {
    const fields = (['licenceNumber', 'regulator', 'about'] as const)
      .filter((field) => profile[field].trim() === '')
      .map((field) => ({ pointer: `/${field}`, rule: 'required', message: 'is missing' }));
    return fields.length > 0 ? institutionError('institution_profile_incomplete', { fields }) : undefined;
  }

  protected async write(tx: Transaction, id: string, changes: Partial<VerifiedProfile>): Promise<void> {
    await tx.manager.update(FinancierProfile, { id }, changes);
  }

  protected async record(tx: Transaction, { id, ...step }: VerificationStep, at: Date): Promise<void> {
    await recordHistory(tx, [{ subjectType: 'financier', subjectId: id, financierId: id, ...step }], at);
  }

  protected override standingChanged(tx: Transaction, id: string): Promise<void> {
    return announceMandates(tx, id);
  }
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
