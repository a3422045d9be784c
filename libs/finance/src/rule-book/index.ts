export * from './rule-book.js';
