export * from './calendar-definition.js';
export * from './due.calculator.js';
export * from './time-zone.js';
export * from './working-calendar.js';
export * from './working-time.js';
