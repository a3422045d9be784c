import { readXml } from './read-xml.js';
import { xmlLimits } from './xml-guard.js';

const read = (xml: string | Buffer) => readXml(Buffer.from(xml));
const refused = (code: string) => expect.objectContaining({ code });

describe('namespaces, text and entities', () => {
  it('resolves prefixes to namespaces, nearest declaration first', () => {
    const root = read('<p:a xmlns:p="one" xmlns="two"><b/><p:c xmlns:p="three"><p:d/><b/></p:c><e xmlns=""/></p:a>');
    const names = [root, ...root.children, ...(root.children[1]?.children ?? [])].map(
      ({ namespace, name }) => `${namespace}:${name}`,
    );
    expect(names).toEqual(['one:a', 'two:b', 'three:c', ':e', 'three:d', 'two:b']);
  });

  it('decodes the entities of XML itself, and none in CDATA', () => {
    expect(read('<a b="&quot;&#x41;&lt;">1 &lt; 2 &amp; <![CDATA[<&amp;>]]> &#8364;<!-- &no; --></a>')).toMatchObject({
      text: '1 < 2 & <&amp;> €',
      attributes: { b: '"A<' },
    });
  });

  it('knows no names of JavaScript', () => {
    expect(() => read('<constructor:a/>')).toThrow(refused('invoice_xml_malformed'));
    expect(read('<a toString="x"/>').attributes['valueOf']).not.toBe('x');
  });
});

describe('encodings', () => {
  const text = '<?xml version="1.0" encoding="X"?><a>é ر 元</a>';
  const swapped = (buffer: Buffer) => Buffer.from(buffer).swap16();
  it.each([
    ['UTF-8', Buffer.from('<a>é ر 元</a>')],
    ['UTF-8 with a mark', Buffer.from('\ufeff<a>é ر 元</a>')],
    ['UTF-16 little-endian', Buffer.from(`\ufeff${text.replace('X', 'UTF-16')}`, 'utf16le')],
    ['UTF-16 big-endian', swapped(Buffer.from(`\ufeff${text.replace('X', 'UTF-16')}`, 'utf16le'))],
    ['UTF-16 without a mark', Buffer.from('<a>é ر 元</a>', 'utf16le')],
  ])('%s', (_name, bytes) => {
    expect(read(bytes).text).toBe('é ر 元');
  });

  it('Latin-1 and Windows-1256 by declaration', () => {
    expect(read(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1')).text).toBe('é');
    expect(
      read(
        Buffer.concat([
          Buffer.from('<?xml version="1.0" encoding="windows-1256"?><a>'),
          Buffer.from([0xd1]),
          Buffer.from('</a>'),
        ]),
      ).text,
    ).toBe('ر');
  });

  it.each([
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from('<a>'), Buffer.from([0xe9]), Buffer.from('</a>')]),
      'invoice_encoding_unsupported',
    ],
    ['an unknown encoding', Buffer.from('<?xml version="1.0" encoding="UTF-7"?><a/>'), 'invoice_encoding_unsupported'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'invoice_encoding_unsupported'],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ', 'latin1'), 'invoice_not_xml'],
    ['a ZIP', Buffer.from('PK\u0003\u0004\u0000'), 'invoice_not_xml'],
    ['zero bytes in the text', Buffer.from('<a>\u0000</a>'), 'invoice_not_xml'],
    ['nothing', Buffer.alloc(0), 'invoice_not_xml'],
    ['blanks', Buffer.from('  \n '), 'invoice_not_xml'],
    ['JSON', Buffer.from('{"a":1}'), 'invoice_not_xml'],
  ])('refuses %s', (_name, bytes, code) => {
    expect(() => read(bytes)).toThrow(refused(code));
  });
});

describe('hostile and broken documents', () => {
  it.each([
    ['a document type', '<!DOCTYPE a><a/>', 'invoice_xml_dtd_refused'],
    [
      'entities that multiply',
      '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
      'invoice_xml_dtd_refused',
    ],
    [
      'an external entity',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
      'invoice_xml_dtd_refused',
    ],
    ['a document type in small letters', '<!doctype a><a/>', 'invoice_xml_dtd_refused'],
    ['an entity that nobody defined', '<a>&nbsp;</a>', 'invoice_xml_malformed'],
    ['a lone ampersand', '<a>A & B</a>', 'invoice_xml_malformed'],
    ['a numbered control character', '<a>&#0;</a>', 'invoice_xml_malformed'],
    ['an undeclared prefix', '<x:a/>', 'invoice_xml_malformed'],
    ['crossed elements', '<a><b></a></b>', 'invoice_xml_malformed'],
    ['a cut document', '<a><b>', 'invoice_xml_malformed'],
    ['a cut tag', '<a', 'invoice_xml_malformed'],
    ['an unclosed comment', '<a><!-- </a>', 'invoice_xml_malformed'],
    ['two roots', '<a/><b/>', 'invoice_xml_malformed'],
    ['text after the root', '<a/>text', 'invoice_xml_malformed'],
    ['an attribute twice', '<a b="1" b="2"/>', 'invoice_xml_malformed'],
    ['an attribute without quotes', '<a b=1/>', 'invoice_xml_malformed'],
    ['nesting without end', '<a>'.repeat(100_000), 'invoice_xml_too_complex'],
    ['too many elements', `<r>${'<a/>'.repeat(xmlLimits.elements)}</r>`, 'invoice_xml_too_complex'],
    ['an endless tag', `<a ${'b '.repeat(xmlLimits.tag)}>`, 'invoice_xml_too_complex'],
    ['too many bytes', ' '.repeat(xmlLimits.bytes + 1), 'invoice_file_too_large'],
  ])('refuses %s', (_name, xml, code) => {
    expect(() => read(xml)).toThrow(refused(code));
  });

  it('a document at the limits is answered', () => {
    expect(read('<a>'.repeat(xmlLimits.depth) + '</a>'.repeat(xmlLimits.depth)).children).toHaveLength(1);
    expect(read(`<a>${'&amp;'.repeat(500_000)}</a>`).text).toHaveLength(500_000);
  });
});
