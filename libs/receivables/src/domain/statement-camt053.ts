import { childOf, childrenOf, readXml, textOf, type XmlElement } from '#invoices';
import { type CalendarDate, DomainError, isCalendarDate, parseMoney } from '#kernel';
import { settlementError } from './settlement-errors.js';
import { normalAccount } from './payment-account.policy.js';

const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.08';

/** One booked movement of the account, from the account owner's view. */
export interface StatementLine {
  /** Unique on the account: the bank's own reference of the movement, and its place in a batch. */
  readonly entryRef: string;
  readonly direction: 'credit' | 'debit';
  /** The bank takes back an earlier movement of the other direction. */
  readonly reversal: boolean;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly bookedOn: CalendarDate;
  readonly endToEndId: string | null;
  /** Structured references and free texts, as they stand. */
  readonly texts: readonly string[];
  readonly partyName: string | null;
  readonly partyAccount: string | null;
  /** ISO 20022 external return reason, such as AC04, when the bank returns a payment. */
  readonly returnReason: string | null;
}

export interface BankStatement {
  /** The bank's identification of the statement, unique on the account. */
  readonly statementId: string;
  readonly account: string;
  readonly currency: string;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly lines: readonly StatementLine[];
  /** Movements that are not booked yet, left out. */
  readonly pending: number;
}

/**
 * Reads the statements in a camt.053.001.08 file. Refuses other messages, hostile XML (through the guard of invoices: document types, depth,
 * sizes), and a statement whose opening balance and movements do not give its closing balance.
 */
export function readStatements(bytes: Uint8Array): readonly BankStatement[] {
  const root = read(bytes);
  if (root.name !== 'Document' || root.namespace !== namespace)
    throw unreadable(`The file is ${root.namespace || 'without a namespace'}; camt.053.001.08 is read.`);
  const statements = childrenOf(childOf(root, namespace, 'BkToCstmrStmt'), namespace, 'Stmt').map(statement);
  if (statements.length === 0) throw unreadable('The file holds no statement.');
  return statements;
}

function read(bytes: Uint8Array): XmlElement {
  try {
    return readXml(bytes);
  } catch (error) {
    if (error instanceof DomainError) throw unreadable(error.message);
    throw error;
  }
}

function statement(stmt: XmlElement): BankStatement {
  const statementId = need(path(stmt, 'Id'), 'Stmt/Id', 35);
  const account = accountOf(child(stmt, 'Acct'));
  if (account === null) throw unreadable('Stmt/Acct/Id is missing.');
  const opening = balance(stmt, ['OPBD', 'PRCD']);
  const closing = balance(stmt, ['CLBD']);
  const entries = childrenOf(stmt, namespace, 'Ntry');
  const booked = entries.filter((entry) => textOf(child(child(entry, 'Sts'), 'Cd')) === 'BOOK');
  const lines = booked.flatMap((entry, index) => entryLines(entry, `${statementId}#${index + 1}`));
  const moved = lines.reduce((sum, line) => sum + signed(line), 0n);
  if (opening.currency !== closing.currency || lines.some(({ currency }) => currency !== opening.currency))
    throw unreadable('A statement is of one currency.');
  if (opening.minor + moved !== closing.minor)
    throw settlementError('statement_not_balanced', {
      detail: `Statement ${statementId}: opening balance and movements do not give the closing balance.`,
    });
  if (new Set(lines.map(({ entryRef }) => entryRef)).size !== lines.length)
    throw unreadable(`Statement ${statementId} names two movements by one reference.`);
  return {
    statementId,
    account,
    currency: opening.currency,
    openingMinor: opening.minor,
    closingMinor: closing.minor,
    lines,
    pending: entries.length - booked.length,
  };
}

/** What a movement adds to the account. A reversal's own sign is that of its indicator: the bank states it as it books it. */
function signed({ direction, amountMinor }: StatementLine): bigint {
  return direction === 'credit' ? amountMinor : -amountMinor;
}

function entryLines(entry: XmlElement, place: string): readonly StatementLine[] {
  const whole = amount(entry, 'Ntry/Amt');
  const base = {
    direction: direction(entry),
    reversal: textOf(child(entry, 'RvslInd')) === 'true',
    bookedOn: bookingDate(entry),
    currency: whole.currency,
  };
  const ref = textOf(child(entry, 'AcctSvcrRef'), 35) ?? textOf(child(entry, 'NtryRef'), 35) ?? place;
  const details = childrenOf(entry, namespace, 'NtryDtls').flatMap((each) => childrenOf(each, namespace, 'TxDtls'));
  const parts = details.map((detail) => (child(detail, 'Amt') ? amount(detail, 'TxDtls/Amt') : undefined));
  const sum = parts.reduce((total, part) => total + (part?.minor ?? 0n), 0n);
  const isBatch = details.length > 1 && parts.every((part) => part?.currency === whole.currency) && sum === whole.minor;
  // A batch without amounts of its own is one movement that nobody can tell apart: it goes to a person.
  if (!isBatch)
    return [
      {
        ...base,
        ...facts(details.length === 1 ? details[0] : undefined, entry),
        entryRef: ref,
        amountMinor: whole.minor,
      },
    ];
  return details.map((detail, index) => ({
    ...base,
    ...facts(detail, entry),
    entryRef: textOf(path(detail, 'Refs', 'AcctSvcrRef'), 35) ?? `${ref}/${index + 1}`,
    amountMinor: (parts[index] as { minor: bigint }).minor,
  }));
}

function facts(
  detail: XmlElement | undefined,
  entry: XmlElement,
): Pick<StatementLine, 'endToEndId' | 'texts' | 'partyName' | 'partyAccount' | 'returnReason'> {
  const parties = child(detail, 'RltdPties');
  const side = direction(entry) === 'credit' ? 'Dbtr' : 'Cdtr';
  const party = child(parties, side);
  const endToEndId = textOf(path(detail, 'Refs', 'EndToEndId'), 35);
  const remittance = child(detail, 'RmtInf');
  const structured = childrenOf(remittance, namespace, 'Strd').map((each) =>
    textOf(path(each, 'CdtrRefInf', 'Ref'), 35),
  );
  const free = childrenOf(remittance, namespace, 'Ustrd').map((each) => textOf(each, 140));
  const additional = [textOf(child(detail, 'AddtlTxInf'), 500), textOf(child(entry, 'AddtlNtryInf'), 500)];
  return {
    endToEndId: endToEndId === 'NOTPROVIDED' ? null : endToEndId,
    texts: [...structured, endToEndId, ...free, ...additional].filter((each) => each !== null).slice(0, 20),
    partyName: textOf(child(child(party, 'Pty'), 'Nm') ?? child(party, 'Nm'), 140),
    partyAccount: accountOf(child(parties, `${side}Acct`)),
    returnReason: textOf(path(detail, 'RtrInf', 'Rsn', 'Cd'), 4),
  };
}

function balance(stmt: XmlElement, codes: readonly string[]): { minor: bigint; currency: string } {
  const found = childrenOf(stmt, namespace, 'Bal').find((bal) =>
    codes.includes(textOf(path(bal, 'Tp', 'CdOrPrtry', 'Cd')) ?? ''),
  );
  if (!found) throw unreadable(`The balance ${codes.join(' or ')} is missing.`);
  const { minor, currency } = amount(found, 'Bal/Amt');
  return { minor: direction(found) === 'credit' ? minor : -minor, currency };
}

function amount(of: XmlElement, name: string): { minor: bigint; currency: string } {
  const found = child(of, 'Amt');
  const text = textOf(found, 40) ?? '';
  // Banks write more zeros than the currency has decimals; zeros are not an amount.
  const plain = text.includes('.') ? text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : text;
  try {
    const money = parseMoney(plain, found?.attributes['Ccy'] ?? '');
    if (money.minor >= 0n) return money;
  } catch {
    // Answered below: an amount that cannot be read is the file's fault, whatever is wrong with it.
  }
  throw unreadable(`${name} "${text}" is not an amount.`);
}

function direction(of: XmlElement): 'credit' | 'debit' {
  const code = textOf(child(of, 'CdtDbtInd'));
  if (code === 'CRDT') return 'credit';
  if (code === 'DBIT') return 'debit';
  throw unreadable('CdtDbtInd must be CRDT or DBIT.');
}

function bookingDate(entry: XmlElement): CalendarDate {
  const date = child(entry, 'BookgDt') ?? child(entry, 'ValDt');
  const text = (textOf(child(date, 'Dt')) ?? textOf(child(date, 'DtTm')) ?? '').slice(0, 10);
  if (isCalendarDate(text)) return text;
  throw unreadable('BookgDt is missing or is not a date.');
}

function accountOf(account: XmlElement | undefined): string | null {
  const id = child(account, 'Id');
  const text = textOf(child(id, 'IBAN'), 34) ?? textOf(path(id, 'Othr', 'Id'), 34);
  return text === null ? null : normalAccount(text);
}

function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return childOf(parent, namespace, name);
}

function path(from: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>((at, name) => child(at, name), from);
}

function need(element: XmlElement | undefined, name: string, max: number): string {
  const text = textOf(element, max);
  if (text === null) throw unreadable(`${name} is missing.`);
  return text;
}

function unreadable(detail: string) {
  return settlementError('statement_unreadable', { detail });
}
