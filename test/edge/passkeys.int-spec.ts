import { organisation, sessionFrom } from './house/cast.js';
import { EdgeHouse, type Party, visitor } from './house/edge-house.js';
import { SoftwareAuthenticator } from './house/software-authenticator.js';

const origin = 'https://portal.example';

describe('a passkey, from its making to its use', () => {
  let house: EdgeHouse;
  let owner: Party;
  let other: Party;

  beforeAll(async () => {
    house = await EdgeHouse.open({ publicUrl: origin });
    ({ signatory: owner } = await organisation(house, 'Kiln And Sons', 'enterprise', ['signatory']));
    ({ signatory: other } = await organisation(house, 'Basma Bakery', 'enterprise', ['signatory']));
  }, 60_000);
  afterAll(() => house.close());

  const challengeOf = async (party: Party, address: string) =>
    String((await house.done(party, 'POST', address))['challenge']);
  const register = async (party: Party, passkey: SoftwareAuthenticator, challenge?: string) =>
    house.call(party, 'POST', '/v1/passkeys', {
      body: {
        name: 'phone',
        credential: passkey.create(challenge ?? (await challengeOf(party, '/v1/passkeys/options'))),
      },
    });
  const signIn = async (credential: (challenge: string) => object) =>
    house.call(visitor, 'POST', '/v1/sessions/passkey', {
      body: { credential: credential(await challengeOf(visitor, '/v1/sessions/passkey-options')) },
    });

  it('is registered, signs in with both factors, opens binding steps, and is removed', async () => {
    const passkey = new SoftwareAuthenticator(origin);
    const challenge = await challengeOf(owner, '/v1/passkeys/options');
    expect((await register(owner, passkey, challenge)).status).toBe(201);
    // A challenge works once, and a passkey belongs to one person.
    expect((await register(owner, new SoftwareAuthenticator(origin), challenge)).json['code']).toBe('passkey_refused');
    expect((await register(other, passkey)).json['code']).toBe('passkey_known');
    const answer = await signIn((each) => passkey.get(each));
    expect(answer.status).toBe(201);
    const session: Party = { name: 'by passkey', ...sessionFrom(answer.headers, answer.json) };
    const shown = await house.done(session, 'GET', '/v1/session');
    expect(shown).toMatchObject({ steppedUp: true, person: { email: owner.email } });
    // The session of the password is opened for binding steps by the same passkey.
    expect((await house.done(owner, 'GET', '/v1/session'))['steppedUp']).toBe(false);
    const options = await house.done(owner, 'POST', '/v1/session/step-up/passkey-options');
    expect(options['allowCredentials']).toEqual([{ id: passkey.id.toString('base64url'), type: 'public-key' }]);
    const stepUp = (party: Party, credential: object) =>
      house.call(party, 'POST', '/v1/session/step-up/passkey', { body: { credential } });
    const shownAgain = passkey.get(String(options['challenge']));
    expect((await stepUp(owner, shownAgain)).status).toBe(204);
    expect((await house.done(owner, 'GET', '/v1/session'))['steppedUp']).toBe(true);
    expect((await stepUp(owner, shownAgain)).json['code']).toBe('passkey_refused');
    const [listed] = (await house.done(session, 'GET', '/v1/passkeys')).items ?? [];
    expect(listed).toMatchObject({ name: 'phone', lastUsedAt: expect.any(String) });
    expect((await house.call(session, 'DELETE', `/v1/passkeys/${String(listed?.['id'])}`)).status).toBe(204);
    expect((await signIn((each) => passkey.get(each))).json['code']).toBe('passkey_refused');
  });

  it('does not work from another site, unchecked, as a copy, with another key or for another purpose', async () => {
    const passkey = new SoftwareAuthenticator(origin);
    const foreign = new SoftwareAuthenticator('https://portal.example.evil.example');
    const disguised = new SoftwareAuthenticator('https://portal.example.evil.example', 'portal.example');
    for (const fake of [foreign, disguised]) expect((await register(other, fake)).json['code']).toBe('passkey_refused');
    expect((await register(other, passkey)).status).toBe(201);
    const refused = async (credential: (challenge: string) => object) =>
      expect((await signIn(credential)).json['code']).toBe('passkey_refused');
    const stranger = new SoftwareAuthenticator(origin);
    await refused((challenge) => ({ ...stranger.get(challenge), ...idOf(passkey) }));
    await refused(() => passkey.get(Buffer.alloc(32, 7).toString('base64url')));
    passkey.verifies = false;
    await refused((challenge) => passkey.get(challenge));
    passkey.verifies = true;
    expect((await signIn((challenge) => passkey.get(challenge))).status).toBe(201);
    // A copy that lags behind: its counter was seen before.
    passkey.counter -= 2;
    await refused((challenge) => passkey.get(challenge));
    passkey.counter += 5;
    const answer = await signIn((challenge) => passkey.get(challenge));
    const session: Party = { name: 'again', ...sessionFrom(answer.headers, answer.json) };
    const { challenge } = await house.done(session, 'POST', '/v1/session/step-up/passkey-options');
    await refused(() => passkey.get(String(challenge)));
  });
});

function idOf(passkey: SoftwareAuthenticator): object {
  const id = passkey.id.toString('base64url');
  return { id, rawId: id };
}
