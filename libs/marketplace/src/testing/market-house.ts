// size: everything that a test of the market can ask for
import { Test, type TestingModule } from '@nestjs/testing';
import { enterprisePersistence } from '#enterprises';
import { guaranteePersistence } from '#guarantee';
import { identityPersistence } from '#identity';
import { ContextHouse, wire } from '#identity/testing';
import { institutionPersistence } from '#institutions';
import { ledgerPersistence } from '#ledger';
import { NoticesModule, noticesPersistence } from '#notices';
import {
  type CommandContext,
  type Environment,
  idBytes,
  newId,
  PlatformModule,
  platformPersistence,
  systemContext,
} from '#platform';
import { receivablePersistence } from '#receivables';
import { reviewPersistence } from '#review';
import { CreateRequest } from '../application/draft-request.js';
import { MatchRequest } from '../application/match-request.js';
import { lockRequest } from '../application/records.js';
import { ReviewRequest } from '../application/review-request.js';
import { SubmitRequest } from '../application/submit-request.js';
import type { OfferTerms } from '../domain/offer-terms.js';
import { marketplacePersistence } from '../index.js';
import { MarketplaceModule } from '../marketplace.module.js';

const contexts = [
  platformPersistence,
  identityPersistence,
  noticesPersistence,
  reviewPersistence,
  enterprisePersistence,
  institutionPersistence,
  ledgerPersistence,
  receivablePersistence,
  guaranteePersistence,
  marketplacePersistence,
];

/** Terms of a plain loan, which tests change where they need to. */
export const plainTerms: OfferTerms = {
  contract: 'conventional',
  price: { kind: 'fixed', annualRate: '9' },
  interest: 'declining',
  amortization: 'equal_instalments',
  everyMonths: 1,
  graceInstalments: 0,
  fees: [],
  collateral: [],
  conditions: [],
  customerChecks: ['commercial registration', 'beneficial owners'],
  recourse: true,
  earlySettlementPercent: '0',
  lateChargePercent: '0',
};

/** A small market on a database of its own: one operator with a reviewer, enterprises and financiers as a test needs them. */
export class MarketHouse extends ContextHouse {
  reviewer: CommandContext = systemContext('none');

  static async open(changes: Partial<Environment> = {}): Promise<MarketHouse> {
    const house = new MarketHouse(await wire({ contexts, modules: [MarketplaceModule, NoticesModule] }, changes));
    house.reviewer = await house.organisation('operator', ['reviewer', 'review_lead']);
    return house;
  }

  /** A second api on the same database, with connections of its own; whoever asks for it closes it. */
  async twin(): Promise<TestingModule> {
    return Test.createTestingModule({
      imports: [PlatformModule.forRoot(this.database.environment, contexts), MarketplaceModule, NoticesModule],
    }).compile();
  }

  /** A verified small manufacturer in Riyadh. */
  async enterprise(): Promise<CommandContext> {
    const context = await this.organisation('enterprise', ['signatory']);
    await this.rows(
      `INSERT INTO enterprise_profile (id, legal_form, sector, region, founded_on, staff, women_led, size_class, status, version, created_at, updated_at)
       VALUES (?, 'llc', 'C', 'SA-01', '2018-05-01', 20, 1, 'small', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(context.actor.organisationId)],
    );
    await this.rows(
      `INSERT INTO enterprise_bank_account (id, enterprise_id, account_number, bank_name, holder_name, declared_by, declared_at, ownership_checked_at, usable_from)
       VALUES (?, ?, 'SA0380000000608010167519', 'bank', 'holder', 'test', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(newId()), idBytes(context.actor.organisationId)],
    );
    return context;
  }

  /** A verified bank with one wide mandate; its maker may bind `limit` alone. */
  async financier(
    limits: { makerLimit?: bigint; perEnterprise?: bigint; products?: readonly string[] } = {},
  ): Promise<CommandContext> {
    const context = await this.organisation('financier', ['maker'], { limit: limits.makerLimit ?? 10n ** 12n });
    const id = idBytes(context.actor.organisationId);
    const mandateId = newId();
    await this.rows(
      `INSERT INTO financier_profile (id, kind, licence_number, regulator, about, website, status, version, created_at, updated_at)
       VALUES (?, 'bank', 'L', 'SAMA', '', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [id],
    );
    await this.rows(
      `INSERT INTO mandate (id, financier_id, reference, name, status, product_kinds, currency, amount_min, amount_max, tenor_min, tenor_max, sectors, regions, size_classes, age_bands,
         collateral, offers_shariah, shariah_only, women_led_only, rural_only, valid_from, limits_approved, per_enterprise_minor, version, created_at, updated_at)
       VALUES (?, ?, ?, 'wide', 'live', ?, 'SAR', 100000, 100000000000, 1, 120, '[]', '[]', '[]', '[]', '[]', 1, 0, 0, 0, '2026-01-01', 1, ?, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [
        idBytes(mandateId),
        id,
        `m${++this.number}`,
        JSON.stringify(limits.products ?? ['term_loan', 'murabaha']),
        limits.perEnterprise?.toString() ?? null,
      ],
    );
    await this.rows('UPDATE mandate_change_counter SET sequence = sequence + 1');
    await this.rows('INSERT INTO mandate_change SELECT sequence, ?, UTC_TIMESTAMP(6) FROM mandate_change_counter', [
      idBytes(mandateId),
    ]);
    return context;
  }

  /** An open request for a term loan, matched against every mandate there is. */
  async openRequest(
    enterprise: CommandContext,
    changes: { amount?: string; mode?: 'sealed' | 'ranked' } = {},
  ): Promise<string> {
    const requestId = await this.submittedRequest(enterprise, changes);
    await this.get(ReviewRequest).open(this.reviewer, requestId);
    await this.run(async (tx) => this.get(MatchRequest).within(tx, await lockRequest(tx, requestId)));
    return requestId;
  }

  async submittedRequest(
    enterprise: CommandContext,
    changes: { amount?: string; mode?: 'sealed' | 'ranked' } = {},
  ): Promise<string> {
    const { id } = await this.get(CreateRequest).execute(enterprise, {
      productKind: 'term_loan',
      amount: { amount: changes.amount ?? '500000.00', currency: 'SAR' },
      tenorMonths: 24,
      purpose: 'A second production line for glass.',
      anonymousText: 'A maker of building materials adds a line.',
      mode: changes.mode ?? 'ranked',
      collateral: ['equipment'],
    });
    for (const kind of ['financial_statements', 'bank_statements', 'business_plan']) await this.addDocument(id, kind);
    await this.get(SubmitRequest).execute(enterprise, id);
    // The case goes to whoever has least to do; the tests' one reviewer stands for all.
    await this.rows('UPDATE review_case SET assignee_id = ? WHERE subject_id = ?', [
      idBytes(this.reviewer.actor.id),
      idBytes(id),
    ]);
    return id;
  }

  /** Bidding is over now. */
  async endBidding(requestId: string): Promise<void> {
    await this.rows('UPDATE funding_request SET closes_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
      idBytes(requestId),
    ]);
  }

  /** An instant after every deadline of a request that opens now. */
  farFuture(): string {
    return new Date(Date.now() + 90 * 86_400_000).toISOString();
  }

  /** Every financier knows who the enterprise is. */
  async discloseToAll(requestId: string): Promise<void> {
    await this.rows(
      "INSERT IGNORE INTO disclosure (request_id, financier_id, disclosed_by, disclosed_at) SELECT request_id, financier_id, 'test', UTC_TIMESTAMP(6) FROM request_match WHERE request_id = ?",
      [idBytes(requestId)],
    );
    await this.rows(
      "UPDATE request_match SET state = 'invited', invited_at = UTC_TIMESTAMP(6) WHERE request_id = ? AND state = 'waiting'",
      [idBytes(requestId)],
    );
  }

  private async addDocument(requestId: string, kind: string): Promise<void> {
    await this.rows(
      "INSERT INTO request_document (id, request_id, kind, file_name, media_type, size_bytes, checksum, added_by, added_at) VALUES (?, ?, ?, 'a.pdf', 'application/pdf', 1, ?, 'test', UTC_TIMESTAMP(6))",
      [idBytes(newId()), idBytes(requestId), kind, Buffer.alloc(32)],
    );
  }
}
