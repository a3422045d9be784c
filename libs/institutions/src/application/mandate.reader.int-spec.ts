import { SetOrganisationStanding } from '#identity';
import { systemContext } from '#platform';
import { isInForce, type MandateRecord } from '../domain/mandate.js';
import { InstitutionHouse, mandateInput, type TestFinancier } from '../testing/institution-house.js';
import { InstitutionLists } from './institution-lists.reader.js';
import { type MandateChange, MandateReader } from './mandate.reader.js';
import { MoveMandate } from './move-mandate.js';
import { SaveFinancierProfile } from './save-financier-profile.js';
import { SaveMandate } from './save-mandate.js';

let house: InstitutionHouse;
let bank: TestFinancier;
beforeAll(async () => {
  house = await InstitutionHouse.open();
  bank = await house.financier();
});
afterAll(() => house.close());

const reader = () => house.get(MandateReader);
const last = async (): Promise<MandateChange> =>
  (await reader().changesSince((await reader().currentSequence()) - 1n, 10)).at(-1) as MandateChange;

describe('the feed of mandate changes', () => {
  it('never shows a number before a lower one, while 50 change at once and a reader follows', async () => {
    const mandates: { id: string }[] = [];
    for (let n = 0; n < 5; n++) mandates.push(await house.liveMandate(bank));
    const start = await reader().currentSequence();
    let done = false;
    const seen: bigint[] = [];
    const follow = async (): Promise<void> => {
      let from = start;
      for (let finished = false; !finished;) {
        finished = done;
        const changes = await reader().changesSince(from, 7);
        for (const { sequence } of changes) seen.push(sequence);
        from = changes.at(-1)?.sequence ?? from;
        if (changes.length > 0) finished = false;
      }
    };
    const followers = follow();
    const changers = Array.from({ length: 50 }, (_, n) => {
      const id = (mandates[n % 5] as { id: string }).id;
      const step = (action: 'pause' | 'resume') =>
        house
          .get(MoveMandate)
          .execute(bank.maker, id, action)
          .catch(() => undefined);
      return step('pause').then(() => step('resume'));
    });
    await Promise.all(changers);
    done = true;
    await followers;
    const end = await reader().currentSequence();
    expect(Number(end - start)).toBeGreaterThanOrEqual(10);
    expect(seen).toEqual(Array.from({ length: Number(end - start) }, (_, n) => start + BigInt(n) + 1n));
  });

  it('answers the present state, and null for what may not be matched', async () => {
    const draft = await house.get(SaveMandate).create(bank.maker, mandateInput());
    expect(await last()).toMatchObject({ mandateId: draft.id, mandate: null });
    const live = await house.liveMandate(bank, {}, { name: 'Live' });
    const change = await last();
    expect(change).toMatchObject({
      mandateId: live.id,
      mandate: { name: 'Live', amountMin: 100_000n, status: 'live' },
    });
    await house.get(MoveMandate).execute(bank.maker, live.id, 'end');
    const all = await reader().changesSince(change.sequence - 1n, 10);
    expect(all.map(({ mandate }) => mandate)).toEqual([null, null]);
  });

  it('pages through all that may be matched, without those of an unverified financier', async () => {
    const fund = await house.financier();
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push((await house.liveMandate(fund)).id);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<MandateReader['loadAll']>> = await reader().loadAll(cursor, 3);
      found.push(...page.mandates.filter(({ financierId }) => financierId === fund.id).map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual(ids);

    const profile = await house.get(InstitutionLists).profile(fund.id);
    await house.get(SaveFinancierProfile).execute(fund.maker, profile.version, { licenceNumber: 'L-2' });
    expect((await reader().loadAll(null, 200)).mandates.some(({ financierId }) => financierId === fund.id)).toBe(false);
    const changes = await reader().changesSince((await reader().currentSequence()) - 5n, 10);
    expect(changes.map(({ mandateId, mandate }) => [mandateId, mandate])).toEqual(ids.map((id) => [id, null]));
  });

  it('takes a suspended financier’s mandates out and brings them back', async () => {
    const fund = await house.financier();
    const { id } = await house.liveMandate(fund);
    const suspend = async (suspended: boolean): Promise<void> => {
      await house.unitOfWork.run(systemContext('test'), (tx) =>
        house.get(SetOrganisationStanding).within(tx, fund.id, { suspended }, 'test'),
      );
      await house.deliverEvents();
    };
    await suspend(true);
    expect(await last()).toMatchObject({ mandateId: id, mandate: null });
    await suspend(false);
    expect(await last()).toMatchObject({ mandateId: id, mandate: { id } });
  });

  it('lets a mandate in on its first day and out after its last, in the country’s time', async () => {
    const fund = await house.financier();
    // Riyadh is three hours ahead of UTC: 2 May 2030 begins there on 1 May at 21:00 UTC.
    const { id } = await house.liveMandate(fund, {}, { validFrom: '2030-05-02', validTo: '2030-05-03' });
    expect(await last()).toMatchObject({ mandateId: id, mandate: null });
    const numberBefore = await reader().currentSequence();
    await house.fireTimersAt('2030-05-01T20:59:58Z');
    expect(await reader().currentSequence()).toBe(numberBefore);
    await house.fireTimersAt('2030-05-01T21:00:01Z');
    expect(await last()).toMatchObject({ sequence: numberBefore + 1n, mandateId: id });
    expect(isInForce((await reader().mandate(id)) as MandateRecord, '2030-05-03')).toBe(true);
    await house.fireTimersAt('2030-05-03T20:59:58Z');
    expect((await reader().mandate(id))?.status).toBe('live');
    await house.fireTimersAt('2030-05-03T21:00:01Z');
    expect((await reader().mandate(id))?.status).toBe('ended');
    expect(await last()).toMatchObject({ sequence: numberBefore + 2n, mandateId: id, mandate: null });
  });
});
