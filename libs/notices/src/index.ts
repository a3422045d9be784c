export * from './application/notify.js';
export * from './domain/template.js';
export { type TemplateName } from './domain/templates/index.js';
