import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '#kernel';
import { invoiceToJson } from './invoice-json.js';
import { readInvoice } from './read-invoice.js';

const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const read = (xml: string) => invoiceToJson(readInvoice(Buffer.from(xml)));
const rules = (xml: string) => readInvoice(Buffer.from(xml)).problems.map(({ rule }) => rule);

describe('the one form', () => {
  it('of a UBL invoice with every total', () => {
    expect(read(fixture('ubl-invoice.xml'))).toEqual({
      kind: 'invoice',
      id: 'R&D-2025-17',
      issueDate: '2025-03-31',
      dueDate: '2025-04-30',
      currency: 'EUR',
      seller: { name: 'Frantoio <Due> S.r.l.', taxId: 'IT00743110157' },
      buyer: { name: 'Épicerie du Port', taxId: null },
      payee: { name: 'Factor One', id: 'F-1' },
      taxExclusive: '1070.00',
      taxTotal: '213.40',
      taxInclusive: '1283.40',
      prepaid: '283.00',
      rounding: '-0.40',
      payable: '1000.00',
      problems: [],
    });
  });

  it('of a UBL credit note, due by its means of payment, in a currency without decimals', () => {
    expect(read(fixture('ubl-credit-note.xml'))).toMatchObject({
      kind: 'credit_note',
      dueDate: '2025-06-01',
      seller: { name: '東京部品株式会社', taxId: null },
      taxTotal: '1000',
      prepaid: null,
      payable: '11000',
      problems: [],
    });
  });

  it('of a Saudi credit note: an Invoice by its root, tax stated twice, no buyer on a simplified one', () => {
    expect(read(fixture('saudi-credit-note.xml'))).toMatchObject({
      kind: 'credit_note',
      id: 'SME00023',
      seller: { name: 'شركة توريد التكنولوجيا المحدودة', taxId: '399999999900003' },
      buyer: { name: null, taxId: null },
      taxTotal: '30.15',
      prepaid: '0.00',
      payable: '231.15',
      problems: [],
    });
    expect(rules(fixture('saudi-credit-note.xml').replace('name="0200000"', 'name="0100000"'))).toEqual(['BR-07']);
  });

  it('of a Cross Industry Invoice', () => {
    expect(read(fixture('cii-invoice.xml'))).toMatchObject({
      kind: 'invoice',
      id: '471102',
      issueDate: '2025-03-05',
      dueDate: '2025-04-04',
      seller: { name: 'Werkhof Süd GmbH', taxId: 'DE123456789' },
      taxExclusive: '473.00',
      taxTotal: '56.87',
      payable: '529.87',
      problems: [],
    });
    expect(read(fixture('cii-invoice.xml').replace('>380<', '>381<'))).toMatchObject({ kind: 'credit_note' });
  });
});

it('a document in the envelope of the Peppol network', () => {
  const document = fixture('ubl-credit-note.xml').replace(/<\?xml[^>]*>/, '');
  const sent = `<sh:StandardBusinessDocument xmlns:sh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><sh:StandardBusinessDocumentHeader/>${document}</sh:StandardBusinessDocument>`;
  expect(read(sent)).toEqual(read(fixture('ubl-credit-note.xml')));
});

describe('the rules of EN 16931 that a document breaks are named', () => {
  const ubl = fixture('ubl-invoice.xml');
  const cii = fixture('cii-invoice.xml');
  it.each([
    ['BR-CO-10', ubl, '"EUR">1100.00<', '"EUR">1100.01<', ['BR-CO-10', 'BR-CO-13']],
    [
      'BR-CO-11',
      ubl,
      'AllowanceTotalAmount currencyID="EUR">50.00',
      'AllowanceTotalAmount currencyID="EUR">51.00',
      ['BR-CO-11', 'BR-CO-13'],
    ],
    ['BR-CO-12', ubl, '<ChargeTotalAmount currencyID="EUR">20.00</ChargeTotalAmount>', '', ['BR-CO-12', 'BR-CO-13']],
    [
      'BR-CO-13',
      ubl,
      '<TaxExclusiveAmount currencyID="EUR">1070.00',
      '<TaxExclusiveAmount currencyID="EUR">1070.01',
      ['BR-CO-13', 'BR-CO-15'],
    ],
    [
      'BR-CO-14',
      ubl,
      '<TaxAmount currencyID="EUR">213.40</TaxAmount>\n    <a:TaxSubtotal>',
      '<TaxAmount currencyID="EUR">213.41</TaxAmount>\n    <a:TaxSubtotal>',
      ['BR-CO-14', 'BR-CO-15'],
    ],
    ['BR-CO-15', ubl, '1283.40', '1284.40', ['BR-CO-16', 'BR-CO-15']],
    [
      'BR-CO-15 without tax',
      ubl,
      '<TaxAmount currencyID="EUR">213.40</TaxAmount>\n    <a:TaxSubtotal>',
      '<a:TaxSubtotal>',
      ['BR-CO-15'],
    ],
    ['BR-CO-16', ubl, 'PayableAmount currencyID="EUR">1000.00', 'PayableAmount currencyID="EUR">1000.01', ['BR-CO-16']],
    ['BR-CO-17', ubl, '>970.00<', '>975.00<', ['BR-CO-17', 'BR-S-08', 'BR-S-09']],
    ['BR-CO-17 at zero', ubl, '<Percent>22.0</Percent>', '', ['BR-CO-17', 'BR-S-08']],
    ['BR-E-08', ubl, '<TaxableAmount currencyID="EUR">100.00', '<TaxableAmount currencyID="EUR">100.01', ['BR-E-08']],
    ['BR-E-09', ubl, '<TaxAmount currencyID="EUR">0.00', '<TaxAmount currencyID="EUR">0.40', ['BR-CO-14', 'BR-E-09']],
    ['BR-S-08 in CII', cii, '<ram:BasisAmount>275.00', '<ram:BasisAmount>275.01', ['BR-S-08']],
    ['within the tolerance', ubl, '>970.00<', '>970.99<', []],
    ['BR-02', ubl, '<ID>R&amp;D-2025-17</ID>', '', ['BR-02']],
    ['BR-03', ubl, '<IssueDate>2025-03-31+03:00</IssueDate>', '', ['BR-03']],
    ['BR-06', cii, '<ram:Name>Werkhof Süd GmbH</ram:Name>', '', ['BR-06']],
    ['BR-15', cii, '<ram:DuePayableAmount>529.87</ram:DuePayableAmount>', '', ['BR-15']],
  ])('%s', (_name, document, original, changed, expected) => {
    expect(document).toContain(original);
    expect(rules(document.replace(original, changed)).sort()).toEqual([...expected].sort());
  });

  it('says what the figure should be', () => {
    const [problem] = readInvoice(
      Buffer.from(ubl.replace('>1000.00</PayableAmount>', '>990.00</PayableAmount>')),
    ).problems;
    expect(problem).toEqual({ rule: 'BR-CO-16', message: 'The amount due (BT-115) is 990; it should be 1000.' });
  });

  it('where the tax total is stated twice, the breakdown is that of the one that has it', () => {
    expect(
      rules(
        fixture('saudi-credit-note.xml').replace(
          'TaxableAmount currencyID="SAR">201.00',
          'TaxableAmount currencyID="SAR">210.00',
        ),
      ),
    ).toEqual(['BR-CO-17', 'BR-S-08', 'BR-S-09']);
  });

  it('two total VAT amounts in one currency that differ', () => {
    const twice = fixture('saudi-credit-note.xml').replace(
      '30.15</cbc:TaxAmount></cac:TaxTotal>\n  <cac:TaxTotal>',
      '30.16</cbc:TaxAmount></cac:TaxTotal>\n  <cac:TaxTotal>',
    );
    expect(rules(twice)).toEqual(['BR-CO-15']);
  });
});

describe('values that cannot be read', () => {
  it.each([
    ['PayableAmount currencyID="EUR">1000.00', 'PayableAmount currencyID="EUR">1,000.00'],
    ['PayableAmount currencyID="EUR">1000.00', 'PayableAmount currencyID="EUR">1e3'],
    ['PayableAmount currencyID="EUR">1000.00', 'PayableAmount currencyID="EUR">NaN'],
    ['2025-03-31+03:00', '2025-02-30'],
    ['2025-04-30', '30.04.2025'],
  ])('%s as %s', (original, changed) => {
    expect(() => read(fixture('ubl-invoice.xml').replace(original, changed))).toThrow(
      expect.objectContaining({ code: 'invoice_value_malformed' }),
    );
  });

  it('a document of another kind', () => {
    const unknown = expect.objectContaining({ code: 'invoice_kind_unknown' });
    expect(() => read('<Invoice/>')).toThrow(unknown);
    expect(() => read(fixture('ubl-credit-note.xml').replaceAll('CreditNote-2', 'DebitNote-2'))).toThrow(unknown);
  });

  it('never ends in anything but an answer or a named refusal', () => {
    const documents = ['ubl-invoice.xml', 'saudi-credit-note.xml', 'cii-invoice.xml'].map((name) =>
      Buffer.from(fixture(name)),
    );
    const damage = fc.record({
      document: fc.constantFrom(...documents),
      at: fc.nat(),
      length: fc.nat({ max: 40 }),
      bytes: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(damage, ({ document, at, length, bytes }) => {
        const start = at % document.length;
        const damaged = Buffer.concat([document.subarray(0, start), bytes, document.subarray(start + length)]);
        try {
          expect(readInvoice(damaged).invoice.lines).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
