export * from './exact-decimal.js';
export * from './input/index.js';
export * from './rule-book/index.js';
export * from './working-time/index.js';
