import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventHandler, EventHandlers, idText, JobQueue, OutboxRelay, UnitOfWork, type WorkLoop } from '#platform';
import { noticesEventHandlers, noticesLoops } from '#notices';
import { organisation, password } from './house/cast.js';
import { EdgeHouse, type Party, visitor } from './house/edge-house.js';

const fresh = 'an even longer passphrase';

describe('a forgotten password', () => {
  let house: EdgeHouse;
  let owner: Party;
  const email = 'signatory@kiln-and-sons.example';

  beforeAll(async () => {
    house = await EdgeHouse.open();
    ({ signatory: owner } = await organisation(house, 'Kiln And Sons', 'enterprise', ['signatory']));
  }, 60_000);
  afterAll(() => house.close());
  beforeEach(async () => {
    for (const table of ['password_reset', 'mail', 'notice', 'outbox_event', 'outbox_delivery'])
      await house.rows(`DELETE FROM ${table}`);
  });

  /** The worker's part. */
  async function deliver(): Promise<void> {
    const unitOfWork = house.get(UnitOfWork);
    const relay = new OutboxRelay(
      unitOfWork,
      new EventHandlers(noticesEventHandlers.map((type) => house.get<EventHandler>(type))),
      house.get(JobQueue),
    );
    await relay.relay();
    const open = await house.rows<{ event_id: Buffer; handler: string }>(
      'SELECT event_id, handler FROM outbox_delivery WHERE open = 1',
    );
    for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
  }

  const ask = (address: string) => house.call(visitor, 'POST', '/v1/password-resets', { body: { email: address } });
  const letters = () =>
    house.rows<{ address: string; link: string; confidential: number }>(
      'SELECT address, link, confidential FROM mail ORDER BY id',
    );
  async function tokenFor(address: string): Promise<string> {
    await ask(address);
    await deliver();
    return String((await letters()).at(-1)?.link.split('#')[1]);
  }
  const redeem = (token: string, newPassword = fresh) =>
    house.call(visitor, 'POST', '/v1/password-resets/redeem', { body: { token, newPassword } });
  const signIn = (attempt: string) =>
    house.call(visitor, 'POST', '/v1/sessions', { body: { email, password: attempt } });

  it('is answered alike for every address, and a letter goes to a known one only', async () => {
    const answers = [await ask(email), await ask('nobody@kiln-and-sons.example')];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, '{"status":"accepted"}'],
      [202, '{"status":"accepted"}'],
    ]);
    const [known, unknown] = await house.rows<{ payload: string }>('SELECT payload FROM outbox_event ORDER BY id');
    expect([known?.payload, unknown?.payload].map((text) => Object.keys(JSON.parse(String(text)) as object))).toEqual([
      ['email'],
      ['email'],
    ]);
    await deliver();
    expect(await letters()).toMatchObject([{ address: email, confidential: 1 }]);
    // Not where a stolen session could read it.
    expect(await house.rows('SELECT 1 FROM notice')).toEqual([]);
    const [kept] = await house.rows<{ token_hash: Buffer }>('SELECT token_hash FROM password_reset');
    const link = String((await letters())[0]?.link);
    for (const loop of noticesLoops) await house.get<WorkLoop>(loop).work();
    const outbox = join(house.database.environment.dataFolder, 'outbox');
    const sent = readdirSync(outbox).map((file) => readFileSync(join(outbox, file), 'utf8'));
    expect(sent.join().replaceAll('=\n', '')).toContain(link);
    // What was sent is a key no longer kept here.
    expect(await letters()).toMatchObject([{ link: null }]);
    expect(kept?.token_hash.toString('base64url')).not.toBe(link.split('#')[1]);
  });

  it('becomes a new one once, ends every session and is told', async () => {
    const [first, second] = [await tokenFor(email), await tokenFor(email)];
    expect((await redeem(second, 'short')).json['code']).toBe('password_weak');
    expect((await redeem('x'.repeat(43))).json['code']).toBe('reset_token_unknown');
    expect((await house.call(owner, 'GET', '/v1/session')).status).toBe(200);
    const twice = await Promise.all([redeem(second), redeem(second)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([204, 404]);
    expect((await redeem(first)).json['code']).toBe('reset_token_unknown');
    expect((await house.call(owner, 'GET', '/v1/session')).status).toBe(401);
    expect([(await signIn(password)).status, (await signIn(fresh)).status]).toEqual([401, 201]);
    await deliver();
    expect(await house.rows('SELECT template FROM notice')).toEqual([{ template: 'password_was_reset' }]);
    expect((await letters()).at(-1)).toMatchObject({ address: email, confidential: 0, link: null });
  });

  it('works for half an hour, and a wait after wrong passwords goes on', async () => {
    const late = await tokenFor(email);
    await house.rows('UPDATE password_reset SET expires_at = UTC_TIMESTAMP(6)');
    expect((await redeem(late)).json['code']).toBe('reset_token_unknown');
    for (let attempt = 0; attempt < 5; attempt++) await signIn('wrong wrong wrong');
    expect((await signIn(fresh)).status).toBe(429);
    expect((await redeem(await tokenFor(email), password)).status).toBe(204);
    expect((await signIn(password)).status).toBe(429);
    await house.rows('DELETE FROM sign_in_failure');
    expect((await signIn(password)).status).toBe(201);
  });

  it('fills no mailbox', async () => {
    for (let n = 0; n < 6; n++) await ask(email);
    await deliver();
    expect(await letters()).toHaveLength(3);
  });
});
