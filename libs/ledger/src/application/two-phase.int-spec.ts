import { newId } from '#platform';
import { LedgerHouse } from '../testing/ledger-house.js';

/** Two-phase transfers behave as TigerBeetle documents its own (docs.tigerbeetle.com, "Two-Phase Transfers"). */
let house: LedgerHouse;
beforeAll(async () => {
  house = await LedgerHouse.open();
});
afterAll(() => house.database.stop());

const header = () => ({ reference: `test:${newId()}`, description: 'a test' });
const settled = async (amount: bigint, expiresAt?: Date) => {
  const [payer, payee] = [house.account(), house.account()];
  await house.fund(payer, 1_000n);
  const { transferId: reservation } = await house.run((tx) =>
    house.ledger.reserve(tx, { ...house.transfer(payer, payee, amount), expiresAt }),
  );
  return { payer, payee, reservation };
};
const settle = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as { code: string }).code)).sort();

describe('a reservation', () => {
  it('holds the amount on both accounts and moves nothing', async () => {
    const { payer, payee } = await settled(400n);
    expect(await house.reader.figures(payer, 'SAR')).toMatchObject({ balance: 1_000n, available: 600n });
    expect(await house.reader.figures(payee, 'SAR')).toMatchObject({
      balance: 0n,
      available: 0n,
      creditsPending: 400n,
    });
    await expect(house.run((tx) => house.ledger.post(tx, house.transfer(payer, payee, 601n)))).rejects.toMatchObject({
      code: 'ledger_funds_insufficient',
      details: { data: { available: '6.00' } },
    });
  });

  it('is posted in whole', async () => {
    const { payer, payee, reservation } = await settled(400n);
    await house.run((tx) => house.ledger.postReserved(tx, { ...header(), reservation }));
    expect([await house.balance(payer), await house.available(payer), await house.balance(payee)]).toEqual([
      600n,
      600n,
      400n,
    ]);
    expect(await house.reader.transfer(reservation)).toMatchObject({ kind: 'reserve', state: 'posted' });
  });

  it('is posted in part, and the rest is free again', async () => {
    const { payer, payee, reservation } = await settled(400n);
    const part = (amounts: bigint[]) =>
      house.run((tx) => house.ledger.postReserved(tx, { ...header(), reservation, amounts }));
    await expect(part([401n])).rejects.toMatchObject({ code: 'ledger_amount_above_reserved' });
    await expect(part([0n])).rejects.toMatchObject({ code: 'ledger_input_invalid' });
    await expect(part([1n, 1n])).rejects.toMatchObject({ code: 'ledger_input_invalid' });
    await part([150n]);
    expect(await house.reader.figures(payer, 'SAR')).toMatchObject({
      balance: 850n,
      available: 850n,
      debitsPending: 0n,
    });
    expect(await house.balance(payee)).toBe(150n);
  });

  it('is given back', async () => {
    const { payer, payee, reservation } = await settled(400n);
    await house.run((tx) => house.ledger.voidReserved(tx, { ...header(), reservation }));
    expect([await house.available(payer), await house.balance(payee)]).toEqual([1_000n, 0n]);
    expect(await house.reader.transfer(reservation)).toMatchObject({ state: 'voided' });
    await expect(house.run((tx) => house.ledger.postReserved(tx, { ...header(), reservation }))).rejects.toMatchObject({
      code: 'ledger_reservation_resolved',
      details: { data: { state: 'voided' } },
    });
  });

  it.each([1, 2, 3, 4, 5])('posted and given back at once ends one way only (round %i)', async () => {
    const { payer, reservation } = await settled(400n);
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        house.run((tx) =>
          n % 2 === 0
            ? house.ledger.postReserved(tx, { ...header(), reservation })
            : house.ledger.voidReserved(tx, { ...header(), reservation }),
        ),
      ),
    );
    expect(settle(results)).toEqual(['done', ...Array.from({ length: 9 }, () => 'ledger_reservation_resolved')]);
    expect(await house.successors('resolves_id', reservation)).toBe(1);
    const { state } = await house.reader.transfer(reservation);
    expect(await house.available(payer)).toBe(state === 'posted' ? 600n : 1_000n);
  });

  it('is not found under the id of another transfer', async () => {
    const { transferId } = await house.run((tx) =>
      house.ledger.post(tx, house.transfer(house.bank, house.account(), 1n)),
    );
    for (const reservation of [transferId, newId()])
      await expect(
        house.run((tx) => house.ledger.voidReserved(tx, { ...header(), reservation })),
      ).rejects.toMatchObject({ code: 'ledger_transfer_unknown' });
  });
});

describe('a reservation with an end', () => {
  const soon = () => new Date(Date.now() + 3_600_000);
  const after = () => new Date(Date.now() + 3_700_000).toISOString();

  it('cannot be posted at or after it, and is given back by the clock', async () => {
    const { payer, reservation } = await settled(400n, soon());
    const post = house.run((tx) => house.ledger.postReserved(tx, { ...header(), reservation }), after());
    await expect(post).rejects.toMatchObject({ code: 'ledger_reservation_expired' });
    expect(await house.check(after())).toMatchObject({ ok: false, broken: { invariant: 'expired_reservations' } });
    const due = (await house.rows<{ due_at: Date }>('SELECT due_at FROM timer')).map(({ due_at }) => due_at);
    expect(due).toHaveLength(1);
    const fire = () =>
      house.run(
        async (tx) => house.expiry.fire(tx, [{ subjectId: reservation, dueAt: soon() }], await tx.now()),
        after(),
      );
    await fire();
    await fire();
    expect(await house.available(payer)).toBe(1_000n);
    expect(await house.reader.transfer(reservation)).toMatchObject({ state: 'expired' });
    expect(await house.check(after())).toMatchObject({ ok: true });
  });

  it('500 that are over at once are given back with one batch; those that were posted or are not over are left', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 1_002n);
    const until = soon();
    const inputs = Array.from({ length: 500 }, () => ({ ...house.transfer(payer, payee, 2n), expiresAt: until }));
    const late = { ...house.transfer(payer, payee, 2n), expiresAt: new Date(until.getTime() + 86_400_000) };
    const made = (await house.run((tx) => house.ledger.reserveAll(tx, inputs))).map(({ transferId }) => transferId);
    await house.run((tx) => house.ledger.postReserved(tx, { ...header(), reservation: made[0] as string }));
    const { transferId: open } = await house.run((tx) => house.ledger.reserve(tx, late));
    const due = [...made, open].map((subjectId) => ({ subjectId, dueAt: until }));
    await house.run(async (tx) => house.expiry.fire(tx, due, await tx.now()), after());
    expect([await house.balance(payer), await house.available(payer)]).toEqual([1_000n, 998n]);
  });

  it('a post that races the clock either wins or is told', async () => {
    for (let round = 0; round < 5; round++) {
      const { payer, reservation } = await settled(400n, soon());
      const results = await Promise.allSettled([
        house.run((tx) => house.ledger.postReserved(tx, { ...header(), reservation })),
        house.run(
          async (tx) => house.expiry.fire(tx, [{ subjectId: reservation, dueAt: soon() }], await tx.now()),
          after(),
        ),
      ]);
      const { state } = await house.reader.transfer(reservation);
      expect(settle(results)).toEqual(state === 'posted' ? ['done', 'done'] : ['done', 'ledger_reservation_resolved']);
      expect(await house.available(payer)).toBe(state === 'posted' ? 600n : 1_000n);
    }
    expect(await house.check()).toMatchObject({ ok: true, broken: null });
  });
});
