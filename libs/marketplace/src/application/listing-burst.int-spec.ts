import { ReceivablesTrade } from '../testing/receivables-trade.js';
import { ListReceivables } from './list-receivables.js';

it('fifty invoices of one seller, listed over two apis at once, are all listed', async () => {
  const trade = await ReceivablesTrade.open();
  const anchor = await trade.anchor();
  const seller = await trade.house.enterprise();
  const certificates: string[] = [];
  for (let n = 0; n < 50; n++)
    certificates.push(
      await trade.certificate(seller, anchor, { amount: { amount: `${120_000 + n * 7919}.00`, currency: 'SAR' } }),
    );
  const other = await trade.house.twin();
  try {
    const apis = [trade.house.get(ListReceivables), other.get(ListReceivables, { strict: false })] as const;
    const listed = await Promise.all(
      certificates.map((id, n) =>
        (apis[n % 2] as ListReceivables).execute(seller, { certificateIds: [id], mode: 'ranked' }),
      ),
    );
    expect(listed.map(({ state }) => state)).toEqual(Array(50).fill('open'));
    const [row] = await trade.house.rows<{ n: string }>(
      "SELECT COUNT(*) AS n FROM certificate WHERE status = 'listed'",
    );
    expect(Number(row?.n)).toBe(50);
  } finally {
    await other.close();
    await trade.house.close();
  }
}, 120_000);
