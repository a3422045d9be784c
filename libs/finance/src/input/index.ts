export * from './case-refusal.js';
export * from './errors.js';
export * from './read-input.js';
export * from './value-readers.js';
export * from './ratio-reader.js';
