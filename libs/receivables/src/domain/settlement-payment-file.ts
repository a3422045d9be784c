import { type CalendarDate, printAmount } from '#kernel';

export interface PaymentParty {
  readonly name: string;
  /** IBAN where the country has one, else the account's own number. */
  readonly account: string;
  /** BIC of the bank; without it the bank is found by the IBAN. */
  readonly bic?: string | undefined;
}

export interface PaymentLine {
  /** At most 35 characters; comes back in the bank's statement. */
  readonly endToEndId: string;
  readonly payee: PaymentParty;
  readonly amountMinor: bigint;
  /** Creditor reference of ISO 11649. */
  readonly reference: string;
}

export interface PaymentFile {
  /** At most 35 characters, unique for ever. */
  readonly messageId: string;
  readonly createdAt: Date;
  readonly executeOn: CalendarDate;
  readonly payer: PaymentParty;
  readonly currency: string;
  readonly lines: readonly PaymentLine[];
}

/**
 * A payer's instruction to its bank as ISO 20022 customer credit transfer initiation, pain.001.001.09: one batch of one payer,
 * one currency and one day, each line with its structured creditor reference (SCOR).
 */
export function writePaymentFile(file: PaymentFile): string {
  const { currency, lines } = file;
  const sum = printAmount({ minor: lines.reduce((total, { amountMinor }) => total + amountMinor, 0n), currency });
  const count = String(lines.length);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"',
    element(
      'CstmrCdtTrfInitn',
      element(
        'GrpHdr',
        text('MsgId', file.messageId, 35),
        text('CreDtTm', file.createdAt.toISOString()),
        text('NbOfTxs', count),
        text('CtrlSum', sum),
        element('InitgPty', text('Nm', file.payer.name, 140)),
      ),
      element(
        'PmtInf',
        text('PmtInfId', file.messageId, 35),
        text('PmtMtd', 'TRF'),
        text('NbOfTxs', count),
        text('CtrlSum', sum),
        element('ReqdExctnDt', text('Dt', file.executeOn)),
        element('Dbtr', text('Nm', file.payer.name, 140)),
        element('DbtrAcct', accountId(file.payer.account), text('Ccy', currency)),
        element('DbtrAgt', agent(file.payer.bic)),
        text('ChrgBr', 'SLEV'),
        ...lines.map((line) => transaction(line, currency)),
      ),
    ),
  )}\n`;
}

function transaction({ endToEndId, payee, amountMinor, reference }: PaymentLine, currency: string): string {
  return element(
    'CdtTrfTxInf',
    element('PmtId', text('EndToEndId', endToEndId, 35)),
    element('Amt', `<InstdAmt Ccy="${currency}">${printAmount({ minor: amountMinor, currency })}</InstdAmt>`),
    ...(payee.bic === undefined ? [] : [element('CdtrAgt', agent(payee.bic))]),
    element('Cdtr', text('Nm', payee.name, 140)),
    element('CdtrAcct', accountId(payee.account)),
    element(
      'RmtInf',
      element(
        'Strd',
        element('CdtrRefInf', element('Tp', element('CdOrPrtry', text('Cd', 'SCOR'))), text('Ref', reference, 35)),
      ),
    ),
  );
}

function accountId(account: string): string {
  const isIban = /^[A-Z]{2}\d{2}[0-9A-Z]{8,30}$/.test(account);
  return element('Id', isIban ? text('IBAN', account) : element('Othr', text('Id', account, 34)));
}

function agent(bic: string | undefined): string {
  return element('FinInstnId', bic === undefined ? element('Othr', text('Id', 'NOTPROVIDED')) : text('BICFI', bic));
}

function element(open: string, ...content: readonly string[]): string {
  return `<${open}>${content.join('')}</${open.split(' ')[0]}>`;
}

function text(name: string, value: string, max = 140): string {
  return `<${name}>${escaped([...value].slice(0, max).join(''))}</${name}>`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => escapes[character] as string);
}
