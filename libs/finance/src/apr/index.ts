export * from './appendix-j.js';
export * from './apr.calculator.js';
export * from './effective-annual-rate.js';
export * from './errors.js';
export * from './year-intervals.js';
