import { idText } from '#platform';
import { minor, print, SettlementHouse } from '../testing/settlement-house.js';
import { InstructPayments } from './instruct-payments.js';
import { SettlementDeskReader } from './settlement-desk.reader.js';

/** A sequence of numbers below 1 that is the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Whatever comes, goes back, is paid out, fails and is given back, in any order: after every step all invariants of the report hold, and at the
 * end, when all is paid and given back, no money is left anywhere.
 */
it.each([...Array.from({ length: 11 }, (_, n) => n + 1), 42])('walk %i of payments and reversals', async (seed) => {
  const next = numbers(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(next() * items.length)];
  const house = await SettlementHouse.open();
  try {
    const [anchor, seller, financier] = [await house.anchor(), await house.supplier(), await house.financier()];
    const made = await house.confirmed(seller, anchor, '1000.00');
    const other = await house.supplier();
    if (next() < 0.5) await house.handOver(seller, made.certificateId, other, '333.33');
    const references = [await house.referenceOf('maturity', made.receivableId)];
    if (next() < 0.6) {
      const [row] = await house.rows<{ amount_minor: string }>(
        'SELECT amount_minor FROM certificate WHERE parent_id IS NULL',
      );
      const price = print(BigInt(row?.amount_minor ?? '0') - 1_000n);
      const sale = await house.sell(seller, [made.certificateId], financier, price, { holdbackMinor: minor('100.00') });
      references.push(sale.firstLegReference, sale.firstLegReference);
    }
    const desk = house.get(SettlementDeskReader);
    const credits: { amount: string; endToEnd: string }[] = [];
    const credit = async (amount: string, reference: string) => {
      const endToEnd = `E${seed}-${credits.length + 1}-${Math.floor(next() * 1e9)}`;
      credits.push({ amount, endToEnd });
      await house.credit(amount, reference, { endToEnd });
    };
    const steps: Record<string, () => Promise<unknown>> = {
      pay: () =>
        credit(pick(['100.00', '250.00', '400.00', '899.99', '1000.00']) as string, pick(references) as string),
      takeBack: async () => {
        const taken = pick(credits);
        if (!taken) return;
        credits.splice(credits.indexOf(taken), 1);
        await house.statement({ ...taken, direction: 'DBIT', reversal: true });
      },
      payOut: () => house.payOut().catch(ignoreNothing),
      fail: async () => {
        await house.get(InstructPayments).payout(house.officer, 'SAR').catch(ignoreNothing);
        const rows = await house.rows<{ id: Buffer }>("SELECT id FROM settlement_payout WHERE state = 'instructed'");
        for (const { id } of rows) await house.get(InstructPayments).fail(house.officer, idText(id), 'no answer');
      },
      clock: async () => {
        await house.base.fireTimersIn(pick([12, 70]) as number);
        await house.base.deliverEvents();
      },
      giveBack: async () => {
        const debt = pick((await desk.owedBack('open', {})).items);
        if (debt) await credit(pick(['50.00', debt.amount.amount]) as string, debt.reference);
      },
    };
    const done: string[] = [];
    for (let n = 0; n < 14; n++) {
      const name = pick([
        'pay',
        'pay',
        'pay',
        'takeBack',
        'takeBack',
        'payOut',
        'payOut',
        'fail',
        'giveBack',
        'clock',
      ]) as string;
      done.push(name);
      await steps[name]?.();
      await house.assertSound().catch((error: unknown) => {
        throw new Error(`after ${done.join(', ')}: ${String(error)}`);
      });
    }
    // All that is owed is paid: first what is to be paid for the claim, then what is still to be given back.
    for (let n = 0; n < 6; n++) {
      const open = await house.rows<{ reference: string; left: string }>(
        "SELECT reference, amount_minor - paid_minor AS `left` FROM settlement_obligation WHERE state IN ('open','overdue') AND amount_minor > paid_minor ORDER BY kind = 'give_back', kind = 'maturity', id",
      );
      const [first] = open;
      if (!first) break;
      await house.credit(print(BigInt(first.left)), first.reference);
      await house.assertSound();
    }
    await house.payOut().catch(ignoreNothing);
    expect(await house.base.stateOf(made.receivableId)).toBe('settled');
    for (const purpose of ['settlement_bank', 'settlement_suspense', 'settlement_receivable'] as const)
      expect([purpose, await house.operatorBalance(purpose)]).toEqual([purpose, 0n]);
    for (const { id } of [anchor, seller, financier, other])
      for (const purpose of ['settlement_payable', 'settlement_receivable', 'holdback', 'receivable_held'] as const)
        expect([purpose, await house.balance(id, purpose)]).toEqual([purpose, 0n]);
  } finally {
    await house.close();
  }
});

function ignoreNothing(error: unknown): void {
  if ((error as { code?: string }).code !== 'nothing_to_instruct') throw error as Error;
}
