export * from './rule-book-files.js';
export * from './rule-books.js';
export * from './portal-calendar.js';
export * from './regions.js';
export * from './portal-currency.js';
