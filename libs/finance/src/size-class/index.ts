export * from './size-class.policy.js';
export * from './size-standard.js';
export * from './size.calculator.js';
