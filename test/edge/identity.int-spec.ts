import { generateSync } from 'otplib';
import { type Cast, castOf, password, sessionFrom, signIn } from './house/cast.js';
import { EdgeHouse, type Party, visitor } from './house/edge-house.js';

describe('people, sessions and programs over HTTP', () => {
  let house: EdgeHouse;
  let cast: Cast;

  beforeAll(async () => {
    house = await EdgeHouse.open();
    cast = await castOf(house);
  }, 60_000);
  afterAll(() => house.close());

  const tryPassword = (email: string, attempt = 'wrong wrong wrong') =>
    house.call(visitor, 'POST', '/v1/sessions', { body: { email, password: attempt } });

  it('locks an address with growing delay, registered or not, in the same words', async () => {
    const known = [];
    const unknown = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      known.push(await tryPassword('checker@second-bank.example'));
      unknown.push(await tryPassword('nobody@second-bank.example'));
    }
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(unknown.map(({ status }) => status)).toEqual(known.map(({ status }) => status));
    expect(known[5]?.headers['retry-after']).toBe('15');
    const words = (text: string | undefined) => text?.replace(/"traceId":"[^"]+"/, '');
    expect(words(unknown[4]?.text)).toBe(words(known[4]?.text));
    // While it waits, the right password does not open it either.
    expect((await tryPassword('checker@second-bank.example', password)).status).toBe(429);
    await house.rows('UPDATE sign_in_failure SET locked_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND');
    expect((await tryPassword('checker@second-bank.example')).status).toBe(401);
    expect((await tryPassword('checker@second-bank.example')).headers['retry-after']).toBe('30');
    await house.rows('DELETE FROM sign_in_failure');
    expect((await tryPassword('checker@second-bank.example', password)).status).toBe(201);
  });

  it('refuses a change without the token of the session, and one of another session', async () => {
    const { signatory } = cast.otherSme;
    const body = { productKind: 'term_loan' };
    const without = { ...signatory, csrfToken: '' };
    const foreign = { ...signatory, csrfToken: cast.sme.signatory.csrfToken as string };
    for (const party of [without, foreign])
      expect((await house.call(party, 'POST', '/v1/requests', { body })).json['code']).toBe('csrf_failed');
    expect((await house.call(without, 'GET', '/v1/requests')).status).toBe(200);
  });

  it('keeps the cookie from scripts, foreign sites and plain connections', async () => {
    const answer = await tryPassword('reader@supervisor.example', password);
    expect(String(answer.headers['set-cookie'])).toMatch(/; Path=\/; Expires=.+; HttpOnly; SameSite=Strict; Secure$/);
  });

  it('ends a session by time, by sign-out, by its owner, and all others at a change of password', async () => {
    const [first, second, third] = (await Promise.all(
      Array.from({ length: 3 }, () => signIn(house, 'maker@big-anchor.example')),
    )) as [Party, Party, Party];
    expect((await house.call(third, 'DELETE', '/v1/session')).status).toBe(204);
    expect((await house.call(third, 'GET', '/v1/session')).status).toBe(401);
    const listed = (await house.done(first, 'GET', '/v1/sessions')).items ?? [];
    expect(listed.filter(({ current }) => current)).toHaveLength(1);
    const wrong = await house.call(first, 'POST', '/v1/password', {
      body: { currentPassword: 'no', newPassword: 'x' },
    });
    expect(wrong.json['code']).toBe('password_wrong');
    const changed = { currentPassword: password, newPassword: 'another long passphrase' };
    const weak = { currentPassword: password, newPassword: 'short' };
    expect((await house.call(first, 'POST', '/v1/password', { body: weak })).json['code']).toBe('password_weak');
    expect((await house.call(first, 'POST', '/v1/password', { body: changed })).status).toBe(204);
    expect((await house.call(second, 'GET', '/v1/session')).status).toBe(401);
    expect((await house.call(first, 'GET', '/v1/session')).status).toBe(200);
    expect((await tryPassword('maker@big-anchor.example', password)).status).toBe(401);
    await house.rows(
      'UPDATE session SET expires_at = UTC_TIMESTAMP(6) WHERE person_id = (SELECT id FROM person WHERE email = ?)',
      ['maker@big-anchor.example'],
    );
    expect((await house.call(first, 'GET', '/v1/session')).status).toBe(401);
  });

  it('opens binding steps for ten minutes after a code of RFC 6238, which works once', async () => {
    const { signatory } = cast.sme;
    const { secret } = await house.done(signatory, 'POST', '/v1/second-factors/totp');
    const [kept] = await house.rows<{ totp_secret: string }>(
      'SELECT totp_secret FROM person WHERE totp_secret IS NOT NULL',
    );
    expect(kept?.totp_secret).not.toContain(secret);
    const code = generateSync({ secret: String(secret) });
    const show = (value: string) => house.call(signatory, 'POST', '/v1/session/step-up', { body: { code: value } });
    expect((await show(code === '000000' ? '111111' : '000000')).json['code']).toBe('second_factor_wrong');
    expect((await show(code)).status).toBe(204);
    expect((await house.done(signatory, 'GET', '/v1/session'))['steppedUp']).toBe(true);
    expect((await show(code)).json['code']).toBe('second_factor_wrong');
    await house.rows(
      'UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6) - INTERVAL 601 SECOND WHERE stepped_up_at IS NOT NULL',
    );
    expect((await house.done(signatory, 'GET', '/v1/session'))['steppedUp']).toBe(false);
    // Who has a factor cannot replace it without showing it.
    expect((await house.call(signatory, 'POST', '/v1/second-factors/totp')).json['code']).toBe('step_up_needed');
    expect((await house.call(signatory, 'POST', '/v1/passkeys/options')).json['code']).toBe('step_up_needed');
  });

  it('knows the published codes of RFC 6238 appendix B (SHA-1, eight digits)', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const cases = [
      [59, '94287082'],
      [1111111109, '07081804'],
      [1111111111, '14050471'],
      [1234567890, '89005924'],
      [2000000000, '69279037'],
    ] as const;
    for (const [epoch, code] of cases) expect(generateSync({ secret, epoch, digits: 8 })).toBe(code);
  });

  it('gives programs tokens by client credentials, within their scopes, until they are revoked', async () => {
    const { signatory } = cast.otherSme;
    const personal = { name: 'Too much', scopes: ['offer.accept'] };
    expect((await house.call(signatory, 'POST', '/v1/api-clients', { body: personal })).json['code']).toBe(
      'scope_unknown',
    );
    const made = await house.done(signatory, 'POST', '/v1/api-clients', {
      body: { name: 'Books', scopes: ['request.read', 'enterprise.read'] },
    });
    expect(String(made['key'])).toMatch(/^sanad_sandbox_/);
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'request.read' });
    const token = await house.done(visitor, 'POST', '/v1/oauth/token', {
      body: form.toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${String(made['id'])}:${String(made['key'])}`).toString('base64')}`,
      },
    });
    const program: Party = { name: 'program', bearer: String(token['access_token']) };
    expect((await house.call(program, 'GET', '/v1/requests')).status).toBe(200);
    expect((await house.call(program, 'GET', '/v1/enterprise')).json['code']).toBe('permission_missing');
    expect((await house.call(program, 'GET', '/v1/session')).json['code']).toBe('permission_missing');
    expect((await house.call(signatory, 'DELETE', `/v1/api-clients/${String(made['id'])}`)).status).toBe(204);
    expect((await house.call(program, 'GET', '/v1/requests')).status).toBe(401);
  });

  it('refuses tokens in the words of RFC 6749 §5.2', async () => {
    const made = await house.done(cast.otherSme.signatory, 'POST', '/v1/api-clients', {
      body: { name: 'Books', scopes: ['request.read'] },
    });
    const [id, key] = [String(made['id']), String(made['key'])];
    const ask = async (body: object | string, headers: Record<string, string> = {}) => {
      const answer = await house.call(visitor, 'POST', '/v1/oauth/token', { body, headers });
      expect(answer.headers['cache-control']).toBe('no-store');
      return answer;
    };
    const whole = { grant_type: 'client_credentials', client_id: id, client_secret: key };
    const refused = async (body: object | string, headers?: Record<string, string>) => {
      const { status, json, headers: got } = await ask(body, headers);
      expect(Object.keys(json).sort()).toEqual(['error', 'error_description']);
      return [status, json['error'], got['www-authenticate']?.toString().split(' ')[0]];
    };
    const noSecret = { grant_type: 'client_credentials', client_id: id };
    expect(await refused({ ...whole, client_secret: 'wrong wrong' })).toEqual([401, 'invalid_client', 'Basic']);
    expect(await refused(noSecret)).toEqual([401, 'invalid_client', 'Basic']);
    expect(await refused({ ...whole, scope: 'ledger.read' })).toEqual([400, 'invalid_scope', undefined]);
    expect(await refused({ ...whole, grant_type: 'password' })).toEqual([400, 'unsupported_grant_type', undefined]);
    expect(await refused({ client_id: id })).toEqual([400, 'invalid_request', undefined]);
    expect(await refused('{"grant', { 'content-type': 'application/json' })).toEqual([
      400,
      'invalid_request',
      undefined,
    ]);
    expect((await ask(whole)).status).toBe(200);
  });

  it('lets an administrator change roles and limits of others, and nobody raise his own or leave no administrator', async () => {
    const { administrator, maker } = cast.bank;
    const change = (party: Party, person: Party, version: number, body: object) =>
      house.call(party, 'PATCH', `/v1/people/${person.personId}`, { body, headers: { 'if-match': `"${version}"` } });
    const limit = { amount: '5000000.00', currency: 'SAR' };
    expect((await change(administrator, maker, 1, { roles: ['maker'], approvalLimit: limit })).json['version']).toBe(2);
    expect((await change(administrator, maker, 1, { roles: ['maker'] })).status).toBe(412);
    expect((await change(administrator, administrator, 1, { roles: ['administrator', 'checker'] })).json['code']).toBe(
      'own_rights',
    );
    expect(
      (await change(administrator, administrator, 1, { roles: ['administrator'], approvalLimit: limit })).json['code'],
    ).toBe('own_rights');
    expect((await change(administrator, administrator, 1, { roles: ['reader'] })).json['code']).toBe(
      'last_administrator',
    );
    expect((await house.call(administrator, 'DELETE', `/v1/people/${administrator.personId}`)).json['code']).toBe(
      'last_administrator',
    );
    expect((await house.call(administrator, 'DELETE', `/v1/people/${maker.personId}`)).status).toBe(204);
    expect((await house.call(maker, 'GET', '/v1/session')).status).toBe(401);
  });

  it('lets a delegate act within the scope only, in his own name and on behalf of the owner', async () => {
    const { signatory, preparer } = cast.otherSme;
    const request = await house.done(preparer, 'POST', '/v1/requests', { body: { productKind: 'term_loan' } });
    const withdraw = () =>
      house.call(preparer, 'POST', `/v1/requests/${String(request['id'])}/withdraw`, { body: { reason: 'no need' } });
    expect((await withdraw()).json['code']).toBe('permission_missing');
    const delegation = {
      delegateId: preparer.personId,
      scopes: ['request.submit'],
      endsAt: new Date(Date.now() + 86_400_000).toISOString(),
      reason: 'holidays',
    };
    const beyond = await house.call(signatory, 'POST', '/v1/delegations', {
      body: { ...delegation, scopes: ['organisation.manage'] },
    });
    expect(beyond.json['code']).toBe('delegation_beyond');
    const { id } = await house.done(signatory, 'POST', '/v1/delegations', { body: delegation });
    expect((await withdraw()).status).toBe(200);
    const [entry] = await house.rows<{ data: string | object }>(
      "SELECT data FROM audit_entry WHERE action = 'funding_request.withdraw' OR action LIKE '%withdraw%' ORDER BY id DESC LIMIT 1",
    );
    expect(JSON.stringify(entry?.data)).toContain(signatory.personId);
    expect((await house.call(signatory, 'DELETE', `/v1/delegations/${String(id)}`)).status).toBe(204);
    expect((await withdraw()).json['code']).toBe('permission_missing');
  });

  it('brings a person into a second organisation by invitation, and switches between them', async () => {
    const { reader } = cast.supervisor;
    const { id } = await house.done(cast.guarantor.administrator, 'POST', '/v1/invitations', {
      body: { email: reader.email, roles: ['maker'] },
    });
    expect((await house.call(cast.anchor.checker, 'POST', `/v1/own-invitations/${String(id)}/accept`)).status).toBe(
      404,
    );
    const joined = await house.done(reader, 'POST', `/v1/own-invitations/${String(id)}/accept`);
    const answer = await house.call(reader, 'POST', '/v1/session/organisation', {
      body: { organisationId: joined['organisationId'] },
    });
    const now: Party = { name: 'switched', ...sessionFrom(answer.headers, answer.json) };
    expect((await house.call(reader, 'GET', '/v1/session')).status).toBe(401);
    expect((await house.done(now, 'GET', '/v1/session'))['permissions']).toContain('guarantee.decide');
    const elsewhere = { organisationId: cast.bank.maker.organisationId };
    expect((await house.call(now, 'POST', '/v1/session/organisation', { body: elsewhere })).status).toBe(404);
  });
});
