export * from './day-count.js';
export * from './days.calculator.js';
