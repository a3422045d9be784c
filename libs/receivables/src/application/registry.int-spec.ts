import { addDays } from '#kernel';
import { idBytes } from '#platform';
import { ReceivableHouse, refusal, sar, type TestParty } from '../testing/receivable-house.js';
import { spellings } from '../testing/spellings.js';
import { AskRegistries } from './ask-registries.js';
import { DecideHold } from './decide-hold.js';
import { DecideProposal } from './decide-proposal.js';
import { Registry } from './registry.js';
import { UploadReceivable } from './upload-receivable.js';

let house: ReceivableHouse;
beforeAll(async () => {
  house = await ReceivableHouse.open();
});
afterAll(() => house.close());

const pair = async (): Promise<readonly [TestParty, TestParty]> => {
  const [seller, anchor] = [await house.seller(), await house.anchor()];
  await house.list(anchor, seller);
  return [seller, anchor];
};
const confirmed = async (seller: TestParty, anchor: TestParty, changes: object = {}): Promise<string> => {
  const id = await house.upload(seller, anchor, changes);
  await house.confirm(anchor, id);
  return id;
};
const verdict = async (id: string) => {
  await house.get(AskRegistries).execute([id]);
  const [found] = await house.get(Registry).execute(house.lead, [id]);
  return found as NonNullable<typeof found>;
};
const financeable = async (ids: readonly string[]): Promise<string[]> => {
  await house.get(AskRegistries).execute(ids);
  const verdicts = await house.get(Registry).execute(house.lead, ids);
  return verdicts.filter((each) => each.financeable).map((each) => each.receivableId);
};
const decide = (id: string, outcome: 'distinct' | 'duplicate') =>
  house
    .get(DecideHold)
    .execute(house.lead, id, { outcome, reasons: [{ code: 'compared', message: 'Both documents were compared.' }] });

describe('the registry', () => {
  it('lets one of fifty spellings, uploaded and confirmed at once from both sides, be financed', async () => {
    const [seller, anchor] = await pair();
    const issuedOn = addDays(house.today, -3);
    const dueOn = addDays(house.today, 60);
    const uploaders = [seller.maker, seller.otherMaker, anchor.maker, anchor.otherMaker].map((context, index) =>
      index % 2 === 0 ? context : { ...context, actor: { ...context.actor, kind: 'client' as const } },
    );
    const uploaded = await Promise.all(
      spellings.map((number, index) => {
        const context = uploaders[index % 4] as TestParty['maker'];
        const other = index % 4 < 2 ? anchor : seller;
        const input = { ...house.input(other), number, issuedOn, dueOn, amount: sar('10000.00') };
        return house.get(UploadReceivable).execute(context, input);
      }),
    );
    const ids = [...new Set(uploaded.map(({ id }) => id))];
    await Promise.all(ids.map((id) => house.confirm(anchor, id)));
    expect(await financeable(ids)).toHaveLength(1);
    const open = await house.rows<{ cases: string }>(
      "SELECT COUNT(*) AS cases FROM review_case WHERE subject_type = 'receivable' AND kind = 'registry_hold' AND state = 'open' AND due_at IS NOT NULL",
    );
    expect(Number(open[0]?.cases)).toBe(ids.length - 1);
  }, 120_000);

  it('blocks the very same claim, confirmed at once from both sides, by its constraint', async () => {
    const [seller, anchor] = await pair();
    const same = {
      number: 'SAME-1',
      amount: sar('4711.00'),
      issuedOn: addDays(house.today, -3),
      dueOn: addDays(house.today, 60),
    };
    // Two rows arise where both sides upload a draft of the same claim.
    const ofSeller = await house.upload(seller, anchor, { ...same, submit: false });
    const { id: ofAnchor } = await house.get(UploadReceivable).execute(anchor.maker, house.input(seller, same));
    expect(ofAnchor).not.toBe(ofSeller);
    await house.rows("UPDATE receivable SET state = 'submitted', submitted_at = UTC_TIMESTAMP(6) WHERE id = ?", [
      idBytes(ofSeller),
    ]);
    const outcomes = await Promise.allSettled([house.confirm(anchor, ofSeller), house.confirm(anchor, ofAnchor)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: refusal('receivable_registered'),
    });
  });

  it('holds nothing for drafts and for what was only handed over', async () => {
    const [seller, anchor] = await pair();
    await house.upload(seller, anchor, { number: 'D-1', submit: false });
    await house.upload(seller, anchor, { number: 'D 1' });
    const id = await confirmed(seller, anchor, { number: 'D/1', amount: sar('77.00') });
    expect(await verdict(id)).toMatchObject({ financeable: true });
  });

  it('holds a look-alike, lets the honest neighbour pass after its case, and stops the double for good', async () => {
    const [seller, anchor] = await pair();
    const first = await confirmed(seller, anchor, { number: 'INV-100', amount: sar('1000.00') });
    const neighbour = await confirmed(seller, anchor, { number: 'INV-1OO', amount: sar('2500.00') });
    const double = await confirmed(seller, anchor, { number: 'lNV 100', amount: sar('990.00') });
    expect(await financeable([first, neighbour, double])).toEqual([first]);
    expect((await verdict(neighbour)).obstacles.map(({ code }) => code)).toEqual(['on_hold']);
    await expect(
      house.unitOfWork.run(house.lead, (tx) => house.get(Registry).assertFinanceable(tx, [neighbour])),
    ).rejects.toEqual(refusal('receivable_not_financeable'));
    await decide(neighbour, 'distinct');
    await decide(double, 'duplicate');
    expect((await financeable([first, neighbour, double])).sort()).toEqual([first, neighbour].sort());
    expect((await verdict(double)).obstacles.map(({ code }) => code)).toEqual(['duplicate']);
  });

  it('finds re-issued, split and swapped invoices', async () => {
    const [seller, anchor] = await pair();
    const amount = sar('31337.00');
    const first = await confirmed(seller, anchor, { number: 'A-17', amount });
    const reissued = await confirmed(seller, anchor, { number: 'Q-9903', amount, issuedOn: addDays(house.today, -8) });
    const partA = await confirmed(seller, anchor, { number: 'M-41', amount: sar('20000.00') });
    const partB = await confirmed(seller, anchor, { number: 'K-52', amount: sar('11337.00') });
    expect((await financeable([first, reissued, partA, partB])).sort()).toEqual([first, partA].sort());

    const [left, right] = [await house.anchor(), await house.anchor()];
    await house.list(left, right);
    await house.list(right, left);
    const swap = async (owner: TestParty, debtor: TestParty) => {
      const { id } = await house
        .get(UploadReceivable)
        .execute(owner.maker, { ...house.input(debtor), number: 'S-1', side: 'seller' });
      await house.confirm(debtor, id);
      return id;
    };
    const [there, back] = [await swap(left, right), await swap(right, left)];
    expect(await financeable([there, back])).toEqual([there]);
  });

  it('lets the control set of honest neighbours pass', async () => {
    const [seller, anchor] = await pair();
    const [otherSeller, otherAnchor] = await pair();
    const numbers = ['INV-100', 'INV-101', 'INV-110', 'INV-1000', 'INV-2001', 'CR-100', 'A-100-1', 'B-100-1'];
    const ids: string[] = [];
    for (const [index, number] of numbers.entries())
      ids.push(await confirmed(seller, anchor, { number, amount: sar(`${1000 + 37 * index * index + index}.13`) }));
    ids.push(await confirmed(otherSeller, otherAnchor, { number: 'INV-100' }));
    await house.list(otherAnchor, seller);
    ids.push(await confirmed(seller, otherAnchor, { number: 'INV-100' }));
    // The same rent each month, and the same number in another year.
    ids.push(await confirmed(seller, anchor, { number: 'RENT-03', amount: sar('5000.00') }));
    ids.push(
      await confirmed(seller, anchor, {
        number: 'RENT-02',
        amount: sar('5000.00'),
        issuedOn: addDays(house.today, -33),
      }),
    );
    ids.push(
      await confirmed(seller, anchor, {
        number: 'INV-100',
        amount: sar('8123.77'),
        issuedOn: addDays(house.today, -370),
      }),
    );
    expect((await financeable(ids)).length).toBe(ids.length);
  });

  it('says what else stands in the way', async () => {
    const [seller, anchor] = await pair();
    const soon = await confirmed(seller, anchor, { dueOn: addDays(house.today, 10) });
    expect((await verdict(soon)).obstacles.map(({ code }) => code)).toEqual(['days_left']);
    const waiting = await house.upload(seller, anchor);
    expect((await verdict(waiting)).obstacles.map(({ code }) => code)).toEqual(['state']);
    const sound = await confirmed(seller, anchor);
    await house.rows('UPDATE organisation SET suspended = 1 WHERE id = ?', [idBytes(anchor.id)]);
    expect((await verdict(sound)).obstacles.map(({ code }) => code)).toEqual(['party_not_verified']);
  });

  it('keeps the proposal waiting when its single receivable cannot be confirmed', async () => {
    const [seller, anchor] = await pair();
    const id = await house.upload(seller, anchor, { dueOn: addDays(house.today, 1) });
    const proposal = await house.propose(anchor, id);
    await house.rows('UPDATE receivable SET issued_on = ?, due_on = ? WHERE id = ?', [
      house.today,
      house.today,
      idBytes(id),
    ]);
    await expect(house.get(DecideProposal).approve(anchor.checker, proposal.id, house.agreement)).rejects.toEqual(
      refusal('receivable_day_passed'),
    );
  });
});
