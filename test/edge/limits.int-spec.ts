import { networkOf } from '#platform';
import { EdgeHouse, visitor } from './house/edge-house.js';

const apr = {
  method: 'eu',
  flows: [
    { at: '0', amount: '1000' },
    { at: '1', amount: '-1100' },
  ],
};

describe('public routes', () => {
  let house: EdgeHouse;
  let twin: EdgeHouse;
  beforeAll(async () => {
    house = await EdgeHouse.open({ publicRequestsPerMinute: 25, signInsPerMinute: 2 });
    twin = await EdgeHouse.open({
      publicRequestsPerMinute: 25,
      signInsPerMinute: 2,
      redisPrefix: house.database.environment.redisPrefix,
    });
  }, 60_000);
  afterAll(async () => {
    await house.close();
    await twin.close();
  });

  it('answer as the command line does, one case or a list with the reason in its place', async () => {
    expect(await house.done(visitor, 'POST', '/v1/calculators/apr', { body: apr })).toEqual({ apr: '10.000000' });
    const many = await house.done(visitor, 'POST', '/v1/calculators/apr', { body: [apr, { method: 'eu' }] });
    expect(many).toEqual([
      { apr: '10.000000' },
      { error: { code: 'calculator_input_invalid', field: '/flows', message: 'is required' } },
    ]);
    const refused = await house.call(visitor, 'POST', '/v1/calculators/days', { body: { dayCount: 'x' } });
    expect([refused.status, refused.json['code']]).toEqual([422, 'calculator_input_invalid']);
    const tooMany = await house.call(visitor, 'POST', '/v1/calculators/apr', {
      body: Array.from({ length: 21 }, () => apr),
    });
    expect(tooMany.status).toBe(422);
  });

  it('count by address over all replicas, and tell what is left', async () => {
    const at = (from: EdgeHouse, remoteAddress: string) =>
      from.call(visitor, 'POST', '/v1/sessions/passkey-options', { remoteAddress });
    const first = await at(house, '203.0.113.9');
    expect(first.headers['ratelimit-policy']).toBe('"sign-in";q=2;w=60');
    expect(first.headers['ratelimit']).toMatch(/^"sign-in";r=1;t=\d+$/);
    expect((await at(twin, '203.0.113.9')).status).toBe(200);
    const third = await at(house, '203.0.113.9');
    expect([third.status, third.json['code']]).toEqual([429, 'too_many_requests']);
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    expect((await at(house, '203.0.113.10')).status).toBe(200);
  });

  it('do not believe an address that the caller names itself', async () => {
    const forged = () =>
      house.call(visitor, 'POST', '/v1/sessions/passkey-options', {
        remoteAddress: '203.0.113.30',
        headers: { 'x-forwarded-for': `198.51.100.${Math.floor(Math.random() * 250)}` },
      });
    expect([await forged(), await forged(), await forged()].map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  it('are served when Redis is lost', async () => {
    const without = await EdgeHouse.open({ redisUrl: 'redis://127.0.0.1:1', signInsPerMinute: 1 });
    const answers = [];
    for (let n = 0; n < 3; n++)
      answers.push((await without.call(visitor, 'POST', '/v1/sessions/passkey-options')).status);
    expect(answers).toEqual([200, 200, 200]);
    await without.close();
  }, 30_000);

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('an api that stops', () => {
  it('is not ready first, finishes what runs, and then is gone', async () => {
    const house = await EdgeHouse.open({ shutdownDelaySeconds: 1 });
    expect((await house.call(visitor, 'GET', '/health/ready')).status).toBe(200);
    const closing = house.app.close();
    let ready = await house.call(visitor, 'GET', '/health/ready');
    for (let n = 0; n < 20 && ready.status === 200; n++) ready = await house.call(visitor, 'GET', '/health/ready');
    expect([ready.status, ready.json['code']]).toEqual([503, 'shutting_down']);
    expect((await house.call(visitor, 'GET', '/v1/market/rules')).status).toBe(200);
    await closing;
    await house.database.stop();
  }, 30_000);

  it('tells browsers what a page may do', async () => {
    const house = await EdgeHouse.open();
    const { headers } = await house.call(visitor, 'GET', '/v1/errors');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['strict-transport-security']).toContain('max-age');
    const page = await house.call(visitor, 'GET', '/');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script>|<script(?![^>]*\ssrc=)|\son\w+=/);
    await house.close();
  }, 30_000);
});
