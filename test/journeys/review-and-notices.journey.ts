import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { InvitePerson, RegisterOrganisation } from '#identity';
import { newId, systemContext } from '#platform';
import { contextOf } from '#platform/testing';
import { contexts } from '../../config/contexts.js';
import { ReviewHouse } from '../../libs/review/src/testing/review-house.js';

/** The routes of review and notices, asked of a running api by the right people and by the wrong ones. */
const password = 'a long enough secret 7';
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type Answer = { status: number; body: Record<string, never> & { items: Record<string, never>[] }; etag: string | null };

let house: ReviewHouse;
let api: ChildProcess;
let address: string;
const sessions = new Map<string, { cookie: string; csrf: string }>();
let caseId: string;

/** Calls the api as one of the people below; `nobody` has no session. */
async function call(who: string, method: Method, url: string, body?: object, headers: object = {}): Promise<Answer> {
  const session = sessions.get(who);
  const response = await fetch(address + url, {
    method,
    headers: {
      ...(session ? { cookie: session.cookie, 'x-csrf-token': session.csrf } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text ? JSON.parse(text) : {}) as Answer['body'],
    etag: response.headers.get('etag'),
  };
}

beforeAll(async () => {
  house = await ReviewHouse.open(0, {}, contexts);
  const { environment, unitOfWork } = house.database;
  const person = (name: string, roles: string[]) => ({
    email: `${name}@firm.example`,
    name,
    password,
    locale: 'en',
    roles,
  });
  const enterprise = (name: string) => ({
    kind: 'enterprise' as const,
    name,
    localName: name,
    country: 'SA',
    registrationNumber: name,
    contactEmail: `${name}@firm.example`,
  });
  const invite = new InvitePerson(unitOfWork);
  const inOperator = contextOf({ organisationId: house.operatorId, organisationKind: 'operator' });
  await invite.execute(inOperator, person('reviewer', ['reviewer']));
  await invite.execute(inOperator, person('lead', ['review_lead']));
  const register = new RegisterOrganisation(unitOfWork);
  const firm = await register.execute(systemContext('test'), enterprise('firm'), person('owner', ['signatory']));
  await register.execute(systemContext('test'), enterprise('other'), person('stranger', ['signatory']));
  house.applicantId = firm.organisationId;
  ({ caseId } = await house.open());

  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  api = spawn(process.execPath, [join(__dirname, '../../dist/apps/api/src/main.js')], {
    env: {
      ...process.env,
      DATABASE_URL: environment.databaseUrl,
      REDIS_PREFIX: environment.redisPrefix,
      PORT: String(port),
      COUNTRY: 'SA',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await answers(address);
  for (const who of ['lead', 'reviewer', 'owner', 'stranger']) {
    const response = await fetch(`${address}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${who}@firm.example`, password }),
    });
    const cookie = String(response.headers.get('set-cookie')).split(';')[0] as string;
    sessions.set(who, { cookie, csrf: ((await response.json()) as { csrfToken: string }).csrfToken });
  }
}, 60_000);
afterAll(async () => {
  api.kill('SIGKILL');
  await house.database.stop();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Resolves when the api answers; fails when it has ended or takes longer than 30 seconds. */
async function answers(url: string): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const up = await fetch(`${url}/v1/event-types`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    if (api.exitCode !== null || Date.now() > until) throw new Error('the api did not start; was it built?');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('reviews over HTTP', () => {
  it('show the operator its queue and case, and the applicant its own clock only', async () => {
    const queue = await call('reviewer', 'GET', '/v1/review-cases?state=open&assignee=me');
    expect(queue).toMatchObject({
      status: 200,
      body: { items: [{ caseId, applicant: { name: 'firm' }, assignee: { name: 'reviewer' }, escalated: false }] },
    });
    expect(await call('reviewer', 'GET', `/v1/review-cases/${caseId}`)).toMatchObject({
      status: 200,
      body: { timeline: [{ action: 'open' }, { action: 'assign' }] },
    });
    const own = await call('owner', 'GET', '/v1/own-review-cases');
    expect(own.body.items).toMatchObject([{ caseId, clock: { promised: { workingDays: expect.any(Number) } } }]);
    for (const hidden of ['assigneeId', 'operatorId', 'escalated', 'decidedBy'])
      expect(own.body.items[0]).not.toHaveProperty(hidden);
    expect(await call('owner', 'GET', `/v1/own-review-cases/${caseId}`)).toMatchObject({
      status: 200,
      body: { caseId },
    });
    expect(await call('stranger', 'GET', `/v1/own-review-cases/${caseId}`)).toMatchObject({
      status: 404,
      body: { code: 'review_case_unknown' },
    });
    expect((await call('stranger', 'GET', '/v1/own-review-cases')).body.items).toEqual([]);
  });

  it.each<[Method, string, string, number]>([
    ['GET', '/v1/review-cases', 'owner', 403],
    ['GET', '/v1/review-workload', 'owner', 403],
    ['GET', '/v1/review-cases', 'nobody', 401],
    ['GET', '/v1/own-review-cases', 'nobody', 401],
    ['GET', '/v1/business-calendar/versions', 'owner', 403],
    ['GET', '/v1/webhook-endpoints', 'reviewer', 403],
    ['GET', '/v1/notices', 'nobody', 401],
    ['GET', '/v1/business-calendar', 'nobody', 200],
    ['GET', '/v1/review-figures', 'nobody', 200],
    ['GET', '/v1/event-types', 'nobody', 200],
    ['GET', '/v1/review-workload', 'lead', 200],
  ])('%s %s by %s answers %i', async (method, url, who, status) => {
    expect((await call(who, method, url)).status).toBe(status);
  });

  it('refuse what is no filter, and a case that is none', async () => {
    expect(await call('lead', 'GET', '/v1/review-cases?assignee=everybody')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/assignee' }] },
    });
    expect((await call('lead', 'GET', '/v1/review-cases?cursor=x')).status).toBe(422);
    expect((await call('lead', 'GET', `/v1/review-cases/${newId()}`)).status).toBe(404);
    expect((await call('lead', 'GET', '/v1/review-cases/1')).status).toBe(404);
  });

  it('let a lead give a case away and a reviewer declare a conflict', async () => {
    const lead = (await call('lead', 'GET', '/v1/session')).body as unknown as { person: { personId: string } };
    const reason = 'knows the sector';
    const assign = { personId: lead.person.personId, reason };
    expect((await call('reviewer', 'POST', `/v1/review-cases/${caseId}/assign`, assign)).status).toBe(403);
    expect(await call('lead', 'POST', `/v1/review-cases/${caseId}/assign`, assign)).toMatchObject({
      status: 200,
      body: { assigneeId: lead.person.personId },
    });
    expect((await call('reviewer', 'POST', `/v1/review-cases/${caseId}/conflict`, { reason })).status).toBe(200);
    expect(await call('reviewer', 'POST', `/v1/review-cases/${caseId}/take`)).toMatchObject({ status: 409 });
  });

  it('keep the calendar under its version', async () => {
    const shown = await call('nobody', 'GET', '/v1/business-calendar');
    expect(shown).toMatchObject({ etag: '"1"', body: { country: 'SA', version: 1, closes: '17:00' } });
    const change = { reason: 'A day of mourning', addHolidays: [{ from: '2027-11-02', name: 'Mourning' }] };
    expect((await call('lead', 'PATCH', '/v1/business-calendar', change)).status).toBe(422);
    expect((await call('owner', 'PATCH', '/v1/business-calendar', change, { 'if-match': '"1"' })).status).toBe(403);
    expect(await call('lead', 'PATCH', '/v1/business-calendar', change, { 'if-match': '"1"' })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    expect((await call('lead', 'PATCH', '/v1/business-calendar', change, { 'if-match': '"1"' })).status).toBe(412);
    const versions = await call('reviewer', 'GET', '/v1/business-calendar/versions');
    expect(versions.body.items).toMatchObject([{ version: 2, reason: 'A day of mourning' }, { version: 1 }]);
  });
});

describe('complaints over HTTP', () => {
  it('are filed once under one key, shown to their own organisation, and answered', async () => {
    const body = { about: { type: 'portal' }, text: 'The upload of our statements fails every evening.' };
    expect((await call('owner', 'POST', '/v1/complaints', body)).status).toBe(422);
    const headers = { 'idempotency-key': 'complaint-of-today' };
    const [first, again] = [
      await call('owner', 'POST', '/v1/complaints', body, headers),
      await call('owner', 'POST', '/v1/complaints', body, headers),
    ];
    expect(first).toMatchObject({ status: 201, body: { complaintId: expect.any(String), dueAt: expect.any(String) } });
    expect(again.body).toEqual(first.body);
    const { complaintId } = first.body as unknown as { complaintId: string };
    expect((await call('owner', 'GET', '/v1/complaints')).body.items).toHaveLength(1);
    expect((await call('stranger', 'GET', `/v1/complaints/${complaintId}`)).status).toBe(404);
    const answer = { outcome: 'upheld', answer: 'The upload was repaired this morning.' };
    expect((await call('owner', 'POST', `/v1/complaints/${complaintId}/answer`, answer)).status).toBe(403);
    expect((await call('lead', 'POST', `/v1/complaints/${complaintId}/answer`, answer)).status).toBe(200);
    expect(await call('owner', 'GET', `/v1/complaints/${complaintId}`)).toMatchObject({ body: { state: 'answered' } });
  });
});

describe('notices and webhooks over HTTP', () => {
  it('keep a person’s choices', async () => {
    const choices = { choices: [{ topic: 'review', channel: 'email', enabled: false }] };
    expect((await call('owner', 'PUT', '/v1/notice-choices', choices)).status).toBe(200);
    const { body } = await call('owner', 'GET', '/v1/notice-choices');
    expect(body.items.filter(({ enabled }) => !enabled)).toMatchObject([{ topic: 'review', channel: 'email' }]);
    expect((await call('owner', 'GET', '/v1/notices/unread-count')).body).toEqual({ unread: 0 });
    expect((await call('owner', 'POST', `/v1/notices/${newId()}/read`)).status).toBe(404);
    expect((await call('owner', 'POST', '/v1/notices/read-all')).status).toBe(200);
  });

  it('set a webhook up, change, test and remove it; its secret is shown once and to nobody else', async () => {
    const body = { url: 'http://127.0.0.1:9/hook', description: 'books', events: ['review_case.*'] };
    const added = await call('owner', 'POST', '/v1/webhook-endpoints', body);
    expect(added).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^whsec_/) } });
    const { endpointId } = added.body as unknown as { endpointId: string };
    const url = `/v1/webhook-endpoints/${endpointId}`;
    const shown = await call('owner', 'GET', url);
    expect(JSON.stringify(shown.body)).not.toContain('whsec_');
    expect((await call('stranger', 'GET', url)).status).toBe(404);
    expect((await call('stranger', 'DELETE', url)).status).toBe(404);
    expect(await call('owner', 'POST', '/v1/webhook-endpoints', { ...body, url: 'http://10.0.0.1/' })).toMatchObject({
      status: 422,
      body: { code: 'webhook_address_refused' },
    });
    expect(await call('owner', 'PATCH', url, { enabled: false }, { 'if-match': String(shown.etag) })).toMatchObject({
      status: 200,
    });
    const test = await call('owner', 'POST', `${url}/test`);
    expect(test.status).toBe(202);
    const { deliveryId } = test.body as unknown as { deliveryId: string };
    expect((await call('owner', 'GET', `${url}/deliveries`)).body.items).toMatchObject([{ event: 'webhook.test' }]);
    expect((await call('stranger', 'GET', `/v1/webhook-deliveries/${deliveryId}`)).status).toBe(404);
    expect((await call('owner', 'POST', `/v1/webhook-deliveries/${deliveryId}/replay`)).status).toBe(202);
    expect((await call('owner', 'POST', `${url}/rotate-secret`)).status).toBe(200);
    expect((await call('owner', 'POST', `${url}/replay`, { since: '2026-01-01T00:00:00Z' })).status).toBe(202);
    expect((await call('owner', 'DELETE', url)).status).toBe(204);
    expect((await call('owner', 'GET', url)).status).toBe(404);
  });

  it('list every event that review and identity announce', async () => {
    const { items } = (await call('nobody', 'GET', '/v1/event-types')).body as unknown as { items: { name: string }[] };
    const names = items.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['review_case.breached', 'complaint.filed', 'organisation.registered']),
    );
    expect([...names].sort()).toEqual(names);
  });
});
