import { EnterpriseReader, lookAlikeFacts } from '#enterprises';
import { type CommandContext, idBytes, newId } from '#platform';
import { anonymityOrder, type BriefFact, decideFact } from '../domain/anonymity.policy.js';
import { MarketHouse } from '../testing/market-house.js';
import { RandomMarket } from '../testing/random-market.js';
import { type AnonymityRecord, AnonymousBriefs, type BriefColumns } from './anonymous-briefs.js';
import { BriefReader } from './brief.reader.js';
import { CreateRequest, SaveDraft } from './draft-request.js';
import { EnterpriseMarketReader } from './enterprise-market.reader.js';
import { MarketReader } from './market.reader.js';
import { SubmitRequest } from './submit-request.js';

let house: MarketHouse;
const firms: CommandContext[] = [];
const market = new RandomMarket(41);
const skewed = <T>(values: readonly T[]): T => values[Math.floor(values.length * market.next() ** 3)] as T;

/** A verified firm whose profile has these columns. */
async function firmWith(profile: Readonly<Record<string, unknown>>): Promise<CommandContext> {
  const firm = await house.enterprise();
  for (const [column, value] of Object.entries(profile))
    await house.rows(`UPDATE enterprise_profile SET ${column} = ? WHERE id = ?`, [
      value,
      idBytes(firm.actor.organisationId),
    ]);
  return firm;
}

beforeAll(async () => {
  house = await MarketHouse.open();
  for (let n = 0; n < 80; n++) {
    const firm = await firmWith({
      size_class: skewed(['small', 'micro', 'medium']),
      sector: skewed(['C', 'G', 'A', 'F', 'J', 'N', 'H']),
      region: skewed(['SA-01', 'SA-02', 'SA-04', 'SA-03']),
      women_led: Number(market.next() < 0.3),
      rural: Number(market.next() < 0.2),
      founded_on: skewed(['2018-05-01', '2024-02-29', '2009-01-01', '2021-07-07', '2026-01-01']),
      staff: skewed([20, 4, 60, null]),
    });
    firms.push(firm);
    if (market.next() < 0.8)
      await house.rows(
        `INSERT INTO financial_statement (id, enterprise_id, fiscal_year, version, period_end, currency, audited, staff, revenue_minor, total_assets_minor, saved_by, saved_at)
         VALUES (?, ?, 2024, 1, '2024-12-31', 'SAR', 1, 9, ?, 1, 'test', UTC_TIMESTAMP(6)), (?, ?, 2025, 1, '2025-12-31', 'SAR', 1, 7, ?, 1, 'test', UTC_TIMESTAMP(6))`,
        [newId(), newId()].flatMap((id) => [
          idBytes(id),
          idBytes(firm.actor.organisationId),
          skewed(['300000000', '300000001', '90000000', '5000000000']),
        ]),
      );
  }
  // None of these could submit a request, so none is cover for one that does.
  for (const changes of [{ status: 'in_review' }, { size_class: 'large' }, { size_class: null }])
    for (let n = 0; n < 6; n++) await firmWith({ sector: 'S', ...changes });
  for (let n = 0; n < 6; n++) {
    const { actor } = await firmWith({ sector: 'S' });
    await house.rows('UPDATE organisation SET suspended = 1 WHERE id = ?', [idBytes(actor.organisationId)]);
  }
}, 120_000);
afterAll(() => house.close());

const decide = (firm: CommandContext) =>
  house.run((tx) => house.get(AnonymousBriefs).decide(tx, firm.actor.organisationId));

async function draftOf(firm: CommandContext, text = 'A maker of building materials adds a line.'): Promise<string> {
  const { id } = await house.get(CreateRequest).execute(firm, {
    productKind: 'lease',
    amount: { amount: '500000.00', currency: 'SAR' },
    tenorMonths: 24,
    purpose: 'A second production line.',
    anonymousText: text,
  });
  for (const kind of ['supplier_quotation', 'bank_statements'])
    await house.rows(
      "INSERT INTO request_document (id, request_id, kind, file_name, media_type, size_bytes, checksum, added_by, added_at) VALUES (?, ?, ?, 'a.pdf', 'application/pdf', 1, ?, 'test', UTC_TIMESTAMP(6))",
      [idBytes(newId()), idBytes(id), kind, Buffer.alloc(32)],
    );
  return id;
}

describe('the anonymous brief', () => {
  it('counts look-alikes as the firms themselves are described', async () => {
    const reader = house.get(EnterpriseReader);
    const counted = await house.run((tx) => reader.lookAlikes(lookAlikeFacts, {}, tx));
    const described = await reader.snapshots(firms.map(({ actor }) => actor.organisationId));
    const expected = new Map<string, number>();
    for (const firm of described.values()) {
      const facts = lookAlikeFacts.map((fact) =>
        typeof firm[fact] === 'boolean' ? (firm[fact] ? 'yes' : 'no') : firm[fact],
      );
      expected.set(facts.join(), (expected.get(facts.join()) ?? 0) + 1);
    }
    const found = counted.map((cell) => [lookAlikeFacts.map((fact) => cell[fact]).join(), cell.firms] as const);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  it('never fits fewer than five firms: counted by SQL over every shown column, and brief by brief', async () => {
    const same = new Map<string, number>();
    let shownFacts = 0;
    for (const firm of firms) {
      const { brief } = await decide(firm);
      same.set(JSON.stringify(brief), (same.get(JSON.stringify(brief)) ?? 0) + 1);
      const columns = [
        ['size_class', brief.sizeClass],
        ['sector', brief.sector],
        ['region', brief.region],
        ['women_led', brief.womenLed || null],
        ['rural', brief.rural || null],
      ].filter(([, value]) => value !== null);
      const [row] = await house.rows<{ n: string }>(
        `SELECT COUNT(*) AS n FROM enterprise_profile p JOIN organisation o USING (id)
         WHERE p.status = 'verified' AND o.suspended = 0 AND p.size_class <> 'large' ${columns.map(([name]) => `AND p.${String(name)} = ?`).join(' ')}`,
        columns.map(([, value]) => value),
      );
      shownFacts += columns.length;
      expect(Number(row?.n)).toBeGreaterThanOrEqual(5);
    }
    expect(Math.min(...same.values())).toBeGreaterThanOrEqual(5);
    // It would be no use if nothing were shown.
    expect(shownFacts / firms.length).toBeGreaterThan(1.5);
    expect(same.size).toBeGreaterThan(4);
  });

  it('is frozen at submission with the counts from which the decision is made again', async () => {
    const firm = firms[7] as CommandContext;
    const enterpriseId = firm.actor.organisationId;
    const id = await draftOf(firm);
    const before = await house.get(BriefReader).ofOwn(enterpriseId, id);
    expect(before.frozen).toBe(false);
    await house.get(SubmitRequest).execute(firm, id);
    const { brief, full } = await decide(firm);
    expect(await house.get(BriefReader).ofOwn(enterpriseId, id)).toEqual({ ...before, frozen: true });
    expect(before.brief).toEqual(brief);
    const [submitted] = (await house.get(MarketReader).timeline(id)).filter(({ action }) => action === 'submit');
    const record = submitted?.reason?.['anonymity'] as AnonymityRecord;
    expect(record).toMatchObject({ policy: 'cells-1', lookAlikesAtLeast: 5 });
    expect(record.facts.map(({ fact }) => fact)).toEqual(anonymityOrder);
    for (const { fact, shown, firms: group, counts } of record.facts) {
      const again = decideFact(fact, counts, textOf(full, fact), record.lookAlikesAtLeast);
      expect([fact, again.shown, again.firms]).toEqual([fact, shown, group]);
    }
    const own = await house.get(EnterpriseMarketReader).timeline(enterpriseId, id);
    expect(JSON.stringify(own)).not.toContain('counts');
  });

  it('is not available to another firm', async () => {
    const id = await draftOf(firms[1] as CommandContext);
    await expect(
      house.get(BriefReader).ofOwn((firms[2] as CommandContext).actor.organisationId, id),
    ).rejects.toMatchObject({ code: 'record_unknown' });
  });

  it('invites by a hidden fact only who accepts any: the invitation would tell it', async () => {
    const decided = await Promise.all(firms.map(async (firm) => ({ firm, ...(await decide(firm)) })));
    const { firm, full } = decided.find(({ brief }) => brief.sector === null) as (typeof decided)[number];
    const wide = await house.financier();
    const narrow = await house.financier();
    await house.rows('UPDATE mandate SET sectors = ? WHERE financier_id = ?', [
      JSON.stringify([full.sector]),
      idBytes(narrow.actor.organisationId),
    ]);
    const id = await house.openRequest(firm);
    const matches = await house.get(MarketReader).matches(id);
    expect(matches.map(({ financierId }) => financierId)).toEqual([wide.actor.organisationId]);
    expect(await house.get(BriefReader).ofOwn(firm.actor.organisationId, id)).toMatchObject({
      mandates: { fitting: 1, fittingIfNothingWereHidden: 2 },
    });
    const seen = await house.get(MarketReader).brief(wide.actor.organisationId, id);
    expect([seen.sector, seen.enterprise]).toEqual([null, null]);
  });

  it('refuses a text that names the firm, at submission and when it is changed later', async () => {
    const firm = firms[3] as CommandContext;
    const [{ name } = { name: '' }] = await house.rows<{ name: string }>('SELECT name FROM organisation WHERE id = ?', [
      idBytes(firm.actor.organisationId),
    ]);
    const id = await draftOf(firm, `We are ${name}; write to us@firm.example.`);
    const refusal = {
      code: 'text_identifies_firm',
      details: {
        fields: [
          { pointer: '/anonymousText', rule: 'own_name' },
          { pointer: '/anonymousText', rule: 'email' },
        ],
      },
    };
    await expect(house.get(SubmitRequest).execute(firm, id)).rejects.toMatchObject(refusal);
    const { version } = await house
      .get(SaveDraft)
      .execute(firm, id, 1, { anonymousText: 'A maker of building materials adds a line.' });
    const submitted = await house.get(SubmitRequest).execute(firm, id);
    expect(submitted.version).toBe(version + 1);
    await house.rows("UPDATE funding_request SET state = 'information_requested' WHERE id = ?", [idBytes(id)]);
    await expect(
      house.get(SaveDraft).execute(firm, id, submitted.version, { anonymousText: 'Call +966 50 123 4567.' }),
    ).rejects.toMatchObject({ code: 'text_identifies_firm', details: { fields: [{ rule: 'phone' }] } });
  });
});

function textOf(columns: BriefColumns, fact: BriefFact): string | null {
  const value = columns[fact];
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
