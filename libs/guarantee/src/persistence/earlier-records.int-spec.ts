import { type CommandContext, idBytes, idText, newId } from '#platform';
import { parseDate } from '#kernel';
import type { MigrationInterface } from 'typeorm';
import { checkGuarantees } from '../application/check-guarantees.js';
import { EarnFees } from '../application/earn-fees.js';
import { EndGuarantee } from '../application/end-guarantee.js';
import { Fees } from '../application/fees.js';
import { GuaranteeMarket } from '../application/guarantee-market.js';
import { Schemes } from '../application/schemes.js';
import { GuaranteeHouse } from '../testing/guarantee-house.js';
import { MotionsServeOnce1790000006860 } from './migrations/1790000006860-motions-serve-once.js';
import { FeesEarnedByMonth1790000006870 } from './migrations/1790000006870-fees-earned-by-month.js';

let house: GuaranteeHouse;
let schemeId: string;
beforeAll(async () => {
  house = await GuaranteeHouse.open();
  schemeId = await house.scheme((terms) => {
    terms['fee'] = { ...(terms['fee'] as object), collection: 'upfront', refund: 'unused_months' };
  });
});
afterAll(() => house.close());

/** The database as it was before, and brought forward again. */
const again = async (migration: MigrationInterface): Promise<void> => {
  const runner = house.database.dataSource.createQueryRunner();
  await migration.down(runner);
  await migration.up(runner);
  await runner.release();
};

it('fees that were unearned before are earned from their first month on; what was settled stands', async () => {
  const lender = await house.lender(schemeId);
  const firm = (await house.enterprise(schemeId)).actor.organisationId;
  const paid = async (): Promise<string> => {
    const input = house.application(schemeId, firm, { tenorMonths: 7 });
    const { id } = await house.draw(lender, await house.approved(lender, input));
    const market = house.get(GuaranteeMarket);
    await market.issueOwn(lender, id);
    await market.disburseOwn(lender, id, parseDate('2026-01-31'));
    const [fee] = await house.rows<{ id: Buffer }>('SELECT id FROM guarantee_fee WHERE guarantee_id = ?', [
      idBytes(id),
    ]);
    await house.get(Fees).pay(house.maker, idText(fee?.id as Buffer), '2026-01-31', newId());
    return id;
  };
  const [running, released] = [await paid(), await paid()];
  await house.get(EndGuarantee).release(lender, released, 'repaid');
  const fee = async (id: string) => {
    const [row] = await house.rows(
      'SELECT charged_minor, refunded_minor, earned_minor, earn_months, next_earn_on FROM guarantee_fee WHERE guarantee_id = ?',
      [idBytes(id)],
    );
    return { ...row };
  };
  const before = { running: await fee(running), released: await fee(released) };
  await again(new FeesEarnedByMonth1790000006870());
  expect(await fee(running)).toEqual(before.running);
  expect(await fee(running)).toMatchObject({ earn_months: 7, next_earn_on: '2026-02-01' });
  expect(await fee(released)).toEqual(before.released);
  const whole = async () =>
    expect((await house.run((tx) => checkGuarantees(tx, house.database.dataSource))).broken).toBeNull();
  await whole();
  await house.run((tx) => house.get(EarnFees).within(tx, parseDate('2026-04-01')));
  // Three of seven months have begun: the fee less four sevenths of it, rounded down.
  const { charged_minor, earned_minor } = (await fee(running)) as Record<string, string>;
  const charged = BigInt(charged_minor as string);
  expect(BigInt(earned_minor as string)).toBe(charged - (charged * 4n) / 7n);
  await whole();
});

it('motions that were carried before serve no act any more that was done or may have been', async () => {
  const [chair] = house.board as [CommandContext];
  await house.carry(schemeId, 'scheme', schemeId);
  await again(new MotionsServeOnce1790000006860());
  const rows = await house.rows<{ kind: string; used_for: string | null }>(
    "SELECT kind, used_for FROM scheme_motion WHERE scheme_id = ? AND status = 'carried' ORDER BY id",
    [idBytes(schemeId)],
  );
  expect(rows.map(({ kind, used_for }) => `${kind} ${used_for}`)).toEqual([
    'version before',
    'scheme before',
    'scheme before',
  ]);
  await expect(house.get(Schemes).move(chair, schemeId, 'close', 'over')).rejects.toMatchObject({
    code: 'board_motion_needed',
  });
});
