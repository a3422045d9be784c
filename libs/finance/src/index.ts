export * from './apr/index.js';
export * from './day-count/index.js';
export * from './exact-decimal.js';
export * from './input/index.js';
export * from './ratio.js';
export * from './rounding.js';
export * from './schedule/index.js';
