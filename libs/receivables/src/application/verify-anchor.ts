import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { OrganisationVerification, type VerificationStep, type VerifiedProfile } from '#review';
import { receivableError } from '../domain/errors.js';
import { AnchorProfile } from '../persistence/entities.js';
import { anchorView } from './anchor-views.js';
import { lockAnchor, recordAnchorHistory } from './anchors.js';

/** The verification of an anchor: the operator looks at who it is. Verified, it may confirm what it owes. */
@Injectable()
export class VerifyAnchor extends OrganisationVerification<AnchorProfile, ReturnType<typeof anchorView>> {
  protected readonly subjectType = 'anchor_verification';
  protected readonly noun = 'anchor';
  protected readonly link = '/anchor';

  protected lock(tx: Transaction, id: string): Promise<AnchorProfile> {
    return lockAnchor(tx, id);
  }

  protected view(profile: AnchorProfile) {
    return anchorView(profile);
  }

  protected async incomplete(_tx: Transaction, profile: AnchorProfile): Promise<Error | undefined> {
    const fields = (['about', 'taxId'] as const)
      .filter((field) => (profile[field] ?? '').trim() === '')
      .map((field) => ({ pointer: `/${field}`, rule: 'required', message: 'is missing' }));
    return fields.length > 0 ? receivableError('anchor_profile_incomplete', { fields }) : undefined;
  }

  protected async write(tx: Transaction, id: string, changes: Partial<VerifiedProfile>): Promise<void> {
    await tx.manager.update(AnchorProfile, { id }, changes);
  }

  protected async record(tx: Transaction, { id, ...step }: VerificationStep, at: Date): Promise<void> {
    await recordAnchorHistory(tx, { subjectType: 'anchor', subjectId: id, anchorId: id, ...step }, at);
  }
}
