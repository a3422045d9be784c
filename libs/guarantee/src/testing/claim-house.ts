// size: one house with everything that a claim needs.
import { enterprisePersistence } from '#enterprises';
import { identityPersistence } from '#identity';
import { ContextHouse, wire } from '#identity/testing';
import { institutionPersistence } from '#institutions';
import { checkLedger, Ledger, LedgerReader, ledgerPersistence, schemeAccount } from '#ledger';
import { NoticesModule, noticesPersistence } from '#notices';
import { type CommandContext, idBytes, newId, platformPersistence } from '#platform';
import { reviewPersistence, ReviewCases } from '#review';
import { ClaimDocuments } from '../application/claim-documents.js';
import type { ClaimView } from '../application/claim-views.js';
import { DecideClaim, ProposeClaimDecision } from '../application/decide-claim.js';
import { type ClaimInput, NotifyClaim } from '../application/notify-claim.js';
import { ConfirmClaimPayment, PrepareClaimPayment } from '../application/pay-claim.js';
import { PayeeAccounts } from '../application/payee-accounts.js';
import { guaranteeEventHandlers, GuaranteeModule } from '../guarantee.module.js';
import { guaranteePersistence } from '../index.js';

const contexts = [
  platformPersistence,
  identityPersistence,
  noticesPersistence,
  ledgerPersistence,
  reviewPersistence,
  enterprisePersistence,
  institutionPersistence,
  guaranteePersistence,
];

export const sar = (amount: string) => ({ amount, currency: 'SAR' });

const pdf = (text: string) => Buffer.from(`%PDF-1.7\n${text}`);

/** A guarantor with one open scheme, lenders and guarantees in force, on a database of its own. */
export class ClaimHouse extends ContextHouse {
  schemeId = '';
  maker!: CommandContext;
  otherMaker!: CommandContext;
  checker!: CommandContext;
  otherChecker!: CommandContext;
  lender!: CommandContext;
  supervisor!: CommandContext;

  static async open(claims: readonly object[] = []): Promise<ClaimHouse> {
    const house = new ClaimHouse(
      await wire({ contexts, modules: [GuaranteeModule, NoticesModule], eventHandlers: guaranteeEventHandlers }),
    );
    await house.organisation('operator', ['reviewer', 'review_lead']);
    house.maker = await house.organisation('guarantor', ['maker']);
    house.otherMaker = await house.colleague(house.maker, ['maker']);
    house.checker = await house.colleague(house.maker, ['checker'], 10n ** 12n);
    house.otherChecker = await house.colleague(house.maker, ['checker'], 10n ** 12n);
    house.lender = await house.organisation('financier', ['maker']);
    house.supervisor = await house.organisation('supervisor', ['reader']);
    house.schemeId = await house.scheme(claims);
    return house;
  }

  /** Capital of 100 million at five times, and one version with a few clauses. */
  private async scheme(claims: readonly object[]): Promise<string> {
    const id = newId();
    const text = { en: 'x', ar: 'x', zh: 'x' };
    const terms = {
      clauses: [
        { id: 'M1', kind: 'maximum_cover', percent: '80', text },
        { id: 'M2', kind: 'retained_share', minPercent: '20', text },
      ],
      claims,
      leverageHundredths: 500,
      fee: {
        table: 'CN',
        bookVersion: '2024.1',
        base: 'loan',
        collection: 'annual',
        factorPercent: '100',
        rounding: 'down',
        refund: 'none',
      },
      covenant: { parts: [{ sourceClass: 'government', weight: 1 }], tolerancePoints: '5' },
      approvalDays: 60,
      defaultDays: 90,
      claimDays: 180,
      letterDays: 30,
      cureDays: 30,
      reportGraceDays: 20,
      consentText: text,
    };
    await this.rows(
      `INSERT INTO guarantee_scheme (id, guarantor_id, code, names, currency, status, current_version, version, created_at, updated_at)
       VALUES (?, ?, ?, ?, 'SAR', 'active', 1, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(id), idBytes(this.maker.actor.organisationId), `S${id.slice(-8)}`, JSON.stringify(text)],
    );
    await this.rows(
      `INSERT INTO scheme_version (scheme_id, number, id, status, terms, reason, proposed_by, proposed_at)
       VALUES (?, 1, ?, 'in_force', ?, '', 'test', UTC_TIMESTAMP(6))`,
      [idBytes(id), idBytes(newId()), JSON.stringify(terms)],
    );
    await this.rows(
      "INSERT INTO scheme_capacity (scheme_id, currency, base_minor, leverage_hundredths, used_minor, ceiling_minor) VALUES (?, 'SAR', ?, 500, 0, ?)",
      [idBytes(id), (10n ** 10n).toString(), (5n * 10n ** 10n).toString()],
    );
    await this.run((tx) =>
      this.get(Ledger).post(tx, {
        reference: `test.capital:${id}`,
        description: 'capital',
        subject: { type: 'test', id },
        postings: [
          {
            debit: schemeAccount(id, 'scheme_bank'),
            credit: schemeAccount(id, 'paid_in_capital'),
            amount: 10n ** 10n,
            currency: 'SAR',
          },
        ],
      }),
    );
    return id;
  }

  /** A guarantee in force on a loan, `cover` percent of it guaranteed, reported at `daysPastDue`. Major units. */
  async guarantee(
    loan: bigint,
    options: { cover?: string; daysPastDue?: number; enterpriseId?: string; agreementId?: string; grade?: string } = {},
  ): Promise<string> {
    const { cover = '80.00', daysPastDue = 95, enterpriseId = newId(), agreementId = null, grade = 'BB' } = options;
    const id = newId();
    const loanMinor = loan * 100n;
    const guaranteed = (loanMinor * BigInt(cover.replace('.', ''))) / 10_000n;
    const lenderId = this.lender.actor.organisationId;
    await this.rows(
      `INSERT INTO guarantee (id, scheme_id, scheme_version, application_id, reservation_id, agreement_id, lender_id, enterprise_id, number, currency,
         loan_minor, cover_percent, guaranteed_minor, outstanding_minor, balance_minor, product_kind, tenor_months, sector, region, vintage, grade, state,
         letter_until, issued_at, disbursed_on, in_force_at, ends_on, fee_due, days_past_due, reported_month, version, created_at, updated_at)
       VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, 'SAR', ?, ?, ?, ?, ?, 'term_loan', 36, 'C', 'SA-01', '2026', ?, 'in_force',
         UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '2025-01-15', UTC_TIMESTAMP(6), '2029-01-15', 0, ?, '2026-10', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [
        idBytes(id),
        idBytes(this.schemeId),
        idBytes(newId()),
        idBytes(newId()),
        agreementId && idBytes(agreementId),
        idBytes(lenderId),
        idBytes(enterpriseId),
        `G-${++this.number}`,
        loanMinor.toString(),
        cover,
        guaranteed.toString(),
        loanMinor.toString(),
        guaranteed.toString(),
        grade,
        daysPastDue,
      ],
    );
    await this.rows('UPDATE scheme_capacity SET used_minor = used_minor + ? WHERE scheme_id = ?', [
      guaranteed.toString(),
      idBytes(this.schemeId),
    ]);
    for (const [scope, key] of [
      ['enterprise', enterpriseId],
      ['lender', lenderId],
      ['sector', 'C'],
      ['region', 'SA-01'],
      ['vintage', '2026'],
    ])
      await this.rows(
        `INSERT INTO scheme_exposure (scheme_id, scope, scope_key, used_minor) VALUES (?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE used_minor = used_minor + VALUES(used_minor)`,
        [idBytes(this.schemeId), scope, key, guaranteed.toString()],
      );
    return id;
  }

  /** A claim on all of a loan's principal. */
  claimInput(principal: string, changes: Partial<ClaimInput> = {}): ClaimInput {
    return {
      defaultedOn: '2026-08-01',
      principalAtDefault: sar(principal),
      principalAtClaim: sar(principal),
      interest: sar('0.00'),
      interestRate: '9',
      costs: sar('0.00'),
      note: 'Three instalments are unpaid.',
      ...changes,
    };
  }

  /** A notified claim with every document that the rule book asks for. */
  async claim(
    loan: bigint,
    options: Parameters<ClaimHouse['guarantee']>[1] = {},
    changes: Partial<ClaimInput> = {},
  ): Promise<ClaimView> {
    const guaranteeId = await this.guarantee(loan, options);
    const claim = await this.get(NotifyClaim).execute(this.lender, guaranteeId, this.claimInput(`${loan}.00`, changes));
    await this.handIn(claim.id);
    return claim;
  }

  async handIn(claimId: string): Promise<void> {
    for (const kind of ['loan_agreement', 'account_statement', 'demand_notice'])
      await this.get(ClaimDocuments).add(this.lender, claimId, { kind, fileName: `${kind}.pdf` }, pdf(kind));
  }

  async approved(claimId: string): Promise<ClaimView> {
    await this.get(ProposeClaimDecision).execute(this.maker, claimId, {
      decision: 'approve',
      clauses: [],
      reason: 'Proven.',
    });
    return this.get(DecideClaim).execute(this.checker, claimId, true, '');
  }

  /** The lender's account, checked and past its cooling time. */
  async payeeAccount(): Promise<void> {
    await this.rows(
      `INSERT IGNORE INTO scheme_accreditation (id, scheme_id, lender_id, status, reason, proposed_by, decided_by, version, created_at, updated_at)
       VALUES (?, ?, ?, 'accredited', '', 'a', 'b', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(newId()), idBytes(this.schemeId), idBytes(this.lender.actor.organisationId)],
    );
    const { id } = await this.get(PayeeAccounts).enter(this.lender, this.schemeId, {
      accountNumber: 'SA0380000000608010167519',
      bankName: 'Bank',
      holderName: 'Lender',
    });
    await this.get(PayeeAccounts).check(this.checker, id, true, 'letter of the bank');
    await this.rows('UPDATE payee_account SET usable_from = UTC_TIMESTAMP(6) WHERE id = ?', [idBytes(id)]);
  }

  async paid(claimId: string): Promise<ClaimView> {
    const evidence = await this.get(ClaimDocuments).add(
      this.maker,
      claimId,
      { kind: 'payment_evidence', fileName: 'advice.pdf' },
      pdf(claimId),
    );
    await this.get(PrepareClaimPayment).execute(this.maker, claimId);
    return this.get(ConfirmClaimPayment).execute(this.checker, claimId, {
      bankReference: `B-${claimId}`,
      evidenceDocumentId: evidence.id,
    });
  }

  async balance(key: Parameters<LedgerReader['figures']>[0]): Promise<bigint> {
    return (await this.get(LedgerReader).figures(key, 'SAR')).balance;
  }

  ledgerHolds(): Promise<Awaited<ReturnType<typeof checkLedger>>> {
    return this.run(checkLedger);
  }

  get cases(): ReviewCases {
    return this.get(ReviewCases);
  }
}
