// size: one portfolio, looked at from every side.
import { LedgerReader, schemeAccount } from '#ledger';
import { AuditSealer, type CommandContext, idBytes, newId, UnitOfWork } from '#platform';
import { checkGuarantees } from './check-guarantees.js';
import { ClaimHouse, sar } from '../testing/claim-house.js';
import { EvaluateScheme } from './evaluate-scheme.js';
import { PrinciplesReader } from './principles.reader.js';
import { RiskReader } from './risk.reader.js';
import { monthBefore, RunProvision } from './run-provision.js';
import { SchemeFiguresReader } from './scheme-figures.reader.js';

describe('risk and reports of a scheme', () => {
  let house: ClaimHouse;
  let otherGuarantor: CommandContext;
  const refused = (code: string) => expect.objectContaining({ code });
  const month = new Date().toISOString().slice(0, 7);
  const year = Number(month.slice(0, 4));

  beforeAll(async () => {
    house = await ClaimHouse.open();
    otherGuarantor = await house.organisation('guarantor', ['maker']);
    // Grade BB has 2 % in twelve months, 9 % over its life, 45 % lost: the book of the portal.
    for (let n = 0; n < 6; n++) await house.guarantee(100_000n, { daysPastDue: 0 });
    await house.guarantee(100_000n, { daysPastDue: 45 });
  }, 60_000);
  afterAll(() => house.close());

  it('are provided for by PD × LGD × guaranteed, once a month, as the difference to the month before', async () => {
    const run = house.get(RunProvision);
    const first = await run.execute(house.maker, house.schemeId, monthBefore(month));
    // Six on time: 480,000 × 2 % × 45 % = 4,320. One 45 days past due: 80,000 × 9 % × 45 % = 3,240.
    expect(first).toMatchObject({ expected: sar('7560.00'), before: sar('0.00'), guarantees: 7 });
    expect(first.lines.map((line) => line['stage'])).toEqual(['performing', 'watch']);
    await expect(run.execute(house.maker, house.schemeId, monthBefore(month))).rejects.toEqual(
      refused('provision_run_exists'),
    );
    await expect(run.execute(house.maker, house.schemeId, '2020-01')).rejects.toEqual(
      refused('provision_month_invalid'),
    );
    await house.rows('UPDATE guarantee SET days_past_due = 0');
    const second = await run.execute(house.maker, house.schemeId, month);
    expect(second).toMatchObject({ before: sar('7560.00'), expected: sar('5040.00') });
    const provision = await house.get(LedgerReader).figures(schemeAccount(house.schemeId, 'provision'), 'SAR');
    expect(provision.balance).toBe(5_040_00n);
    expect((await run.list(house.supervisor.actor, house.schemeId)).items).toHaveLength(2);
    await expect(run.list(otherGuarantor.actor, house.schemeId)).rejects.toEqual(refused('scheme_unknown'));
    await expect(run.execute(otherGuarantor, house.schemeId, month)).rejects.toEqual(refused('scheme_unknown'));
    expect(await run.nextDue()).toBe(0);
    expect(await house.run((tx) => checkGuarantees(tx, house.database.dataSource))).toMatchObject({ ok: true });
  });

  it('are stressed by the scenarios of the book', async () => {
    const { scenarios, provision, probabilities, lossGivenDefault } = await house
      .get(RiskReader)
      .stress(house.maker.actor, house.schemeId);
    expect(provision).toEqual(sar('5040.00'));
    expect(probabilities.find(({ grade }) => grade === 'BB')).toMatchObject({
      pdPercent: '2',
      basis: { status: 'provisional' },
    });
    expect(lossGivenDefault).toMatchObject({ percent: '45', basis: { status: 'published' } });
    expect(scenarios.every(({ basis }) => basis?.status === 'provisional')).toBe(true);
    // Recession: 560,000 × 6 % × 55 % = 18,480, less what is provided for.
    expect(scenarios.find(({ scenario }) => scenario === 'recession')).toMatchObject({
      expectedLoss: sar('18480.00'),
      shortfall: sar('13440.00'),
      survives: true,
    });
  });

  it('are seen by vintage and concentration', async () => {
    const reader = house.get(RiskReader);
    const { items } = await reader.vintages(house.maker.actor, house.schemeId);
    expect(items[0]).toMatchObject({ vintage: '2025-Q1', guarantees: 7, issued: sar('560000.00') });
    const { axes } = await reader.concentration(house.maker.actor, house.schemeId);
    const lender = axes.find(({ axis }) => axis === 'lender');
    expect(lender).toMatchObject({
      herfindahl: 10_000,
      lines: [{ guaranteed: sar('560000.00'), sharePercent: '100' }],
    });
  });

  it('are published month by month with small cells hidden', async () => {
    const reader = house.get(SchemeFiguresReader);
    const before = await reader.figures(house.schemeId, year);
    expect(before.totals.guarantees_issued).toEqual({ count: 7, amount: sar('560000.00') });
    const claims = await Promise.all([1, 2, 3].map(() => house.claim(10_000n)));
    const after = await reader.figures(house.schemeId, year);
    expect(after.totals.claims_notified).toEqual({ count: null, amount: null });
    expect(after.months.every(({ claims_notified }) => claims_notified.count !== 3)).toBe(true);
    expect(after.portfolio[0]).toMatchObject({ by: 'sector', items: [{ key: 'C', count: 10 }] });
    const csv = await reader.csv(house.schemeId, year);
    expect(csv.split('\r\n')[0]).toBe('group,key,measure,count,amount,currency');
    expect(csv).toContain(`year,${year},guarantees_issued,10,584000.00,SAR`);
    expect(csv).toContain(`year,${year},claims_notified,,,SAR`);
    expect(claims).toHaveLength(3);
    await house.rows("UPDATE guarantee_scheme SET status = 'draft'");
    await expect(reader.figures(house.schemeId, year)).rejects.toEqual(refused('scheme_unknown'));
    await house.rows("UPDATE guarantee_scheme SET status = 'active'");
  });

  it('are evaluated once a year against declined applicants and published by a second person', async () => {
    const evaluate = house.get(EvaluateScheme);
    const last = year - 1;
    const firm = async (before: [number, string], after: [number, string]): Promise<string> => {
      const id = newId();
      for (const [at, [staff, revenue]] of [before, after].entries())
        await house.rows(
          `INSERT INTO financial_statement (id, enterprise_id, fiscal_year, version, period_end, currency, audited, staff, revenue_minor, total_assets_minor, saved_by, saved_at)
           VALUES (?, ?, ?, 1, '2025-12-31', 'SAR', 1, ?, ?, 0, 'test', UTC_TIMESTAMP(6))`,
          [idBytes(newId()), idBytes(id), last - 1 + at, staff, `${revenue}00`],
        );
      return id;
    };
    // By hand: 10 → 13 against 20 → 21 is 3 − 1 = 2. The published example stands in cohort.calculation.spec.ts.
    for (let n = 0; n < 5; n++) {
      const treated = await firm([10, '100000'], [13, '130000']);
      const guaranteeId = await house.guarantee(10_000n, { enterpriseId: treated });
      await house.rows('UPDATE guarantee SET issued_at = ? WHERE id = ?', [`${last}-06-01`, idBytes(guaranteeId)]);
      const control = await firm([20, '200000'], [21, '210000']);
      await house.rows(
        `INSERT INTO guarantee_application (id, scheme_id, scheme_version, lender_id, enterprise_id, currency, loan_minor, cover_percent, other_cover_percent, guaranteed_minor,
           product_kind, tenor_months, grace_months, repayment, retained_collateral, facts, fee, note, status, decided_at, version, created_by, created_at, updated_at)
         VALUES (?, ?, 1, ?, ?, 'SAR', 100, 80, 0, 80, 'term_loan', 12, 0, 'bullet', 0, '{}', '{}', '', 'declined', ?, 1, 'x', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
        [
          idBytes(newId()),
          idBytes(house.schemeId),
          idBytes(house.lender.actor.organisationId),
          idBytes(control),
          `${last}-07-01`,
        ],
      );
    }
    await expect(evaluate.prepare(house.maker, house.schemeId, year, 'Too early.')).rejects.toEqual(
      refused('evaluation_year_open'),
    );
    const draft = await evaluate.prepare(house.maker, house.schemeId, last, 'Firms grew.');
    expect(draft.figures['additionality']).toMatchObject({
      comparisons: [
        { measure: 'staff', guaranteed: { firms: 5, change: '3.00' }, declined: { change: '1.00' }, effect: '2.00' },
        { measure: 'revenue', effect: '20000.00' },
      ],
    });
    expect((await evaluate.list(house.schemeId)).items).toEqual([]);
    await expect(evaluate.publish(house.maker, house.schemeId, last)).rejects.toEqual(refused('scheme_two_people'));
    await evaluate.attachAudit(house.maker, house.schemeId, last, 'audit.pdf', Buffer.from('%PDF-1.7'));
    await evaluate.publish(house.checker, house.schemeId, last);
    expect((await evaluate.list(house.schemeId)).items).toMatchObject([
      { year: last, auditReport: { name: 'audit.pdf' } },
    ]);
    await expect(evaluate.prepare(house.maker, house.schemeId, last, 'Again.')).rejects.toEqual(
      refused('evaluation_exists'),
    );
  });

  it('stand against the sixteen principles, each with its evidence', async () => {
    const { items, met } = await house.get(PrinciplesReader).of(house.schemeId);
    expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    expect(items.every(({ evidence }) => evidence.length > 0)).toBe(true);
    const standing = (number: number) => items[number - 1]?.standing;
    expect([1, 11, 16].map(standing)).toEqual(['met', 'met', 'met']);
    // No board, no covenant of two classes: not met, and it says so.
    expect(standing(5)).toBe('partly');
    expect(standing(3)).not.toBe('met');
    expect(met).toBeLessThan(16);
    // Live: a control that breaks is seen at once.
    const control = async () => (await house.get(PrinciplesReader).of(house.schemeId)).items[6]?.evidence[0];
    expect(await control()).toMatchObject({ holds: true });
    await house.rows('UPDATE scheme_capacity SET used_minor = used_minor - 1');
    expect(await control()).toMatchObject({ holds: false, found: 'broken: capacity' });
    await house.rows('UPDATE scheme_capacity SET used_minor = used_minor + 1');
  });

  describe('each principle looks at what is there', () => {
    const held = async (number: number, what: RegExp) => {
      const { items } = await house.get(PrinciplesReader).of(house.schemeId);
      const found = items[number - 1]?.evidence.find((each) => what.test(each.what));
      if (!found) throw new Error(`principle ${number} shows nothing about ${what}`);
      return found;
    };
    const motion = (kind: string, decidedAt: string, checksum = 'ab') =>
      house.rows(
        `INSERT INTO scheme_motion (id, scheme_id, kind, subject_id, related_ids, title, status, minutes_checksum, proposed_by, proposed_at, decided_at, version)
         VALUES (?, ?, ?, ?, '[]', 'adopted', 'carried', ?, 'x', ?, ?, 2)`,
        [
          idBytes(newId()),
          idBytes(house.schemeId),
          kind,
          idBytes(house.schemeId),
          Buffer.from(checksum.repeat(32), 'hex'),
          decidedAt,
          decidedAt,
        ],
      );

    it.each([
      [7, 'internal_control', /framework of internal control/],
      [8, 'risk_policy', /policy of risk/],
      [15, 'disclosure_policy', /what is disclosed/],
    ])('%i: nothing was adopted, too long ago, and lately by minutes with a checksum', async (number, kind, what) => {
      expect(await held(number, what)).toMatchObject({ holds: false, found: 'never' });
      await motion(kind, `${year - 4}-01-15 10:00:00`);
      expect(await held(number, what)).toMatchObject({ holds: false });
      await motion(kind, `${year - 1}-01-15 10:00:00`, 'cd');
      expect(await held(number, what)).toMatchObject({
        holds: true,
        found: `on ${year - 1}-01-15, minutes with SHA-256 cdcdcdcdcdcdcdcd…`,
      });
    });

    it('4: the audit log is sealed, or entries have waited for over ten minutes', async () => {
      expect(await held(4, /audit log is sealed/)).toMatchObject({ holds: false, found: 'nothing is sealed' });
      await new AuditSealer(house.get(UnitOfWork)).seal();
      expect(await held(4, /audit log is sealed/)).toMatchObject({ holds: true });
      await house.run(async (tx) => {
        tx.audit({ action: 'test.late', subjectType: 'test', subjectId: newId(), data: {} });
        await tx.now();
      });
      await house.rows('UPDATE audit_entry SET written_at = written_at - INTERVAL 11 MINUTE WHERE sealed = 0');
      expect(await held(4, /audit log is sealed/)).toMatchObject({ holds: false });
      await new AuditSealer(house.get(UnitOfWork)).seal();
    });

    it('6: a vote against a declared conflict, whether with the subject or with one who gains', async () => {
      const what = /declared a conflict/;
      expect(await held(6, what)).toMatchObject({ holds: true });
      const gains = newId();
      await house.rows("UPDATE scheme_motion SET related_ids = JSON_ARRAY(?) WHERE kind = 'risk_policy'", [gains]);
      await house.rows(
        `INSERT INTO scheme_vote (motion_id, person_id, vote, reason, voted_at)
         SELECT id, ?, 'for', '', UTC_TIMESTAMP(6) FROM scheme_motion WHERE kind = 'risk_policy' LIMIT 1`,
        [idBytes(house.maker.actor.id)],
      );
      expect(await held(6, what)).toMatchObject({ holds: true });
      await house.rows(
        "INSERT INTO scheme_conflict (scheme_id, person_id, subject_id, reason, declared_at) VALUES (?, ?, ?, 'cousin', UTC_TIMESTAMP(6) - INTERVAL 1 DAY)",
        [idBytes(house.schemeId), idBytes(house.maker.actor.id), idBytes(gains)],
      );
      expect(await held(6, what)).toMatchObject({ holds: false, found: expect.stringMatching(/1 votes against it/) });
    });

    it('7: a constraint that keeps two people apart is missing', async () => {
      const what = /refuses one person/;
      expect(await held(7, what)).toMatchObject({ holds: true });
      await house.rows('ALTER TABLE claim_recovery DROP CONSTRAINT recovery_two_people');
      expect(await held(7, what)).toMatchObject({ holds: false, found: 'missing: recovery_two_people' });
    });

    it('8: probabilities and scenarios that are starting values are said to be so', async () => {
      expect(await held(8, /probabilities of default/)).toMatchObject({
        holds: false,
        found: expect.stringMatching(/^10 of 11 are provisional starting values \(SA, version /),
      });
    });

    it('12: an exception from the table without a reason and another person', async () => {
      expect(await held(12, /exceptions/)).toMatchObject({ holds: true });
    });

    it('15: last month’s figures, while few stand behind them and when they are enough', async () => {
      const what = /last month’s figures/;
      expect(await held(15, what)).toMatchObject({ holds: false, found: 'the scheme is younger' });
      await house.rows("UPDATE guarantee_scheme SET created_at = '2020-01-01'");
      expect(await held(15, what)).toMatchObject({ holds: true });
    });
  });
});
