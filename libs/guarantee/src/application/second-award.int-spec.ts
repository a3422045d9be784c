import { type CommandContext, idBytes, newId } from '#platform';
import { GuaranteeHouse, riyals } from '../testing/guarantee-house.js';
import { checkGuarantees } from './check-guarantees.js';
import { EndLetters } from './end-letters.js';
import { GuaranteeMarket } from './guarantee-market.js';

type Scope = 'enterprise' | 'lender' | 'sector' | 'region' | 'vintage';

/** One cap over the scope, and no other; `keys` of sector, region and vintage are left to the clause. */
const onlyCap =
  (scope: Scope, amount: string) =>
  (terms: Record<string, unknown>): void => {
    const { clauses } = terms as { clauses: { kind: string }[] };
    const text = { en: 'cap', ar: 'سقف', zh: '上限' };
    terms['clauses'] = [
      ...clauses.filter(({ kind }) => kind !== 'cap'),
      { id: 'K9', kind: 'cap', scope, amount, text },
    ];
  };

describe('a second award of one request', () => {
  let house: GuaranteeHouse;
  beforeAll(async () => {
    house = await GuaranteeHouse.open({ databasePool: 30 });
  });
  afterAll(() => house.close());

  /** Letters of 80,000 each by two lenders for one request; they reserve 80,000 once. */
  async function twoLetters(schemeId: string, lenders?: readonly CommandContext[]) {
    const banks = lenders ?? [await house.lender(schemeId), await house.lender(schemeId)];
    const firm = (await house.enterprise(schemeId)).actor.organisationId;
    const requestId = newId();
    const awards: { requestId: string; offerId: string; amountMinor: bigint; final: boolean }[] = [];
    for (const [at, bank] of banks.entries()) {
      const offerId = newId();
      const input = house.application(schemeId, firm, { amount: riyals('100000.00') });
      await house.draw(bank, await house.approved(bank, input, { requestId, offerId }));
      awards.push({ requestId, offerId, amountMinor: 10_000_000n, final: at === banks.length - 1 });
    }
    return { requestId, awards: awards as [(typeof awards)[0], (typeof awards)[0]], banks };
  }
  const award = (of: { requestId: string; offerId: string; amountMinor: bigint; final: boolean }) =>
    house.run((tx) => house.get(GuaranteeMarket).turnIntoGuarantee(tx, of));
  const used = async (schemeId: string, scope: string): Promise<bigint> => {
    const [row] = await house.rows<{ n: string | null }>(
      'SELECT SUM(used_minor) AS n FROM scheme_exposure WHERE scheme_id = ? AND scope = ?',
      [idBytes(schemeId), scope],
    );
    return BigInt(row?.n ?? 0);
  };
  const whole = async () =>
    expect((await house.run((tx) => checkGuarantees(tx, house.database.dataSource))).broken).toBeNull();

  it.each(['enterprise', 'sector', 'region', 'vintage'] as const)(
    'is judged by the cap over the %s again: one unit short is refused with its clause, the next is granted',
    async (scope) => {
      const short = await house.scheme(onlyCap(scope, '159999.99'));
      const first = await twoLetters(short);
      await award(first.awards[0]);
      await expect(award(first.awards[1])).rejects.toMatchObject({
        code: 'scheme_cap_reached',
        details: { data: { asked: '80000.00', left: '79999.99', scope, clause: { id: 'K9' } } },
      });
      expect(await house.inState(short, 'issued')).toHaveLength(1);
      expect(await used(short, scope)).toBe(8_000_000n);
      const enough = await house.scheme(onlyCap(scope, '160000'));
      const second = await twoLetters(enough);
      await award(second.awards[0]);
      await award(second.awards[1]);
      expect(await house.inState(enough, 'issued')).toHaveLength(2);
      expect(await used(enough, scope)).toBe(16_000_000n);
      const { rows, row } = await house.capacity(enough);
      expect([rows, row]).toEqual([16_000_000n, 16_000_000n]);
      await whole();
    },
  );

  it('is refused where the lender stands above its cap by now, without telling the firm the lender’s figures', async () => {
    const schemeId = await house.scheme(onlyCap('lender', '80000'));
    const { awards } = await twoLetters(schemeId);
    await award(awards[0]);
    await house.rows(
      "UPDATE scheme_exposure SET used_minor = used_minor + 1, ceiling_minor = NULL WHERE scheme_id = ? AND scope = 'lender'",
      [idBytes(schemeId)],
    );
    const refusal: { code?: string; details?: { data?: object } } = await award(awards[1]).then(
      () => ({}),
      (error: object) => error,
    );
    expect(refusal.code).toBe('scheme_cap_reached');
    expect(Object.keys(refusal.details?.data ?? {})).toEqual(['clause', 'scope']);
  });

  it('twenty at once on a cap that leaves room for five: five are issued, beside letters that are drawn', async () => {
    // Twenty requests, one award each; the sector's cap leaves room for five second awards while new letters are drawn beside them.
    const schemeId = await house.scheme(onlyCap('sector', String((20 + 5) * 80_000)));
    const lenders = [await house.lender(schemeId), await house.lender(schemeId)];
    const made = [];
    for (let n = 0; n < 20; n++) made.push(await twoLetters(schemeId, lenders));
    for (const { awards } of made) await award(awards[0]);
    const firm = (await house.enterprise(schemeId)).actor.organisationId;
    const template = await house.approved(lenders[0] as CommandContext, house.application(schemeId, firm));
    const others = await house.approvedMany(template, 20);
    const results = await Promise.allSettled([
      ...made.map(({ awards }) => award(awards[1])),
      ...others.map((id) => house.draw(lenders[0] as CommandContext, id, newId())),
    ]);
    const granted = results.filter(({ status }) => status === 'fulfilled').length;
    const codes = results.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    );
    expect(granted).toBe(5);
    expect(new Set(codes)).toEqual(new Set(['scheme_cap_reached']));
    expect(await used(schemeId, 'sector')).toBe(25n * 8_000_000n);
    await whole();
  });

  it('takes the hot row before its reservation, as a drawn letter does', async () => {
    const schemeId = await house.scheme(onlyCap('sector', '10000000'));
    const { awards, requestId } = await twoLetters(schemeId);
    await award(awards[0]);
    let second: Promise<unknown> = Promise.resolve();
    await house.run(async (tx) => {
      await tx.rows('SELECT scheme_id FROM scheme_capacity WHERE scheme_id = ? FOR UPDATE', [idBytes(schemeId)]);
      second = award(awards[1]);
      const waiting = () =>
        house.rows(
          `SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '%FROM scheme_capacity%FOR UPDATE%'
             AND id <> CONNECTION_ID()`,
        );
      while ((await waiting()).length === 0);
      // Refused at once if the award held it already.
      const held = await tx.rows('SELECT id FROM guarantee_reservation WHERE subject_id = ? FOR UPDATE NOWAIT', [
        idBytes(requestId),
      ]);
      expect(held).toHaveLength(1);
    });
    await second;
    expect(await house.inState(schemeId, 'issued')).toHaveLength(2);
    await whole();
  });

  it('an ended letter beside it and a second award do not lose headroom', async () => {
    const schemeId = await house.scheme(onlyCap('sector', '10000000'));
    const { awards, requestId } = await twoLetters(schemeId);
    await award(awards[0]);
    const [letter] = await house.inState(schemeId, 'offered');
    const later = new Date(Date.now() + 400 * 86_400_000);
    const ends = house.run((tx) => house.get(EndLetters).expire(tx, [letter as string], later));
    const results = await Promise.allSettled([ends, award(awards[1])]);
    expect(results[0]?.status).toBe('fulfilled');
    const { rows, row } = await house.capacity(schemeId);
    expect(row).toBe(rows);
    await house.run((tx) => house.get(GuaranteeMarket).release(tx, requestId, 'over'));
    await whole();
  });
});
