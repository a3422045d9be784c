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
 * one currency and one day, each line with its structured creditor reference (SCOR). Throws on what the message's schema refuses
 * and a bank must not guess: an identification or account that is too long, an amount of more than 18 digits.
 */
export function writePaymentFile(file: PaymentFile): string {
  const { currency, lines } = file;
  const total = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const sum = amountText(total, currency);
  const count = String(lines.length);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"',
    element(
      'CstmrCdtTrfInitn',
      element(
        'GrpHdr',
        identifier('MsgId', file.messageId, 35),
        element('CreDtTm', file.createdAt.toISOString()),
        element('NbOfTxs', count),
        element('CtrlSum', sum),
        element('InitgPty', named(file.payer.name)),
      ),
      element(
        'PmtInf',
        identifier('PmtInfId', file.messageId, 35),
        element('PmtMtd', 'TRF'),
        element('NbOfTxs', count),
        element('CtrlSum', sum),
        element('ReqdExctnDt', element('Dt', file.executeOn)),
        element('Dbtr', named(file.payer.name)),
        element('DbtrAcct', accountId(file.payer.account), element('Ccy', currency)),
        element('DbtrAgt', agent(file.payer.bic)),
        element('ChrgBr', 'SLEV'),
        ...lines.map((line) => transaction(line, currency)),
      ),
    ),
  )}\n`;
}

function transaction({ endToEndId, payee, amountMinor, reference }: PaymentLine, currency: string): string {
  return element(
    'CdtTrfTxInf',
    element('PmtId', identifier('EndToEndId', endToEndId, 35)),
    element('Amt', `<InstdAmt Ccy="${currency}">${amountText(amountMinor, currency)}</InstdAmt>`),
    ...(payee.bic === undefined ? [] : [element('CdtrAgt', agent(payee.bic))]),
    element('Cdtr', named(payee.name)),
    element('CdtrAcct', accountId(payee.account)),
    element(
      'RmtInf',
      element(
        'Strd',
        element(
          'CdtrRefInf',
          element('Tp', element('CdOrPrtry', element('Cd', 'SCOR'))),
          identifier('Ref', reference, 35),
        ),
      ),
    ),
  );
}

function accountId(account: string): string {
  const isIban = /^[A-Z]{2}\d{2}[0-9A-Z]{1,30}$/.test(account);
  return element('Id', isIban ? identifier('IBAN', account, 34) : element('Othr', identifier('Id', account, 34)));
}

function agent(bic: string | undefined): string {
  if (bic === undefined) return element('FinInstnId', element('Othr', identifier('Id', 'NOTPROVIDED', 35)));
  if (!/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(bic)) throw new Error(`"${bic}" is not a BIC (ISO 9362)`);
  return element('FinInstnId', identifier('BICFI', bic, 11));
}

/** An amount of at most 18 digits, as the message takes it. */
function amountText(minor: bigint, currency: string): string {
  const text = printAmount({ minor, currency });
  if (minor <= 0n || text.replace('.', '').length > 18) throw new Error(`a payment file cannot carry ${text}`);
  return text;
}

function element(open: string, ...content: readonly string[]): string {
  return `<${open}>${content.join('')}</${open.split(' ')[0]}>`;
}

/** What a bank acts upon is never cut: a part of an account number is another account. */
function identifier(name: string, value: string, max: number): string {
  if (value.length === 0 || value.length > max) throw new Error(`${name} must have 1 to ${max} characters: "${value}"`);
  return element(name, escaped(value));
}

/** A name, in at most 140 characters; what XML has no characters for, and blanks around it, are left out. */
function named(name: string): string {
  const clean = [...name.replaceAll(/\p{Cc}+/gu, ' ')]
    .filter((character) => !/[\p{Cs}\uFFFE\uFFFF]/u.test(character))
    .join('');
  const text = [...clean.trim()].slice(0, 140).join('').trim();
  return element('Nm', escaped(text === '' ? 'NOTPROVIDED' : text));
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
