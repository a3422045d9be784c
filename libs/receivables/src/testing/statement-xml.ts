import { parseMoney, printAmount } from '#kernel';

export interface TestEntry {
  readonly ref: string;
  readonly amount: string;
  readonly direction: 'CRDT' | 'DBIT';
  readonly reversal?: boolean;
  readonly returnReason?: string;
  readonly endToEnd?: string;
  readonly texts?: readonly string[];
  readonly party?: { readonly name: string; readonly account: string };
  /** Amounts of a batch. */
  readonly parts?: readonly string[];
}

export interface TestStatement {
  readonly id: string;
  readonly opening: string;
  readonly entries: readonly TestEntry[];
  readonly closing?: string;
  readonly account?: string;
  readonly currency?: string;
}

/** A bank statement as a bank would send it: camt.053.001.08. */
export function statementXml({
  id,
  opening,
  entries,
  closing,
  account = 'SA4420000001234567891234',
  currency = 'SAR',
}: TestStatement): string {
  const moved = entries.reduce(
    (sum, { amount, direction }) => sum + (direction === 'CRDT' ? 1n : -1n) * parseMoney(amount, currency).minor,
    0n,
  );
  const isAmount = /^-?[\d.]+$/.test(opening);
  const end =
    closing ?? (isAmount ? printAmount({ minor: parseMoney(opening, currency).minor + moved, currency }) : '0.00');
  const bal = (code: string, amount: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount.replace(/^-/, '')}</Amt><CdtDbtInd>${amount.startsWith('-') ? 'DBIT' : 'CRDT'}</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M-${id}</MsgId><CreDtTm>2026-03-02T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>${id}</Id><CreDtTm>2026-03-02T20:00:00Z</CreDtTm><Acct><Id><IBAN>${account}</IBAN></Id><Ccy>${currency}</Ccy></Acct>${bal('OPBD', opening)}${bal('CLBD', end)}${entries.map((each) => entryXml(each, currency)).join('')}</Stmt></BkToCstmrStmt></Document>`;
}

function entryXml(entry: TestEntry, currency: string): string {
  const details = (entry.parts ?? [undefined]).map((part) => detailXml(entry, part, currency)).join('');
  return `<Ntry><Amt Ccy="${currency}">${entry.amount}</Amt><CdtDbtInd>${entry.direction}</CdtDbtInd>${entry.reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>${entry.ref}</AcctSvcrRef><NtryDtls>${details}</NtryDtls></Ntry>`;
}

function detailXml(entry: TestEntry, part: string | undefined, currency: string): string {
  const side = entry.direction === 'CRDT' ? 'Dbtr' : 'Cdtr';
  const { party, texts = [] } = entry;
  const parties = party
    ? `<RltdPties><${side}><Pty><Nm>${party.name}</Nm></Pty></${side}><${side}Acct><Id><IBAN>${party.account}</IBAN></Id></${side}Acct></RltdPties>`
    : '';
  const remittance = texts.map((text) => `<Strd><CdtrRefInf><Ref>${text}</Ref></CdtrRefInf></Strd>`).join('');
  return `<TxDtls><Refs>${entry.endToEnd ? `<EndToEndId>${entry.endToEnd}</EndToEndId>` : ''}</Refs>${part ? `<Amt Ccy="${currency}">${part}</Amt>` : ''}${parties}${remittance ? `<RmtInf>${remittance}</RmtInf>` : ''}${entry.returnReason ? `<RtrInf><Rsn><Cd>${entry.returnReason}</Cd></Rsn></RtrInf>` : ''}</TxDtls>`;
}
