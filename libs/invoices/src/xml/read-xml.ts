import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { invoiceError } from '../errors.js';
import { decodeXml } from './decode-xml.js';
import { guardXml, malformed, type XmlLimits, xmlLimits } from './xml-guard.js';

/** An element with its namespace resolved: prefixes mean nothing here. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** Attributes by their written name; those that declare namespaces are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The element's own text, outer white space removed. */
  readonly text: string;
}

/** What the parser makes of an element when it keeps the order: one name with its content, and `:@` for attributes. */
type Parsed = Readonly<Record<string, unknown>>;

const attributesKey = ':@';
const textKey = '#text';
const cdataKey = '#cdata';

/** Values stay text and entities stay as written; both are read below, where nothing can expand. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: cdataKey,
  textNodeName: textKey,
  maxNestedTags: xmlLimits.depth + 1,
});

/** Reads an XML file into elements, in time and memory bounded by its size. Refuses with the codes of `invoiceError`. */
export function readXml(bytes: Uint8Array, limits: XmlLimits = xmlLimits): XmlElement {
  if (bytes.length > limits.bytes) {
    throw invoiceError('invoice_file_too_large', {
      detail: `The file has ${bytes.length} bytes; ${limits.bytes} are read at most.`,
      data: { limit: limits.bytes },
    });
  }
  const xml = decodeXml(bytes);
  guardXml(xml, limits);
  const root = parse(xml).find((node) => nameOf(node) !== undefined && nameOf(node) !== textKey);
  if (!root) throw malformed('has no element');
  return element(root, { declared: new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]), outer: undefined });
}

function parse(xml: string): readonly Parsed[] {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw malformed(`is broken at line ${valid.err.line}: ${valid.err.msg}`);
  try {
    return parser.parse(xml) as readonly Parsed[];
  } catch (error) {
    throw malformed(`cannot be parsed (${error instanceof Error ? error.message : String(error)})`);
  }
}

function nameOf(node: Parsed): string | undefined {
  return Object.keys(node).find((key) => key !== attributesKey);
}

/** The namespaces declared on one element; prefixes that it does not declare are looked up outside of it. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
}

function element(node: Parsed, outer: Scope): XmlElement {
  const qualified = nameOf(node) as string;
  const written = (node[attributesKey] ?? {}) as Readonly<Record<string, string>>;
  const scope = scopeOf(written, outer);
  const colon = qualified.indexOf(':');
  const prefix = colon === -1 ? '' : qualified.slice(0, colon);
  const namespace = namespaceOf(prefix, scope);
  const children: XmlElement[] = [];
  let text = '';
  for (const part of node[qualified] as readonly Parsed[]) {
    if (textKey in part) text += decodeEntities(String(part[textKey]));
    else if (cdataKey in part) text += cdataText(part[cdataKey]);
    else children.push(element(part, scope));
  }
  return {
    namespace,
    name: qualified.slice(colon + 1),
    attributes: plainAttributes(written),
    children,
    text: text.trim(),
  };
}

function scopeOf(written: Readonly<Record<string, string>>, outer: Scope): Scope {
  let declared: Map<string, string> | undefined;
  for (const [name, value] of Object.entries(written)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    declared ??= new Map();
    declared.set(name === 'xmlns' ? '' : name.slice(6), decodeEntities(value));
  }
  return declared ? { declared, outer } : outer;
}

function namespaceOf(prefix: string, scope: Scope): string {
  for (let each: Scope | undefined = scope; each; each = each.outer) {
    const namespace = each.declared.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  if (prefix === '') return '';
  throw malformed(`uses the prefix "${prefix.slice(0, 20)}", which it does not declare`);
}

function plainAttributes(written: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(written))
    if (!name.startsWith('xmlns')) plain[name] = decodeEntities(value);
  return plain;
}

function cdataText(content: unknown): string {
  const parts = content as readonly Parsed[];
  return parts.map((part) => String(part[textKey] ?? '')).join('');
}

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities that XML itself defines, and numbered characters; no document can define more. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9A-Fa-f]{1,6})|#(\d{1,7})|([A-Za-z]{1,8}));|&/g, (whole, hex, decimal, name) => {
    if (name !== undefined && Object.hasOwn(predefined, name as string)) return predefined[name as string] as string;
    const code = hex !== undefined ? parseInt(hex as string, 16) : decimal !== undefined ? Number(decimal) : -1;
    if (!isXmlCharacter(code)) throw malformed(`uses "${whole.slice(0, 12)}", which XML does not define`);
    return String.fromCodePoint(code);
  });
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}
