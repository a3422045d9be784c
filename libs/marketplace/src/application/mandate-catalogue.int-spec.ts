import { MandateReader, MoveMandate } from '#institutions';
import { type CommandContext, idBytes, idText } from '#platform';
import { failedRules } from '../domain/matching.policy.js';
import type { AnonymousBrief } from '../domain/request-terms.js';
import { MarketHouse } from '../testing/market-house.js';
import { MandateCatalogue } from './mandate-catalogue.js';

let house: MarketHouse;
beforeAll(async () => {
  house = await MarketHouse.open();
}, 60_000);
afterAll(() => house.close());

const brief: AnonymousBrief = {
  requestId: 'r',
  productKind: 'term_loan',
  amount: { minor: 50_000_000n, currency: 'SAR' },
  tenorMonths: 24,
  sector: 'C',
  region: 'SA-01',
  sizeClass: 'small',
  ageBand: '6_to_10',
  grade: null,
  shariahOnly: false,
  collateral: [],
  womenLed: false,
  rural: false,
};

/** What another process would have: a catalogue of its own over the same database. */
const catalogue = (): MandateCatalogue => new MandateCatalogue(house.get(MandateReader));

async function mandateOf(bank: CommandContext): Promise<string> {
  const [row] = await house.rows<{ id: Buffer }>('SELECT id FROM mandate WHERE financier_id = ?', [
    idBytes(bank.actor.organisationId),
  ]);
  return idText((row as { id: Buffer }).id);
}

const found = async (by: MandateCatalogue): Promise<string[]> => (await by.matching(brief)).map(({ id }) => id).sort();

describe('the catalogue of mandates', () => {
  it('stays equal in two processes while 50 people pause and resume, and shows each change at once', async () => {
    const banks: { bank: CommandContext; id: string }[] = [];
    for (let n = 0; n < 50; n++) {
      const bank = await house.financier();
      banks.push({ bank, id: await mandateOf(bank) });
    }
    const [one, two] = [catalogue(), catalogue()];
    expect(await found(one)).toHaveLength(50);
    const move = (bank: CommandContext, id: string, action: 'pause' | 'resume') =>
      house.get(MoveMandate).execute(bank, id, action);
    await Promise.all(
      banks.map(async ({ bank, id }, n) => {
        for (let round = 0; round < 3; round++) {
          await move(bank, id, 'pause');
          const seen = n % 2 === 0 ? one : two;
          expect(await seen.live(id)).toBeUndefined();
          await move(bank, id, 'resume');
          expect(await seen.live(id)).toMatchObject({ id });
        }
        if (n % 3 === 0) await move(bank, id, 'pause');
      }),
    );
    const left = banks.filter((_, n) => n % 3 !== 0).map(({ id }) => id);
    expect(await found(one)).toEqual([...left].sort());
    expect(await found(two)).toEqual([...left].sort());
    expect(await found(catalogue())).toEqual([...left].sort());
  }, 120_000);

  it('names what nearly fits', async () => {
    const nearest = await catalogue().nearest({ ...brief, tenorMonths: 240 }, 5);
    expect(nearest).toHaveLength(5);
    for (const { mandate, failed } of nearest) {
      expect(failed).toEqual(['tenor']);
      expect(failed).toEqual(failedRules(mandate, { ...brief, tenorMonths: 240 }));
    }
  });
});
