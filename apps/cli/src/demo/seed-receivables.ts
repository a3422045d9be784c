// size: one story of receivables in the order in which it happened
import { DataSource } from 'typeorm';
import { addWorkingTime, dueAt, localDate, type WorkingCalendar } from '#finance';
import { addDays } from '#kernel';
import { businessCalendars } from '#platform/rulebooks';
import { receivableLifecycle } from '#receivables';
import { demoPassword } from '../../../../config/demonstration.js';
import { type EnterpriseRole, enterpriseCast } from './cast-enterprises.js';
import { type Answer, type Hand, type MarketAt, SeedFailure } from './market-at.js';
import { ownerOf, saudiIban } from './seed-enterprises.js';
import { emailOf } from './seed-financiers.js';

const dayMs = 86_400_000;
/** The three anchors by their addresses, with what they buy. */
const anchors = [
  { domain: 'gulf-retail', name: 'Gulf Retail Group', about: 'A chain of shops for daily needs.', invoices: 90 },
  { domain: 'sarawat-energy', name: 'Sarawat Energy', about: 'Builds and runs solar plants.', invoices: 70 },
  {
    domain: 'diriyah-hospitals',
    name: 'Diriyah Hospitals',
    about: 'Four hospitals and their laboratories.',
    invoices: 70,
  },
] as const;
type Anchor = (typeof anchors)[number];

/** Financiers of supply chains, dearest first; the last bids by its rule. */
const buyers = ['qafila-factors', 'silsila-capital', 'mina-trade'] as const;
/** Suppliers of each anchor. */
const suppliersOf = (anchor: Anchor): readonly EnterpriseRole[] => {
  const start = anchors.indexOf(anchor) * 6;
  return enterpriseCast.slice(start, start + 6);
};
const registrationOf = (firm: EnterpriseRole): string => `10${String(10_000_000 + enterpriseCast.indexOf(firm))}`;
const registrationOfAnchor = (anchor: Anchor): string =>
  `70000000${String(4 + anchors.indexOf(anchor)).padStart(2, '0')}`;
const sar = (minor: number) => ({ amount: (minor / 100).toFixed(2), currency: 'SAR' });

const ofCountry = (country: string): WorkingCalendar => {
  const calendar = businessCalendars().get(country);
  if (!calendar) throw new SeedFailure(`there is no business calendar for ${country}`);
  return calendar;
};

/** How many days ago, at least so many, the market for receivables stood open with an hour to spare. */
export function openMarketDaysAgo(country: string, atLeast: number): number {
  const calendar = ofCountry(country);
  for (let daysAgo = atLeast; daysAgo < atLeast + 30; daysAgo += 1 / 24)
    if (isOpen(calendar, Date.now() - daysAgo * dayMs)) return daysAgo;
  throw new SeedFailure('no hour was found in which the market was open');
}

/** So many working hours later than a moment `daysAgo`. */
export function workingHoursLater(country: string, daysAgo: number, hours: number): number {
  const instant = addWorkingTime(ofCountry(country), Date.now() - daysAgo * dayMs, hours * 3_600_000);
  return (Date.now() - instant) / dayMs;
}

/** How long ago receivables must have been listed for their sellers to decide now, with hours to spare. */
export function listedToDecideNow(country: string): number {
  const calendar = ofCountry(country);
  for (let daysAgo = 1.05; daysAgo < 20; daysAgo += 1 / 24) {
    const listed = Date.now() - daysAgo * dayMs;
    const closes = addWorkingTime(calendar, listed, 8 * 3_600_000);
    const decideBy = dueAt(calendar, closes + 1, 2).dueAt;
    if (isOpen(calendar, listed) && closes + 1_800_000 < Date.now() && Date.now() < decideBy - 6 * 3_600_000)
      return daysAgo;
  }
  throw new SeedFailure('no moment was found from which receivables would be decided on now');
}

function isOpen(calendar: WorkingCalendar, instant: number): boolean {
  const hour = 3_600_000;
  return addWorkingTime(calendar, instant, hour) === instant + hour;
}

/** Anchors are verified and name their suppliers; financiers set their limits; both declare the accounts they pay from. */
export async function seedAnchors(market: MarketAt, lead: Hand, tell: (text: string) => void): Promise<void> {
  const ids = new Map<Anchor, string>();
  for (const anchor of anchors) {
    const admin = await market.as(`admin@${anchor.domain}.example`, demoPassword);
    await admin.patch('/v1/anchor', {
      ifMatch: 0,
      kind: anchor.domain === 'diriyah-hospitals' ? 'government' : 'company',
      visibility: 'public',
      taxId: `30000000${anchors.indexOf(anchor)}00003`,
      about: anchor.about,
      website: `https://www.${anchor.domain}.example`,
    });
    const { id } = await admin.post('/v1/anchor/verification');
    ids.set(anchor, id);
    const maker = await market.as(`maker@${anchor.domain}.example`, demoPassword);
    for (const firm of suppliersOf(anchor))
      await maker.post('/v1/anchor/suppliers', {
        registrationNumber: registrationOf(firm),
        country: 'SA',
        name: firm.name,
      });
  }
  await market.settle();
  for (const id of ids.values())
    await lead.post(`/v1/operator/anchors/${id}/decision`, { verified: true, reasons: [] });
  const payers = [...anchors.map(({ domain }) => domain), ...buyers];
  for (const [n, domain] of payers.entries()) {
    const maker = await market.withSecondFactor(`maker@${domain}.example`, demoPassword);
    const account = await maker.put('/v1/settlement/account', {
      accountNumber: saudiIban(90_100_000 + n),
      bankName: 'Wadi Bank',
      holderName: domain,
    });
    await lead.post(`/v1/review/payment-accounts/${account.id}/decision`, {
      confirmed: true,
      reasons: [{ code: 'letter', message: 'The bank’s letter names the organisation.' }],
    });
  }
  for (const slug of buyers) {
    const [maker, checker] = [
      await market.as(emailOf('maker', slug), demoPassword),
      await market.as(emailOf('checker', slug), demoPassword),
    ];
    for (const [anchor, anchorId] of ids) {
      const limit = sar(anchor.domain === 'gulf-retail' ? 2_000_000_000 : 1_200_000_000);
      const change = await maker.post('/v1/institution/anchor-limit-changes', {
        anchorId,
        limit,
        reason: 'credit committee',
      });
      await checker.post(`/v1/institution/anchor-limit-changes/${change.id}/approve`, { reason: 'as decided' });
    }
  }
  await ruleOf(market, 'mina-trade');
  tell(`${anchors.length} anchors verified, with limits of ${buyers.length} financiers on each`);
}

/** The financier bids on invoices by a rule of two people: without recourse, a tenth kept back, nothing too near its day. */
async function ruleOf(market: MarketAt, slug: (typeof buyers)[number]): Promise<void> {
  const maker = await market.as(emailOf('maker', slug), demoPassword);
  const { items } = await maker.get('/v1/institution/mandates?limit=100');
  const mandate = items.find(({ productKinds }) => (productKinds as string[]).includes('invoice_discounting'));
  if (!mandate) throw new SeedFailure(`${slug} has no mandate for invoices`);
  const rule = await maker.post('/v1/institution/auto-bid-rules', {
    mandateId: mandate.id,
    name: 'Invoices without recourse',
    pricing: 'fixed',
    annualRate: '8.60',
    referenceRate: null,
    feePercent: '0',
    feeFixed: null,
    tenorMax: 6,
    graceMonths: 0,
    sharePercent: '100',
    validityDays: 30,
    receivables: { recourse: false, holdbackPercent: '10', daysLeftMin: 20, daysLeftMax: 180 },
  });
  const checker = await market.as(emailOf('checker', slug), demoPassword);
  await checker.post(`/v1/institution/auto-bid-rules/${rule.id}/approve`, { reason: 'price list of the quarter' });
}

/** A file of invoices as an anchor's accounting writes it; `due` gives the days until each is due. */
function invoicesCsv(
  market: MarketAt,
  anchor: Anchor,
  prefix: string,
  count: number,
  due: (n: number) => number,
): Buffer {
  const header =
    'invoice_number,issue_date,due_date,currency,seller_name,seller_tax_id,buyer_name,buyer_tax_id,amount_due';
  const suppliers = suppliersOf(anchor);
  const lines = Array.from({ length: count }, (_, n) => {
    const firm = suppliers[n % suppliers.length] as EnterpriseRole;
    const minor = 1_500_000 + ((n * 7_919 + anchors.indexOf(anchor) * 104_729) % 9_000_000);
    return [
      `${prefix}-${1001 + n * 7}`,
      market.instant(-3 - (n % 9)).slice(0, 10),
      market.instant(due(n)).slice(0, 10),
      'SAR',
      `"${firm.name}"`,
      registrationOf(firm),
      `"${anchor.name}"`,
      registrationOfAnchor(anchor),
      (minor / 100).toFixed(2),
    ].join(',');
  });
  return Buffer.from(`${[header, ...lines].join('\n')}\n`);
}

interface Desk {
  readonly maker: Hand;
  readonly checker: Hand;
}

async function deskOf(market: MarketAt, anchor: Anchor): Promise<Desk> {
  return {
    maker: await market.as(`maker@${anchor.domain}.example`, demoPassword),
    checker: await market.withSecondFactor(`checker@${anchor.domain}.example`, demoPassword),
  };
}

/** Uploads an anchor's file and waits until every row is answered; the receivables that it made, in the file's order. */
async function upload(market: MarketAt, { maker }: Desk, content: Buffer, name: string): Promise<readonly Answer[]> {
  const batch = await maker.file(`/v1/receivable-batches?fileName=${name}`, content, 'text/csv');
  await market.until(`${name} to be read`, async () => {
    const { state } = await maker.get(`/v1/receivable-batches/${batch.id}`);
    return state === 'done' || state === 'refused';
  });
  const { items } = await maker.get(`/v1/receivable-batches/${batch.id}/rows?limit=200`);
  const refused = items.filter(({ result }) => result === 'refused');
  if (refused.length > 0) throw new SeedFailure(`${name}: ${JSON.stringify(refused[0])}`);
  return items;
}

type Step = 'confirm' | 'dispute' | 'reject' | 'reduce';

/** Maker proposes, checker approves; the undertaking's words are agreed to by both where it binds. */
async function decide(
  { maker, checker }: Desk,
  action: Step,
  receivableIds: readonly string[],
  more: object = {},
): Promise<void> {
  if (receivableIds.length === 0) return;
  const { version } = await maker.get<{ version: string }>('/v1/undertaking');
  const undertaking = action === 'confirm' ? { undertaking: { version, language: 'en' } } : {};
  for (let start = 0; start < receivableIds.length; start += 100) {
    const proposal = await maker.post('/v1/receivable-proposals', {
      action,
      receivableIds: receivableIds.slice(start, start + 100),
      ...undertaking,
      ...more,
    });
    await checker.post(`/v1/receivable-proposals/${proposal.id}/approve`, undertaking);
  }
}

/** Certificates of a supplier that it may sell, soonest due first, due at least 20 days from now. */
async function sellable(market: MarketAt, owner: Hand): Promise<readonly Answer[]> {
  const { items } = await owner.get('/v1/certificates?status=held&limit=200');
  const from = market.instant(20).slice(0, 10);
  return [...items]
    .filter(({ dueOn }) => String(dueOn) >= from)
    .sort((a, b) => (String(a['dueOn']) < String(b['dueOn']) ? -1 : 1));
}

/** Each anchor's suppliers offer some of what it owes: single certificates, and a pool. The buyers bid. */
async function listAndBid(market: MarketAt, each: number): Promise<void> {
  for (const anchor of anchors) {
    const [first, second] = suppliersOf(anchor) as [EnterpriseRole, EnterpriseRole];
    const owner = await market.as(ownerOf(first), demoPassword);
    const singles = (await sellable(market, owner)).slice(0, each);
    for (const [n, { id }] of singles.entries()) await trade(market, owner, [id], n);
    const other = await market.as(ownerOf(second), demoPassword);
    const pooled = (await sellable(market, other)).slice(0, 4);
    if (pooled.length > 1)
      await trade(
        market,
        other,
        pooled.map(({ id }) => id),
        each,
      );
  }
}

async function trade(market: MarketAt, owner: Hand, certificateIds: readonly string[], n: number): Promise<void> {
  const request = await owner.post('/v1/receivable-requests', {
    certificateIds,
    mode: n % 3 === 2 ? 'sealed' : 'ranked',
  });
  await market.settle();
  for (const [m, slug] of buyers.slice(0, 2).entries()) {
    const maker = await market.as(emailOf('maker', slug), demoPassword);
    const placed = await maker.post(`/v1/market/requests/${request.id}/bids`, {
      price: { kind: 'fixed', annualRate: (9.2 - m * 0.4 - (n % 4) * 0.15).toFixed(2) },
      recourse: m === 0,
      holdbackPercent: m === 0 ? '0' : '5',
      fees: m === 0 ? [] : [{ name: 'handling', percent: '0.05' }],
    });
    if (placed['state'] !== 'pending_approval') continue;
    const checker = await market.as(emailOf('checker', slug), demoPassword);
    await checker.post(`/v1/offers/${placed.id}/approve`);
  }
}

/** The old book: what was uploaded two months ago, in every state that an anchor or a supplier can give it. */
export async function seedOldBook(market: MarketAt, tell: (text: string) => void): Promise<void> {
  let made = 0;
  for (const anchor of anchors) {
    const desk = await deskOf(market, anchor);
    // A third falls due within four weeks, a third within seven, the rest later than today.
    const rows = await upload(
      market,
      desk,
      invoicesCsv(
        market,
        anchor,
        `${anchor.domain.slice(0, 2).toUpperCase()}26`,
        anchor.invoices,
        (n) => [22 + (n % 6), 40 + (n % 9), 75 + (n % 60)][Math.floor(n / 6) % 3] as number,
      ),
      `${anchor.domain}-1.csv`,
    );
    const ids = rows.map(({ receivableId }) => String(receivableId));
    made += ids.length;
    await decide(desk, 'reject', ids.slice(0, 2), {
      reason: 'The goods were sent back before the invoice was written.',
    });
    await decide(desk, 'dispute', ids.slice(2, 5), { reason: 'Two of the pallets did not arrive.' });
    await decide(desk, 'reduce', ids.slice(5, 6), { reason: 'Agreed rebate.', netAmount: sar(1_000_000) });
    await decide(desk, 'confirm', ids.slice(8));
    const owner = await market.as(ownerOf(suppliersOf(anchor)[0] as EnterpriseRole), demoPassword);
    await owner.post('/v1/receivables', {
      kind: 'invoice',
      otherPartyNumber: registrationOfAnchor(anchor),
      number: `DRAFT-${anchors.indexOf(anchor) + 1}`,
      issuedOn: market.instant(-1).slice(0, 10),
      dueOn: market.instant(120).slice(0, 10),
      amount: sar(2_345_600 + anchors.indexOf(anchor)),
      submit: false,
    });
    const taken = await owner.post('/v1/receivables', {
      kind: 'invoice',
      otherPartyNumber: registrationOfAnchor(anchor),
      number: `WRONG-${anchors.indexOf(anchor) + 1}`,
      issuedOn: market.instant(-1).slice(0, 10),
      dueOn: market.instant(110).slice(0, 10),
      amount: sar(7_777_700 + anchors.indexOf(anchor)),
      submit: true,
    });
    await owner.post(`/v1/receivables/${taken.id}/withdraw`, { reason: 'Sent to the wrong buyer.' });
    await market.settle();
  }
  tell(`${made} invoices uploaded by the anchors and decided on`);
  await listAndBid(market, 4);
}

/**
 * What failed: sold four months ago, due three weeks later and never paid. At one anchor with recourse, so that the seller buys it back
 * today; at the other without, so that it is the financier's loss.
 */
export async function seedFailedBook(market: MarketAt, tell: (text: string) => void): Promise<void> {
  for (const { anchor } of failed) {
    const desk = await deskOf(market, anchor);
    const csv = invoicesCsv(market, anchor, `${anchor.domain.slice(0, 2).toUpperCase()}25`, 1, () => 24);
    const rows = await upload(market, desk, csv, `${anchor.domain}-0.csv`);
    await decide(
      desk,
      'confirm',
      rows.map(({ receivableId }) => String(receivableId)),
    );
    await market.settle();
    const owner = await market.as(ownerOf(suppliersOf(anchor)[0] as EnterpriseRole), demoPassword);
    const [certificate] = await sellable(market, owner);
    if (!certificate) throw new SeedFailure(`the first invoice of ${anchor.name} has no certificate`);
    await trade(market, owner, [certificate.id], 0);
  }
  tell(`${failed.length} invoices offered that will never be paid`);
}

const failed = [
  { anchor: anchors[1], buyer: 'Silsila Supply Chain' },
  { anchor: anchors[2], buyer: 'Qafila Factors' },
] as const;

/** Their sellers accept, one without and one with recourse. */
export async function sellFailedBook(market: MarketAt): Promise<void> {
  for (const { anchor, buyer } of failed) {
    const owner = await market.withSecondFactor(ownerOf(suppliersOf(anchor)[0] as EnterpriseRole), demoPassword);
    const { items } = await owner.get('/v1/requests?limit=100');
    const request = items.find((each) => each['state'] === 'open' && isOnReceivables(each));
    const { items: bids } = await owner.get(`/v1/requests/${request?.id}/comparison`);
    const bid = bids.find(({ financier }) => (financier as { name: string }).name === buyer);
    if (!bid) throw new SeedFailure(`${buyer} has not bid for the first invoice of ${anchor.name}`);
    await owner.post(`/v1/offers/${bid.id}/accept`, {});
  }
  await market.settle();
  await payObligations(market, ({ kind }) => kind === 'first_leg');
}

/** Invoices whose day is the country's tomorrow: the morning makes them due. */
export async function seedDueTomorrow(market: MarketAt, tell: (text: string) => void): Promise<void> {
  const { definition } = ofCountry('SA');
  const today = localDate(definition.timeZone, Date.parse(market.instant(0)));
  for (const anchor of anchors) {
    const desk = await deskOf(market, anchor);
    const made = await desk.maker.post('/v1/receivables', {
      kind: 'invoice',
      otherPartyNumber: registrationOf(suppliersOf(anchor)[3] as EnterpriseRole),
      number: `NOW-${anchors.indexOf(anchor) + 1}`,
      issuedOn: addDays(today, -25),
      dueOn: addDays(today, 1),
      amount: sar(3_141_500 + anchors.indexOf(anchor) * 10_007),
      submit: true,
    });
    await decide(desk, 'confirm', [made.id]);
  }
  tell(`${anchors.length} invoices confirmed that are due tomorrow`);
}

/** The demonstration must show every state of an invoice's life: a seed that misses one stops here. */
export async function assertWholeBook(market: MarketAt, tell: (text: string) => void): Promise<void> {
  await market.settle();
  const rows = await market
    .get(DataSource)
    .query<{ state: string; n: string; anchors: string }[]>(
      'SELECT state, COUNT(*) AS n, COUNT(DISTINCT anchor_id) AS anchors FROM receivable GROUP BY state',
    );
  const found = new Map(rows.map(({ state, n }) => [state, Number(n)]));
  const missing = receivableLifecycle.states().filter((state) => !found.has(state));
  const total = [...found.values()].reduce((sum, n) => sum + n, 0);
  const atMost = Math.max(...rows.map((row) => Number(row.anchors)));
  if (missing.length > 0 || total < 200 || atMost < 3)
    throw new SeedFailure(`of ${total} invoices of ${atMost} anchors none is ${missing.join(', ') || 'missing'}`);
  tell(`${total} invoices of ${atMost} anchors, in all ${found.size} states`);
}

/** The suppliers accept the best bids, and the bank's statement shows the first legs. */
export async function acceptAndSettle(
  market: MarketAt,
  tell: (text: string) => void,
  { atMost = 100, pay = true }: { readonly atMost?: number; readonly pay?: boolean } = {},
): Promise<void> {
  let accepted = 0;
  for (const anchor of anchors) {
    for (const firm of suppliersOf(anchor).slice(0, pay ? 2 : 1)) {
      const owner = await market.withSecondFactor(ownerOf(firm), demoPassword);
      const { items } = await owner.get('/v1/requests?limit=100');
      const open = items.filter(
        (request) =>
          request['state'] === 'open' && isOnReceivables(request) && String(request['closesAt']) < market.instant(0),
      );
      // One stays unsold.
      for (const { id } of open.slice(0, Math.min(atMost, Math.max(1, open.length - 1)))) {
        const { items: bids } = await owner.get(`/v1/requests/${id}/comparison`);
        const best = bids[0];
        if (!best) throw new SeedFailure(`request ${id} has no bid to accept`);
        await owner.post(`/v1/offers/${best.id}/accept`, {});
        accepted += 1;
      }
    }
  }
  await market.settle();
  if (pay) await payObligations(market, (obligation) => obligation['kind'] === 'first_leg');
  tell(`${accepted} bids accepted${pay ? ', their first legs paid' : ''}`);
}

const isOnReceivables = ({ productKind }: Answer): boolean =>
  productKind === 'invoice_discounting' || productKind === 'receivables_pool';

/** What the payers owe and `wanted` chooses, as one bank statement that the registry officer takes in. */
export async function payObligations(
  market: MarketAt,
  wanted: (obligation: Answer, payer: string) => boolean,
): Promise<number> {
  const lines: { readonly reference: string; readonly amount: string }[] = [];
  const payers = [
    ...anchors.map(({ domain }) => `maker@${domain}.example`),
    ...buyers.map((slug) => emailOf('maker', slug)),
    ...anchors.flatMap((anchor) => suppliersOf(anchor).slice(0, 2).map(ownerOf)),
  ];
  for (const email of payers) {
    const payer = await market.as(email, demoPassword);
    for (const state of ['open', 'overdue'])
      for (let cursor = ''; ;) {
        const page = await payer.get<Answer & { nextCursor: string | null }>(
          `/v1/settlement/obligations?limit=200&state=${state}${cursor}`,
        );
        for (const each of page.items)
          if (wanted(each, email))
            lines.push({ reference: String(each['reference']), amount: (each['amount'] as { amount: string }).amount });
        if (page.nextCursor === null) break;
        cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
      }
  }
  if (lines.length === 0) return 0;
  const officer = await market.as('registry@authority.example', demoPassword);
  await officer.file(
    '/v1/settlement-desk/statements',
    Buffer.from(statementXml(lines, market.instant(0))),
    'application/xml',
  );
  await market.settle();
  return lines.length;
}

/** Statements of one run, counted: two may be made within one second of the market's time. */
let statements = 0;

/** A statement of the settlement account as a bank sends it (camt.053.001.08). */
function statementXml(lines: readonly { readonly reference: string; readonly amount: string }[], at: string): string {
  const id = `DEMO-${at.replaceAll(/\D/g, '').slice(0, 14)}-${++statements}`;
  const day = at.slice(0, 10);
  const minor = lines.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
  const total = `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
  const balance = (code: string, amount: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
  const entries = lines.map(
    ({ reference, amount }, n) =>
      `<Ntry><Amt Ccy="SAR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt><AcctSvcrRef>${id}-${n}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>${id}</MsgId><CreDtTm>${at}</CreDtTm></GrpHdr><Stmt><Id>${id}</Id><CreDtTm>${at}</CreDtTm><Acct><Id><IBAN>SA4420000001234567891234</IBAN></Id><Ccy>SAR</Ccy></Acct>${balance('OPBD', '0.00')}${balance('CLBD', total)}${entries.join('')}</Stmt></BkToCstmrStmt></Document>`;
}

/** Gulf Retail Group pays early from its own cash: a programme of two people, and suppliers that ask. */
export async function seedEarlyPayment(market: MarketAt, tell: (text: string) => void): Promise<void> {
  const anchor = anchors[0];
  const desk = await deskOf(market, anchor);
  const programme = await desk.maker.post('/v1/discount-programmes', {
    name: 'Early payment 2026',
    curve: [
      { daysFrom: 5, annualRate: '5.5' },
      { daysFrom: 30, annualRate: '6.25' },
    ],
    floorRate: '4',
    dailyBudget: sar(60_000_000),
    validFrom: market.instant(0).slice(0, 10),
    validTo: null,
  });
  await desk.checker.post(`/v1/discount-programmes/${programme.id}/approve`, {});
  let asks = 0;
  for (const firm of suppliersOf(anchor).slice(2, 5)) {
    const owner = await market.withSecondFactor(ownerOf(firm), demoPassword);
    for (const { id } of (await sellable(market, owner)).slice(0, 2)) {
      await owner.post('/v1/discount-asks', {
        programmeId: programme.id,
        certificateId: id,
        payOn: nextWorkingDay(market),
      });
      asks += 1;
    }
  }
  await market.settle();
  await payObligations(market, ({ kind }) => kind === 'early');
  tell(`${asks} invoices paid early`);
}

function nextWorkingDay(market: MarketAt): string {
  const calendar = ofCountry('SA');
  const closes = addWorkingTime(calendar, Date.parse(market.instant(0)), 10 * 3_600_000);
  return new Date(closes + 3 * 3_600_000).toISOString().slice(0, 10);
}

/** What falls due within so many days is paid; one sale of each anchor is left to become overdue. */
export async function payWhatIsDue(
  market: MarketAt,
  leaveUnpaid: boolean,
  daysAhead: number,
  tell: (text: string) => void,
): Promise<void> {
  const [from, until] = [market.instant(-5).slice(0, 10), market.instant(daysAhead).slice(0, 10)];
  const skipped = new Map<string, number>();
  const sold = new Set<string>();
  for (const { domain } of anchors) {
    const maker = await market.as(`maker@${domain}.example`, demoPassword);
    const { items } = await maker.get('/v1/assignment-notices?limit=200');
    for (const { receivableId } of items) sold.add(String(receivableId));
  }
  // One that was sold stays unpaid at each anchor, no more: three would stop its confirmations.
  const paid = await payObligations(market, ({ kind, dueOn, subjectId }, payer) => {
    // What fell due in the last days is paid as well; what was left unpaid on purpose is older than that.
    if (kind !== 'maturity' || String(dueOn) > until || String(dueOn) < from) return false;
    const skips = leaveUnpaid && sold.has(String(subjectId)) && !skipped.has(payer);
    if (skips) skipped.set(payer, 1);
    return !skips;
  });
  tell(`${paid} invoices paid on their day`);
}

/** Where the debtor failed and the seller is liable, the financier calls it back. */
export async function callBack(market: MarketAt, tell: (text: string) => void): Promise<void> {
  let called = 0;
  for (const slug of buyers) {
    const checker = await market.as(emailOf('checker', slug), demoPassword);
    const { items } = await checker.get('/v1/assignments?state=paid&limit=200');
    for (const { id } of items) {
      const answer = await checker
        .post(`/v1/assignments/${id}/repurchase`, { reason: 'The anchor has not paid for 30 days.' })
        .catch(() => undefined);
      if (answer) called += 1;
    }
  }
  const paid = await payObligations(market, ({ kind }) => kind === 'repurchase');
  tell(`${called} sales called back, ${paid} bought back`);
}

/** The present book: confirmed days ago, some of it on the market with bids to decide about today. */
export async function seedPresentBook(market: MarketAt, tell: (text: string) => void): Promise<void> {
  for (const anchor of anchors) {
    const desk = await deskOf(market, anchor);
    const rows = await upload(
      market,
      desk,
      invoicesCsv(market, anchor, `${anchor.domain.slice(0, 2).toUpperCase()}27`, 36, (n) => 30 + n * 2),
      `${anchor.domain}-2.csv`,
    );
    const ids = rows.map(({ receivableId }) => String(receivableId));
    await decide(desk, 'dispute', ids.slice(0, 2), { reason: 'The delivery note names other goods.' });
    await decide(desk, 'reduce', ids.slice(2, 3), { reason: 'Agreed rebate.', netAmount: sar(1_200_000) });
    await decide(desk, 'confirm', ids.slice(6));
    await market.settle();
  }
  await listAndBid(market, 2);
  tell('new invoices confirmed and offered');
}
