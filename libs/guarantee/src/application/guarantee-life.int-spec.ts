// size: one guarantee's life in the order in which it is lived.
import type { CommandContext } from '#platform';
import { GuaranteeHouse, riyals } from '../testing/guarantee-house.js';
import { Accreditations } from './accreditations.js';
import { AmendGuarantee } from './amend-guarantee.js';
import { ApplyForGuarantee } from './apply-for-guarantee.js';
import { Board } from './board.js';
import { EndGuarantee } from './end-guarantee.js';
import { Fees } from './fees.js';
import { GuaranteeMarket } from './guarantee-market.js';
import { GuaranteeReader } from './guarantee.reader.js';
import { PortfolioAgreements } from './portfolio-agreements.js';
import { ReportOutstanding } from './report-outstanding.js';
import { ReviewApplication } from './review-application.js';
import { RunAnnualFees } from './run-annual-fees.js';
import { Schemes } from './schemes.js';
import { GuaranteeFeeRow } from '../persistence/entities.js';
import { parseDate } from '#kernel';
import { idBytes, idText, newId } from '#platform';

describe('guarantees from the application to their end', () => {
  let house: GuaranteeHouse;
  let schemeId: string;
  let lender: CommandContext;
  let firm: CommandContext;
  beforeAll(async () => {
    house = await GuaranteeHouse.open();
    schemeId = await house.scheme();
    lender = await house.lender(schemeId);
    firm = await house.enterprise(schemeId);
  });
  afterAll(() => house.close());

  /** As a route hands it over: the answer is stored under the key, so it must be plain JSON. */
  const keyed = (context: CommandContext): CommandContext => ({
    ...context,
    idempotency: { clientId: context.actor.id, key: newId(), route: 'test', inputHash: Buffer.alloc(32) },
  });
  const input = (changes = {}) => house.application(schemeId, firm.actor.organisationId, changes);
  /** A guarantee whose loan was disbursed on `day`, its first fee paid. */
  async function inForce(day = '2026-01-15', changes = {}): Promise<string> {
    const { id } = await house.draw(lender, await house.approved(lender, input(changes)));
    await house.get(GuaranteeMarket).issueOwn(keyed(lender), id);
    await house.get(GuaranteeMarket).disburseOwn(keyed(lender), id, parseDate(day));
    const [fee] = await house.run((tx) => tx.manager.findBy(GuaranteeFeeRow, { guaranteeId: id }));
    await house.get(Fees).pay(keyed(house.maker), fee?.id as string, '2026-01-20', newId());
    return id;
  }
  const view = (id: string) => house.get(GuaranteeReader).guarantee(lender.actor, id);
  const balanced = async () => {
    const { rows, row, base, ledger } = await house.capacity(schemeId);
    expect(row).toBe(rows);
    expect(base).toBe(ledger);
    expect(await house.books()).toBe(true);
  };

  it('a broken clause refuses the application and is cited in three languages', async () => {
    const { id, brokenClauses } = await house.get(ApplyForGuarantee).create(lender, input({ coverPercent: '80.01' }));
    expect(brokenClauses.map((clause) => clause.id)).toEqual(['C2']);
    await expect(house.get(ApplyForGuarantee).submit(lender, id)).rejects.toMatchObject({
      code: 'clauses_broken',
      details: { data: { clauses: [{ id: 'C2', text: { ar: expect.stringContaining('80') as string } }] } },
    });
  });

  it('cover counts over all guarantors together, and the retained part has no collateral of its own', async () => {
    const { brokenClauses } = await house
      .get(ApplyForGuarantee)
      .create(lender, input({ coverPercent: '70.00', otherCoverPercent: '20.00', retainedCollateral: true }));
    expect(brokenClauses.map(({ id }) => id)).toEqual(['C2', 'R2']);
  });

  it('needs consent, accreditation, and two people within their limits', async () => {
    const stranger = await house.organisation('enterprise', ['signatory']);
    await house.rows(
      `INSERT INTO enterprise_profile (id, legal_form, sector, region, founded_on, staff, women_led, size_class, status, version, created_at, updated_at)
       VALUES (?, 'llc', 'C', 'SA-01', '2018-05-01', 20, 0, 'small', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(stranger.actor.organisationId)],
    );
    const apply = house.get(ApplyForGuarantee);
    const review = house.get(ReviewApplication);
    const without = await apply.create(lender, input({ enterpriseId: stranger.actor.organisationId }));
    await expect(apply.submit(lender, without.id)).rejects.toMatchObject({ code: 'consent_missing' });
    const unknown = await house.organisation('financier', ['maker']);
    const { id: foreign } = await apply.create(unknown, input());
    await expect(apply.submit(unknown, foreign)).rejects.toMatchObject({ code: 'lender_not_accredited' });
    const { id } = await apply.create(lender, input());
    await apply.submit(lender, id);
    const approve = { outcome: 'approve', clauses: [], reason: 'fits' } as const;
    await expect(review.decide(house.checker, id, approve)).rejects.toMatchObject({ code: 'decision_not_prepared' });
    await review.propose(house.maker, id, approve);
    await expect(review.decide(house.maker, id, approve)).rejects.toMatchObject({ code: 'scheme_two_people' });
    const small = { ...house.checker, actor: { ...house.checker.actor, approvalLimitMinor: 1n } };
    await expect(review.decide(small, id, approve)).rejects.toMatchObject({ code: 'approval_limit_exceeded' });
    await house.carry(schemeId, 'application', id);
    expect((await review.decide(small, id, approve)).status).toBe('approved');
  });

  it('a refusal cites clauses; a declared conflict excludes from decision and vote', async () => {
    const apply = house.get(ApplyForGuarantee);
    const review = house.get(ReviewApplication);
    const board = house.get(Board);
    const { id } = await apply.create(lender, input());
    await apply.submit(lender, id);
    const decline = { outcome: 'decline', clauses: [] as string[], reason: 'tenor' } as const;
    await expect(review.propose(house.maker, id, decline)).rejects.toMatchObject({ code: 'refusal_without_clause' });
    await expect(review.propose(house.maker, id, { ...decline, clauses: ['X9'] })).rejects.toMatchObject({
      code: 'clause_unknown',
    });
    await review.propose(house.maker, id, { ...decline, clauses: ['P2'] });
    const conflicted = await house.colleague(house.maker, ['checker'], 10n ** 15n);
    await board.declareConflict(conflicted, schemeId, lender.actor.organisationId, 'shareholder');
    await expect(review.decide(conflicted, id, { ...decline, clauses: ['P2'] })).rejects.toMatchObject({
      code: 'board_conflict',
    });
    const declined = await review.decide(house.checker, id, { ...decline, clauses: ['P2'] });
    expect([declined.status, declined.citedClauses]).toEqual(['declined', ['P2']]);
    const [first, second] = house.board as [CommandContext, CommandContext];
    const motion = await board.propose(house.maker, schemeId, {
      kind: 'application',
      subjectId: id,
      relatedIds: [firm.actor.organisationId],
      title: 'above the limit',
    });
    await board.declareConflict(first, schemeId, firm.actor.organisationId, 'family');
    await expect(board.vote(first, schemeId, motion.id, 'for', '')).rejects.toMatchObject({ code: 'board_conflict' });
    await board.vote(second, schemeId, motion.id, 'for', '');
    await expect(board.close(second, schemeId, motion.id)).rejects.toMatchObject({ code: 'board_majority_missing' });
    await board.vote(house.board[2] as CommandContext, schemeId, motion.id, 'for', '');
    await expect(board.close(second, schemeId, motion.id)).rejects.toMatchObject({ code: 'board_minutes_missing' });
  });

  it('is in force when disbursed and paid, and not before; the operator and another lender see nothing', async () => {
    const { id } = await house.draw(lender, await house.approved(lender, input()));
    const market = house.get(GuaranteeMarket);
    await market.issueOwn(lender, id);
    expect((await market.disburseOwn(lender, id, parseDate('2026-01-15'))).state).toBe('issued');
    const { fees } = await view(id);
    // 80,000 guaranteed × 1.35 % of the grade table’s band 5 (no grade): config/countries/sa/guarantee-fees.json.
    expect(fees[0]?.charged).toEqual(riyals('1080.00'));
    await house.get(Fees).pay(house.maker, fees[0]?.id as string, '2026-01-20', 'B-9');
    expect(await view(id)).toMatchObject({ state: 'in_force', endsOn: '2028-01-15', feeDue: false });
    const { certificateCode } = await view(id);
    const reader = house.get(GuaranteeReader);
    expect(await reader.certificate(certificateCode as string)).toMatchObject({
      valid: true,
      guaranteed: riyals('80000.00'),
    });
    const rival = await house.lender(schemeId);
    await expect(reader.guarantee(rival.actor, id)).rejects.toMatchObject({ code: 'guarantee_unknown' });
    await balanced();
  });

  it('falls with the outstanding; the same report again changes nothing; it never rises', async () => {
    const id = await inForce();
    const reports = house.get(ReportOutstanding);
    const { number } = await view(id);
    const line = { number, outstanding: '50000.00', daysPastDue: 0 };
    expect((await reports.execute(lender, '2026-02', [line])).lines[0]).toMatchObject({
      taken: true,
      balance: '40000.00',
    });
    const { version, ...after } = await view(id);
    await reports.execute(lender, '2026-02', [line]);
    const { version: again, ...same } = await view(id);
    expect([same, again]).toEqual([after, version + 1]);
    await reports.execute(lender, '2026-03', [{ ...line, outstanding: '60000.00' }]);
    expect(await view(id)).toMatchObject({ balance: riyals('40000.00'), outstanding: riyals('60000.00') });
    const rows = [
      { ...line, outstanding: '100000.01' },
      { ...line, number: 'NONE-1' },
    ];
    const { taken, refused } = await reports.execute(lender, '2026-04', rows);
    expect([taken, refused]).toEqual([0, 2]);
    await balanced();
  });

  it('bills each year once, and any fee is computed again from what was stored', async () => {
    const id = await inForce('2025-01-15');
    const fees = house.get(RunAnnualFees);
    expect(await fees.work()).toBeGreaterThan(0);
    while ((await fees.work()) > 0);
    const { fees: billed } = await view(id);
    expect(billed.map(({ year, charged }) => [year, charged.amount])).toEqual([
      [1, '1080.00'],
      [2, '1080.00'],
    ]);
    await house.rows("UPDATE guarantee SET next_fee_on = '2026-01-15' WHERE id = ?", [idBytes(id)]);
    await expect(
      house.run(async (tx) => {
        await tx.execute('DELETE FROM guarantee_fee_run WHERE scheme_id = ?', [idBytes(schemeId)]);
      }),
    ).resolves.toBeUndefined();
    // A second bill of the same year is refused by its key, whatever a program does.
    await expect(fees.work()).rejects.toMatchObject({ errno: 1062 });
    await house.rows('UPDATE guarantee SET next_fee_on = NULL WHERE id = ?', [idBytes(id)]);
    const rows = await house.run((tx) => tx.manager.find(GuaranteeFeeRow));
    expect(rows.length).toBeGreaterThan(2);
    for (const row of rows) expect(house.get(Fees).replay(row)).toBe(row.publishedMinor);
    await balanced();
  });

  it('another fee than the published needs a reason and a second person', async () => {
    const { id } = await house.draw(lender, await house.approved(lender, input()));
    await house.get(GuaranteeMarket).issueOwn(lender, id);
    const fees = house.get(Fees);
    const feeId = (await view(id)).fees[0]?.id as string;
    await fees.proposeOverride(house.maker, feeId, riyals('500.00'), 'drought relief');
    await expect(fees.approveOverride(house.maker, feeId)).rejects.toMatchObject({ code: 'scheme_two_people' });
    expect((await fees.approveOverride(house.checker, feeId)).charged).toEqual(riyals('500.00'));
    await expect(
      house.rows('UPDATE guarantee_fee SET charged_minor = 1, override_approved_by = NULL WHERE id = ?', [
        idBytes(feeId),
      ]),
    ).rejects.toThrow();
    await balanced();
  });

  it('lapses only after notice and cure, and never after a default', async () => {
    const [silent, defaulted, cured] = [await inForce(), await inForce(), await inForce()];
    const ending = house.get(EndGuarantee);
    while ((await ending.giveNotices()) > 0);
    expect((await view(silent)).notice).toMatchObject({ reason: 'report_missing' });
    const numbers = { defaulted: (await view(defaulted)).number, cured: (await view(cured)).number };
    const month = new Date().toISOString().slice(0, 7);
    await house.get(ReportOutstanding).execute(lender, month, [
      { number: numbers.cured, outstanding: '90000.00', daysPastDue: 0 },
      { number: numbers.defaulted, outstanding: '90000.00', daysPastDue: 95 },
    ]);
    const now = Date.now();
    const all = [silent, defaulted, cured];
    await house.run((tx) => ending.lapse(tx, all, new Date(now + 29 * 86_400_000)));
    expect((await view(silent)).state).toBe('in_force');
    await house.run((tx) => ending.lapse(tx, all, new Date(now + 32 * 86_400_000)));
    expect([(await view(silent)).state, (await view(defaulted)).state, (await view(cured)).state]).toEqual([
      'lapsed',
      'in_force',
      'in_force',
    ]);
    await expect(
      house.rows("UPDATE guarantee SET state = 'lapsed' WHERE id = ?", [idBytes(defaulted)]),
    ).rejects.toThrow();
    await balanced();
  });

  it('is amended by the lender’s word and the checker’s, and released with its headroom', async () => {
    const id = await inForce();
    const amend = house.get(AmendGuarantee);
    await expect(
      amend.propose(lender, id, { endsOn: null, guaranteed: riyals('80000.01'), reason: 'more' }),
    ).rejects.toMatchObject({ code: 'amendment_above' });
    const { id: amendmentId } = await amend.propose(lender, id, {
      endsOn: '2027-06-30',
      guaranteed: riyals('60000.00'),
      reason: 'shorter',
    });
    await amend.decide(house.checker, id, amendmentId, true, 'agreed');
    expect(await view(id)).toMatchObject({ endsOn: '2027-06-30', balance: riyals('60000.00') });
    const before = (await house.capacity(schemeId)).rows;
    expect((await house.get(EndGuarantee).release(keyed(lender), id, 'repaid')).state).toBe('released');
    expect((await house.capacity(schemeId)).rows).toBe(before - 6_000_000n);
    await balanced();
  });

  it('an award that fell gives back headroom and takes its fee back', async () => {
    const origin = { requestId: newId(), offerId: newId() };
    await house.draw(lender, await house.approved(lender, input(), origin));
    const market = house.get(GuaranteeMarket);
    const before = await house.capacity(schemeId);
    await house.run((tx) => market.turnIntoGuarantee(tx, { ...origin, amountMinor: 10_000_000n, final: true }));
    await house.run((tx) => market.voidAward(tx, origin.requestId, origin.offerId, 'the contract was not signed'));
    const after = await house.capacity(schemeId);
    expect([after.rows, after.base]).toEqual([before.rows - 8_000_000n, before.base]);
    await balanced();
  });

  it('under a portfolio agreement the letter is drawn at once, within clauses and quota', async () => {
    const agreements = house.get(PortfolioAgreements);
    const { id: agreementId } = await agreements.propose(house.maker, schemeId, {
      lenderId: lender.actor.organisationId,
      name: 'small loans',
      clauses: [
        { id: 'A1', kind: 'loan_amount', min: '10000', max: '120000', text: { en: 'small', ar: 'صغير', zh: '小额' } },
      ],
      quota: riyals('100000.00'),
      lossCap: riyals('10000.00'),
      validFrom: '2026-01-01',
      validTo: '2099-01-01',
    });
    const apply = house.get(ApplyForGuarantee);
    const { id: early } = await apply.create(lender, input({ agreementId }));
    await expect(house.draw(lender, early)).rejects.toMatchObject({ code: 'agreement_unknown' });
    await agreements.move(house.checker, schemeId, agreementId, 'approve', 'agreed');
    const { id: large } = await apply.create(lender, input({ agreementId, amount: riyals('130000.00') }));
    await expect(house.draw(lender, large)).rejects.toMatchObject({ code: 'clauses_broken' });
    expect((await house.draw(lender, early)).state).toBe('offered');
    expect(await house.get(GuaranteeReader).application(lender.actor, early)).toMatchObject({
      status: 'approved',
      decidedBy: 'agreement',
    });
    const { id: next } = await apply.create(lender, input({ agreementId }));
    await expect(house.draw(lender, next)).rejects.toMatchObject({ code: 'agreement_quota' });
  });

  it('a suspended lender, a suspended scheme and a broken covenant stop what is new; what stands, stands', async () => {
    const own = await house.scheme();
    const bank = await house.lender(own);
    const client = await house.enterprise(own);
    const approved = () => house.approved(bank, house.application(own, client.actor.organisationId));
    const [one, two, three] = [await approved(), await approved(), await approved()];
    await house.draw(bank, one);
    const [row] = await house.rows<{ id: Buffer }>('SELECT id FROM scheme_accreditation WHERE scheme_id = ?', [
      idBytes(own),
    ]);
    const accreditationId = row ? idText(row.id) : '';
    const accreditations = house.get(Accreditations);
    await accreditations.move(house.checker, own, accreditationId, 'suspend', 'late reports');
    await expect(house.draw(bank, two)).rejects.toMatchObject({ code: 'lender_not_accredited' });
    await accreditations.move(house.checker, own, accreditationId, 'resume', 'cured');
    await house.payIn(own, 'institution', '4000000.00');
    await expect(house.draw(bank, two)).rejects.toMatchObject({ code: 'scheme_stopped' });
    await house.payIn(own, 'government', '6000000.00');
    await house.draw(bank, two);
    await house.get(Schemes).move(house.board[0] as CommandContext, own, 'suspend', 'inquiry');
    await expect(house.draw(bank, three)).rejects.toMatchObject({ code: 'scheme_not_active' });
    expect(await house.inState(own, 'offered')).toHaveLength(2);
  });
});
