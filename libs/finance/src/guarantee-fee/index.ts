export * from './band-rate-fee.js';
export * from './capped-rate-fee.js';
export * from './guarantee-fee-book.js';
export * from './guarantee-fee.calculator.js';
export * from './guarantee-fee.js';
export * from './guaranteed-tiers-fee.js';
