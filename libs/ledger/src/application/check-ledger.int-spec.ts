import { idBytes, isCheckViolation, isDuplicateKey, newId } from '#platform';
import { parseDate } from '#kernel';
import { appendOnlyGuards } from '../persistence/append-only.js';
import { LedgerHouse } from '../testing/ledger-house.js';

/** What stands as a constraint is tried with plain SQL, past every line of our own; what cannot, is found by the check. */
let house: LedgerHouse;
let transferId: string;
beforeEach(async () => {
  house = await LedgerHouse.open();
  const [payer, payee] = [house.account(), house.account()];
  await house.fund(payer, 1_000n);
  ({ transferId } = await house.run((tx) => house.ledger.post(tx, house.transfer(payer, payee, 400n))));
  await house.run((tx) =>
    house.ledger.post(tx, house.transfer(house.account('fee_receivable'), house.account('fee_income'), 7n)),
  );
  const { transferId: reservation } = await house.run((tx) =>
    house.ledger.reserve(tx, house.transfer(payer, payee, 9n)),
  );
  const header = { reference: `test:${newId()}`, description: 'a test' };
  await house.run((tx) => house.ledger.postReserved(tx, { ...header, reservation, amounts: [5n] }));
});
afterEach(() => house.database.stop());

const sql = (statement: string, parameters: unknown[] = []) => house.rows(statement, parameters);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: { errno?: number }) => {
      if (isCheckViolation(error)) return 'check';
      return isDuplicateKey(error)
        ? 'unique'
        : error.errno === 1452 || error.errno === 1451
          ? 'foreign key'
          : error.errno;
    },
  );
const copyPosting = (changes: Record<string, string>) => {
  const columns = [
    'transfer_id',
    'line',
    'phase',
    'debit_account_id',
    'credit_account_id',
    'amount',
    'currency',
    'book_date',
  ];
  const values = columns.map((name) => changes[name] ?? (name === 'line' ? '99' : name));
  return sql(
    `INSERT INTO ledger_posting (${columns.join(',')}) SELECT ${values.join(',')} FROM ledger_posting WHERE transfer_id = ?`,
    [idBytes(transferId)],
  );
};

describe('the database refuses', () => {
  it.each([
    ['UPDATE ledger_posting SET amount = amount + 1'],
    ['UPDATE ledger_transfer SET description = "other"'],
    ['UPDATE ledger_account SET has_floor = 0'],
    ['DELETE FROM ledger_posting'],
    ['DELETE FROM ledger_transfer'],
    ['DELETE FROM ledger_account'],
  ])('%s', async (statement) => {
    await expect(sql(statement.replaceAll('"', "'"))).rejects.toMatchObject({ sqlState: '45000' });
  });

  it('amounts that are not above zero, one account on both sides, a currency that is not the account’s, orphans', async () => {
    expect(await refused(copyPosting({ amount: '0' }))).toBe('check');
    expect(await refused(copyPosting({ amount: '-1' }))).toBe('check');
    expect(await refused(copyPosting({ credit_account_id: 'debit_account_id' }))).toBe('check');
    expect(await refused(copyPosting({ currency: "'USD'" }))).toBe('foreign key');
    expect(await refused(copyPosting({ transfer_id: "X'00000000000000000000000000000001'" }))).toBe('foreign key');
    expect(await refused(copyPosting({ line: '1' }))).toBe('unique');
  });

  it('a balance below its floor', async () => {
    const taken = sql("UPDATE ledger_balance SET debits_posted = debits_posted + 5000 WHERE floor_side = 'credit'");
    expect(await refused(taken)).toBe('check');
  });

  it('a second resolution, a second reversal, a second use of a reference, a reversal of nothing', async () => {
    const columns =
      'kind, description, subject_type, subject_id, book_date, period, posted_at, actor_kind, actor_id, trace_id, hash';
    const copy = (kind: string, extra: string, value: string, reference = newId()) =>
      sql(
        `INSERT INTO ledger_transfer (id, reference, ${columns}${extra}) SELECT ?, ?, '${kind}', ${columns.slice(6)}${value}
         FROM ledger_transfer WHERE id = ?`,
        [idBytes(newId()), reference, idBytes(transferId)],
      );
    const [{ resolves_id: held }] = (await sql(
      'SELECT HEX(resolves_id) AS resolves_id FROM ledger_transfer WHERE resolves_id IS NOT NULL',
    )) as [{ resolves_id: string }];
    expect(await refused(copy('void_reserved', ', resolves_id', `, X'${held}'`))).toBe('unique');
    const mirror = () => copy('reverse', ', reverses_id', ', id');
    expect([await refused(mirror()), await refused(mirror())]).toEqual(['accepted', 'unique']);
    expect([await refused(copy('post', '', '', 'same')), await refused(copy('post', '', '', 'same'))]).toEqual([
      'accepted',
      'unique',
    ]);
    expect(await refused(copy('reverse', '', ''))).toBe('check');
    expect(await refused(copy('void_reserved', '', ''))).toBe('check');
  });
});

describe('the check of the ledger', () => {
  const unguarded = async (...statements: string[]) => {
    for (const { name } of appendOnlyGuards) await sql(`DROP TRIGGER ${name}`);
    for (const statement of statements) await sql(statement);
    for (const guard of appendOnlyGuards) await sql(guard.sql);
    return (await house.check()).broken?.invariant;
  };

  it('finds the books sound', async () => {
    expect(await house.check()).toMatchObject({ ok: true, transfers: 5, broken: null });
  });

  it.each([
    ['trial_balance', ["UPDATE ledger_balance SET credits_posted = credits_posted + 1 WHERE floor_side = 'credit'"]],
    ['balances', ['UPDATE ledger_posting SET amount = amount + 1 WHERE amount = 400']],
    [
      'balances',
      ['SET foreign_key_checks = 0', 'DELETE FROM ledger_posting WHERE amount = 400', 'SET foreign_key_checks = 1'],
    ],
    ['floors', ['UPDATE ledger_balance SET floor_side = NULL']],
    ['lines', ["UPDATE ledger_posting SET book_date = '2020-01-01' WHERE amount = 400"]],
    ['chart_of_accounts', ["UPDATE ledger_account SET class = 'asset' WHERE purpose = 'fee_income'"]],
    ['content_hashes', ["UPDATE ledger_transfer SET description = 'other' WHERE kind = 'reserve'"]],
  ])('names %s when somebody with all rights changed the rows', async (invariant, statements) => {
    expect(await unguarded(...statements)).toBe(invariant);
  });

  it('names a guard that was taken away, and what puts it back', async () => {
    await sql('DROP TRIGGER ledger_posting_no_update');
    const { broken } = await house.check();
    expect(broken).toMatchObject({ invariant: 'append_only' });
    const { runAsAdministrator } = broken?.evidence ?? {};
    await sql((runAsAdministrator as string[])[0] as string);
    expect(await house.check()).toMatchObject({ ok: true });
  });

  it('names a posting that came into a closed month', async () => {
    const day = { bookDate: parseDate('2026-01-15') };
    await house.run((tx) => house.ledger.post(tx, { ...house.transfer(house.bank, house.account(), 3n), ...day }));
    await house.run((tx) => house.closePeriod.execute(tx.context, '2026-01'));
    expect(await house.check()).toMatchObject({ ok: true });
    const late = ["UPDATE ledger_posting SET book_date = '2026-01-20' WHERE amount = 400"];
    late.push(
      "UPDATE ledger_transfer SET book_date = '2026-01-20', period = '2026-01' WHERE id IN (SELECT transfer_id FROM ledger_posting WHERE amount = 400)",
    );
    expect(await unguarded(...late)).toBe('closed_months');
  });
});
