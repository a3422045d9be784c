import { checkInvoice, type InvoiceProblem } from './en16931.rules.js';
import { invoiceError } from './errors.js';
import { type Invoice } from './invoice.js';
import { ciiInvoice, readCii } from './read-cii.js';
import { readUbl, ublCreditNote, ublInvoice } from './read-ubl.js';
import { readXml, type XmlElement } from './xml/read-xml.js';
import type { XmlLimits } from './xml/xml-guard.js';

export interface InvoiceReading {
  readonly invoice: Invoice;
  /** The EN 16931 rules that the document breaks; empty when its totals add up. */
  readonly problems: readonly InvoiceProblem[];
}

/**
 * Reads the bytes of an electronic invoice or credit note, UBL 2.1 or CII, whatever prefixes and encoding it uses.
 * Refuses with a code of `invoiceError` what is hostile, broken or no invoice; arithmetic faults are `problems`.
 */
export function readInvoice(bytes: Uint8Array, limits?: XmlLimits): InvoiceReading {
  const root = withoutEnvelope(readXml(bytes, limits));
  const invoice = readerFor(root.namespace, root.name)(root);
  return { invoice, problems: checkInvoice(invoice) };
}

const envelope = 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader';

/** The Peppol network carries invoices in an envelope (SBDH): the document follows its header. */
function withoutEnvelope(root: XmlElement): XmlElement {
  if (root.namespace !== envelope || root.name !== 'StandardBusinessDocument') return root;
  return root.children.find(({ namespace }) => namespace !== envelope) ?? root;
}

function readerFor(namespace: string, name: string) {
  if (namespace === ublInvoice && name === 'Invoice') return readUbl;
  if (namespace === ublCreditNote && name === 'CreditNote') return readUbl;
  if (namespace === ciiInvoice && name === 'CrossIndustryInvoice') return readCii;
  throw invoiceError('invoice_kind_unknown', {
    detail: `The root element is "${name.slice(0, 60)}" of namespace "${namespace.slice(0, 120)}".`,
  });
}
