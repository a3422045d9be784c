import { Inject, Injectable } from '@nestjs/common';
import type { Repayment } from '#finance';
import {
  type AwardedGuarantee,
  FeeForecast,
  GuaranteeMarket,
  type GuaranteeQuote,
  guaranteeError,
  type LoanInput,
  OfferGuaranteeReader,
} from '#guarantee';
import { type FieldError, type Money, moneyToJson, type ProductKind } from '#kernel';
import { ENVIRONMENT, type Environment, type Transaction } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { marketplaceError } from '../domain/errors.js';
import { owedByYear } from '../domain/offer-figures.js';
import type { AskedGuarantee, AskedTerms, OfferTerms } from '../domain/offer-terms.js';
import { FundingRequest, Offer } from '../persistence/entities.js';
import { lockRequest } from './records.js';

/** An offer whose guarantee is to be priced. */
export interface GuaranteedOffer {
  readonly requestId: string;
  readonly financierId: string;
  readonly amount: Money;
  readonly tenorMonths: number;
  readonly terms: AskedTerms;
}

const plain = { otherCoverPercent: '0', retainedCollateral: false } as const;

/** The loan of an offer in the words of a guarantee. */
export function guaranteedLoan(
  productKind: ProductKind,
  { amount, tenorMonths, terms }: Pick<GuaranteedOffer, 'amount' | 'tenorMonths' | 'terms'>,
): Omit<LoanInput, 'coverPercent'> {
  const repayment: Repayment = terms.amortization === 'bullet' ? 'bullet' : 'instalments';
  return {
    ...plain,
    amount: moneyToJson(amount),
    productKind,
    tenorMonths,
    graceMonths: terms.graceInstalments * terms.everyMonths,
    repayment,
  };
}

/** What the market asks of the guarantee context for its offers and awards; everything in the caller's transaction. */
@Injectable()
export class OfferGuarantees {
  constructor(
    private readonly market: GuaranteeMarket,
    private readonly forecast: FeeForecast,
    private readonly states: OfferGuaranteeReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The terms with their guarantee priced by the scheme's table; terms without one are returned as they are. */
  async priced(tx: Transaction, offer: GuaranteedOffer, now: Date, knowsFirm: boolean): Promise<OfferTerms> {
    const { guarantee: asked, ...terms } = offer.terms;
    if (!asked) return terms;
    const request = await tx.manager.findOneByOrFail(FundingRequest, { id: offer.requestId });
    const loan = { ...guaranteedLoan(request.productKind, offer), coverPercent: asked.coverPercent };
    const { enterpriseId } = request;
    const lenderId = offer.financierId;
    const [quote] = await this.market.quote(tx, { ...loan, enterpriseId, lenderId, schemeId: asked.schemeId });
    if (!quote) throw guaranteeError('scheme_not_active');
    if (!quote.accredited) throw guaranteeError('lender_not_accredited');
    if (!quote.eligible || !quote.guaranteed) throw notCovered(quote, asked, knowsFirm);
    const owed = owedByYear(offer.terms, offer.amount, offer.tenorMonths, now);
    const { schemeVersion, ...fee } = await this.forecast.of(
      tx,
      asked.schemeId,
      { ...loan, enterpriseId, lenderId },
      owed,
    );
    const { schemeId, coverPercent } = asked;
    const guaranteed = quote.guaranteed.amount;
    return {
      ...terms,
      guarantee: { schemeId, coverPercent, scheme: quote.schemeCode, schemeVersion, guaranteed, fee },
    };
  }

  /** What is applied for stays as it is: a revision of such an offer betters the price only. */
  async assertKept(tx: Transaction, before: Offer, after: Pick<Offer, 'amountMinor' | 'tenorMonths' | 'terms'>) {
    const same =
      before.amountMinor === after.amountMinor &&
      before.tenorMonths === after.tenorMonths &&
      before.terms.guarantee?.schemeId === after.terms.guarantee?.schemeId &&
      before.terms.guarantee?.coverPercent === after.terms.guarantee?.coverPercent;
    if (same || !before.terms.guarantee) return;
    const applied = (await this.states.ofOffers([before.id], tx)).get(before.id);
    if (applied && applied.application !== 'declined') throw marketplaceError('offer_guarantee_applied');
  }

  /** Refuses an offer whose guarantee is not reserved at this moment. */
  async assertReserved(tx: Transaction, { requestId, id, terms }: Offer, now: Date): Promise<void> {
    if (!terms.guarantee) return;
    const letter = await this.market.ofOffer(tx, requestId, id);
    if (letter?.state !== 'offered' || new Date(letter.until) <= now)
      throw marketplaceError('offer_guarantee_indicative', {
        data: { schemeId: terms.guarantee.schemeId, scheme: terms.guarantee.scheme },
      });
  }

  /** The award's own step: the letter becomes the guarantee; with the last award of the request the other letters are void. */
  async turn(tx: Transaction, offer: Offer, final: boolean): Promise<void> {
    const { requestId, id: offerId, amountMinor } = offer;
    const award: AwardedGuarantee = { requestId, offerId, amountMinor, final };
    if (offer.terms.guarantee) await this.market.turnIntoGuarantee(tx, award);
    else if (final) await this.market.release(tx, requestId, 'Another offer was awarded.');
  }

  /** The request has ended: every live letter of it is void. */
  async endRequest(tx: Transaction, requestId: string, reason: string): Promise<void> {
    await this.market.release(tx, requestId, reason);
  }

  /** The offer has ended: its letter is void. */
  async endOffer(tx: Transaction, { requestId, id, terms }: Offer, reason: string): Promise<void> {
    if (terms.guarantee) await this.market.releaseOffer(tx, requestId, id, reason);
  }

  /** A letter may be drawn at the moment in which its offer ends; the market's own lock tells which came last. */
  async endLateLetter(tx: Transaction, offerId: string): Promise<void> {
    const found = await tx.manager.findOneBy(Offer, { id: offerId });
    if (!found) return;
    await lockRequest(tx, found.requestId);
    const offer = await tx.manager.findOneByOrFail(Offer, { id: offerId });
    const standing = offer.state === 'live' || offer.state === 'pending_approval' || offer.state === 'awarded';
    if (!standing) await this.endOffer(tx, offer, `The offer is ${offer.state}.`);
  }

  /** The award fell before the pay-out: its guarantee is void, its fee taken back. */
  async endAward(tx: Transaction, { requestId, id, terms }: Offer, reason: string): Promise<void> {
    if (terms.guarantee) await this.market.voidAward(tx, requestId, id, reason);
  }

  /** The money has arrived: in force now, or as soon as the first fee is paid. */
  async disbursed(tx: Transaction, requestId: string, offerId: string, on: Date): Promise<void> {
    const disbursedOn = countryDate(this.environment.country, on);
    await this.market.markInForce(tx, { requestId, offerId, disbursedOn });
  }
}

/** Who does not know the firm reads only clauses about the loan and the lender: the others would tell what the brief hides. */
function notCovered(quote: GuaranteeQuote, { coverPercent }: AskedGuarantee, knowsFirm: boolean): Error {
  const clauses = quote.brokenClauses.filter(({ kind }) => knowsFirm || !kind.startsWith('enterprise_'));
  const fields: FieldError[] = clauses.map(({ id, text, found }) => ({
    pointer: '/terms/guarantee',
    rule: `clause ${id}`,
    message: `${text.en} (${found})`,
  }));
  return marketplaceError('offer_guarantee_refused', {
    detail: fields[0]?.message ?? `The scheme does not cover ${coverPercent} % of a loan to this firm.`,
    fields,
    data: { scheme: quote.schemeCode, maximumCoverPercent: quote.maximumCoverPercent },
  });
}
