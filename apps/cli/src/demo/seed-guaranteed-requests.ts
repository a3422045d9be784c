import { DataSource } from 'typeorm';
import { Consents } from '#guarantee';
import {
  AcceptOffer,
  ApplyForOfferGuarantee,
  AttachDocument,
  AwardSteps,
  ConsentToGuarantee,
  CreateRequest,
  DiscloseIdentity,
  PlaceOffer,
  ReviewRequest,
  SubmitRequest,
} from '#marketplace';
import { type CommandContext, idBytes, idText } from '#platform';
import { enterpriseCast, type EnterpriseRole } from './cast-enterprises.js';
import { financierCast } from './cast-financiers.js';
import { guaranteeCast, guaranteedLenders, type GuaranteeRole, type GuaranteeStory } from './cast-guarantees.js';
import { type MarketAt, SeedFailure } from './market-at.js';
import { ownerOf } from './seed-enterprises.js';
import { emailOf } from './seed-financiers.js';
import { code, Fund, type GuaranteeSeed } from './seed-guarantees.js';

/** A request with the offer that its firm means to accept. */
interface Pending {
  readonly role: GuaranteeRole;
  readonly requestId: string;
  readonly offerId: string;
}

const sar = (amount: number) => ({ amount: amount.toFixed(2), currency: 'SAR' });
/** What a guarantee takes off the price of a loan, in percent a year. */
const guaranteedCheaper = 2.4;

/** Loans of the market that need a guarantee: offered with one, reserved, awarded, paid out. */
export class GuaranteedRequests {
  private readonly pending = new Map<GuaranteeStory, readonly Pending[]>();

  constructor(private readonly guarantees: GuaranteeSeed) {}

  /** Requests are opened, a lender binds itself to an offer with a guarantee, and the fund reserves it. */
  async offer(market: MarketAt, lead: CommandContext, story: GuaranteeStory): Promise<void> {
    const roles = guaranteeCast.filter((role) => role.market && role.story === story);
    const opened: { role: GuaranteeRole; requestId: string; owner: CommandContext }[] = [];
    for (const role of roles) {
      const firm = enterpriseCast[role.firm] as EnterpriseRole;
      const owner = await market.actor(ownerOf(firm));
      opened.push({ role, owner, requestId: await this.submit(market, owner, firm, role) });
    }
    await market.settle();
    for (const { requestId } of opened) await market.get(ReviewRequest).open(lead, requestId);
    await market.settle();
    const placed: Pending[] = [];
    const applied: { role: GuaranteeRole; id: string }[] = [];
    for (const [n, { role: cast, owner, requestId }] of opened.entries()) {
      const lender = await this.lenderOf(market, requestId, n);
      const role = { ...cast, lender, agreed: this.guarantees.agreements.has(lender) };
      const offerId = await this.bind(market, owner, requestId, role);
      applied.push({ role, id: await this.apply(market, owner, offerId, role) });
      placed.push({ role, requestId, offerId });
    }
    await market.settle();
    await this.guarantees.decideAndDraw(market, applied);
    this.pending.set(story, placed);
  }

  /** The firms accept: each award turns its letter into the guarantee. */
  async award(market: MarketAt, story: GuaranteeStory): Promise<void> {
    for (const { role, offerId } of this.of(story)) {
      const owner = await market.actor(ownerOf(enterpriseCast[role.firm] as EnterpriseRole));
      await market.get(AcceptOffer).execute(owner, offerId, false);
    }
    await market.settle();
  }

  /** Both sides sign, the lender pays out, the first fee is paid: the guarantees are in force. */
  async payOut(market: MarketAt, story: GuaranteeStory): Promise<void> {
    const steps = market.get(AwardSteps);
    const fund = new Fund(market);
    for (const { role, requestId } of this.of(story)) {
      const owner = await market.actor(ownerOf(enterpriseCast[role.firm] as EnterpriseRole));
      const checker = await market.actor(emailOf('checker', role.lender));
      const [award] = await market
        .get(DataSource)
        .query<{ id: Buffer; net_minor: string }[]>('SELECT id, net_minor FROM award WHERE request_id = ?', [
          idBytes(requestId),
        ]);
      if (!award) throw new SeedFailure(`the guaranteed request of firm ${role.firm} was not awarded`);
      const id = idText(award.id);
      const net = sar(Number(award.net_minor) / 100);
      await steps.sign(owner, id);
      await steps.sign(checker, id);
      await steps.reportDisbursement(await fund.lender(role.lender), id, net, `SARIE-G-${id.slice(-8)}`);
      await steps.confirmReceipt(owner, id, net);
    }
    const ids = new Set(this.of(story).map(({ role }) => role));
    await this.guarantees.payFees(
      market,
      this.guarantees.made.filter(({ role }) => ids.has(role)),
    );
    await market.settle();
  }

  private of(story: GuaranteeStory): readonly Pending[] {
    return this.pending.get(story) ?? [];
  }

  private async submit(market: MarketAt, owner: CommandContext, firm: EnterpriseRole, role: GuaranteeRole) {
    const { id } = await market.get(CreateRequest).execute(owner, {
      productKind: 'term_loan',
      amount: sar(role.loan),
      tenorMonths: role.tenor,
      purpose: `${firm.name} needs a further loan for ${firm.plan}; its collateral does not reach.`,
      anonymousText: 'A further loan for the running business; the collateral does not reach for all of it.',
      shariahOnly: false,
      collateral: ['none'],
      mode: 'ranked',
    });
    const [document] = await market
      .get(DataSource)
      .query<{ id: Buffer }[]>('SELECT id FROM enterprise_document WHERE enterprise_id = ? ORDER BY id LIMIT 1', [
        idBytes(owner.actor.organisationId),
      ]);
    if (!document) throw new SeedFailure(`${firm.slug} has no document`);
    for (const kind of ['financial_statements', 'bank_statements', 'business_plan'])
      await market.get(AttachDocument).execute(owner, id, kind, idText(document.id));
    await market.get(SubmitRequest).execute(owner, id);
    return id;
  }

  /** One of the fund's lenders that the market invited; another one each time where several were. */
  private async lenderOf(market: MarketAt, requestId: string, n: number): Promise<string> {
    const rows = await market
      .get(DataSource)
      .query<{ financier_id: Buffer }[]>(
        "SELECT financier_id FROM request_match WHERE request_id = ? AND state <> 'waiting'",
        [idBytes(requestId)],
      );
    const invited = new Set(rows.map(({ financier_id }) => idText(financier_id)));
    const fitting: string[] = [];
    for (const slug of guaranteedLenders) {
      const { actor } = await new Fund(market).lender(slug);
      if (invited.has(actor.organisationId)) fitting.push(slug);
    }
    const chosen = fitting[n % Math.max(1, fitting.length)];
    if (!chosen) throw new SeedFailure('no lender of the fund was invited to a request that needs a guarantee');
    return chosen;
  }

  private async bind(market: MarketAt, owner: CommandContext, requestId: string, role: GuaranteeRole): Promise<string> {
    const maker = await new Fund(market).lender(role.lender);
    await market.get(DiscloseIdentity).execute(owner, requestId, maker.actor.organisationId);
    const listed = financierCast.find(({ slug }) => slug === role.lender)?.rate ?? 0;
    const { id, state } = await market.get(PlaceOffer).execute(maker, requestId, {
      binding: true,
      amount: sar(role.loan),
      tenorMonths: role.tenor,
      expiresAt: market.instant(60),
      terms: {
        contract: 'conventional',
        price: { kind: 'fixed', annualRate: (listed - guaranteedCheaper).toFixed(2) },
        interest: 'declining',
        amortization: 'equal_instalments',
        everyMonths: 1,
        graceInstalments: 0,
        fees: [],
        collateral: [],
        conditions: [],
        customerChecks: ['registration', 'beneficial owners', 'sanctions'],
        recourse: true,
        earlySettlementPercent: '1',
        lateChargePercent: '0',
        guarantee: { schemeId: this.guarantees.schemeId, coverPercent: Number(role.cover).toFixed(0) },
      },
    });
    if (state !== 'live') throw new SeedFailure(`the offer with a guarantee is ${state}`);
    return id;
  }

  private async apply(market: MarketAt, owner: CommandContext, offerId: string, role: GuaranteeRole): Promise<string> {
    const { texts } = await market.get(Consents).textOf(code);
    const textSha256 = texts.find(({ language }) => language === 'ar')?.sha256 as string;
    await market.get(ConsentToGuarantee).execute(owner, offerId, { language: 'ar', textSha256 });
    const { applicationId } = await market
      .get(ApplyForOfferGuarantee)
      .execute(await new Fund(market).lender(role.lender), offerId, {
        agreementId: role.agreed ? (this.guarantees.agreements.get(role.lender) as string) : null,
        otherCoverPercent: '0',
        retainedCollateral: false,
        note: 'The firm’s collateral does not reach.',
      });
    return applicationId;
  }
}
