export * from './errors.js';
export * from './fn.calculator.js';
