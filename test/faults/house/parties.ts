import { send, password, type Json, type Person } from './person.js';
import type { RunningMarket } from './running-market.js';

export interface Desk {
  readonly id: string;
  readonly admin: Person;
  readonly maker: Person;
  readonly checker: Person;
}

export interface Firm {
  readonly id: string;
  readonly owner: Person;
}

const sar = (amount: string) => ({ amount, currency: 'SAR' });
let number = 0;

/** A verified bank with one wide mandate, all by HTTP: registered, checked by the operator, limits by maker and checker. */
export async function makeFinancier(
  market: RunningMarket,
  {
    makerLimit = '5000000.00',
    perEnterprise = '3000000.00',
    products = ['term_loan', 'murabaha', 'guarantee_only'],
  }: { makerLimit?: string; perEnterprise?: string; products?: readonly string[] } = {},
): Promise<Desk> {
  const n = ++number;
  const at = (role: string) => `${role}@bank${n}.example`;
  const { organisationId } = await register(market, 'financier', at('admin'), `Bank ${n}`, `10${30_000_000 + n}`);
  const admin = await market.person(at('admin'));
  const colleague = (role: string, limit?: string) => ({
    email: at(role),
    name: `${role} ${n}`,
    password,
    locale: 'en',
    roles: [role],
    ...(limit ? { approvalLimit: sar(limit) } : {}),
  });
  await admin.post('/v1/people', colleague('maker', makerLimit));
  await admin.post('/v1/people', colleague('checker'));
  const [maker, checker] = await Promise.all([market.person(at('maker')), market.person(at('checker'))]);
  const profile = {
    kind: 'bank',
    licenceNumber: `L-${n}`,
    regulator: 'Saudi Central Bank',
    about: 'A bank.',
    website: `https://bank${n}.example`,
  };
  await maker.must('PATCH', '/v1/institution', profile, { version: 0 });
  await maker.post('/v1/institution/verification');
  await (
    await market.lead()
  ).post(`/v1/operator/institutions/${organisationId}/decision`, { verified: true, reasons: [] });
  await publishMandate(
    { id: organisationId, admin, maker, checker },
    market.instant().slice(0, 10),
    perEnterprise,
    products,
  );
  return { id: organisationId, admin, maker, checker };
}

async function publishMandate(
  { maker, checker }: Desk,
  today: string,
  perEnterprise: string,
  productKinds: readonly string[],
): Promise<void> {
  const mandate = await maker.post('/v1/institution/mandates', {
    reference: 'wide',
    name: 'Anything sound',
    productKinds,
    amountMin: sar('1000.00'),
    amountMax: sar('50000000.00'),
    tenorMin: 1,
    tenorMax: 120,
    sectors: [],
    regions: [],
    sizeClasses: [],
    ageBands: [],
    gradeFloor: null,
    collateral: [],
    offersShariah: true,
    shariahOnly: false,
    womenLedOnly: false,
    ruralOnly: false,
    validFrom: today,
    validTo: null,
  });
  const limits = await maker.post(`/v1/institution/mandates/${mandate.id}/limit-changes`, {
    perEnterprise: sar(perEnterprise),
    perAnchor: null,
    monthlyAppetite: sar('90000000.00'),
    reason: 'credit committee',
  });
  await checker.post(`/v1/institution/limit-changes/${limits.id}/approve`, { reason: 'as decided' });
  const { version } = await maker.get(`/v1/institution/mandates/${mandate.id}`);
  await maker.must('POST', `/v1/institution/mandates/${mandate.id}/publish`, undefined, {
    version,
    key: `publish-${mandate.id}`,
  });
}

/** An organisation and its first person, by HTTP. */
export async function register(
  market: RunningMarket,
  kind: string,
  email: string,
  name: string,
  registrationNumber: string,
) {
  const answer = await send(market.address(), 'POST', '/v1/registrations', {
    kind,
    email,
    name: `First of ${name}`,
    password,
    locale: 'en',
    organisationName: name,
    organisationLocalName: name,
    registrationNumber,
  });
  if (answer.status !== 201) throw new Error(`${name} was not registered: ${answer.text}`);
  return { organisationId: String(answer.body['organisationId']) };
}

/** A firm that has handed in its verification; `verified` ones the operator has decided on as well. */
export async function makeFirm(market: RunningMarket, { verified = true } = {}): Promise<Firm> {
  const n = ++number;
  const email = `owner@firm${n}.example`;
  const { organisationId: id } = await register(market, 'enterprise', email, `Firm ${n}`, `10${10_000_000 + n}`);
  const owner = await market.person(email);
  await owner.must('PATCH', '/v1/enterprise', firmProfile(n), { version: 0 });
  const year = new Date().getUTCFullYear() - 1;
  await owner.must('PUT', `/v1/enterprise/statements/${year}`, statementOf(year), { version: 0 });
  for (const kind of ['registration', 'bank_letter']) await upload(owner, kind);
  await owner.stepUp(market.offsetSeconds);
  await declareAccount(owner, saudiIban(n));
  await owner.post('/v1/enterprise/verification');
  if (verified) await verifyFirm(market, id);
  return { id, owner };
}

/** Declares where money is to be paid; the second factor was shown before. */
export async function declareAccount(owner: Person, accountNumber: string): Promise<void> {
  const { version } = await owner.get('/v1/enterprise');
  const account = { accountNumber, bankName: 'A bank', holderName: 'The firm itself' };
  await owner.must('PUT', '/v1/enterprise/bank-account', account, { version });
}

export async function verifyFirm(market: RunningMarket, id: string): Promise<void> {
  await (
    await market.lead()
  ).post(`/v1/operator/enterprises/${id}/decision`, {
    verified: true,
    accountOwnershipConfirmed: true,
    screeningCleared: true,
    reasons: [],
  });
}

const firmProfile = (n: number) => ({
  legalForm: 'llc',
  sector: 'C',
  isicClass: '2310',
  region: 'SA-01',
  foundedOn: '2015-03-01',
  staff: 20,
  womenLed: false,
  rural: false,
  exporter: false,
  leastDeveloped: false,
  identifiers: [{ scheme: 'sa_unified_number', value: `70${10_000_000 + n}` }],
  owners: [
    {
      kind: 'person',
      name: `Owner ${n}`,
      localName: `Owner ${n}`,
      country: 'SA',
      bornOn: '1985-05-05',
      sharePercent: '100',
      isWoman: false,
      politicallyExposed: false,
    },
  ],
});

const statementOf = (year: number) => ({
  periodEnd: `${year}-12-31`,
  audited: true,
  staff: 20,
  revenue: sar('12000000.00'),
  totalAssets: sar('8000000.00'),
  currentAssets: sar('4000000.00'),
  totalLiabilities: sar('3000000.00'),
  currentLiabilities: sar('2000000.00'),
  equity: sar('5000000.00'),
  operatingProfit: sar('1200000.00'),
  interestExpense: sar('100000.00'),
  netProfit: sar('900000.00'),
  documentId: null,
});

/** An IBAN with right check digits (ISO 13616: the number with country and 00 behind it leaves 1 modulo 97). */
export function saudiIban(account: number): string {
  const basic = `80${String(60_801_000 + account).padStart(18, '0')}`;
  return `SA${String(98n - (BigInt(`${basic}281000`) % 97n)).padStart(2, '0')}${basic}`;
}

/** The smallest thing that is a PDF, different each time, because the same content is stored once. */
export function upload(owner: Person, kind: string): Promise<Json> {
  const content = Buffer.from(
    `%PDF-1.4\n% ${kind} ${++number}\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n`,
    'latin1',
  );
  return owner.post(`/v1/enterprise/documents?kind=${kind}&name=${kind}.pdf`, content);
}
