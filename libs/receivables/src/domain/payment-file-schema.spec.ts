import { readXml, type XmlElement } from '#invoices';
import type { CalendarDate } from '#kernel';
import { type PaymentFile, writePaymentFile } from './settlement-payment-file.js';
import { withCheckDigits } from './settlement-reference.js';

/**
 * What the schema of ISO 20022 pain.001.001.09 (urn:iso:std:iso:20022:tech:xsd:pain.001.001.09, types as named there) says of the elements that
 * we write: their order, how often each may stand, lengths, patterns and codes. Every type lists its elements up to the last one that
 * we use, the optional ones that we leave out included. The schema itself is ISO's and not part of this repository.
 */
const facets: Readonly<Record<string, RegExp>> = {
  Max34Text: /^.{1,34}$/su,
  Max35Text: /^.{1,35}$/su,
  Max70Text: /^.{1,70}$/su,
  Max140Text: /^.{1,140}$/su,
  Max15NumericText: /^[0-9]{1,15}$/,
  // xs:dateTime and xs:date.
  ISODateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
  ISODate: /^\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$/,
  // Of 18 digits at most; 17 and 5 after the point.
  DecimalNumber: /^(?=(\D*\d){1,18}\D*$)\d+(\.\d{1,17})?$/,
  ActiveOrHistoricCurrencyAndAmount: /^(?=(\D*\d){1,18}\D*$)\d+(\.\d{1,5})?$/,
  ActiveOrHistoricCurrencyCode: /^[A-Z]{3}$/,
  IBAN2007Identifier: /^[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$/,
  BICFIDec2014Identifier: /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/,
  PaymentMethod3Code: /^(CHK|TRF|TRA)$/,
  ChargeBearerType1Code: /^(DEBT|CRED|SHAR|SLEV)$/,
  DocumentType3Code: /^(RADM|RPIN|FXDR|DISP|PUOR|SCOR)$/,
};

/** `name:Type`, with `?` where it may be left out and `+` where it may be repeated; a bare name we never write. */
const sequences: Readonly<Record<string, string>> = {
  Document: 'CstmrCdtTrfInitn:CustomerCreditTransferInitiationV09',
  CustomerCreditTransferInitiationV09: 'GrpHdr:GroupHeader85 PmtInf:PaymentInstruction30+',
  GroupHeader85:
    'MsgId:Max35Text CreDtTm:ISODateTime Authstn NbOfTxs:Max15NumericText CtrlSum:DecimalNumber? InitgPty:PartyIdentification135',
  PaymentInstruction30:
    'PmtInfId:Max35Text PmtMtd:PaymentMethod3Code BtchBookg NbOfTxs:Max15NumericText? CtrlSum:DecimalNumber? PmtTpInf ReqdExctnDt:DateAndDateTime2Choice PoolgAdjstmntDt Dbtr:PartyIdentification135 DbtrAcct:CashAccount38 DbtrAgt:BranchAndFinancialInstitutionIdentification6 DbtrAgtAcct InstrForDbtrAgt UltmtDbtr ChrgBr:ChargeBearerType1Code? ChrgsAcct ChrgsAcctAgt CdtTrfTxInf:CreditTransferTransaction34+',
  CreditTransferTransaction34:
    'PmtId:PaymentIdentification6 PmtTpInf Amt:AmountType4Choice XchgRateInf ChrgBr ChqInstr UltmtDbtr IntrmyAgt1 IntrmyAgt1Acct IntrmyAgt2 IntrmyAgt2Acct IntrmyAgt3 IntrmyAgt3Acct CdtrAgt:BranchAndFinancialInstitutionIdentification6? CdtrAgtAcct Cdtr:PartyIdentification135? CdtrAcct:CashAccount38? UltmtCdtr InstrForCdtrAgt InstrForDbtrAgt Purp RgltryRptg Tax RltdRmtInf RmtInf:RemittanceInformation16?',
  PaymentIdentification6: 'InstrId EndToEndId:Max35Text UETR',
  PartyIdentification135: 'Nm:Max140Text?',
  CashAccount38: 'Id:AccountIdentification4Choice Tp Ccy:ActiveOrHistoricCurrencyCode?',
  GenericAccountIdentification1: 'Id:Max34Text',
  BranchAndFinancialInstitutionIdentification6: 'FinInstnId:FinancialInstitutionIdentification18',
  FinancialInstitutionIdentification18:
    'BICFI:BICFIDec2014Identifier? ClrSysMmbId LEI Nm PstlAdr Othr:GenericFinancialIdentification1?',
  GenericFinancialIdentification1: 'Id:Max35Text',
  RemittanceInformation16: 'Ustrd Strd:StructuredRemittanceInformation16+',
  StructuredRemittanceInformation16: 'RfrdDocInf RfrdDocAmt CdtrRefInf:CreditorReferenceInformation2?',
  CreditorReferenceInformation2: 'Tp:CreditorReferenceType2? Ref:Max35Text?',
  CreditorReferenceType2: 'CdOrPrtry:CreditorReferenceType1Choice',
};

const choices: Readonly<Record<string, string>> = {
  DateAndDateTime2Choice: 'Dt:ISODate DtTm:ISODateTime',
  AccountIdentification4Choice: 'IBAN:IBAN2007Identifier Othr:GenericAccountIdentification1',
  AmountType4Choice: 'InstdAmt:ActiveOrHistoricCurrencyAndAmount EqvtAmt',
  CreditorReferenceType1Choice: 'Cd:DocumentType3Code Prtry:Max35Text',
};

interface Rule {
  readonly name: string;
  readonly type: string | undefined;
  readonly isOptional: boolean;
  readonly isRepeated: boolean;
}

const rulesOf = (text: string): readonly Rule[] =>
  text.split(' ').map((each) => {
    const [, name = '', type, mark] = /^(\w+)(?::(\w+))?([?+]?)$/.exec(each) ?? [];
    return { name, type, isOptional: mark === '?' || type === undefined, isRepeated: mark === '+' };
  });

/** Everything in which an element differs from its type. */
function faults(element: XmlElement, type: string, path: string): string[] {
  const facet = facets[type];
  if (facet) {
    const currency = element.attributes['Ccy'];
    const isAmount = type === 'ActiveOrHistoricCurrencyAndAmount';
    return [
      ...(facet.test(element.text) ? [] : [`${path} "${element.text}" is no ${type}`]),
      ...(isAmount && !facets['ActiveOrHistoricCurrencyCode']?.test(currency ?? '') ? [`${path}/@Ccy`] : []),
      ...(element.children.length > 0 ? [`${path} has children`] : []),
    ];
  }
  const choice = choices[type];
  if (choice !== undefined) {
    const found = rulesOf(choice).find(({ name }) => name === element.children[0]?.name);
    if (element.children.length !== 1 || !found?.type) return [`${path} is not one of ${choice}`];
    return faults(element.children[0] as XmlElement, found.type, `${path}/${found.name}`);
  }
  const found: string[] = [];
  let at = 0;
  for (const { name, type: of, isOptional, isRepeated } of rulesOf(sequences[type] ?? '')) {
    let count = 0;
    for (; element.children[at]?.name === name; at++, count++)
      if (of) found.push(...faults(element.children[at] as XmlElement, of, `${path}/${name}`));
      else found.push(`${path}/${name} is not known to this test`);
    if (count === 0 && !isOptional) found.push(`${path}/${name} is missing`);
    if (count > 1 && !isRepeated) found.push(`${path}/${name} stands twice`);
  }
  const rest = element.children[at];
  return rest ? [...found, `${path}/${rest.name} is out of order or unknown`] : found;
}

const faultsOf = (file: string) => faults(readXml(Buffer.from(file)), 'Document', 'Document');

const reference = withCheckDigits('539007547034');
const payee = { name: 'Settlement account', account: 'SA4420000001234567891234' };
const plain: PaymentFile = {
  messageId: 'M1',
  createdAt: new Date('2026-03-01T09:30:00.123Z'),
  executeOn: '2026-03-02' as CalendarDate,
  payer: { name: 'Najd Retail', account: 'SA0380000000608010167519' },
  currency: 'SAR',
  lines: [{ endToEndId: 'E1', payee, amountMinor: 123_450n, reference }],
};
const line = plain.lines[0] as PaymentFile['lines'][number];

describe('a payment file is as the schema of pain.001.001.09 prescribes', () => {
  it.each<[string, Partial<PaymentFile>]>([
    ['plain', {}],
    [
      'with the banks’ identifications',
      { payer: { ...plain.payer, bic: 'SABBSARI' }, lines: [{ ...line, payee: { ...payee, bic: 'SABBSARI123' } }] },
    ],
    [
      'from and to accounts that are no IBAN',
      {
        payer: { ...plain.payer, account: '000123456789' },
        lines: [{ ...line, payee: { ...payee, account: '1'.repeat(34) } }],
      },
    ],
    [
      'with the longest identifications',
      { messageId: 'M'.repeat(35), lines: [{ ...line, endToEndId: 'E'.repeat(35) }] },
    ],
    ['with names that are longer than 140 characters', { payer: { ...plain.payer, name: '\u{1f3e6}ش'.repeat(200) } }],
    [
      'with names of blanks, of control characters and half a character',
      {
        payer: { ...plain.payer, name: ' \t\u0001 ' },
        lines: [{ ...line, payee: { ...payee, name: `a\u0000b\ud800c\uffff <&>"'` } }],
      },
    ],
    [
      'of 2,000 payments',
      { lines: Array.from({ length: 2000 }, (_, index) => ({ ...line, endToEndId: `E${index}` })) },
    ],
    ['in a currency without decimals', { currency: 'JPY' }],
    ['in a currency with three decimals', { currency: 'KWD' }],
    ['of 18 digits', { lines: [{ ...line, amountMinor: 999_999_999_999_999_999n }] }],
  ])('%s', (_name, changes) => {
    expect(faultsOf(writePaymentFile({ ...plain, ...changes }))).toEqual([]);
  });

  it('and is not written where it could not be', () => {
    const write = (changes: Partial<PaymentFile>) => () => writePaymentFile({ ...plain, ...changes });
    expect(write({ messageId: 'M'.repeat(36) })).toThrow('MsgId must have 1 to 35 characters');
    expect(write({ payer: { ...plain.payer, account: '1'.repeat(35) } })).toThrow('Id must have 1 to 34 characters');
    expect(write({ payer: { ...plain.payer, bic: 'SABB' } })).toThrow('is not a BIC');
    expect(write({ lines: [{ ...line, endToEndId: '' }] })).toThrow('EndToEndId must have');
    expect(write({ lines: [{ ...line, amountMinor: 1_000_000_000_000_000_000n }] })).toThrow('cannot carry');
  });

  it('of which this test would see what is wrong', () => {
    const file = writePaymentFile(plain);
    expect(faultsOf(file.replace('<ChrgBr>SLEV</ChrgBr>', ''))).toEqual([]);
    const moved = file.replace('<ChrgBr>SLEV</ChrgBr>', '').replace('<Dbtr>', '<ChrgBr>SLEV</ChrgBr><Dbtr>');
    expect(faultsOf(moved)).not.toEqual([]);
    expect(faultsOf(file.replace('<MsgId>M1</MsgId>', ''))).toContain(
      'Document/CstmrCdtTrfInitn/GrpHdr/MsgId is missing',
    );
    expect(faultsOf(file.replace('TRF', 'XYZ'))).toHaveLength(1);
    expect(faultsOf(file.replaceAll('1234.50', '1234.500000'))).toHaveLength(1);
    expect(faultsOf(file.replace('Ccy="SAR"', 'Ccy="sar"'))).toHaveLength(1);
  });
});
