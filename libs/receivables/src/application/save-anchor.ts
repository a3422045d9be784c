import { Injectable } from '@nestjs/common';
import { type CommandContext, httpError, isDuplicateKey, type Transaction, UnitOfWork } from '#platform';
import { verificationLifecycle } from '#review';
import type { AnchorKind, AnchorVisibility } from '../domain/anchor.js';
import { receivableError } from '../domain/errors.js';
import { AnchorProfile } from '../persistence/entities.js';
import { assertVersion, lockAnchor } from './anchors.js';
import { anchorView } from './anchor-views.js';
import { VerifyAnchor } from './verify-anchor.js';

/** Any part of the profile. */
export interface AnchorInput {
  readonly kind?: AnchorKind;
  readonly visibility?: AnchorVisibility;
  readonly taxId?: string | null;
  readonly about?: string;
  readonly website?: string;
}

const verifiedFacts = ['kind', 'taxId'] as const;

/** Saves a part of the anchor's profile. A change of a verified fact re-opens the verification. */
@Injectable()
export class SaveAnchor {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly verification: VerifyAnchor,
  ) {}

  /** `version` 0 makes the profile. */
  async execute(context: CommandContext, version: number, input: AnchorInput) {
    return this.unitOfWork.run(context, (tx) => this.within(tx, version, input));
  }

  async within(tx: Transaction, version: number, input: AnchorInput) {
    const id = tx.context.actor.organisationId;
    if (version === 0) return this.create(tx, id, input);
    const before = await lockAnchor(tx, id);
    assertVersion(before.version, version);
    if (before.status === 'submitted' || before.status === 'in_review') throw receivableError('anchor_under_review');
    const now = await tx.now();
    const after: AnchorProfile = { ...before, ...input, version: version + 1, updatedAt: now };
    await tx.manager
      .update(AnchorProfile, { id }, { ...input, version: after.version, updatedAt: now })
      .catch(refuseTwice);
    tx.audit({ action: 'anchor.save', subjectType: 'anchor', subjectId: id, data: { ...input } });
    const changed = verifiedFacts.filter((fact) => before[fact] !== after[fact]);
    if (before.status !== 'verified' || changed.length === 0) return anchorView(after);
    return anchorView(await this.verification.reopenWithin(tx, after, changed.join(', ')));
  }

  private async create(tx: Transaction, id: string, input: AnchorInput) {
    const now = await tx.now();
    const profile: AnchorProfile = {
      id,
      kind: input.kind ?? 'company',
      visibility: input.visibility ?? 'suppliers',
      taxId: input.taxId ?? null,
      about: input.about ?? '',
      website: input.website ?? '',
      status: verificationLifecycle.initial,
      confirmationsStoppedAt: null,
      curedAt: null,
      reviewCaseId: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    if (await tx.manager.existsBy(AnchorProfile, { id })) throw httpError('record_changed');
    await tx.manager.insert(AnchorProfile, profile).catch(refuseTwice);
    tx.audit({ action: 'anchor.save', subjectType: 'anchor', subjectId: id, data: { ...input } });
    return anchorView(profile);
  }
}

function refuseTwice(error: unknown): never {
  throw isDuplicateKey(error) ? receivableError('anchor_tax_id_taken') : error;
}
