import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { InvitePerson, RegisterOrganisation } from '#identity';
import { Ledger, organisationAccount, WriteTransfers } from '#ledger';
import { newId, systemContext } from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { contexts } from '../../config/contexts.js';

/** The routes of the ledger, asked by supervisor, owners, strangers and nobody. */
const password = 'a long enough secret 7';
let database: TestDatabase;
let api: ChildProcess;
let address: string;
const cookies = new Map<string, string>();
const organisations = new Map<string, string>();
let account: string;
let transfer: string;

async function get(who: string, url: string) {
  const response = await fetch(address + url, { headers: { cookie: cookies.get(who) ?? '' } });
  const type = String(response.headers.get('content-type'));
  const text = await response.text();
  return { status: response.status, type, text, body: type.includes('json') ? JSON.parse(text) : {} };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Starts the built api on the test's database, and waits until it answers. */
async function startApi(): Promise<void> {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const { databaseUrl, redisPrefix } = database.environment;
  api = spawn(process.execPath, [join(__dirname, '../../dist/apps/api/src/main.js')], {
    env: { ...process.env, DATABASE_URL: databaseUrl, REDIS_PREFIX: redisPrefix, PORT: String(port), COUNTRY: 'SA' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const until = Date.now() + 30_000; ;) {
    const up = await fetch(`${address}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    if (api.exitCode !== null || Date.now() > until) throw new Error('the api did not start; was it built?');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  database = await createTestDatabase(contexts, { country: 'SA' });
  const { unitOfWork, environment } = database;
  await startApi();
  const register = new RegisterOrganisation(unitOfWork);
  const people = [
    ['bank', 'financier', 'reader'],
    ['firm', 'enterprise', 'signatory'],
    ['buyer', 'anchor', 'maker'],
    ['fund', 'guarantor', 'maker'],
    ['authority', 'operator', 'reviewer'],
    ['supervisor', 'supervisor', 'reader'],
  ] as const;
  for (const [name, kind, role] of people) {
    const email = `${name}@house.example`;
    const organisation = { kind, name, localName: name, country: 'SA', registrationNumber: name, contactEmail: email };
    const person = { email, name, password, locale: 'en', roles: [role] };
    organisations.set(name, (await register.execute(systemContext('test'), organisation, person)).organisationId);
  }
  const lead = { email: 'lead@house.example', name: 'lead', password, locale: 'en', roles: ['review_lead'] };
  const operator = { organisationId: organisations.get('authority') as string, organisationKind: 'operator' };
  await new InvitePerson(unitOfWork).execute(contextOf(operator), lead);
  for (const who of [...organisations.keys(), 'lead']) {
    const response = await fetch(`${address}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${who}@house.example`, password }),
    });
    cookies.set(who, String(response.headers.get('set-cookie')).split(';')[0] as string);
  }
  const own = (name: string, purpose: Parameters<typeof organisationAccount>[1]) =>
    organisationAccount(organisations.get(name) as string, purpose);
  const posted = await unitOfWork.run(systemContext('test'), (tx) =>
    new Ledger(new WriteTransfers(environment)).post(tx, {
      reference: 'journey:1',
      description: '=1+1, a deposit',
      subject: { type: 'test', id: newId() },
      postings: [
        {
          debit: own('authority', 'settlement_bank'),
          credit: own('firm', 'settlement_payable'),
          amount: 1_250_00n,
          currency: 'SAR',
        },
      ],
    }),
  );
  transfer = posted.transferId;
  account = (await get('firm', '/v1/own-ledger-accounts')).body.items[0].id;
}, 60_000);
afterAll(async () => {
  api.kill('SIGKILL');
  await database.stop();
});

describe('an owner', () => {
  it('sees its own accounts and statement, and takes the statement along as a table', async () => {
    expect((await get('firm', '/v1/own-ledger-accounts')).body).toMatchObject({
      items: [{ purpose: 'settlement_payable', balance: '1250.00', available: '1250.00', currency: 'SAR' }],
      nextCursor: null,
    });
    expect((await get('firm', `/v1/own-ledger-accounts/${account}/statement`)).body).toMatchObject({
      opening: '0.00',
      closing: '1250.00',
      items: [{ side: 'credit', amount: '1250.00', counterPurpose: 'settlement_bank' }],
    });
    const csv = await get('firm', `/v1/own-ledger-accounts/${account}/statement.csv?from=2026-01-01`);
    expect([csv.status, csv.type]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expect(csv.text).toContain('"\'=1+1, a deposit"');
  });

  it.each(['bank', 'buyer', 'fund'])('%s sees its own only', async (who) => {
    expect(await get(who, '/v1/own-ledger-accounts')).toMatchObject({ status: 200, body: { items: [] } });
    for (const path of ['', '/statement', '/statement.csv'])
      expect(await get(who, `/v1/own-ledger-accounts/${account}${path}`)).toMatchObject({
        status: 404,
        body: { code: 'ledger_account_unknown' },
      });
  });
});

describe('the whole ledger', () => {
  const routes = () => [
    '/v1/ledger-purposes',
    '/v1/ledger-accounts?ownerType=organisation&currency=SAR',
    `/v1/ledger-accounts/${account}`,
    `/v1/ledger-accounts/${account}/statement?limit=1`,
    `/v1/ledger-accounts/${account}/statement.csv`,
    '/v1/ledger-transfers?reference=journey:1',
    `/v1/ledger-transfers/${transfer}`,
    '/v1/trial-balance',
    '/v1/ledger-periods',
  ];

  it.each([
    ['supervisor', 200],
    ['lead', 200],
    ['authority', 403],
    ['bank', 403],
    ['firm', 403],
    ['buyer', 403],
    ['fund', 403],
    ['nobody', 401],
  ])('%s gets %i', async (who, status) => {
    for (const url of routes()) expect([url, (await get(who, url)).status]).toEqual([url, status]);
  });

  it('is not an owner’s view for those without accounts of their own', async () => {
    for (const [who, status] of [
      ['supervisor', 403],
      ['nobody', 401],
    ] as const)
      expect((await get(who, '/v1/own-ledger-accounts')).status).toBe(status);
  });

  it('balances, and names what is asked wrongly', async () => {
    expect((await get('supervisor', '/v1/trial-balance')).body).toMatchObject({
      balanced: true,
      currencies: [{ currency: 'SAR', debit: '1250.00', credit: '1250.00', difference: '0.00' }],
    });
    expect((await get('supervisor', `/v1/ledger-transfers/${transfer}`)).body).toMatchObject({
      reference: 'journey:1',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      lines: [{ amount: '1250.00', creditAccountId: account }],
    });
    expect((await get('supervisor', `/v1/ledger-transfers/${newId()}`)).status).toBe(404);
    for (const query of ['purpose=none', 'cursor=x', 'limit=0', 'unknown=1'])
      expect([query, (await get('supervisor', `/v1/ledger-accounts?${query}`)).status]).toEqual([query, 422]);
    expect((await get('supervisor', `/v1/ledger-accounts/${account}/statement?from=2026-02-30`)).status).toBe(422);
  });
});
