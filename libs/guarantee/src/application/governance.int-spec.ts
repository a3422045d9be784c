// size: one board, from its seats to what it alone may decide.
import { permissionsOf } from '#identity';
import { type CommandContext, idBytes, idText } from '#platform';
import { GuaranteeHouse, riyals } from '../testing/guarantee-house.js';
import { AmendGuarantee } from './amend-guarantee.js';
import { ApplyForGuarantee } from './apply-for-guarantee.js';
import { Board } from './board.js';
import { Fees } from './fees.js';
import { GuaranteeMarket } from './guarantee-market.js';
import { GuaranteeReader } from './guarantee.reader.js';
import { PortfolioAgreements } from './portfolio-agreements.js';
import { ReviewApplication } from './review-application.js';
import { Schemes } from './schemes.js';

describe('governance of a scheme', () => {
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

  const refused = (code: string, data?: unknown) =>
    expect.objectContaining({ code, ...(data ? { details: expect.objectContaining({ data }) as unknown } : {}) });
  const approve = { outcome: 'approve', clauses: [], reason: 'fits' } as const;

  /** An application for a guarantee of 80,000 that a maker has proposed to approve. */
  const proposed = async (): Promise<string> => {
    const apply = house.get(ApplyForGuarantee);
    const { id } = await apply.create(lender, house.application(schemeId, firm.actor.organisationId));
    await apply.submit(lender, id);
    await house.get(ReviewApplication).propose(house.maker, id, approve);
    return id;
  };
  const officer = (limit?: bigint) => house.colleague(house.maker, ['checker'], limit);
  const decide = (by: CommandContext, id: string) => house.get(ReviewApplication).decide(by, id, approve);

  it('an officer decides up to the own limit, above it the board, and its motion serves once and to its amount', async () => {
    const [exact, short, none] = [await officer(8_000_000n), await officer(7_999_999n), await officer()];
    expect((await decide(exact, await proposed())).status).toBe('approved');
    const id = await proposed();
    const limits = { amount: riyals('80000.00'), motion: 'application' };
    await expect(decide(short, id)).rejects.toEqual(
      refused('approval_limit_exceeded', { ...limits, limit: riyals('79999.99') }),
    );
    await expect(decide(none, id)).rejects.toEqual(refused('approval_limit_exceeded', { ...limits, limit: null }));
    const low = await house.carry(schemeId, 'application', id, '79999.99');
    await expect(decide(none, id)).rejects.toEqual(refused('approval_limit_exceeded'));
    const enough = await house.carry(schemeId, 'application', id, '80000.00');
    expect((await decide(none, id)).status).toBe('approved');
    const { motions } = await house.get(GuaranteeReader).governance(house.maker.actor, schemeId);
    const used = (motionId: string) => motions.find((motion) => motion.id === motionId)?.used;
    expect(used(low)).toBeNull();
    expect(used(enough)).toMatchObject({ for: 'approve_application', by: none.actor.id });
    const other = await proposed();
    await expect(decide(none, other)).rejects.toEqual(refused('approval_limit_exceeded'));
  });

  it('a seat’s limit counts while the seat is held, and only the board gives one once the scheme is open', async () => {
    const board = house.get(Board);
    const member = await officer();
    const seat = { personId: member.actor.id, title: 'deputy', approvalLimit: riyals('80000.00') };
    await expect(board.appoint(house.maker, schemeId, seat)).rejects.toEqual(refused('board_motion_needed'));
    await house.carry(schemeId, 'board', member.actor.id);
    await expect(board.appoint(house.maker, schemeId, seat)).rejects.toEqual(refused('board_motion_amount'));
    await house.carry(schemeId, 'board', member.actor.id, '80000.00');
    const higher = { ...seat, approvalLimit: riyals('80000.01') };
    await expect(board.appoint(house.maker, schemeId, higher)).rejects.toEqual(refused('board_motion_amount'));
    await board.appoint(house.maker, schemeId, seat);
    expect((await decide(member, await proposed())).status).toBe('approved');
    const { board: seats } = await house.get(GuaranteeReader).governance(house.maker.actor, schemeId);
    expect(seats.find(({ personId }) => personId === member.actor.id)?.approvalLimit).toEqual(riyals('80000.00'));
    // The motion without an amount is left: it lets the person be dismissed.
    await board.dismiss(house.maker, schemeId, member.actor.id, 'left the fund');
    await expect(decide(member, await proposed())).rejects.toEqual(refused('approval_limit_exceeded'));
    await expect(board.appoint(member, schemeId, { ...seat, personId: member.actor.id })).rejects.toEqual(
      refused('scheme_two_people'),
    );
  });

  it('quotas, overrides of fees and longer terms are within the limit too', async () => {
    const none = await officer();
    const agreements = house.get(PortfolioAgreements);
    const { id: agreementId } = await agreements.propose(house.maker, schemeId, {
      lenderId: lender.actor.organisationId,
      name: 'small loans',
      clauses: [],
      quota: riyals('100000.00'),
      lossCap: riyals('1000.00'),
      validFrom: '2026-01-01',
      validTo: '2099-01-01',
    });
    const move = () => agreements.move(none, schemeId, agreementId, 'approve', 'agreed');
    await expect(move()).rejects.toEqual(refused('approval_limit_exceeded'));
    await house.carry(schemeId, 'application', agreementId);
    expect((await move()).status).toBe('in_force');
    const { id } = await house.draw(
      lender,
      await house.approved(lender, house.application(schemeId, firm.actor.organisationId)),
    );
    await house.get(GuaranteeMarket).issueOwn(lender, id);
    const [fee] = await house.rows<{ id: Buffer }>('SELECT id FROM guarantee_fee WHERE guarantee_id = ?', [
      idBytes(id),
    ]);
    const feeId = idText(fee?.id as Buffer);
    const fees = house.get(Fees);
    // The published fee is 1,080.00: 480.00 are given up.
    await fees.proposeOverride(house.maker, feeId, riyals('600.00'), 'drought relief');
    const amount = riyals('480.00');
    await expect(fees.approveOverride(none, feeId)).rejects.toEqual(
      refused('approval_limit_exceeded', { limit: null, amount, motion: 'fee' }),
    );
    await house.carry(schemeId, 'fee', feeId, '480.00');
    expect((await fees.approveOverride(none, feeId)).charged).toEqual(riyals('600.00'));
    const amend = house.get(AmendGuarantee);
    const { id: amendmentId } = await amend.propose(lender, id, {
      endsOn: '2099-12-31',
      guaranteed: null,
      reason: 'a slower season',
    });
    const extend = () => amend.decide(none, id, amendmentId, true, 'agreed');
    await expect(extend()).rejects.toEqual(refused('approval_limit_exceeded'));
    await house.carry(schemeId, 'amendment', amendmentId);
    expect((await extend()).status).toBe('approved');
  });

  it('opening by a motion does not carry the closing', async () => {
    const own = await house.scheme(undefined, '0');
    const [chair] = house.board as [CommandContext];
    const schemes = house.get(Schemes);
    await expect(schemes.move(chair, own, 'close', 'over')).rejects.toEqual(refused('board_motion_needed'));
    await house.carry(own, 'scheme', own);
    expect((await schemes.move(chair, own, 'close', 'over')).status).toBe('closed');
    await expect(
      house.rows("UPDATE scheme_motion SET used_at = UTC_TIMESTAMP(6) WHERE status <> 'carried' OR used_at IS NULL"),
    ).rejects.toThrow();
  });

  it('a conflict with lender or firm blocks the vote, whatever the proposer names; nobody votes on the own seat', async () => {
    const board = house.get(Board);
    const own = await house.scheme(undefined, '100000');
    const bank = await house.lender(own);
    const client = await house.enterprise(own);
    const apply = house.get(ApplyForGuarantee);
    const { id } = await apply.create(bank, house.application(own, client.actor.organisationId));
    const [first, second, third] = house.board as [CommandContext, CommandContext, CommandContext];
    const motion = await board.propose(house.maker, own, {
      kind: 'application',
      subjectId: id,
      relatedIds: [],
      title: 'above the limit',
    });
    expect(motion.relatedIds).toEqual([bank.actor.organisationId, client.actor.organisationId]);
    await board.vote(first, own, motion.id, 'for', '');
    await board.declareConflict(first, own, client.actor.organisationId, 'family');
    await expect(board.vote(first, own, motion.id, 'for', '')).rejects.toEqual(refused('board_conflict'));
    // The vote that was cast before is gone: one of the two others is not more than half.
    await board.vote(second, own, motion.id, 'for', '');
    await expect(board.close(second, own, motion.id)).rejects.toEqual(refused('board_majority_missing'));
    await board.vote(third, own, motion.id, 'for', '');
    await board.attachMinutes(house.maker, own, motion.id, 'minutes.pdf', Buffer.from('%PDF-1.4'));
    expect((await board.close(second, own, motion.id)).status).toBe('carried');
    const seat = { kind: 'board', subjectId: third.actor.id, relatedIds: [], title: 'a limit' } as const;
    const about = await board.propose(house.maker, own, seat);
    await expect(board.vote(third, own, about.id, 'for', '')).rejects.toEqual(refused('board_conflict'));
    await expect(
      board.propose(house.maker, own, { kind: 'claim', subjectId: id, relatedIds: [], title: 'no claim' }),
    ).rejects.toEqual(refused('input_invalid'));
  });

  it('conflicts are declared by makers, checkers and the board, never by the supervisor', () => {
    const may = (kind: Parameters<typeof permissionsOf>[0], role: string) =>
      permissionsOf(kind, [role]).has('conflict.declare');
    expect(['maker', 'checker', 'board'].map((role) => may('guarantor', role))).toEqual([true, true, true]);
    expect([may('supervisor', 'reader'), may('guarantor', 'administrator'), may('operator', 'administrator')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
