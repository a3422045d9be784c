import { Exact } from '#finance';
import { type CalendarDate, isCalendarDate } from '#kernel';
import { invoiceError } from '../errors.js';
import type { XmlElement } from './read-xml.js';

/** The children of an element by namespace and name. */
export function childrenOf(parent: XmlElement | undefined, namespace: string, name: string): readonly XmlElement[] {
  return parent?.children.filter((child) => child.name === name && child.namespace === namespace) ?? [];
}

export function childOf(parent: XmlElement | undefined, namespace: string, name: string): XmlElement | undefined {
  return parent?.children.find((child) => child.name === name && child.namespace === namespace);
}

/** The text of an element; null where the element is absent or empty. Longer than `max` characters is cut. */
export function textOf(element: XmlElement | undefined, max = 1000): string | null {
  const text = element?.text.replaceAll(/\s+/g, ' ') ?? '';
  return text === '' ? null : text.slice(0, max);
}

/** An xs:decimal: no exponent, no thousands separator; at most 18 digits before and 10 after the point. */
export function amountOf(element: XmlElement | undefined): Exact | null {
  const text = textOf(element);
  if (!element || text === null) return null;
  if (!/^[+-]?(?:\d{1,18}(?:\.\d{0,10})?|\.\d{1,10})$/.test(text)) {
    throw valueMalformed(element, text, 'is not an amount such as "1234.50"');
  }
  return new Exact(text);
}

/** An xs:date; its time zone, where one is written, is dropped. */
export function isoDateOf(element: XmlElement | undefined): CalendarDate | null {
  const text = textOf(element);
  if (!element || text === null) return null;
  const match = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!match || !isCalendarDate(match[1])) throw valueMalformed(element, text, 'is not a date that exists');
  return match[1];
}

/** A date of the Cross Industry Invoice: format 102 (YYYYMMDD), or 203 and 204, which go on with the time. */
export function ciiDateOf(element: XmlElement | undefined): CalendarDate | null {
  const text = textOf(element);
  if (!element || text === null) return null;
  const match = /^(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?$/.exec(text);
  const date = match ? `${match[1]}-${match[2]}-${match[3]}` : text;
  if (!isCalendarDate(date)) throw valueMalformed(element, text, 'is not a date that exists');
  return date;
}

/** An xs:boolean. */
export function booleanOf(element: XmlElement | undefined): boolean {
  const text = textOf(element);
  return text === 'true' || text === '1';
}

function valueMalformed(element: XmlElement, text: string, fault: string) {
  return invoiceError('invoice_value_malformed', {
    detail: `${element.name} "${text.slice(0, 40)}" ${fault}.`,
    fields: [{ pointer: `/${element.name}`, rule: 'value', message: fault }],
  });
}
