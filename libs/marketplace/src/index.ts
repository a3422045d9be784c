import type { Persistence } from '#platform';
import { marketplaceEntities } from './persistence/entities.js';
import { Marketplace1790000007000 } from './persistence/migrations/1790000007000-marketplace.js';
import { MarketList1790000007020 } from './persistence/migrations/1790000007020-market-list.js';

export { awardLifecycle } from './domain/award.lifecycle.js';
export { fundingRequestLifecycle } from './domain/funding-request.lifecycle.js';
export { offerLifecycle } from './domain/offer.lifecycle.js';
export * from './marketplace.module.js';

export const marketplacePersistence: Persistence = {
  entities: marketplaceEntities,
  migrations: [Marketplace1790000007000, MarketList1790000007020],
};
