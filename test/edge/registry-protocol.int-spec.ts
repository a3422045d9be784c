import { createHash, createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { idBytes, systemContext } from '#platform';
import { AskRegistries, DecideProposal, ProposeSteps, Registry, ReceivableRuleBook } from '#receivables';
import { contextOf } from '#platform/testing';
import { type Cast, castOf } from './house/cast.js';
import { EdgeHouse } from './house/edge-house.js';

const fingerprintKey = 'the same key of fingerprints in the whole network';
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Two installations with databases of their own, on ports of their own. */
describe('two registries', () => {
  let here: EdgeHouse;
  let there: EdgeHouse;
  let ofHere: Cast;
  let ofThere: Cast;
  let key: string;
  let answerOfAdding: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    [here, there] = [
      await EdgeHouse.open({ fingerprintKey, secret: 'the secret of this installation, and of no other one' }),
      await EdgeHouse.open({ fingerprintKey }),
    ];
    [ofHere, ofThere] = [await castOf(here), await castOf(there)];
    for (const [house, cast] of [
      [here, ofHere],
      [there, ofThere],
    ] as const)
      await house.rows(
        `INSERT INTO anchor_profile (id, kind, visibility, tax_id, about, website, status, version, created_at, updated_at)
         VALUES (?, 'company', 'public', 'T-1', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
        [idBytes(cast.anchor.maker.organisationId as string)],
      );
    const [urlHere, urlThere] = [await listen(here), await listen(there)];
    const made = await there.done(ofThere.operator.registry_officer, 'POST', '/v1/operator/registry-peers', {
      body: { name: 'here', url: urlHere },
    });
    key = String(made['key']);
    const peer = await here.done(ofHere.operator.registry_officer, 'POST', '/v1/operator/registry-peers', {
      body: { name: 'there', url: urlThere, key },
    });
    answerOfAdding = peer;
  }, 120_000);
  afterAll(async () => {
    await here.close();
    await there.close();
  });

  async function listen(house: EdgeHouse): Promise<string> {
    await house.app.listen(0, '127.0.0.1');
    return `http://127.0.0.1:${(house.app.getHttpServer().address() as AddressInfo).port}`;
  }

  async function confirmed(house: EdgeHouse, cast: Cast, number: string, amount = '1000.00'): Promise<string> {
    const { id } = await house.done(cast.sme.signatory, 'POST', '/v1/receivables', {
      body: {
        kind: 'invoice',
        otherPartyId: cast.anchor.maker.organisationId,
        number,
        issuedOn: day(-3),
        dueOn: day(60),
        amount: { amount, currency: 'SAR' },
        submit: true,
      },
    });
    const undertaking = { version: house.get(ReceivableRuleBook).undertaking.version, language: 'en' as const };
    const as = (party: { organisationId?: string; personId?: string }) =>
      contextOf({
        organisationId: party.organisationId as string,
        id: party.personId as string,
        organisationKind: 'anchor',
      });
    const input = { action: 'confirm' as const, receivableIds: [String(id)], undertaking };
    const proposal = await house.get(ProposeSteps).execute(as(cast.anchor.maker), input);
    await house.get(DecideProposal).approve(as(cast.anchor.checker), proposal.id, undertaking);
    return String(id);
  }

  const obstacles = async (id: string) =>
    (await here.get(Registry).execute(systemContext('test'), [id])).flatMap((each) =>
      each.obstacles.map(({ code }) => code),
    );

  it('tell each other of the same claim and of one that looks alike, by hashes only', async () => {
    await confirmed(there, ofThere, 'INV-7', '7000.00');
    const [same, alike, other] = [
      await confirmed(here, ofHere, 'INV-7', '7000.00'),
      await confirmed(here, ofHere, 'lNV O8', '8000.00'),
      await confirmed(here, ofHere, 'X-99', '9100.00'),
    ];
    await confirmed(there, ofThere, 'INV-08', '8123.00');
    expect(await obstacles(other)).toEqual(['answer_missing']);
    await here.get(AskRegistries).execute([same, alike, other]);
    const answers = await here.rows(
      "SELECT verdict FROM registry_inquiry WHERE source LIKE 'registry:%' ORDER BY receivable_id",
    );
    expect(answers.map(({ verdict }) => verdict)).toEqual(['exact', 'loose', 'clear']);
    expect([await obstacles(same), await obstacles(alike), await obstacles(other)]).toEqual([
      ['on_hold'],
      ['on_hold'],
      [],
    ]);
  }, 60_000);

  it('show a key to whoever has it made, and never again', async () => {
    expect(answerOfAdding).not.toHaveProperty('key');
    const { items } = await there.done(ofThere.operator.registry_officer, 'GET', '/v1/operator/registry-peers');
    expect(JSON.stringify(items)).not.toContain(key);
  });

  it('hold back while no answer comes, and ask again', async () => {
    const id = await confirmed(here, ofHere, 'Q-1', '4321.00');
    await here.rows('UPDATE registry_peer SET url = ?', ['http://127.0.0.1:9']);
    await here.get(AskRegistries).execute([id]);
    expect(await obstacles(id)).toEqual(['answer_missing']);
    const [row] = await here.rows(
      "SELECT last_fault, attempts, verdict FROM registry_inquiry WHERE receivable_id = ? AND source <> 'lien'",
      [idBytes(id)],
    );
    expect(row).toMatchObject({ verdict: null, attempts: 1, last_fault: expect.stringMatching(/fetch/) });
  });

  describe('answer nobody else', () => {
    const questions = [{ reference: 'r1', exact: '0'.repeat(32), loose: ['1'.repeat(32)] }];
    const keyId = () => createHash('sha256').update(`registry-key:${key}`).digest('hex').slice(0, 16);
    // The text to sign as docs/guide/registry-protocol.md writes it.
    const sign = (timestamp: string, nonce: string, signingKey = key) =>
      createHmac('sha256', signingKey)
        .update(`sanad-registry-query\n1\n${timestamp}\n${nonce}\nr1 ${'0'.repeat(32)} ${'1'.repeat(32)}`)
        .digest('hex');
    const ask = (changes: Record<string, string> = {}, body: object = { questions }) => {
      const timestamp = changes['registry-timestamp'] ?? new Date().toISOString();
      const nonce = 'n'.repeat(24);
      const headers = {
        'registry-version': '1',
        'registry-key-id': keyId(),
        'registry-timestamp': timestamp,
        'registry-nonce': nonce,
        'registry-signature': sign(timestamp, nonce),
        ...changes,
      };
      return there.call({ name: 'a registry' }, 'POST', '/v1/registry/queries', { headers, body });
    };

    it('but a signed question, in words that tell nothing else', async () => {
      const answer = await ask();
      expect(answer.status).toBe(200);
      expect(answer.json['answers']).toEqual([{ reference: 'r1', verdict: 'clear' }]);
      const expected = createHmac('sha256', key)
        .update(`sanad-registry-answer\n1\n${'n'.repeat(24)}\nr1 clear`)
        .digest('hex');
      expect(answer.json['signature']).toBe(expected);
    });

    it.each([
      ['another key', { 'registry-signature': 'f'.repeat(64) }],
      ['an unknown key', { 'registry-key-id': '0'.repeat(16) }],
      ['an old question', { 'registry-timestamp': new Date(Date.now() - 600_000).toISOString() }],
      ['no signature', { 'registry-signature': '' }],
    ])('refuses %s', async (_what, changes) => {
      const answer = await ask(changes as Record<string, string>);
      expect([answer.status, answer.json['code']]).toEqual([401, 'registry_signature_invalid']);
    });

    it('refuses other questions under the same signature, another version and more than a hundred', async () => {
      const swapped = await ask({}, { questions: [{ ...questions[0], exact: '2'.repeat(32) }] });
      expect(swapped.status).toBe(401);
      expect((await ask({ 'registry-version': '2' })).json['code']).toBe('registry_version_unknown');
      const many = Array.from({ length: 101 }, (_, n) => ({ ...questions[0], reference: `r${n}` }));
      expect((await ask({}, { questions: many })).status).toBe(422);
    });

    it('nor one that was switched off', async () => {
      await there.rows('UPDATE registry_peer SET active = 0');
      expect((await ask()).status).toBe(401);
    });
  });
});
