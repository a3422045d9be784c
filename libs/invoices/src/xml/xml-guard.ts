import { invoiceError } from '../errors.js';

export interface XmlLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly elements: number;
  /** Longest single tag with its attributes, in characters. */
  readonly tag: number;
}

/** An invoice of five thousand lines or with an attachment fits; a document made to exhaust a reader does not. */
export const xmlLimits: XmlLimits = { bytes: 10 * 1024 * 1024, depth: 60, elements: 300_000, tag: 20_000 };

/**
 * Walks the markup once, before any parser sees it, in time linear in its length: refuses document type declarations
 * (so there are no entities to expand), nesting and tags beyond the limits, and what never closes.
 */
export function guardXml(xml: string, limits: XmlLimits = xmlLimits): void {
  let depth = 0;
  let elements = 0;
  let end = 0;
  for (let at = xml.indexOf('<'); at !== -1; at = xml.indexOf('<', at)) {
    if (depth === 0) refuseText(xml, end, at);
    if (xml.startsWith('<!--', at)) end = after(xml, '-->', at + 4);
    else if (xml.startsWith('<![CDATA[', at)) end = after(xml, ']]>', at + 9);
    else if (xml.startsWith('<?', at)) end = after(xml, '?>', at + 2);
    else if (xml.startsWith('<!', at)) throw declarationRefused(xml, at);
    else {
      const close = tagEnd(xml, at, limits.tag);
      if (xml[at + 1] === '/') depth -= 1;
      else {
        if (depth === 0 && elements > 0) throw malformed('has more than one root element');
        elements += 1;
        depth += xml[close - 1] === '/' ? 0 : 1;
      }
      if (depth < 0) throw malformed('closes an element that is not open');
      if (depth > limits.depth) throw tooComplex(`is nested deeper than ${limits.depth}`);
      if (elements > limits.elements) throw tooComplex(`has more than ${limits.elements} elements`);
      end = close + 1;
    }
    at = end;
  }
  if (depth === 0) refuseText(xml, end, xml.length);
  if (elements === 0) throw malformed('has no element');
  if (depth > 0) throw malformed('ends before its elements are closed');
}

function refuseText(xml: string, from: number, to: number): void {
  for (let at = from; at < to; at++)
    if (!' \t\r\n'.includes(xml[at] as string)) throw malformed('has text outside of its root element');
}

/** The place of the `>` that ends the tag at `start`; one inside a quoted value does not. */
function tagEnd(xml: string, start: number, longest: number): number {
  let quote = '';
  for (let at = start + 1; at < xml.length; at++) {
    const char = xml[at] as string;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at;
    else if (char === '<') throw malformed('has "<" inside a tag');
    if (at - start > longest) throw tooComplex(`has a tag longer than ${longest} characters`);
  }
  throw malformed('ends inside a tag');
}

function after(xml: string, end: string, from: number): number {
  const found = xml.indexOf(end, from);
  if (found === -1) throw malformed(`ends before "${end}"`);
  return found + end.length;
}

function declarationRefused(xml: string, at: number) {
  if (/^<!DOCTYPE/i.test(xml.slice(at, at + 9))) return invoiceError('invoice_xml_dtd_refused');
  return malformed('has a declaration that XML does not know');
}

export function malformed(fault: string) {
  return invoiceError('invoice_xml_malformed', { detail: `The document ${fault}.` });
}

function tooComplex(fault: string) {
  return invoiceError('invoice_xml_too_complex', { detail: `The document ${fault}.` });
}
