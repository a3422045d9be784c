export * from './discount-receivable.js';
