import { newId, systemContext } from '#platform';
import { LedgerHouse } from '../testing/ledger-house.js';

let house: LedgerHouse;
beforeAll(async () => {
  house = await LedgerHouse.open();
});
afterAll(() => house.database.stop());

const codes = (results: readonly PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as { code: string }).code)).sort();

describe('transfers among few accounts at once', () => {
  it('200 of them keep every unit: none is lost, no floor is broken, and the trial balance is zero at every moment', async () => {
    const accounts = Array.from({ length: 4 }, () => house.account());
    for (const account of accounts) await house.fund(account, 50n);
    const of = (n: number) => accounts[n % 4] as (typeof accounts)[number];
    const inputs = Array.from({ length: 200 }, (_, n) => ({
      from: n % 4,
      to: (n + 1 + (n % 3)) % 4,
      amount: BigInt(1 + ((n * 7) % 30)),
    }));
    let running = true;
    const watch = (async () => {
      const seen: boolean[] = [];
      for (; running;) seen.push((await house.reader.trialBalance()).balanced);
      return seen;
    })();
    const results = await Promise.allSettled(
      inputs.map(({ from, to, amount }) =>
        house.run((tx) => house.ledger.post(tx, house.transfer(of(from), of(to), amount))),
      ),
    );
    running = false;
    const watched = await watch;
    expect(watched.length).toBeGreaterThan(1);
    expect(watched).not.toContain(false);
    expect(new Set(codes(results))).toEqual(new Set(['done', 'ledger_funds_insufficient']));
    const expected = [50n, 50n, 50n, 50n];
    inputs.forEach(({ from, to, amount }, n) => {
      if (results[n]?.status !== 'fulfilled') return;
      expected[from] = (expected[from] as bigint) - amount;
      expected[to] = (expected[to] as bigint) + amount;
    });
    expect(await Promise.all(accounts.map((account) => house.available(account)))).toEqual(expected);
    expect(expected.every((balance) => balance >= 0n)).toBe(true);
    expect(await house.check()).toMatchObject({ ok: true, broken: null });
  });

  it('100 that want one unit each of 40 get exactly 40', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 40n);
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => house.run((tx) => house.ledger.reserve(tx, house.transfer(payer, payee, 1n)))),
    );
    expect(codes(results).filter((code) => code === 'done')).toHaveLength(40);
    expect(codes(results).filter((code) => code === 'ledger_funds_insufficient')).toHaveLength(60);
    expect([await house.available(payer), await house.balance(payer)]).toEqual([0n, 40n]);
  });

  it('balances read alike before, during and after movements are folded, by four processes at once', async () => {
    const account = house.account('fee_income');
    const receivable = house.account('fee_receivable');
    await Promise.all(
      Array.from({ length: 60 }, () =>
        house.run((tx) => house.ledger.post(tx, house.transfer(receivable, account, 10n))),
      ),
    );
    expect(await house.balance(account)).toBe(600n);
    const fold = async () => {
      let total = 0;
      for (let found = -1; found !== 0; total += found)
        found = await house.foldMovements.execute(systemContext('test'));
      return total;
    };
    const [, , , , seen] = await Promise.all([fold(), fold(), fold(), fold(), house.balance(account)]);
    expect(seen).toBe(600n);
    expect(await house.balance(account)).toBe(600n);
    expect(await house.rows('SELECT 1 FROM ledger_movement')).toEqual([]);
    expect(await house.check()).toMatchObject({ ok: true });
  });

  it('many transfers of one run are all written or none', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 10n);
    const inputs = Array.from({ length: 11 }, () => house.transfer(payer, payee, 1n));
    await expect(house.run((tx) => house.ledger.postAll(tx, inputs))).rejects.toMatchObject({
      code: 'ledger_funds_insufficient',
    });
    expect(await house.available(payer)).toBe(10n);
    expect(await house.run((tx) => house.ledger.postAll(tx, inputs.slice(1)))).toHaveLength(10);
    expect(await house.available(payer)).toBe(0n);
  });

  it('a refusal that the caller survives leaves nothing of the transfer behind', async () => {
    const [payer, payee] = [house.account(), house.account()];
    const input = house.transfer(payer, payee, 1n);
    await house.run(async (tx) => {
      await expect(house.ledger.post(tx, input)).rejects.toMatchObject({ code: 'ledger_funds_insufficient' });
    });
    expect(await house.reader.transfers({ reference: input.reference }, {})).toMatchObject({ items: [] });
    expect(await house.check()).toMatchObject({ ok: true });
  });
});

describe('a reference', () => {
  it('sent 30 times at once moves the amount once and answers all alike', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 100n);
    const input = house.transfer(payer, payee, 70n);
    const receipts = await Promise.all(
      Array.from({ length: 30 }, () => house.run((tx) => house.ledger.post(tx, input))),
    );
    expect(new Set(receipts.map(({ transferId }) => transferId)).size).toBe(1);
    expect(receipts.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await house.available(payer)).toBe(30n);
  });

  it('with other content is refused: amount, account, words, subject, day or kind', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 100n);
    const input = house.transfer(payer, payee, 70n);
    await house.run((tx) => house.ledger.post(tx, input));
    const others = [
      { ...input, postings: [{ debit: payer, credit: payee, amount: 71n, currency: 'SAR' }] },
      { ...input, postings: [{ debit: payer, credit: house.account(), amount: 70n, currency: 'SAR' }] },
      { ...input, description: 'other words' },
      { ...input, subject: { type: 'test', id: newId() } },
      { ...input, bookDate: '2026-01-02' as never },
    ];
    for (const other of others)
      await expect(house.run((tx) => house.ledger.post(tx, other))).rejects.toMatchObject({
        code: 'ledger_reference_reused',
      });
    await expect(house.run((tx) => house.ledger.reserve(tx, input))).rejects.toMatchObject({
      code: 'ledger_reference_reused',
    });
    await expect(
      house.run((tx) => house.ledger.postAll(tx, [input, { ...input, description: 'twin' }])),
    ).rejects.toMatchObject({ code: 'ledger_reference_reused' });
    expect(await house.available(payer)).toBe(30n);
  });

  it('is a replay also in a run where the rest is new, and for resolutions and reversals', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 100n);
    const inputs = [1n, 2n, 3n].map((amount) => house.transfer(payer, payee, amount));
    const [known] = inputs as [(typeof inputs)[number]];
    const first = await house.run((tx) => house.ledger.post(tx, known));
    const all = await house.run((tx) => house.ledger.postAll(tx, inputs));
    expect(all.map(({ replayed }) => replayed)).toEqual([true, false, false]);
    expect(all[0]?.transferId).toBe(first.transferId);
    expect(await house.available(payer)).toBe(94n);
    const { transferId: reservation } = await house.run((tx) =>
      house.ledger.reserve(tx, house.transfer(payer, payee, 10n)),
    );
    const settle = { reference: `settle:${reservation}`, description: 'settled', reservation, amounts: [4n] };
    const reverse = { reference: `undo:${first.transferId}`, description: 'undone', transfer: first.transferId };
    for (const replayed of [false, true]) {
      expect(await house.run((tx) => house.ledger.postReserved(tx, settle))).toMatchObject({ replayed });
      expect(await house.run((tx) => house.ledger.reverse(tx, reverse))).toMatchObject({ replayed });
    }
  });
});

describe('a reversal', () => {
  it('is the mirror, once, however many come at once', async () => {
    const [payer, payee] = [house.account(), house.account()];
    await house.fund(payer, 100n);
    const { transferId: transfer } = await house.run((tx) => house.ledger.post(tx, house.transfer(payer, payee, 60n)));
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () =>
        house.run((tx) =>
          house.ledger.reverse(tx, { reference: `test:${newId()}`, description: 'a mistake', transfer }),
        ),
      ),
    );
    expect(codes(results).filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(codes(results))).toEqual(new Set(['done', 'ledger_already_reversed']));
    expect(await house.successors('reverses_id', transfer)).toBe(1);
    expect([await house.available(payer), await house.available(payee)]).toEqual([100n, 0n]);
  });

  it('is refused where the money is gone, for reservations and for reversals', async () => {
    const [payer, payee, third] = [house.account(), house.account(), house.account()];
    await house.fund(payer, 100n);
    const undo = (transfer: string) =>
      house.run((tx) => house.ledger.reverse(tx, { reference: `test:${newId()}`, description: 'undo', transfer }));
    const { transferId: paid } = await house.run((tx) => house.ledger.post(tx, house.transfer(payer, payee, 60n)));
    const { transferId: on } = await house.run((tx) => house.ledger.post(tx, house.transfer(payee, third, 10n)));
    await expect(undo(paid)).rejects.toMatchObject({ code: 'ledger_funds_insufficient' });
    const { transferId: back } = await undo(on);
    await expect(undo(back)).rejects.toMatchObject({ code: 'ledger_not_reversible' });
    const { transferId: held } = await house.run((tx) => house.ledger.reserve(tx, house.transfer(payer, payee, 1n)));
    await expect(undo(held)).rejects.toMatchObject({ code: 'ledger_not_reversible' });
    await expect(undo(newId())).rejects.toMatchObject({ code: 'ledger_transfer_unknown' });
    await undo(paid);
    expect(await house.check()).toMatchObject({ ok: true });
  });
});
