import { InstitutionHouse, mandateInput, sar, type TestFinancier } from '../testing/institution-house.js';
import { DecideLimits, ProposeLimits } from './change-limits.js';
import { InstitutionLists } from './institution-lists.reader.js';
import { InstitutionReader } from './institution.reader.js';
import { MoveMandate } from './move-mandate.js';
import { ManageProducts } from './products.js';
import { type AutoBidInput, MoveAutoBidRule, ProposeAutoBidRule } from './propose-auto-bid-rule.js';
import { SaveMandate } from './save-mandate.js';
import { VerifyFinancier } from './verify-financier.js';

let house: InstitutionHouse;
let bank: TestFinancier;
beforeAll(async () => {
  house = await InstitutionHouse.open();
  bank = await house.financier();
});
afterAll(() => house.close());

const limits = { perEnterprise: sar('1000.00'), perAnchor: null, monthlyAppetite: sar('5000.00'), reason: 'board' };

function rule(mandateId: string, changes: Partial<AutoBidInput> = {}): AutoBidInput {
  return {
    mandateId,
    name: 'Small loans',
    pricing: 'fixed',
    annualRate: '8.5',
    referenceRate: null,
    feePercent: '1',
    feeFixed: null,
    tenorMax: 24,
    graceMonths: 0,
    sharePercent: '100',
    validityDays: 10,
    ...changes,
  };
}

describe('limits by maker and checker', () => {
  it('hold only when a second person approved them; a mandate goes live after that', async () => {
    const { id } = await house.get(SaveMandate).create(bank.maker, mandateInput());
    const move = () => house.get(MoveMandate).execute(bank.maker, id, 'publish');
    await expect(move()).rejects.toMatchObject({ code: 'limits_not_approved' });
    const change = await house.get(ProposeLimits).execute(bank.maker, id, limits);
    await expect(house.get(ProposeLimits).execute(bank.otherMaker, id, limits)).rejects.toMatchObject({
      code: 'limit_change_pending',
    });
    // The same human with both roles is still one person.
    await expect(house.get(DecideLimits).execute(bank.maker, change.id, 'approve')).rejects.toMatchObject({
      code: 'maker_and_checker_same',
    });
    await expect(
      house
        .get(DecideLimits)
        .execute({ ...bank.checker, actor: { ...bank.checker.actor, kind: 'client' } }, change.id, 'approve'),
    ).rejects.toMatchObject({ code: 'person_required' });
    await expect(move()).rejects.toMatchObject({ code: 'limits_not_approved' });
    await house.get(DecideLimits).execute(bank.checker, change.id, 'approve');
    await expect(house.get(DecideLimits).execute(bank.otherChecker, change.id, 'reject')).rejects.toMatchObject({
      code: 'transition_not_allowed',
    });
    expect(await move()).toMatchObject({ status: 'live', limits: { perEnterprise: sar('1000.00'), perAnchor: null } });
  });

  it('are approved once when two checkers approve at the same instant', async () => {
    const { id } = await house.get(SaveMandate).create(bank.maker, mandateInput());
    const change = await house.get(ProposeLimits).execute(bank.maker, id, limits);
    const both = await Promise.allSettled(
      [bank.checker, bank.otherChecker].map((checker) =>
        house.get(DecideLimits).execute(checker, change.id, 'approve'),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await house.get(InstitutionLists).mandate(bank.id, id)).version).toBe(2);
  });

  it('stand as a constraint: one person cannot be both in the table either', async () => {
    const [row] = await house.rows<{ id: Buffer }>("SELECT id FROM limit_change WHERE status = 'approved' LIMIT 1");
    await expect(
      house.database.dataSource.query('UPDATE limit_change SET decided_by = proposed_by WHERE id = ?', [row?.id]),
    ).rejects.toThrow(/limit_change_two_people/);
  });
});

describe('auto-bid rules', () => {
  it('bid only while a second person’s approval stands for the mandate as it is', async () => {
    const mandate = await house.liveMandate(bank);
    const reader = house.get(InstitutionReader);
    const move = house.get(MoveAutoBidRule);
    const { id } = await house.get(ProposeAutoBidRule).execute(bank.maker, rule(mandate.id));
    const bidding = async () => (await reader.autoBidRulesFor([mandate.id])).map((each) => each.id);
    expect(await bidding()).toEqual([]);
    await expect(move.execute(bank.maker, id, 'approve')).rejects.toMatchObject({ code: 'maker_and_checker_same' });
    await move.execute(bank.checker, id, 'approve');
    expect(await bidding()).toEqual([id]);
    await move.execute(bank.maker, id, 'pause');
    expect(await bidding()).toEqual([]);
    await move.execute(bank.checker, id, 'resume');

    const { version, reference } = await house.get(InstitutionLists).mandate(bank.id, mandate.id);
    await house
      .get(SaveMandate)
      .change(bank.otherMaker, mandate.id, version, mandateInput({ reference, tenorMax: 48 }));
    expect(await bidding()).toEqual([]);
    await move.execute(bank.checker, id, 'approve');
    expect(await bidding()).toEqual([id]);
    await house.get(MoveMandate).execute(bank.maker, mandate.id, 'end');
    expect(await bidding()).toEqual([]);
    const { items } = await house.get(InstitutionLists).history(bank.id, id, {});
    expect(items.map(({ action }) => action)).toEqual([
      'end',
      'approve',
      'recheck',
      'resume',
      'pause',
      'approve',
      'propose',
    ]);
  });

  it('are refused where they do not fit their mandate', async () => {
    const mandate = await house.liveMandate(bank);
    await expect(
      house.get(ProposeAutoBidRule).execute(bank.maker, rule(mandate.id, { pricing: 'murabaha', tenorMax: 60 })),
    ).rejects.toMatchObject({
      code: 'auto_bid_incoherent',
      details: { fields: [{ pointer: '/pricing' }, { pointer: '/tenorMax' }] },
    });
  });
});

describe('mandates', () => {
  it('tell the second of two editors, and need a reference of their own', async () => {
    const input = mandateInput({ reference: 'SME-1' });
    const { id } = await house.get(SaveMandate).create(bank.maker, input);
    const edits = [6, 12, 18].map((tenorMin) =>
      house.get(SaveMandate).change(bank.maker, id, 1, { ...input, tenorMin }),
    );
    const outcomes = await Promise.allSettled(edits);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'record_changed' });
    await expect(house.get(SaveMandate).create(bank.maker, input)).rejects.toMatchObject({
      code: 'mandate_reference_taken',
    });
  });

  it('are not published by an unverified institution', async () => {
    const fresh = await house.financier(false);
    await expect(house.liveMandate(fresh)).rejects.toMatchObject({ code: 'institution_not_verified' });
    await house.get(VerifyFinancier).submit(fresh.maker);
    const reasons = [{ code: 'licence', message: 'The licence has run out.' }];
    await expect(
      house.get(VerifyFinancier).decide(house.lead, fresh.id, { verified: false, reasons: [] }),
    ).rejects.toMatchObject({
      details: { fields: [{ pointer: '/reasons' }] },
    });
    await house.get(VerifyFinancier).decide(house.lead, fresh.id, { verified: false, reasons });
    expect((await house.get(InstitutionReader).financier(fresh.id))?.verified).toBe(false);
    expect((await house.get(InstitutionReader).financier(bank.id))?.verified).toBe(true);
  });
});

describe('every reader and writer', () => {
  it('keeps one institution from another’s records', async () => {
    const other = await house.financier();
    const mandate = await house.liveMandate(bank);
    const change = await house.get(ProposeLimits).execute(bank.maker, mandate.id, limits);
    const { id: ruleId } = await house.get(ProposeAutoBidRule).execute(bank.maker, rule(mandate.id));
    const product = await house.get(ManageProducts).create(bank.maker, {
      kind: 'term_loan',
      name: 'Loan',
      localName: 'قرض',
      amountMin: sar('1.00'),
      amountMax: sar('2.00'),
      tenorMin: 1,
      tenorMax: 12,
      priceBasis: 'fixed_rate',
      priceMin: '5',
      priceMax: '9',
      referenceRate: null,
      conditions: [],
      documents: [],
    });
    const lists = house.get(InstitutionLists);
    const unknown = { code: 'record_unknown' };
    await expect(lists.mandate(other.id, mandate.id)).rejects.toMatchObject(unknown);
    await expect(lists.product(other.id, product.id)).rejects.toMatchObject(unknown);
    await expect(lists.exposure(other.id, mandate.id)).rejects.toMatchObject(unknown);
    expect((await lists.mandates(other.id, {})).items).toEqual([]);
    expect((await lists.products(other.id, {})).items).toEqual([]);
    expect((await lists.limitChanges(other.id, { mandateId: mandate.id })).items).toEqual([]);
    expect((await lists.autoBidRules(other.id, {})).items).toEqual([]);
    await expect(lists.history(other.id, mandate.id, {})).rejects.toMatchObject(unknown);
    const { maker, checker } = other;
    await expect(house.get(SaveMandate).change(maker, mandate.id, 3, mandateInput())).rejects.toMatchObject(unknown);
    await expect(house.get(MoveMandate).execute(maker, mandate.id, 'end')).rejects.toMatchObject(unknown);
    await expect(house.get(ProposeLimits).execute(maker, mandate.id, limits)).rejects.toMatchObject(unknown);
    await expect(house.get(DecideLimits).execute(checker, change.id, 'approve')).rejects.toMatchObject(unknown);
    await expect(house.get(ProposeAutoBidRule).execute(maker, rule(mandate.id))).rejects.toMatchObject(unknown);
    await expect(house.get(MoveAutoBidRule).execute(checker, ruleId, 'approve')).rejects.toMatchObject(unknown);
    await expect(house.get(ManageProducts).move(maker, product.id, 'publish')).rejects.toMatchObject(unknown);
    expect((await lists.publicProducts({})).items).toEqual([]);
    await house.get(ManageProducts).move(bank.maker, product.id, 'publish');
    expect((await lists.publicProducts({ financierId: bank.id })).items).toMatchObject([{ id: product.id }]);
  });
});
