import { Inject, Injectable } from '@nestjs/common';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  isDuplicateKey,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { verificationLifecycle } from '#review';
import { enterpriseError } from '../domain/errors.js';
import { type Identifier, normaliseIdentifier } from '../domain/identifiers.policy.js';
import { changedFacts, type ProfileFacts } from '../domain/profile.js';
import { identifierFaults, ownerFaults, type OwnerFacts, profileFaults } from '../domain/profile.policy.js';
import { SCREENING, type ScreeningPort, type ScreeningResult } from '../domain/screening.js';
import { EnterpriseOwner, EnterpriseProfile } from '../persistence/entities.js';
import { assertEditable, assertVersion, findProfile, lockProfile } from './enterprise-profiles.js';
import { enterpriseRules } from './enterprise-rules.js';
import { evaluateSize } from './evaluate-size.js';
import { profileRules } from './profile-rules.js';
import { VerifyEnterprise } from './verify-enterprise.js';

/** Any part of the profile: a draft saves itself field by field. A list that is given replaces the whole list. */
export type ProfileInput = Partial<ProfileFacts> & {
  readonly identifiers?: readonly Identifier[];
  readonly owners?: readonly OwnerFacts[];
};

/** Saves a part of the enterprise's profile. A change of what was verified re-opens the verification. */
@Injectable()
export class SaveProfile {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly verification: VerifyEnterprise,
    @Inject(SCREENING) private readonly screening: ScreeningPort,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** `version` 0 begins the profile. Owners are screened before the transaction, because a list may be remote. */
  async execute(context: CommandContext, version: number, input: ProfileInput): Promise<{ version: number }> {
    const screened = await this.screening.screen(input.owners ?? []);
    return this.unitOfWork.run(context, (tx) => this.within(tx, version, input, screened));
  }

  async within(
    tx: Transaction,
    version: number,
    input: ProfileInput,
    screened: readonly ScreeningResult[],
  ): Promise<{ version: number }> {
    const id = tx.context.actor.organisationId;
    const { identifiers: stated, owners, ...facts } = input;
    const now = await tx.now();
    const before = version === 0 ? await begin(tx, id, now) : await lockProfile(tx, id);
    assertVersion(before.version, Math.max(version, 1));
    assertEditable(before);
    const after: EnterpriseProfile = {
      ...before,
      ...facts,
      version: version === 0 ? 1 : version + 1,
      updatedAt: now,
    };
    const identifiers = stated?.map(({ scheme, value }) => ({ scheme, value: normaliseIdentifier(value) }));
    this.check(after, identifiers, owners, now);
    await tx.manager.update(EnterpriseProfile, { id }, { ...facts, version: after.version, updatedAt: now });
    const changed: string[] = [...changedFacts(before, after)];
    if (identifiers && (await replaceIdentifiers(tx, id, identifiers))) changed.push('identifiers');
    if (owners && (await replaceOwners(tx, id, owners, screened, now))) changed.push('owners');
    await evaluateSize(tx, after, enterpriseRules(this.environment.country), now);
    tx.audit({
      action: 'enterprise.save',
      subjectType: 'enterprise',
      subjectId: id,
      data: { ...facts, identifiers: identifiers ?? null, owners: owners?.length ?? null },
    });
    if (before.status !== 'verified' || changed.length === 0) return { version: after.version };
    const { version: reopened } = await this.verification.reopenWithin(tx, after, changed.join(', '));
    return { version: reopened };
  }

  private check(
    facts: ProfileFacts,
    identifiers: readonly Identifier[] | undefined,
    owners: readonly OwnerFacts[] | undefined,
    now: Date,
  ): void {
    const rules = profileRules(this.environment.country);
    const today = countryDate(this.environment.country, now);
    const faults = [
      ...profileFaults(facts, today, rules),
      ...identifierFaults(identifiers ?? [], rules),
      ...ownerFaults(owners ?? [], today),
    ];
    if (faults.length === 0) return;
    throw enterpriseError('enterprise_profile_invalid', {
      fields: faults,
      detail: `${faults[0]?.pointer}: ${faults[0]?.message}`,
    });
  }
}

async function begin(tx: Transaction, id: string, now: Date): Promise<EnterpriseProfile> {
  if (await findProfile(tx, id)) throw httpError('record_changed');
  const profile: EnterpriseProfile = {
    id,
    legalForm: null,
    sector: null,
    isicClass: null,
    sizeIndustry: null,
    region: null,
    foundedOn: null,
    staff: null,
    womenLed: false,
    rural: false,
    exporter: false,
    leastDeveloped: false,
    status: verificationLifecycle.initial,
    reviewCaseId: null,
    sizeClass: null,
    sizeEvaluationId: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await tx.manager.insert(EnterpriseProfile, profile).catch((error: unknown) => {
    throw isDuplicateKey(error) ? httpError('record_changed') : error;
  });
  return profile;
}

/** True when the identifiers are not the same as before. */
async function replaceIdentifiers(tx: Transaction, id: string, identifiers: readonly Identifier[]): Promise<boolean> {
  const before = await tx.rows<Identifier>(
    'SELECT scheme, value FROM enterprise_identifier WHERE enterprise_id = ? ORDER BY scheme',
    [idBytes(id)],
  );
  const print = (list: readonly Identifier[]): string =>
    list
      .map(({ scheme, value }) => `${scheme}=${value}`)
      .sort()
      .join();
  if (print(before) === print(identifiers)) return false;
  await tx.execute('DELETE FROM enterprise_identifier WHERE enterprise_id = ?', [idBytes(id)]);
  await tx
    .insertRows(
      'enterprise_identifier',
      ['enterprise_id', 'scheme', 'value'],
      identifiers.map(({ scheme, value }) => [idBytes(id), scheme, value]),
    )
    .catch((error: unknown) => {
      throw isDuplicateKey(error)
        ? enterpriseError('enterprise_identifier_taken', {
            fields: [{ pointer: '/identifiers', rule: 'unique', message: 'one of them is stated by another firm' }],
          })
        : error;
    });
  return true;
}

/** True when the owners are not the same as before; unchanged ones are still screened anew. */
async function replaceOwners(
  tx: Transaction,
  enterpriseId: string,
  owners: readonly OwnerFacts[],
  screened: readonly ScreeningResult[],
  now: Date,
): Promise<boolean> {
  const before = await tx.manager.find(EnterpriseOwner, { where: { enterpriseId }, order: { position: 'ASC' } });
  await tx.manager.delete(EnterpriseOwner, { enterpriseId });
  const rows = owners.map((owner, position): EnterpriseOwner => {
    const result = screened[position];
    return {
      ...owner,
      id: newId(),
      enterpriseId,
      position,
      screeningStatus: result?.status ?? 'not_screened',
      screeningList: result?.list ?? null,
      screeningMatches: [...(result?.matches ?? [])],
      screenedAt: result && result.status !== 'not_screened' ? now : null,
    };
  });
  if (rows.length > 0) await tx.manager.insert(EnterpriseOwner, rows as never[]);
  const print = (list: readonly OwnerFacts[]): string =>
    JSON.stringify(
      list.map((owner) => [
        owner.kind,
        owner.name,
        owner.localName,
        owner.country,
        owner.bornOn,
        owner.sharePpm,
        owner.isWoman,
        owner.politicallyExposed,
      ]),
    );
  return print(before) !== print(owners);
}
