import { randomUUID } from 'node:crypto';
import { addWorkingDays, addWorkingTime, localDate } from '#finance';
import { addDays } from '#kernel';
import { businessCalendars } from '#platform/rulebooks';
import { statementXml, type TestEntry } from '../../../libs/receivables/src/testing/statement-xml.js';
import { type Desk, type Firm, makeFinancier, register, saudiIban } from './parties.js';
import { type Answer, type Json, password, type Person, send } from './person.js';
import { money } from './requests.js';
import type { RunningMarket } from './running-market.js';

/** Who owes: its people and the account from which it pays. */
export interface Anchor {
  readonly id: string;
  readonly admin: Person;
  readonly maker: Person;
  readonly checker: Person;
  readonly registrationNumber: string;
}

export interface Receivable {
  readonly id: string;
  readonly certificateId: string;
}

const calendar = () => {
  const found = businessCalendars().get('SA');
  if (!found) throw new Error('no calendar of SA');
  return found;
};

/** Half an hour after the market for receivables opens next: a test bids at whatever time it runs. */
export function nextOpening(): string {
  const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
  return new Date(addWorkingTime(calendar(), midnight, 1_800_000)).toISOString();
}

/** The same after the market's now. */
export const openingAfter = (market: RunningMarket): string =>
  new Date(addWorkingTime(calendar(), Date.parse(market.instant()), 1_800_000)).toISOString();

/** The country's day, some days from the market's today. */
export const dayOf = (market: RunningMarket, days = 0): string =>
  addDays(localDate('Asia/Riyadh', Date.parse(market.instant())), days);

/** The n-th working day after the market's today. */
export const workingDayOf = (market: RunningMarket, n: number): string =>
  addWorkingDays(calendar(), localDate('Asia/Riyadh', Date.parse(market.instant())), n);

let number = 0;

/** A verified anchor with a maker, a checker and a checked account, all by HTTP. */
export async function makeAnchor(market: RunningMarket): Promise<Anchor> {
  const n = ++number;
  const registrationNumber = `10${50_000_000 + n}`;
  const at = (role: string) => `${role}@anchor${n}.example`;
  const { organisationId: id } = await register(market, 'anchor', at('admin'), `Anchor ${n}`, registrationNumber);
  const admin = await market.person(at('admin'));
  for (const role of ['maker', 'checker'])
    await admin.post('/v1/people', { email: at(role), name: `${role} ${n}`, password, locale: 'en', roles: [role] });
  const [maker, checker] = await Promise.all([market.person(at('maker')), market.person(at('checker'))]);
  const taxId = `30${50_000_000 + n}00003`;
  const website = `https://anchor${n}.example`;
  const profile = { kind: 'company', visibility: 'public', taxId, about: 'Buys.', website };
  await admin.must('PATCH', '/v1/anchor', profile, { version: 0 });
  await admin.post('/v1/anchor/verification');
  const lead = await market.lead();
  await lead.post(`/v1/operator/anchors/${id}/decision`, { verified: true, reasons: [] });
  await checkAccount(market, maker, 500 + n);
  return { id, admin, maker, checker, registrationNumber };
}

/** A bank for receivables: a mandate, a limit on each of these anchors by maker and checker, and a checked account. */
export async function makeReceivablesBank(
  market: RunningMarket,
  anchors: readonly Anchor[],
  limit = '1000000.00',
  products: readonly string[] = ['invoice_discounting', 'receivables_pool'],
): Promise<Desk> {
  const desk = await makeFinancier(market, { products });
  for (const { id: anchorId } of anchors) {
    const body = { anchorId, limit: money(limit), reason: 'credit committee' };
    const change = await desk.maker.post('/v1/institution/anchor-limit-changes', body);
    await desk.checker.post(`/v1/institution/anchor-limit-changes/${change.id}/approve`, { reason: 'as decided' });
  }
  await checkAccount(market, desk.maker, 700 + ++number);
  return desk;
}

/** The anchor puts a firm on its list of suppliers, so that it may upload what it owes it. */
export async function listSupplier(anchor: Anchor, { id: organisationId }: Firm): Promise<void> {
  await anchor.maker.post('/v1/anchor/suppliers', { organisationId });
}

async function checkAccount(market: RunningMarket, maker: Person, n: number): Promise<void> {
  await maker.stepUp(market.offsetSeconds);
  const account = { accountNumber: saudiIban(n), bankName: 'A bank', holderName: 'The house itself' };
  const { id } = await maker.must('PUT', '/v1/settlement/account', account);
  const reasons = [{ code: 'letter_seen', message: 'The letter of the bank was seen.' }];
  await (await market.lead()).post(`/v1/review/payment-accounts/${id}/decision`, { confirmed: true, reasons });
}

/** An invoice as a seller or an anchor uploads it. */
export function invoiceOf(market: RunningMarket, otherPartyId: string, changes: object = {}): object {
  return {
    kind: 'invoice',
    otherPartyId,
    number: `INV-${randomUUID().slice(0, 8)}`,
    issuedOn: dayOf(market, -3),
    dueOn: dayOf(market, 90),
    amount: money('120000.00'),
    submit: true,
    ...changes,
  };
}

/** The anchor's maker proposes to confirm and agrees to the undertaking. Gives the proposal and what was agreed to. */
export async function proposeConfirmation(anchor: Anchor, receivableIds: readonly string[]) {
  const { version } = await anchor.maker.get('/v1/undertaking');
  const undertaking = { version, language: 'en' };
  const proposal = await anchor.maker.post('/v1/receivable-proposals', {
    action: 'confirm',
    receivableIds,
    undertaking,
  });
  return { id: proposal.id, undertaking };
}

/** Uploaded by the seller, confirmed by the anchor's maker and checker; the seller holds its certificate. */
export async function confirmedInvoice(
  market: RunningMarket,
  seller: Firm,
  anchor: Anchor,
  changes: object = {},
): Promise<Receivable> {
  const before = new Set((await heldBy(seller)).map(({ id }) => id));
  const { id } = await seller.owner.post('/v1/receivables', invoiceOf(market, anchor.id, changes));
  const proposal = await proposeConfirmation(anchor, [id]);
  const { undertaking } = proposal;
  await anchor.checker.post(`/v1/receivable-proposals/${proposal.id}/approve`, { undertaking });
  const fresh = (await heldBy(seller)).filter((each) => !before.has(each.id));
  if (fresh.length !== 1) throw new Error(`a confirmation made ${fresh.length} certificates`);
  return { id, certificateId: (fresh[0] as Json).id };
}

/** The certificates that are free in a firm's hands. */
export async function heldBy({ owner }: Firm): Promise<readonly Json[]> {
  return (await owner.get('/v1/certificates?status=held&limit=100')).items;
}

/** Offered on the market, and matched by the worker. */
export async function listed(
  market: RunningMarket,
  { owner }: Firm,
  certificateIds: readonly string[],
): Promise<{ id: string; closesAt: string }> {
  const request = await owner.post('/v1/receivable-requests', { certificateIds });
  await market.settle();
  return { id: request.id, closesAt: String(request['closesAt']) };
}

export const bidsOf = (requestId: string): string => `/v1/market/requests/${requestId}/bids`;

/** A discount rate, percent a year. */
export const bidOf = (annualRate: string, changes: object = {}): object => ({
  price: { kind: 'fixed', annualRate },
  recourse: false,
  holdbackPercent: '10',
  fees: [],
  ...changes,
});

/** The settlement bank: it says by camt.053 what moved on the settlement account. */
export class SettlementBank {
  private opening = 0n;
  private statements = 0;

  constructor(private readonly market: RunningMarket) {}

  /** One statement, taken in by the operator's desk. */
  async statement(...entries: readonly Omit<TestEntry, 'ref'>[]): Promise<Json> {
    const id = `S-${++this.statements}`;
    const opening = `${this.opening / 100n}.${String(this.opening % 100n).padStart(2, '0')}`;
    for (const { amount, direction } of entries)
      this.opening += (direction === 'CRDT' ? 1n : -1n) * BigInt(amount.replace('.', ''));
    const file = statementXml({ id, opening, entries: entries.map((each, n) => ({ ref: `${id}.${n}`, ...each })) });
    const officer = await this.market.officer();
    return officer.must('POST', '/v1/settlement-desk/statements', Buffer.from(file), {
      contentType: 'application/xml',
    });
  }

  /** A payment comes in under a reference. */
  credit(amount: string, reference: string): Promise<Json> {
    return this.statement({ amount, direction: 'CRDT', texts: [reference] });
  }

  /** The desk makes the file of payouts, the bank pays all of it. Gives what each organisation got, as amount. */
  async payOut(): Promise<Readonly<Record<string, string>>> {
    const officer = await this.market.officer();
    await officer.stepUp(this.market.offsetSeconds);
    await officer.post('/v1/settlement-desk/payout-files', { currency: 'SAR' });
    const { items } = await officer.get('/v1/settlement-desk/payouts?state=instructed&limit=100');
    const amountOf = (payout: Json) => (payout['amount'] as { amount: string }).amount;
    await this.statement(
      ...items.map((payout) => ({
        amount: amountOf(payout),
        direction: 'DBIT' as const,
        endToEnd: String(payout['endToEndId']),
      })),
    );
    const got: Record<string, string> = {};
    for (const payout of items) {
      const payee = String(payout['payeeId']);
      got[payee] = (Number(got[payee] ?? 0) + Number(amountOf(payout))).toFixed(2);
    }
    return got;
  }
}

/** A program of an organisation, with a key or a token of OAuth 2. */
export class ApiClient {
  private constructor(
    private readonly address: string,
    private readonly bearer: string,
  ) {}

  static async make(owner: Person, scopes: readonly string[], { oauth = false } = {}): Promise<ApiClient> {
    const { id, key } = (await owner.post('/v1/api-clients', { name: 'A program', scopes })) as Json & { key: string };
    if (!oauth) return new ApiClient(owner.address, key);
    const body = { grant_type: 'client_credentials', client_id: id, client_secret: key };
    const answer = await send(owner.address, 'POST', '/v1/oauth/token', body);
    if (answer.status !== 200) throw new Error(`no token: ${answer.text}`);
    return new ApiClient(owner.address, String(answer.body['access_token']));
  }

  post(path: string, body: object): Promise<Answer> {
    return send(this.address, 'POST', path, body, {
      authorization: `Bearer ${this.bearer}`,
      'idempotency-key': randomUUID(),
    });
  }
}

/** Both proofs over the whole database must say that it adds up. */
export async function expectSoundBooks(market: RunningMarket): Promise<void> {
  for (const name of ['receivables', 'ledger'] as const) {
    const { code, output } = await market.proof(name);
    if (code !== 0 || !output.includes('"ok":true')) throw new Error(`report ${name} --check: ${code} ${output}`);
  }
}
