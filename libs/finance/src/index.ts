export * from './exact-decimal.js';
export * from './input/index.js';
