import { randomUUID } from 'node:crypto';
import { idBytes, idText } from '#platform';
import { statementXml } from '../../libs/receivables/src/testing/statement-xml';
import { newRowId, organisation } from './house/cast.js';
import { EdgeHouse, type Party } from './house/edge-house.js';

const sar = (amount: string) => ({ amount, currency: 'SAR' });

describe('one transfer for five invoices, at the desk', () => {
  let house: EdgeHouse;
  let first: Party;
  let second: Party;
  let anchorId: string;
  const obligations: string[] = [];
  beforeAll(async () => {
    house = await EdgeHouse.open();
    const desk = await organisation(house, 'Desk', 'operator', ['registry_officer', 'registry_officer+reviewer']);
    [first, second] = [desk.registry_officer, desk['registry_officer+reviewer']];
    const anchor = await organisation(house, 'Payer', 'anchor', ['maker']);
    anchorId = anchor.maker.organisationId as string;
    await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6)');
    // What a party is to give back is paid like anything else, and needs no receivable behind it.
    for (const amount of [10_000, 20_000, 30_000, 40_000, 50_000]) {
      const id = newRowId();
      obligations.push(id);
      await house.rows(
        `INSERT INTO settlement_obligation (id, kind, subject_id, payer_id, currency, amount_minor, due_on, reference, state, version, created_at)
         VALUES (?, 'give_back', ?, ?, 'SAR', ?, '2026-01-01', ?, 'open', 1, UTC_TIMESTAMP(6))`,
        [idBytes(id), idBytes(newRowId()), idBytes(anchorId), amount, `RF${id.replaceAll('-', '').slice(0, 20)}`],
      );
    }
  }, 120_000);
  afterAll(() => house.close());

  const upload = (file: string) =>
    house.call(first, 'POST', '/v1/settlement-desk/statements', {
      body: file,
      headers: { 'content-type': 'application/xml' },
    });
  const parts = (...amounts: string[]) =>
    amounts.map((amount, index) => ({ obligationId: obligations[index], amount: sar(amount) }));

  it('is booked, listed as unmatched, proposed by one person and decided by another, once', async () => {
    const entries = [{ ref: 'B1', amount: '1500.00', direction: 'CRDT' as const }];
    const file = statementXml({ id: 'S1', opening: '0.00', entries });
    expect((await upload(file)).status).toBe(200);
    const { items: statements = [] } = await house.done(first, 'GET', '/v1/settlement-desk/statements?open=true');
    expect(statements).toMatchObject([{ statement: 'S1', entries: 1, unmatched: 1, state: 'open' }]);
    const { items = [] } = await house.done(first, 'GET', '/v1/settlement-desk/entries?state=unclear');
    const url = `/v1/settlement-desk/entries/${String(items[0]?.['id'])}`;
    const propose = (body: object) => house.call(first, 'POST', `${url}/proposal`, { body });
    const proposal = { kind: 'obligations', id: null, note: 'the anchor’s list' };
    const wrong = await propose({ ...proposal, parts: parts('100.00', '200.00') });
    expect([wrong.status, wrong.json['code']]).toEqual([422, 'settlement_amounts_incoherent']);
    for (const amount of ['-1.00', '0.001', '1e3', '9'.repeat(40)])
      expect((await propose({ ...proposal, parts: parts(amount) })).status).toBe(422);
    const made = await propose({ ...proposal, parts: parts('100.00', '200.00', '300.00', '400.00', '500.00') });
    expect(made.status).toBe(200);

    const { version } = made.json;
    const decide = (body: object, key: string = randomUUID()) =>
      house.call(second, 'POST', `${url}/decision`, { body, headers: { 'idempotency-key': key } });
    const stale = await decide({ approved: true, version: Number(version) - 1 });
    expect([stale.status, stale.json['code']]).toEqual([412, 'record_changed']);
    // A double click is one decision; another click finds it decided.
    const key = randomUUID();
    const twice = await Promise.all([1, 2].map(() => decide({ approved: true, version }, key)));
    expect(twice.map(({ status, json }) => [status, json['state']])).toEqual([
      [200, 'matched'],
      [200, 'matched'],
    ]);
    expect((await decide({ approved: true, version })).status).toBe(409);
    expect((await house.done(first, 'GET', '/v1/settlement-desk/statements?open=true')).items).toEqual([]);
    const owed = await house.done(first, 'GET', '/v1/settlement-desk/owed-back?state=paid&limit=2');
    expect(owed.items).toMatchObject([
      { party: { id: anchorId, name: 'Payer' }, state: 'paid' },
      { party: { id: anchorId }, state: 'paid' },
    ]);
    expect(owed['nextCursor']).not.toBeNull();
    const rows = await house.rows<{ id: Buffer; paid_minor: string }>(
      "SELECT id, paid_minor FROM settlement_obligation WHERE state = 'paid' AND paid_minor = amount_minor",
    );
    expect(rows.map(({ id }) => idText(id)).sort()).toEqual([...obligations].sort());
  });
});
