export * from './calendar-date.js';
export * from './currency.js';
export * from './domain-error.js';
export * from './lifecycle.js';
export * from './mandate.js';
export * from './market-vocabulary.js';
export * from './money.js';
