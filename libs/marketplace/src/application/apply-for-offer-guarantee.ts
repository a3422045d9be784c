import { Injectable } from '@nestjs/common';
import { Consents, type consentLanguages, GuaranteeMarket } from '#guarantee';
import { type CommandContext, httpError, UnitOfWork } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { FundingRequest, Offer } from '../persistence/entities.js';
import { isDisclosed } from '../persistence/match.query.js';
import { lockOwnOffer } from './change-offer.js';
import { disclose } from './disclose-identity.js';
import { guaranteedLoan } from './offer-guarantees.js';

export interface OfferApplicationInput {
  /** Of a portfolio agreement; null: the guarantor reviews this application. */
  readonly agreementId: string | null;
  /** What other guarantors cover of the same loan, percent. */
  readonly otherCoverPercent: string;
  /** The part that the lender retains has collateral of its own. */
  readonly retainedCollateral: boolean;
  readonly note: string;
}

/** The lender applies for the guarantee that its offer names, with the offer's own figures. */
@Injectable()
export class ApplyForOfferGuarantee {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly schemes: GuaranteeMarket,
  ) {}

  /** Only for a binding offer in the competition: an indicative one may still change, and its lender does not know the firm. */
  async execute(
    context: CommandContext,
    offerId: string,
    input: OfferApplicationInput,
  ): Promise<{ readonly applicationId: string; readonly status: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const offer = await lockOwnOffer(tx, offerId);
      const { guarantee } = offer.terms;
      if (!guarantee) throw marketplaceError('offer_without_guarantee');
      if (!offer.binding) throw marketplaceError('offer_not_binding');
      if (offer.state !== 'live') throw marketplaceError('offer_not_live', { detail: `The offer is ${offer.state}.` });
      const request = await tx.manager.findOneByOrFail(FundingRequest, { id: offer.requestId });
      // Who bids on receivables does not know the seller, and an application names it.
      if (offer.terms.discount && !(await isDisclosed(tx, request.id, offer.financierId)))
        throw marketplaceError('identity_not_disclosed', {
          detail: 'The seller shows itself to you by its consent to the guarantee of this bid.',
        });
      const amount = { minor: offer.amountMinor, currency: offer.currency };
      const { schemeId, coverPercent } = guarantee;
      const { enterpriseId, productKind } = request;
      const loan = guaranteedLoan(productKind, { amount, tenorMonths: offer.tenorMonths, terms: offer.terms });
      return this.schemes.apply(
        tx,
        offer.financierId,
        { ...loan, ...input, schemeId, enterpriseId, coverPercent },
        { requestId: request.id, offerId },
      );
    });
  }
}

/**
 * The enterprise consents in writing to the guarantee of one offer: to its scheme, its lender and this request. The lender's application
 * names the firm, so consenting discloses it to this lender; before it the application is refused.
 */
@Injectable()
export class ConsentToGuarantee {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly consents: Consents,
  ) {}

  async execute(
    context: CommandContext,
    offerId: string,
    input: { readonly language: (typeof consentLanguages)[number]; readonly textSha256: string },
  ) {
    const free = { ...context, idempotency: undefined };
    const of = await this.unitOfWork.run(free, async (tx) => {
      const offer = await tx.manager.findOneBy(Offer, { id: offerId });
      const request = offer && (await tx.manager.findOneBy(FundingRequest, { id: offer.requestId }));
      if (!offer || request?.enterpriseId !== context.actor.organisationId) throw httpError('record_unknown');
      if (!offer.terms.guarantee) throw marketplaceError('offer_without_guarantee');
      return { schemeId: offer.terms.guarantee.schemeId, lenderId: offer.financierId, requestId: request.id };
    });
    const given = await this.consents.give(context, of.schemeId, {
      ...input,
      lenderId: of.lenderId,
      requestId: of.requestId,
    });
    await this.unitOfWork.run(free, async (tx) => disclose(tx, of.requestId, of.lenderId, await tx.now()));
    return given;
  }
}
