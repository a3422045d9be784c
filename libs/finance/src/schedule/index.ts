export * from './errors.js';
export * from './repayment-schedule.js';
export * from './schedule.calculator.js';
export * from './terms.js';
