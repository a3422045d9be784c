import { Injectable } from '@nestjs/common';
import { type CommandContext, httpError, isDuplicateKey, type Transaction, UnitOfWork } from '#platform';
import { verificationLifecycle } from '#review';
import type { FinancierKind } from '../domain/financier.js';
import { institutionError } from '../domain/errors.js';
import { FinancierProfile } from '../persistence/entities.js';
import { assertVersion } from './financiers.js';
import { VerifyFinancier } from './verify-financier.js';
import { profileView } from './views.js';

/** Any part of the profile: a draft saves itself field by field. */
export interface FinancierProfileInput {
  readonly kind?: FinancierKind;
  readonly licenceNumber?: string;
  readonly regulator?: string;
  readonly about?: string;
  readonly website?: string;
}

export type FinancierProfileView = ReturnType<typeof profileView>;

const verifiedFacts = ['kind', 'licenceNumber', 'regulator'] as const;

/** Saves a part of the financier's profile. A change of a verified fact re-opens the verification. */
@Injectable()
export class SaveFinancierProfile {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly verification: VerifyFinancier,
  ) {}

  /** `version` 0 makes the profile, which needs its kind. */
  async execute(context: CommandContext, version: number, input: FinancierProfileInput): Promise<FinancierProfileView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, version, input));
  }

  async within(tx: Transaction, version: number, input: FinancierProfileInput): Promise<FinancierProfileView> {
    const id = tx.context.actor.organisationId;
    if (version === 0) return this.create(tx, id, input);
    const before = await tx.manager.findOne(FinancierProfile, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!before) throw institutionError('institution_profile_missing');
    assertVersion(before.version, version);
    if (before.status === 'submitted' || before.status === 'in_review')
      throw institutionError('verification_under_review');
    const now = await tx.now();
    const after: FinancierProfile = { ...before, ...input, version: version + 1, updatedAt: now };
    await tx.manager.update(FinancierProfile, { id }, { ...input, version: after.version, updatedAt: now });
    tx.audit({ action: 'institution.save', subjectType: 'institution', subjectId: id, data: { ...input } });
    const changed = verifiedFacts.filter((fact) => before[fact] !== after[fact]);
    if (before.status === 'verified' && changed.length > 0)
      await this.verification.reopenWithin(tx, after, changed.join(', '));
    return profileView(after);
  }

  private async create(tx: Transaction, id: string, input: FinancierProfileInput): Promise<FinancierProfileView> {
    if (!input.kind)
      throw institutionError('institution_profile_incomplete', {
        fields: [{ pointer: '/kind', rule: 'required', message: 'is needed to begin the profile' }],
      });
    const now = await tx.now();
    const profile: FinancierProfile = {
      id,
      kind: input.kind,
      licenceNumber: input.licenceNumber ?? '',
      regulator: input.regulator ?? '',
      about: input.about ?? '',
      website: input.website ?? '',
      status: verificationLifecycle.initial,
      suspended: false,
      reviewCaseId: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await tx.manager.insert(FinancierProfile, profile).catch((error: unknown) => {
      throw isDuplicateKey(error) ? httpError('record_changed') : error;
    });
    tx.audit({ action: 'institution.save', subjectType: 'institution', subjectId: id, data: { ...input } });
    return profileView(profile);
  }
}
