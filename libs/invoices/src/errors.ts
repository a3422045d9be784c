import { defineErrors } from '#kernel';

/** Why a document or a row could not be read. A document that reads but does not add up has `problems` instead. */
export const invoiceError = defineErrors({
  invoice_file_too_large: {
    kind: 'too_large',
    title: 'The file is larger than an invoice may be.',
    next: 'Send the invoice without its attachments, or split a table into several files.',
  },
  invoice_not_xml: {
    kind: 'invalid',
    title: 'The file is not an XML document.',
    next: 'Send the electronic invoice itself (UBL 2.1 or CII), not a picture, an archive or a PDF.',
  },
  invoice_encoding_unsupported: {
    kind: 'invalid',
    title: 'The characters of the file cannot be decoded.',
    next: 'Save the document as UTF-8.',
  },
  invoice_xml_malformed: {
    kind: 'invalid',
    title: 'The XML is not well formed.',
    next: 'Ask the program that made the document for a complete one.',
  },
  invoice_xml_dtd_refused: {
    kind: 'invalid',
    title: 'The XML has a document type declaration, which an invoice never needs.',
    next: 'Remove the DOCTYPE and any entities that it declares.',
  },
  invoice_xml_too_complex: {
    kind: 'too_large',
    title: 'The XML is nested deeper, or has more or longer elements, than an invoice may have.',
    next: 'Check that the file is an invoice; split an invoice of very many lines.',
  },
  invoice_kind_unknown: {
    kind: 'invalid',
    title: 'The XML is not an invoice or credit note that is known here.',
    next: 'Send UBL 2.1 (Invoice or CreditNote) or UN/CEFACT Cross Industry Invoice.',
  },
  invoice_value_malformed: {
    kind: 'invalid',
    title: 'A value of the invoice cannot be read.',
    next: 'Correct the element named: amounts are plain decimals, dates exist.',
  },
  invoice_table_malformed: {
    kind: 'invalid',
    title: 'The table of invoices cannot be read.',
    next: 'Use the template: one header row with the documented columns, then one invoice a row.',
  },
  invoice_row_invalid: {
    kind: 'invalid',
    title: 'The row is not a complete invoice.',
    next: 'Correct the columns named and send the row again.',
  },
});
