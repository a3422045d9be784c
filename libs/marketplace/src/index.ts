import type { Persistence } from '#platform';
import { marketplaceEntities } from './persistence/entities.js';
import { Marketplace1790000007000 } from './persistence/migrations/1790000007000-marketplace.js';
import { MarketList1790000007020 } from './persistence/migrations/1790000007020-market-list.js';
import { ReceivableRequests1790000007100 } from './persistence/migrations/1790000007100-receivable-requests.js';
import { OwnReference1790000007030 } from './persistence/migrations/1790000007030-own-reference.js';
import { GuaranteesOnTheMarket1790000007150 } from './persistence/migrations/1790000007150-guarantees-on-the-market.js';
import { GuaranteesInWords1790000007160 } from './persistence/migrations/1790000007160-guarantees-in-words.js';
import { Murabaha1790000007040 } from './persistence/migrations/1790000007040-murabaha.js';

export { AcceptOffer } from './application/accept-offer.js';
export { ApplyForOfferGuarantee, ConsentToGuarantee } from './application/apply-for-offer-guarantee.js';
export { AwardSteps } from './application/award-steps.js';
export { DiscloseIdentity } from './application/disclose-identity.js';
export { AttachDocument, CreateRequest, type DraftFields, SaveDraft } from './application/draft-request.js';
export { marketEvents } from './application/market-events.js';
export { ListReceivables } from './application/list-receivables.js';
export { MurabahaSales } from './application/murabaha-sales.js';
export { MarketReader } from './application/market.reader.js';
export { PlaceOffer } from './application/place-offer.js';
export { ReviewRequest } from './application/review-request.js';
export { SubmitRequest } from './application/submit-request.js';
export { awardLifecycle } from './domain/award.lifecycle.js';
export { fundingRequestLifecycle } from './domain/funding-request.lifecycle.js';
export { murabahaSaleLifecycle } from './domain/murabaha-sale.lifecycle.js';
export { offerLifecycle } from './domain/offer.lifecycle.js';
export { competitionModes } from './domain/request-terms.js';
export * from './marketplace.module.js';

export const marketplacePersistence: Persistence = {
  entities: marketplaceEntities,
  migrations: [
    Marketplace1790000007000,
    MarketList1790000007020,
    OwnReference1790000007030,
    Murabaha1790000007040,
    ReceivableRequests1790000007100,
    GuaranteesOnTheMarket1790000007150,
    GuaranteesInWords1790000007160,
  ],
};
