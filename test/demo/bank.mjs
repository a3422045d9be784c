// The settlement bank of the story: it reads payment files and says by camt.053 what moved on the settlement account.
import { StoryBroken } from './client.mjs';
import { minor, sum } from './figures.mjs';

let statements = 0;

/** What a payment file (pain.001) tells the bank: each line with payer's end-to-end name, amount, payee's account and reference. */
export function readPaymentFile(xml) {
  const one = (text, pattern) => pattern.exec(text)?.[1] ?? '';
  return {
    executeOn: one(xml, /<ReqdExctnDt><Dt>([^<]+)</),
    count: Number(one(xml, /<NbOfTxs>(\d+)</)),
    total: one(xml, /<CtrlSum>([\d.]+)</),
    lines: [...xml.matchAll(/<CdtTrfTxInf>(.*?)<\/CdtTrfTxInf>/gs)].map(([, line]) => ({
      endToEnd: one(line, /<EndToEndId>([^<]+)</),
      amount: one(line, /<InstdAmt Ccy="SAR">([\d.]+)</),
      account: one(line, /<CdtrAcct>.*?<IBAN>([^<]+)</s),
      reference: one(line, /<Ref>([^<]+)</),
    })),
  };
}

/** The bank's statement of what came in (`reference`) or went out (`endToEnd`), taken in by the operator's desk. */
export async function bankSays(officer, account, entries) {
  const id = `TOLD-${Date.now()}-${++statements}`;
  const at = new Date().toISOString();
  const moved = sum(entries.map(({ amount, endToEnd }) => (endToEnd ? -1n : 1n) * minor({ amount })));
  // Banks open a day with what is there; large enough here for whatever goes out.
  const opening = 10_000_000_000_00n;
  const print = (value) => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;
  const balance = (code, value) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">${print(value)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${at.slice(0, 10)}</Dt></Dt></Bal>`;
  const rows = entries.map(({ amount, reference, endToEnd }, n) => {
    const details = endToEnd
      ? `<Refs><EndToEndId>${endToEnd}</EndToEndId></Refs>`
      : `<RmtInf><Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf>`;
    return `<Ntry><Amt Ccy="SAR">${amount}</Amt><CdtDbtInd>${endToEnd ? 'DBIT' : 'CRDT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${at.slice(0, 10)}</Dt></BookgDt><AcctSvcrRef>${id}.${n}</AcctSvcrRef><NtryDtls><TxDtls>${details}</TxDtls></NtryDtls></Ntry>`;
  });
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>${id}</MsgId><CreDtTm>${at}</CreDtTm></GrpHdr><Stmt><Id>${id}</Id><CreDtTm>${at}</CreDtTm><Acct><Id><IBAN>${account}</IBAN></Id><Ccy>SAR</Ccy></Acct>${balance('OPBD', opening)}${balance('CLBD', opening + moved)}${rows.join('')}</Stmt></BkToCstmrStmt></Document>`;
  const answer = await officer.post('/v1/settlement-desk/statements', Buffer.from(xml), {
    headers: { 'content-type': 'application/xml' },
  });
  const [taken] = answer.statements;
  if (!taken) throw new StoryBroken(`the statement was not taken: ${JSON.stringify(answer)}`);
  return taken;
}
