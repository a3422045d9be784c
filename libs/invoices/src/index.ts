export * from './en16931.rules.js';
export * from './errors.js';
export * from './invoice.js';
export * from './invoice-json.js';
export * from './read-invoice.js';
export { type XmlLimits, xmlLimits } from './xml/xml-guard.js';
export { inertCell, tableColumns } from './table/columns.js';
export * from './table/read-table.js';
export { invoiceTemplateCsv, invoiceTemplateXlsx } from './table/template.js';
