// size: one story after the other on one house.
import { organisationAccount, schemeAccount } from '#ledger';
import { type CommandContext, idBytes, newId } from '#platform';
import { ReviewReader } from '#review';
import { GuaranteeClaim } from '../persistence/claim.entities.js';
import { Guarantee } from '../persistence/entities.js';
import { claimLifecycle } from '../domain/claim.lifecycle.js';
import { ClaimHouse, sar } from '../testing/claim-house.js';
import { ClaimReader } from './claim.reader.js';
import { CloseClaim } from './close-claim.js';
import { checkGuarantees } from './check-guarantees.js';
import { AppealClaim, DecideClaim, ProposeClaimDecision } from './decide-claim.js';
import { NotifyClaim } from './notify-claim.js';
import { ConfirmClaimPayment, PrepareClaimPayment } from './pay-claim.js';
import { DecideRecovery, EnterRecovery, type RecoveryInput } from './recover-claim.js';
import { Reguarantees } from './reguarantees.js';
import { ReviewClaim } from './review-claim.js';
import { SettleClaim } from './settle-claim.js';

describe('claims', () => {
  let house: ClaimHouse;
  let fund: CommandContext;
  let region: CommandContext;
  const refused = (code: string) => expect.objectContaining({ code });

  beforeAll(async () => {
    house = await ClaimHouse.open();
    fund = await house.organisation('guarantor', ['maker']);
    region = await house.organisation('guarantor', ['maker']);
    await house.payeeAccount();
  }, 60_000);
  afterAll(() => house.close());

  const propose = (
    claimId: string,
    decision: 'approve' | 'approve_in_part' | 'deny',
    clauses: string[] = [],
    by = house.maker,
  ) =>
    house.get(ProposeClaimDecision).execute(by, claimId, {
      decision,
      clauses,
      reason: 'Looked at.',
      ...(decision === 'approve_in_part' ? { reduction: sar('10000.00') } : {}),
    });
  const guaranteeOf = async (id: string) => house.database.dataSource.manager.findOneByOrFail(Guarantee, { id });
  const claimOf = async (id: string) => house.database.dataSource.manager.findOneByOrFail(GuaranteeClaim, { id });
  const capacity = async () => {
    const [row] = await house.rows<{ base: string; used: string; back: string; more: string }>(
      `SELECT base_minor AS base, used_minor AS used,
         (SELECT COALESCE(SUM(amount_minor), 0) FROM capacity_movement m WHERE m.scheme_id = c.scheme_id AND scope = 'total') AS back,
         (SELECT COALESCE(SUM(amount_minor), 0) FROM capacity_movement m WHERE m.scheme_id = c.scheme_id AND scope = 'base') AS more
       FROM scheme_capacity c WHERE scheme_id = ?`,
      [idBytes(house.schemeId)],
    );
    return {
      base: BigInt(row?.base as string) + BigInt(row?.more as string),
      used: BigInt(row?.used as string) - BigInt(row?.back as string),
    };
  };
  const recovery = (amount: string, changes: Partial<RecoveryInput> = {}): RecoveryInput => ({
    source: 'collateral',
    amount: sar(amount),
    costs: sar('0.00'),
    receivedOn: '2026-11-01',
    bankReference: newId(),
    note: '',
    ...changes,
  });

  it('are refused before the reported days past due that the clause names, and a second one at a time', async () => {
    const early = await house.guarantee(100_000n, { daysPastDue: 89 });
    const notify = house.get(NotifyClaim);
    await expect(notify.execute(house.lender, early, house.claimInput('100000.00'))).rejects.toEqual(
      expect.objectContaining({
        code: 'claim_too_early',
        details: expect.objectContaining({ data: { daysPastDue: 89, needed: 90, clause: 'S1' } }),
      }),
    );
    const due = await house.guarantee(100_000n, { daysPastDue: 90 });
    await expect(notify.execute(house.lender, due, house.claimInput('100000.01'))).rejects.toEqual(
      refused('claim_figures_incoherent'),
    );
    const claim = await notify.execute(house.lender, due, house.claimInput('100000.00'));
    expect(claim).toMatchObject({ state: 'notified', computed: sar('80000.00') });
    expect((await guaranteeOf(due)).state).toBe('claimed');
    await expect(notify.execute(house.lender, due, house.claimInput('100000.00'))).rejects.toEqual(
      refused('claim_live'),
    );
    await expect(
      notify.execute(await house.organisation('financier', ['maker']), due, house.claimInput('100000.00')),
    ).rejects.toEqual(refused('guarantee_unknown'));
    const clock = await house.get(ReviewReader).clockOf(claim.reviewCaseId as string);
    expect(clock).toMatchObject({ kind: 'claim', state: 'open' });
  });

  it('wait for documents, are decided by two people within their limit, and by none with a conflict', async () => {
    const guaranteeId = await house.guarantee(50_000n);
    const { id } = await house.get(NotifyClaim).execute(house.lender, guaranteeId, house.claimInput('50000.00'));
    await expect(propose(id, 'approve')).rejects.toEqual(refused('claim_documents_missing'));
    await expect(propose(id, 'deny')).rejects.toEqual(refused('claim_clauses_needed'));
    await expect(propose(id, 'deny', ['Z9'])).rejects.toEqual(refused('claim_clauses_needed'));
    await house.handIn(id);
    const decide = house.get(DecideClaim);
    await expect(decide.execute(house.checker, id, true, '')).rejects.toEqual(refused('claim_decision_not_prepared'));
    expect(await propose(id, 'approve')).toMatchObject({ state: 'in_review' });
    const both = await house.colleague(house.maker, ['maker', 'checker'], 10n ** 12n);
    await propose(id, 'approve', [], both);
    await expect(decide.execute(both, id, true, '')).rejects.toEqual(refused('scheme_two_people'));
    const small = await house.colleague(house.maker, ['checker'], 39_999_99n);
    await expect(decide.execute(small, id, true, '')).rejects.toEqual(refused('approval_limit_exceeded'));
    await house.rows(
      "INSERT INTO scheme_conflict (scheme_id, person_id, subject_id, reason, declared_at) VALUES (?, ?, ?, 'cousin', UTC_TIMESTAMP(6))",
      [idBytes(house.schemeId), idBytes(house.otherChecker.actor.id), idBytes(guaranteeId)],
    );
    await expect(decide.execute(house.otherChecker, id, true, '')).rejects.toEqual(refused('board_conflict'));
    const sent = await decide.execute(house.checker, id, false, 'The statement is old.');
    expect(sent.state).toBe('in_review');
    await expect(decide.execute(house.checker, id, true, '')).rejects.toEqual(refused('claim_decision_not_prepared'));
    await propose(id, 'approve');
    expect(await decide.execute(house.checker, id, true, '')).toMatchObject({
      state: 'approved',
      approved: sar('40000.00'),
    });
    await expect(decide.execute(house.checker, id, true, '')).rejects.toBeDefined();
    expect(await house.balance(organisationAccount(house.lender.actor.organisationId, 'claim_payable'))).toBe(
      40_000_00n,
    );
  });

  it('ask, wait, go on, and are denied by silence', async () => {
    const claim = await house.claim(60_000n);
    const review = house.get(ReviewClaim);
    const reasons = [{ code: 'statement', message: 'Send the statement until today.' }];
    expect(await review.requestInformation(house.maker, claim.id, reasons)).toMatchObject({
      state: 'information_requested',
    });
    expect(await review.answer(house.lender, claim.id, 'Here.')).toMatchObject({ state: 'in_review' });
    const silent = await house.claim(60_000n);
    expect(await review.takeUp(house.maker, silent.id)).toMatchObject({ state: 'in_review' });
    await review.requestInformation(house.maker, silent.id, reasons);
    await house.run(async (tx) =>
      review.silence(tx, {
        id: newId(),
        name: 'review_case.returned',
        subjectType: 'review_case',
        subjectId: silent.reviewCaseId as string,
        version: 1,
        audience: [],
        payload: { subjectType: 'guarantee_claim', subjectId: silent.id },
        occurredAt: new Date(),
      }),
    );
    expect(await claimOf(silent.id)).toMatchObject({ state: 'denied', citedClauses: ['S2'] });
    expect((await guaranteeOf(silent.guaranteeId)).state).toBe('in_force');
  });

  it('are withdrawn when the arrears are paid: the guarantee is in force again', async () => {
    const claim = await house.claim(30_000n);
    expect(await house.get(ReviewClaim).withdraw(house.lender, claim.id, 'Paid.')).toMatchObject({ state: 'closed' });
    expect(await guaranteeOf(claim.guaranteeId)).toMatchObject({
      state: 'in_force',
      daysPastDue: 0,
      defaultedOn: null,
    });
  });

  it('are denied with clauses; on appeal others decide', async () => {
    const claim = await house.claim(20_000n);
    await propose(claim.id, 'deny', ['S3']);
    expect(await house.get(DecideClaim).execute(house.checker, claim.id, true, '')).toMatchObject({
      state: 'denied',
      citedClauses: ['S3'],
    });
    expect((await guaranteeOf(claim.guaranteeId)).state).toBe('in_force');
    const appealed = await house.get(AppealClaim).execute(house.lender, claim.id, 'The reports were in time.');
    expect(appealed.state).toBe('appeal');
    expect((await guaranteeOf(claim.guaranteeId)).state).toBe('claimed');
    await expect(propose(claim.id, 'approve')).rejects.toEqual(refused('claim_decision_by_others'));
    await propose(claim.id, 'approve_in_part', ['S3'], house.otherMaker);
    await expect(house.get(DecideClaim).execute(house.checker, claim.id, true, '')).rejects.toEqual(
      refused('claim_decision_by_others'),
    );
    expect(await house.get(DecideClaim).execute(house.otherChecker, claim.id, true, '')).toMatchObject({
      state: 'partial',
      approved: sar('6000.00'),
    });
  });

  it('never pay beyond the portfolio’s loss cap', async () => {
    const agreementId = newId();
    await house.rows(
      `INSERT INTO portfolio_agreement (id, scheme_id, lender_id, name, status, clauses, quota_minor, loss_cap_minor, valid_from, valid_to, proposed_by, version, created_at, updated_at)
       VALUES (?, ?, ?, 'p', 'in_force', '[]', 100000000, 10000000, '2025-01-01', '2030-01-01', 'a', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(agreementId), idBytes(house.schemeId), idBytes(house.lender.actor.organisationId)],
    );
    const first = await house.claim(100_000n, { agreementId });
    const second = await house.claim(100_000n, { agreementId });
    await propose(second.id, 'approve');
    expect(await house.approved(first.id)).toMatchObject({ approved: sar('80000.00') });
    // What is left of the cap has changed since the second decision was prepared.
    await expect(house.get(DecideClaim).execute(house.checker, second.id, true, '')).rejects.toEqual(
      refused('claim_facts_changed'),
    );
    expect(await house.approved(second.id)).toMatchObject({
      approved: sar('20000.00'),
      computation: expect.objectContaining({ boundBy: 'portfolio_cap' }),
    });
    const third = await house.claim(100_000n, { agreementId });
    await expect(propose(third.id, 'approve')).rejects.toEqual(refused('claim_worth_nothing'));
  });

  it('are paid to a checked account with evidence, billed to re-guarantors, recovered by the loss borne and closed', async () => {
    const layers = [
      { kind: 'scheme' as const, organisationId: house.maker.actor.organisationId, percent: '50' },
      { kind: 'fund' as const, organisationId: fund.actor.organisationId, percent: '37.5' },
      { kind: 'region' as const, organisationId: region.actor.organisationId, percent: '12.5' },
    ];
    const reguarantees = house.get(Reguarantees);
    const input = { name: 'Layers', validFrom: '2025-01-01', validTo: null, layers };
    await expect(
      reguarantees.propose(house.maker, house.schemeId, { ...input, layers: layers.slice(0, 2) }),
    ).rejects.toEqual(refused('reguarantee_incoherent'));
    const agreement = await reguarantees.propose(house.maker, house.schemeId, input);
    await expect(reguarantees.decide(house.maker, agreement.id, true)).rejects.toEqual(refused('scheme_two_people'));
    await reguarantees.decide(house.checker, agreement.id, true);
    const again = await reguarantees.propose(house.maker, house.schemeId, input);
    await expect(reguarantees.decide(house.checker, again.id, true)).rejects.toEqual(refused('reguarantee_overlaps'));

    const before = await capacity();
    const claim = await house.claim(10_000n);
    await house.approved(claim.id);
    await expect(
      house
        .get(ConfirmClaimPayment)
        .execute(house.checker, claim.id, { bankReference: 'x', evidenceDocumentId: newId() }),
    ).rejects.toEqual(refused('claim_decision_not_prepared'));
    await house.get(PrepareClaimPayment).execute(house.maker, claim.id);
    await expect(
      house
        .get(ConfirmClaimPayment)
        .execute(house.checker, claim.id, { bankReference: 'x', evidenceDocumentId: newId() }),
    ).rejects.toEqual(refused('claim_evidence_missing'));
    expect(await house.paid(claim.id)).toMatchObject({ state: 'paid', paid: sar('8000.00'), loss: sar('10000.00') });
    const after = await capacity();
    // The guarantee was made and paid in between: its balance is free again, the base is less what was paid.
    expect({ used: after.used - before.used, base: after.base - before.base }).toEqual({ used: 0n, base: -8_000_00n });

    // Anhui's 4 : 3 : 2 : 1 of a loss of 10,000: guarantor 4,000, province 3,000, city 1,000, bank 2,000.
    const shown = await house.get(ClaimReader).one(house.maker.actor, claim.id);
    expect(shown.shares.map(({ kind, borne, billed }) => [kind, borne.amount, billed.amount])).toEqual([
      ['scheme', '4000.00', '0.00'],
      ['fund', '3000.00', '3000.00'],
      ['region', '1000.00', '1000.00'],
      ['lender', '2000.00', '0.00'],
    ]);
    expect((await house.get(ClaimReader).one(house.lender.actor, claim.id)).shares.map(({ kind }) => kind)).toEqual([
      'lender',
    ]);
    expect(await house.balance(organisationAccount(fund.actor.organisationId, 'reguarantee_receivable'))).toBe(
      3_000_00n,
    );

    // A net recovery of 1,000 comes back by the same shares; the bank keeps its own part.
    const enter = house.get(EnterRecovery);
    const decide = house.get(DecideRecovery);
    await expect(enter.execute(house.lender, claim.id, recovery('10000.01'))).rejects.toEqual(
      refused('recovery_above_loss'),
    );
    const entered = await enter.execute(house.lender, claim.id, recovery('1100.00', { costs: sar('100.00') }));
    const confirmed = await decide.execute(house.checker, claim.id, entered.id, true);
    expect(confirmed.shares?.map(({ amount }) => amount)).toEqual(['400.00', '300.00', '100.00', '200.00']);
    expect(await house.balance(organisationAccount(region.actor.organisationId, 'recovery_payable'))).toBe(100_00n);
    expect(await house.balance(schemeAccount(house.schemeId, 'recovery_income'))).toBe(400_00n);
    // A second one that bounced is taken back to the last cent.
    const direct = await enter.execute(house.maker, claim.id, recovery('333.33'));
    await expect(decide.execute(house.maker, claim.id, direct.id, true)).rejects.toEqual(refused('scheme_two_people'));
    await decide.execute(house.checker, claim.id, direct.id, true);
    await decide.reverse(house.checker, claim.id, direct.id, 'The cheque bounced.');
    expect(await house.balance(organisationAccount(house.lender.actor.organisationId, 'recovery_payable'))).toBe(0n);
    expect((await claimOf(claim.id)).recoveredMinor).toBe(1_000_00n);

    const closing = house.get(CloseClaim);
    await closing.prepare(house.maker, claim.id, 'The firm is wound up.');
    await expect(closing.confirm(house.checker, claim.id)).rejects.toEqual(refused('claim_unsettled'));
    const settle = house.get(SettleClaim);
    for (const [who, direction, amount] of [
      [fund, 'in', '3000.00'],
      [region, 'in', '1000.00'],
      [fund, 'out', '300.00'],
      [region, 'out', '100.00'],
    ] as const) {
      const { id } = await settle.enter(house.maker, claim.id, {
        organisationId: who.actor.organisationId,
        direction,
        amount: sar(amount),
        settledOn: '2026-11-02',
        bankReference: newId(),
      });
      await expect(settle.decide(house.maker, claim.id, id, true)).rejects.toEqual(refused('scheme_two_people'));
      await settle.decide(house.checker, claim.id, id, true);
    }
    await expect(
      settle.enter(house.maker, claim.id, {
        organisationId: fund.actor.organisationId,
        direction: 'in',
        amount: sar('0.01'),
        settledOn: '2026-11-02',
        bankReference: 'y',
      }),
    ).rejects.toEqual(refused('settlement_exceeds'));
    expect(await closing.confirm(house.checker, claim.id)).toMatchObject({
      state: 'closed',
      writtenOff: sar('9000.00'),
    });
    expect((await guaranteeOf(claim.guaranteeId)).state).toBe('released');
    expect((await house.ledgerHolds()).broken).toBeNull();
  });

  it('show each reader what is theirs', async () => {
    const enterprise = await house.organisation('enterprise', ['signatory']);
    const claim = await house.claim(5_000n, { enterpriseId: enterprise.actor.organisationId });
    const reader = house.get(ClaimReader);
    expect((await reader.one(enterprise.actor, claim.id)).documents).toEqual([]);
    expect((await reader.list(enterprise.actor, {})).items).toHaveLength(1);
    expect((await reader.list(house.supervisor.actor, { limit: 2 })).items).toHaveLength(2);
    expect((await reader.list(fund.actor, {})).items).toEqual([]);
    await expect(reader.one(fund.actor, claim.id)).rejects.toEqual(refused('claim_unknown'));
    expect((await reader.history(house.maker.actor, claim.id)).items.map(({ action }) => action)).toEqual(['notify']);
  });

  it('leave a database that proves itself, and name what is broken', async () => {
    const check = () => house.run((tx) => checkGuarantees(tx, house.database.dataSource));
    expect(await check()).toMatchObject({ ok: true, broken: null });
    await house.rows("UPDATE claim_loss_share SET borne_minor = borne_minor + 1 WHERE kind = 'lender'");
    expect((await check()).broken?.invariant).toBe('loss_shares');
    await house.rows("UPDATE claim_loss_share SET borne_minor = borne_minor - 1 WHERE kind = 'lender'");
    await house.rows('UPDATE scheme_capacity SET base_minor = base_minor + 1');
    expect((await check()).broken?.invariant).toBe('base');
    await house.rows('UPDATE scheme_capacity SET base_minor = base_minor - 1, used_minor = used_minor - 1');
    expect((await check()).broken?.invariant).toBe('capacity');
    await house.rows('UPDATE scheme_capacity SET used_minor = used_minor + 1');
    await house.rows(
      "UPDATE guarantee_claim SET computed = JSON_SET(computed, '$.inputs.principalAtClaim', '100') LIMIT 1",
    );
    expect((await check()).broken?.invariant).toBe('claims_replayed');
  });

  it('took every step of their life cycle here but none beside it', async () => {
    const closed = await house.claim(4_000n);
    await propose(closed.id, 'deny', ['S4']);
    await house.get(DecideClaim).execute(house.checker, closed.id, true, '');
    await house.get(CloseClaim).prepare(house.maker, closed.id, 'No appeal.');
    await house.get(CloseClaim).confirm(house.checker, closed.id);
    const taken = new Set(
      (
        await house.rows<{ action: string }>(
          "SELECT DISTINCT action FROM guarantee_history WHERE subject_type = 'guarantee_claim' AND (from_state IS NULL OR from_state <> to_state)",
        )
      ).map(({ action }) => action),
    );
    expect([...taken].sort()).toEqual(['notify', ...claimLifecycle.actions()].sort());
  });
});
