import { judge } from './house/evidence.js';
import { makeFirm } from './house/parties.js';
import { draftRequest } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';

jest.setTimeout(120_000);

let market: RunningMarket;

beforeAll(async () => {
  market = await RunningMarket.open();
});
afterAll(() => market.close());

describe('sanad audit verify', () => {
  let entry: { id: string; data: string };

  it('agrees with what people did', async () => {
    const firm = await makeFirm(market);
    const { id } = await draftRequest(firm.owner);
    await judge(market);
    const [found] = await market.rows<{ id: string; data: string }>(
      `SELECT LOWER(CONCAT(SUBSTR(HEX(id),1,8),'-',SUBSTR(HEX(id),9,4),'-',SUBSTR(HEX(id),13,4),'-',SUBSTR(HEX(id),17,4),'-',SUBSTR(HEX(id),21))) AS id, data
       FROM audit_entry WHERE subject_id = UNHEX(?) AND action = 'funding_request.create'`,
      [id.replaceAll('-', '')],
    );
    entry = found as typeof entry;
  });

  const set = (column: string, value: unknown) =>
    market.rows(`UPDATE audit_entry SET ${column} = ? WHERE id = UNHEX(?)`, [value, entry.id.replaceAll('-', '')]);

  /** Changes one column by hand, has the chain verified, and puts it back. */
  async function verdictWith(column: string, value: unknown): Promise<object> {
    const [before] = await market.rows(`SELECT ${column} AS kept FROM audit_entry WHERE id = UNHEX(?)`, [
      entry.id.replaceAll('-', ''),
    ]);
    await set(column, value);
    const told = await verdict();
    await set(column, before?.['kept']);
    return told;
  }

  async function verdict(): Promise<object> {
    const { code, output } = await market.verifyAudit();
    expect(code).toBe(1);
    return JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '{}') as object;
  }

  it.each([
    ['data', '{"to":"disbursed"}'],
    ['actor_id', 'somebody-else'],
    ['action', 'funding_request.award'],
    ['at', new Date('2020-01-01T00:00:00Z')],
    ['subject_id', Buffer.alloc(16, 7)],
  ])('names an entry whose %s was changed by hand', async (column, value) => {
    expect(await verdictWith(column, value)).toMatchObject({ ok: false, entryId: entry.id });
  });

  it('names an entry whose link was changed with it, and one that was removed', async () => {
    const link = (hash: Buffer) =>
      market.rows('UPDATE audit_link SET link_hash = ? WHERE entry_id = UNHEX(?)', [
        hash,
        entry.id.replaceAll('-', ''),
      ]);
    const [before] = await market.rows<{ link_hash: Buffer }>(
      'SELECT link_hash FROM audit_link WHERE entry_id = UNHEX(?)',
      [entry.id.replaceAll('-', '')],
    );
    await link(Buffer.alloc(32, 7));
    expect(await verdict()).toMatchObject({
      entryId: entry.id,
      problem: 'the link does not follow from the one before',
    });
    await link(before?.link_hash as Buffer);
    await judge(market);
    await market.rows('DELETE FROM audit_entry WHERE id = UNHEX(?)', [entry.id.replaceAll('-', '')]);
    expect(await verdict()).toMatchObject({ entryId: entry.id, problem: 'the entry was removed' });
  });
});
