export * from './exact-decimal.js';
export * from './input/index.js';
export * from './rule-book/index.js';
export * from './working-time/index.js';
export * from './size-class/index.js';
export * from './guarantee-fee/index.js';
