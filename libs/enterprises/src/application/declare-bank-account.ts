import { Inject, Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { IdentityReader } from '#identity';
import { notify } from '#notices';
import { type CommandContext, ENVIRONMENT, type Environment, newId, type Transaction, UnitOfWork } from '#platform';
import { usableFrom } from '../domain/bank-account.policy.js';
import { enterpriseError } from '../domain/errors.js';
import { ibanFault, normaliseIdentifier } from '../domain/identifiers.policy.js';
import { EnterpriseBankAccount, EnterpriseProfile } from '../persistence/entities.js';
import { assertEditable, assertVersion, lockProfile } from './enterprise-profiles.js';
import { enterpriseRules } from './enterprise-rules.js';
import { VerifyEnterprise } from './verify-enterprise.js';

export interface BankAccountInput {
  /** IBAN, or the account's digits where the country has none. */
  readonly accountNumber: string;
  readonly bankName: string;
  readonly holderName: string;
}

/**
 * Declares the account to which money may go. Another account re-opens the verification, because its ownership must
 * be checked, and waits a cooling time from now; everybody of the firm is told.
 */
@Injectable()
export class DeclareBankAccount {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly verification: VerifyEnterprise,
    private readonly identity: IdentityReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(context: CommandContext, version: number, input: BankAccountInput) {
    return this.unitOfWork.run(context, (tx) => this.within(tx, version, input));
  }

  async within(tx: Transaction, version: number, input: BankAccountInput) {
    const accountNumber = this.check(input.accountNumber);
    const { organisationId: enterpriseId, id: declaredBy } = tx.context.actor;
    const profile = await lockProfile(tx, enterpriseId);
    assertVersion(profile.version, version);
    const now = await tx.now();
    const earlier = await tx.manager.findOneBy(EnterpriseBankAccount, { enterpriseId, replacedAt: IsNull() });
    const isSame =
      earlier?.accountNumber === accountNumber &&
      earlier.holderName === input.holderName &&
      earlier.bankName === input.bankName;
    if (isSame) return { version, usableFrom: earlier.usableFrom.toISOString() };
    assertEditable(profile);
    // An account that nobody ever confirmed was never usable: correcting a mistyped one costs no waiting.
    const hadConfirmed = await tx.manager.existsBy(EnterpriseBankAccount, {
      enterpriseId,
      ownershipCheckedAt: Not(IsNull()),
    });
    const { coolingHours } = enterpriseRules(this.environment.country).account;
    const usable = usableFrom(now, hadConfirmed, coolingHours);
    if (earlier) await tx.manager.update(EnterpriseBankAccount, { id: earlier.id }, { replacedAt: now });
    const account: EnterpriseBankAccount = {
      id: newId(),
      enterpriseId,
      accountNumber,
      bankName: input.bankName,
      holderName: input.holderName,
      declaredBy,
      declaredAt: now,
      ownershipCheckedAt: null,
      ownershipCheckedBy: null,
      usableFrom: usable,
      replacedAt: null,
    };
    await tx.manager.insert(EnterpriseBankAccount, account);
    const after = { ...profile, version: version + 1, updatedAt: now };
    await tx.manager.update(EnterpriseProfile, { id: enterpriseId }, { version: after.version, updatedAt: now });
    const ending = accountNumber.slice(-4);
    tx.audit({
      action: 'enterprise.declare_account',
      subjectType: 'enterprise',
      subjectId: enterpriseId,
      data: { accountId: account.id, ending, usableFrom: usable.toISOString() },
    });
    const reopened =
      profile.status === 'verified' ? await this.verification.reopenWithin(tx, after, 'bank account') : after;
    if (earlier) await this.tell(tx, enterpriseId, ending, usable);
    return { version: reopened.version, usableFrom: usable.toISOString() };
  }

  private async tell(tx: Transaction, enterpriseId: string, ending: string, usable: Date): Promise<void> {
    const organisation = await this.identity.organisation(enterpriseId, tx);
    notify(tx, {
      organisationId: enterpriseId,
      template: 'bank_account_changed',
      parameters: { name: organisation?.name ?? '', ending, usableFrom: usable.toISOString() },
      link: '/enterprise',
    });
  }

  private check(accountNumber: string): string {
    const { country } = this.environment;
    const value = normaliseIdentifier(accountNumber);
    const { format } = enterpriseRules(country).account;
    const message =
      format === 'iban' ? ibanFault(value, country) : /^\d{8,30}$/.test(value) ? undefined : 'must be 8 to 30 digits';
    if (message === undefined) return value;
    throw enterpriseError('enterprise_profile_invalid', {
      detail: `/accountNumber: ${message}`,
      fields: [{ pointer: '/accountNumber', rule: 'account', message }],
    });
  }
}
