import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { notify } from '#notices';
import { type Actor, type CommandContext, idBytes, newId, UnitOfWork } from '#platform';
import { claimError } from '../domain/claim-errors.js';
import { guaranteeError } from '../domain/errors.js';
import { PayeeAccount } from '../persistence/claim.entities.js';
import { GuaranteeScheme } from '../persistence/entities.js';
import { assertOther, assertPersonActs } from './claim-steps.js';
import { ClaimRules } from './claim-rules.js';

export interface PayeeAccountInput {
  readonly accountNumber: string;
  readonly bankName: string;
  readonly holderName: string;
}

export type PayeeAccountView = ReturnType<typeof payeeAccountView>;

export function payeeAccountView({ enteredBy: _by, checkedBy: _checker, ...account }: PayeeAccount) {
  return account;
}

const dayMs = 86_400_000;

/** Where a lender's claims are paid to: entered by the lender, checked by a person of the guarantor, used after a cooling time. */
@Injectable()
export class PayeeAccounts {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rules: ClaimRules,
  ) {}

  /** A new account replaces the one before; nothing is paid to either until the new one is checked. */
  async enter(context: CommandContext, schemeId: string, input: PayeeAccountInput): Promise<PayeeAccountView> {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await tx.manager.findOneBy(GuaranteeScheme, { id: schemeId });
      const lenderId = context.actor.organisationId;
      const [accredited] = await tx.rows(
        'SELECT id FROM scheme_accreditation WHERE scheme_id = ? AND lender_id = ? AND live = 1',
        [idBytes(schemeId), idBytes(lenderId)],
      );
      if (!scheme || !accredited) throw guaranteeError('lender_not_accredited');
      await tx.execute(
        "UPDATE payee_account SET status = 'replaced' WHERE scheme_id = ? AND lender_id = ? AND live = 1",
        [idBytes(schemeId), idBytes(lenderId)],
      );
      const account: PayeeAccount = {
        id: newId(),
        schemeId,
        lenderId,
        ...input,
        status: 'entered',
        enteredBy: context.actor.id,
        enteredAt: await tx.now(),
        checkedBy: null,
        checkedAt: null,
        usableFrom: null,
      };
      await tx.manager.insert(PayeeAccount, account);
      tx.audit({
        action: 'payee_account.enter',
        subjectType: 'payee_account',
        subjectId: account.id,
        data: { schemeId, lenderId, ending: input.accountNumber.slice(-4) },
      });
      notify(tx, {
        organisationId: scheme.guarantorId,
        roles: ['checker'],
        template: 'approval_waits',
        parameters: { what: input.holderName },
      });
      return payeeAccountView(account);
    });
  }

  /** A person of the guarantor says that the account is the lender's, by the bank's confirmation, or that it is not. */
  async check(context: CommandContext, accountId: string, owned: boolean, evidence: string): Promise<PayeeAccountView> {
    return this.unitOfWork.run(context, async (tx) => {
      await tx.rows('SELECT id FROM payee_account WHERE id = ? FOR UPDATE', [idBytes(accountId)]);
      const account = await tx.manager.findOneBy(PayeeAccount, { id: accountId });
      const scheme = account && (await tx.manager.findOneBy(GuaranteeScheme, { id: account.schemeId }));
      if (!account || scheme?.guarantorId !== context.actor.organisationId) throw claimError('payee_account_unknown');
      if (account.status !== 'entered') throw claimError('payee_account_decided', { data: { status: account.status } });
      assertPersonActs(context.actor);
      assertOther(account.enteredBy, context.actor);
      const now = await tx.now();
      const checked = {
        status: owned ? ('checked' as const) : ('rejected' as const),
        checkedBy: context.actor.id,
        checkedAt: now,
        usableFrom: owned ? new Date(now.getTime() + this.rules.book.coolingDays * dayMs) : null,
      };
      await tx.manager.update(PayeeAccount, { id: accountId }, checked);
      tx.audit({
        action: owned ? 'payee_account.check' : 'payee_account.reject',
        subjectType: 'payee_account',
        subjectId: accountId,
        data: { evidence },
      });
      return payeeAccountView({ ...account, ...checked });
    });
  }

  /** A lender's own account, or for the guarantor and the supervisor those of a scheme. */
  async list(actor: Actor, schemeId: string): Promise<{ items: PayeeAccountView[]; nextCursor: null }> {
    const scheme = await this.dataSource.manager.findOneBy(GuaranteeScheme, { id: schemeId });
    const isOffice = actor.organisationKind === 'supervisor' || scheme?.guarantorId === actor.organisationId;
    const own = !isOffice;
    const [accredited] = await this.dataSource.query<object[]>(
      'SELECT id FROM scheme_accreditation WHERE scheme_id = ? AND lender_id = ? LIMIT 1',
      [idBytes(schemeId), idBytes(actor.organisationId)],
    );
    if (!scheme || (own && !accredited)) throw guaranteeError('scheme_unknown');
    const found = await this.dataSource.manager.find(PayeeAccount, {
      where: { schemeId, ...(own ? { lenderId: actor.organisationId } : {}) },
      order: { id: 'DESC' },
      take: 200,
    });
    return { items: found.map(payeeAccountView), nextCursor: null };
  }
}
