export * from './rule-book-files.js';
export * from './rule-books.js';
