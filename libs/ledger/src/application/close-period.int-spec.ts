import { newId, systemContext } from '#platform';
import { parseDate } from '#kernel';
import { UnitOfWork } from '#platform';
import { ClosePeriod } from './close-period.js';
import { LedgerHouse } from '../testing/ledger-house.js';

let house: LedgerHouse;
beforeEach(async () => {
  house = await LedgerHouse.open();
});
afterEach(() => house.database.stop());

const january = '2026-01-20T10:00:00+03:00';
const february = '2026-02-10T10:00:00+03:00';
const march = '2026-03-10T10:00:00+03:00';

const closeAt = (instant: string, period: string) => {
  const { dataSource, environment } = house.database;
  const offset = (Date.parse(instant) - Date.now()) / 1000;
  return new ClosePeriod(new UnitOfWork(dataSource, offset), environment).execute(systemContext('test'), period);
};
const postAt = (instant: string, bookDate?: string, amount = 100n) => {
  const [debit, credit] = [house.account('fee_receivable'), house.account('fee_income')];
  const input = { ...house.transfer(debit, credit, amount), ...(bookDate ? { bookDate: parseDate(bookDate) } : {}) };
  return { input, credit, receipt: house.run((tx) => house.ledger.post(tx, input), instant) };
};

describe('a closed month', () => {
  it('takes no posting; the correction stands in the open one', async () => {
    const { input, receipt } = postAt(january);
    const { transferId } = await receipt;
    expect(await house.reader.transfer(transferId)).toMatchObject({ bookDate: '2026-01-20' });
    await postAt(february, '2026-01-31').receipt;
    await expect(postAt(february, '2026-02-11').receipt).rejects.toMatchObject({ code: 'ledger_input_invalid' });
    expect(await closeAt(february, '2026-01')).toEqual({ period: '2026-01', state: 'closed', accounts: 4 });
    expect(await closeAt(february, '2026-01')).toEqual({ period: '2026-01', state: 'closed', accounts: 4 });
    await expect(postAt(february, '2026-01-31').receipt).rejects.toMatchObject({ code: 'ledger_period_closed' });
    const reversal = (bookDate?: string) =>
      house.run(
        (tx) =>
          house.ledger.reverse(tx, {
            reference: `test:${newId()}`,
            description: 'a correction',
            transfer: transferId,
            ...(bookDate ? { bookDate: parseDate(bookDate) } : {}),
          }),
        february,
      );
    await expect(reversal('2026-01-31')).rejects.toMatchObject({ code: 'ledger_period_closed' });
    const { transferId: correction } = await reversal();
    expect(await house.reader.transfer(correction)).toMatchObject({ kind: 'reverse', bookDate: '2026-02-10' });
    // What stood before the month was closed is still answered as it stands.
    expect(await house.run((tx) => house.ledger.post(tx, input), february)).toMatchObject({
      replayed: true,
      transferId,
    });
    expect(await house.check(february)).toMatchObject({ ok: true });
  });

  it('is closed in its order and after its last day, in the portal country’s calendar', async () => {
    await postAt(january).receipt;
    await postAt(february).receipt;
    await expect(closeAt(january, '2026-01')).rejects.toMatchObject({ code: 'ledger_period_not_closable' });
    await expect(closeAt(march, '2026-02')).rejects.toMatchObject({ details: { data: { earlier: '2026-01' } } });
    // 23:00 in Riyadh on 31 January: still January. An hour and a half later it is February there, not yet in UTC.
    await expect(closeAt('2026-01-31T20:00:00Z', '2026-01')).rejects.toMatchObject({
      code: 'ledger_period_not_closable',
    });
    await closeAt('2026-01-31T21:30:00Z', '2026-01');
    await closeAt(march, '2026-02');
    expect(await house.reader.periods()).toMatchObject({
      items: [
        { period: '2026-02', state: 'closed' },
        { period: '2026-01', state: 'closed' },
      ],
    });
  });

  it('waits for postings on their way: each is in the final balances or refused', async () => {
    const [debit, credit] = [house.account('fee_receivable'), house.account('fee_income')];
    const day = parseDate('2026-01-31');
    await house.run((tx) => house.ledger.post(tx, { ...house.transfer(debit, credit, 1n), bookDate: day }), february);
    const posting = Array.from({ length: 60 }, () =>
      house.run((tx) => house.ledger.post(tx, { ...house.transfer(debit, credit, 1n), bookDate: day }), february),
    );
    const closing = closeAt(february, '2026-01');
    const results = await Promise.allSettled(posting);
    await closing;
    const done = results.filter(({ status }) => status === 'fulfilled').length;
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ledger_period_closed' });
    const [kept] = await house.rows<{ credits: string }>(
      "SELECT MAX(credits_posted) AS credits FROM ledger_period_balance WHERE period = '2026-01'",
    );
    expect(Number(kept?.credits)).toBe(done + 1);
    expect(await house.balance(credit)).toBe(BigInt(done + 1));
    expect(await house.check(february)).toMatchObject({ ok: true });
  });

  it('carries balances forward, from which later statements begin', async () => {
    const first = postAt(january, undefined, 300n);
    await first.receipt;
    await closeAt(february, '2026-01');
    const more = { ...house.transfer(house.account('fee_receivable'), first.credit, 50n) };
    await house.run((tx) => house.ledger.post(tx, more), february);
    await closeAt(march, '2026-02');
    const [account] = (await house.reader.accounts({ ownerId: first.credit.ownerId }, {})).items;
    const id = account?.id as string;
    const opening = async (from: string) => (await house.statements.statement(id, { from })).opening;
    expect([await opening('2026-01-01'), await opening('2026-02-01'), await opening('2026-03-01')]).toEqual([
      '0.00',
      '3.00',
      '3.50',
    ]);
  });
});
