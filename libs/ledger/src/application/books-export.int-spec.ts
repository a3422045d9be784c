import { createHash } from 'node:crypto';
import { AuditSealer, newId } from '#platform';
import { LedgerHouse } from '../testing/ledger-house.js';
import { BooksExport } from './books-export.js';
import { verifyBooks } from './verify-books.js';

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('an export of audit log and ledger', () => {
  let house: LedgerHouse;
  let lines: string[];

  beforeAll(async () => {
    house = await LedgerHouse.open();
    const payee = house.account();
    for (let n = 1n; n <= 3n; n += 1n) {
      await house.run(async (tx) => {
        tx.audit({ action: 'test.paid', subjectType: 'test', subjectId: newId(), data: { n: Number(n), name: 'بنك' } });
        await house.ledger.post(tx, house.transfer(house.bank, payee, n * 100n));
      });
    }
    const held = await house.run((tx) => house.ledger.reserve(tx, house.transfer(payee, house.account(), 250n)));
    await house.run((tx) =>
      house.ledger.postReserved(tx, {
        reservation: held.transferId,
        reference: 'part',
        description: 'part',
        amounts: [50n],
      }),
    );
    await new AuditSealer(house.database.unitOfWork).seal();
    lines = await exported();
  });
  afterAll(() => house.database.stop());

  async function exported(): Promise<string[]> {
    const found: string[] = [];
    for await (const line of new BooksExport(house.database.dataSource).lines()) found.push(line.trimEnd());
    return found;
  }
  const changed = (at: number, from: string, to: string): string[] =>
    lines.map((line, index) => (index === at ? line.replace(from, to) : line));
  /** As a forger would do it who knows the form: with the manifest's sum made right again. */
  const forged = (body: readonly string[]): string[] => {
    const manifest = JSON.parse(lines.at(-1) as string) as { manifest: object };
    const sha256 = createHash('sha256')
      .update(body.map((line) => `${line}\n`).join(''))
      .digest('hex');
    return [...body, JSON.stringify({ manifest: { ...manifest.manifest, sha256 } })];
  };

  it('proves itself without the database', async () => {
    const verdict = await verifyBooks(each(lines));
    expect(verdict).toMatchObject({ ok: true, entries: 3, transfers: 5 });
    expect(verdict.ok && verdict.balances).toEqual([
      { currency: 'SAR', purpose: 'settlement_bank', net: '600' },
      { currency: 'SAR', purpose: 'settlement_payable', net: '-600' },
    ]);
  });

  it('names the first line that was changed, removed, added or cut off', async () => {
    const problemOf = async (made: readonly string[]) => {
      const verdict = await verifyBooks(each(made));
      return verdict.ok ? 'ok' : `${verdict.line}: ${verdict.problem}`;
    };
    expect(await problemOf(changed(2, '\\"n\\":2', '\\"n\\":9'))).toMatch(/^3: the entry was changed/);
    expect(await problemOf(changed(4, '"amount":"100"', '"amount":"900"'))).toMatch(/^5: the transfer was changed/);
    expect(await problemOf(lines.filter((_, at) => at !== 2))).toMatch(/^3: link 2 is missing/);
    expect(await problemOf(lines.filter((_, at) => at !== 5))).toMatch(/the manifest does not fit/);
    expect(await problemOf(lines.slice(0, -1))).toMatch(/cut off/);
    expect(await problemOf([...lines, lines[4] as string])).toMatch(/follows the manifest/);
    expect(await problemOf(forged(lines.slice(0, -2)))).toMatch(/figures of the manifest/);
    expect(await problemOf(['{}'])).toMatch(/^1: the file does not begin/);
    expect(await problemOf(['not json'])).toMatch(/^1: this is not a line/);
  });

  it('knows a link that was noted down earlier, and a chain without it', async () => {
    const noted = (JSON.parse(lines[2] as string) as { audit: { linkHash: string } }).audit.linkHash;
    expect(await verifyBooks(each(lines), noted)).toMatchObject({ ok: true });
    expect(await verifyBooks(each(lines), 'ab'.repeat(32))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/rewritten/),
    });
  });

  it('shows a row that was changed in the database', async () => {
    const [row] = await house.rows<{ id: Buffer }>('SELECT id FROM audit_entry ORDER BY id LIMIT 1');
    await house.rows("UPDATE audit_entry SET action = 'test.forged' WHERE id = ?", [row?.id]);
    expect(await verifyBooks(each(await exported()))).toMatchObject({ ok: false, line: 2 });
  });
});
