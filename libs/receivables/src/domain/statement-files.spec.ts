import type { CalendarDate } from '#kernel';
import { readXml } from '#invoices';
import { withCheckDigits } from './settlement-reference.js';
import { writePaymentFile } from './settlement-payment-file.js';
import { readStatements } from './statement-camt053.js';
import { statementXml } from '../testing/statement-xml.js';

const reference = withCheckDigits('539007547034');

describe('payment files (pain.001.001.09)', () => {
  const file = writePaymentFile({
    messageId: 'M1',
    createdAt: new Date('2026-03-01T09:30:00Z'),
    executeOn: '2026-03-02' as CalendarDate,
    payer: { name: 'Najd Retail & Sons <LLC>', account: 'SA0380000000608010167519' },
    currency: 'SAR',
    lines: [
      {
        endToEndId: 'E1',
        payee: { name: 'Settlement', account: 'SA4420000001234567891234', bic: 'SABBSARI' },
        amountMinor: 123_450n,
        reference,
      },
      { endToEndId: 'E2', payee: { name: 'Settlement', account: '000123456789' }, amountMinor: 1n, reference },
    ],
  });

  it('add up, name their references, and escape what people are called', () => {
    const root = readXml(Buffer.from(file));
    expect([root.name, root.namespace]).toEqual(['Document', 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09']);
    expect(file).toContain('<NbOfTxs>2</NbOfTxs><CtrlSum>1234.51</CtrlSum>');
    expect(file).toContain('<Nm>Najd Retail &amp; Sons &lt;LLC&gt;</Nm>');
    expect(file).toContain(`<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>${reference}</Ref>`);
    expect(file).toContain('<InstdAmt Ccy="SAR">1234.50</InstdAmt>');
    expect(file).toContain('<Othr><Id>000123456789</Id></Othr>');
  });

  it('keep the order of elements that the message prescribes', () => {
    const names = (text: string) => [...text.matchAll(/<(\w+)[ >]/g)].map(([, name]) => name as string);
    const part = file.slice(file.indexOf('<PmtInf>'), file.indexOf('<CdtTrfTxInf>'));
    const order = ['PmtInfId', 'PmtMtd', 'NbOfTxs', 'CtrlSum', 'ReqdExctnDt', 'Dbtr', 'DbtrAcct', 'DbtrAgt', 'ChrgBr'];
    expect(names(part).filter((name) => order.includes(name))).toEqual(order);
    const line = file.slice(file.indexOf('<CdtTrfTxInf>'), file.indexOf('</CdtTrfTxInf>'));
    const lineOrder = ['PmtId', 'Amt', 'CdtrAgt', 'Cdtr', 'CdtrAcct', 'RmtInf'];
    expect(names(line).filter((name) => lineOrder.includes(name))).toEqual(lineOrder);
  });
});

describe('bank statements (camt.053.001.08)', () => {
  const entry = {
    ref: 'B1',
    amount: '1234.50',
    direction: 'CRDT' as const,
    texts: [reference],
    party: { name: 'Najd', account: 'SA0380000000608010167519' },
  };
  const read = (xml: string) => readStatements(Buffer.from(xml));
  const refused = (code: string) => expect.objectContaining({ code });

  it('are read entry by entry, batches part by part', () => {
    const [statement] = read(
      statementXml({
        id: 'S1',
        opening: '100.00',
        entries: [entry, { ref: 'B2', amount: '30.00', direction: 'DBIT', parts: ['10.00', '20.00'], endToEnd: 'E1' }],
      }),
    );
    expect(statement).toMatchObject({
      statementId: 'S1',
      account: 'SA4420000001234567891234',
      currency: 'SAR',
      openingMinor: 10_000n,
      closingMinor: 130_450n,
    });
    expect(statement?.lines.map(({ entryRef, direction, amountMinor }) => [entryRef, direction, amountMinor])).toEqual([
      ['B1', 'credit', 123_450n],
      ['B2/1', 'debit', 1_000n],
      ['B2/2', 'debit', 2_000n],
    ]);
    expect(statement?.lines[0]).toMatchObject({
      partyName: 'Najd',
      partyAccount: 'SA0380000000608010167519',
      texts: [reference],
    });
  });

  it('leave out what is not booked, and say how much that is', () => {
    const xml = statementXml({ id: 'S1', opening: '0.00', entries: [entry] })
      .replace('<Cd>BOOK</Cd>', '<Cd>PDNG</Cd>')
      .replace('>1234.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt', '>0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt');
    expect(read(xml)[0]).toMatchObject({ lines: [], pending: 1 });
  });

  it('must add up', () => {
    const xml = statementXml({ id: 'S1', opening: '0.00', entries: [entry], closing: '1234.51' });
    expect(() => read(xml)).toThrow(refused('statement_not_balanced'));
  });

  it.each([
    [
      'another version',
      statementXml({ id: 'S', opening: '0.00', entries: [] }).replace('camt.053.001.08', 'camt.053.001.02'),
    ],
    [
      'a document type',
      `<!DOCTYPE Document [<!ENTITY x "y">]>${statementXml({ id: 'S', opening: '0.00', entries: [] })}`,
    ],
    ['no statement', '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>'],
    ['nothing', ''],
    ['a balance that is none', statementXml({ id: 'S', opening: '1e9', entries: [] })],
    ['a movement twice', statementXml({ id: 'S', opening: '0.00', entries: [entry, entry] })],
    ['depth without end', '<a>'.repeat(50_000)],
  ])('refuse %s', (_what, xml) => {
    expect(() => read(xml)).toThrow(refused('statement_unreadable'));
  });
});
