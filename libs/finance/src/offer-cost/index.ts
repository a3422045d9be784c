export { offerCost, offerPrice } from './offer-cost.js';
export * from './result.js';
export * from './terms.js';
