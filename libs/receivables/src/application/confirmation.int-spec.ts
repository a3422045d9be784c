import { addDays } from '#kernel';
import { idBytes } from '#platform';
import { ReceivableHouse, refusal, sar, type TestParty } from '../testing/receivable-house.js';
import { Branches } from './branches.js';
import { DecideProposal } from './decide-proposal.js';
import { ProposeSteps } from './propose-steps.js';
import { ReceivableReader } from './receivable.reader.js';
import { ReceivableSteps } from './receivable-steps.js';
import { UploadReceivable } from './upload-receivable.js';

let house: ReceivableHouse;
let seller: TestParty;
let anchor: TestParty;
beforeAll(async () => {
  house = await ReceivableHouse.open();
  seller = await house.seller();
  anchor = await house.anchor();
  await house.list(anchor, seller);
});
afterAll(() => house.close());

const certificates = (id: string) =>
  house.rows<{ amount_minor: string; status: string }>(
    'SELECT amount_minor, status FROM certificate WHERE receivable_id = ? ORDER BY id',
    [idBytes(id)],
  );

describe('confirmation', () => {
  it('takes two people, stores what each agreed to, and issues one certificate for the whole', async () => {
    const id = await house.upload(seller, anchor, { amount: sar('12500.50') });
    const proposal = await house.propose(anchor, id);
    expect(await house.stateOf(id)).toBe('submitted');
    const approved = await house
      .get(DecideProposal)
      .approve(anchor.checker, proposal.id, { ...house.agreement, language: 'ar' });
    expect(approved).toMatchObject({ state: 'applied', undertaking: { makerLanguage: 'en', checkerLanguage: 'ar' } });
    expect(await house.stateOf(id)).toBe('confirmed');
    expect(await certificates(id)).toEqual([{ amount_minor: '1250050', status: 'held' }]);
    const kept = await house.rows<{ language: string; maker: number; checker: number }>(
      `SELECT t.language, t.hash = i.maker_hash AS maker, t.hash = i.checker_hash AS checker FROM receivable_proposal_item i
       JOIN undertaking_text t ON t.hash IN (i.maker_hash, i.checker_hash) WHERE i.proposal_id = ? ORDER BY t.language`,
      [idBytes(proposal.id)],
    );
    expect(kept).toEqual([
      { language: 'ar', maker: 0, checker: 1 },
      { language: 'en', maker: 1, checker: 0 },
    ]);
  });

  it('refuses maker = checker, the uploader as checker, a program, and an agreement to other words', async () => {
    const id = await house.upload(seller, anchor);
    const proposal = await house.propose(anchor, id);
    const decide = house.get(DecideProposal);
    const both = { ...anchor.maker, actor: { ...anchor.maker.actor, permissions: anchor.checker.actor.permissions } };
    await expect(decide.approve(both, proposal.id, house.agreement)).rejects.toEqual(refusal('maker_and_checker_same'));
    await expect(decide.reject(both, proposal.id, 'no')).rejects.toEqual(refusal('maker_and_checker_same'));
    const program = { ...anchor.checker, actor: { ...anchor.checker.actor, kind: 'client' as const } };
    await expect(decide.approve(program, proposal.id, house.agreement)).rejects.toEqual(refusal('person_required'));
    await expect(decide.approve(anchor.checker, proposal.id)).rejects.toEqual(refusal('undertaking_missing'));
    await expect(decide.approve(anchor.checker, proposal.id, { version: '1999.1', language: 'en' })).rejects.toEqual(
      refusal('undertaking_outdated'),
    );
    const own = await house.get(UploadReceivable).execute(anchor.checker, house.input(seller));
    const ofOwn = await house.propose(anchor, own.id);
    await expect(decide.approve(anchor.checker, ofOwn.id, house.agreement)).rejects.toEqual(
      refusal('uploader_and_checker_same'),
    );
    expect(await house.stateOf(id)).toBe('submitted');
  });

  it('stands as a constraint: a proposal decided by its maker cannot be written, whatever the code', async () => {
    const id = await house.upload(seller, anchor);
    const proposal = await house.propose(anchor, id);
    await expect(
      house.rows(
        "UPDATE receivable_proposal SET state = 'approved', checker_language = 'en', decided_by = proposed_by WHERE id = ?",
        [idBytes(proposal.id)],
      ),
    ).rejects.toThrow(/proposal_two_people/);
  });

  it('counts the debtor’s own upload only after maker and checker', async () => {
    const { id, state } = await house.get(UploadReceivable).execute(anchor.maker, house.input(seller));
    expect(state).toBe('submitted');
    expect(await certificates(id)).toEqual([]);
    await house.confirm(anchor, id);
    expect(await house.stateOf(id)).toBe('confirmed');
  });

  it('keeps to the checker’s approval limit and to branches', async () => {
    const id = await house.upload(seller, anchor, { amount: sar('50000.00') });
    const proposal = await house.propose(anchor, id);
    const limited = { ...anchor.checker, actor: { ...anchor.checker.actor, approvalLimitMinor: 4_999_999n } };
    const decide = house.get(DecideProposal);
    await expect(decide.approve(limited, proposal.id, house.agreement)).rejects.toEqual(
      refusal('above_approval_limit'),
    );
    await house.get(Branches).add(anchor.administrator, {
      code: 'EAST',
      name: 'Eastern province',
      people: [anchor.otherMaker.actor.id],
    });
    const eastern = await house.upload(seller, anchor, { branchCode: 'EAST' });
    const propose = (receivableId: string) =>
      house.get(ProposeSteps).execute(anchor.otherMaker, {
        action: 'confirm',
        receivableIds: [receivableId],
        undertaking: house.agreement,
      });
    await expect(propose(id)).rejects.toEqual(refusal('branch_not_yours'));
    expect((await propose(eastern)).items.all).toBe(1);
  });

  it('disputes, rejects and reduces with reasons, and confirms the lower amount', async () => {
    const [disputed, rejected, reduced] = [
      await house.upload(seller, anchor),
      await house.upload(seller, anchor),
      await house.upload(seller, anchor, { amount: sar('10000.00') }),
    ] as [string, string, string];
    const step = async (action: 'dispute' | 'reject' | 'reduce', id: string, more: object = {}) => {
      const propose = house.get(ProposeSteps);
      await expect(propose.execute(anchor.maker, { action, receivableIds: [id], ...more })).rejects.toEqual(
        refusal('receivable_reason_missing'),
      );
      const made = await propose.execute(anchor.maker, {
        action,
        receivableIds: [id],
        reason: 'two pallets broken',
        ...more,
      });
      await house.get(DecideProposal).approve(anchor.checker, made.id);
    };
    await step('dispute', disputed);
    await step('reject', rejected);
    await step('reduce', reduced, { netAmount: sar('9000.00') });
    expect(await Promise.all([disputed, rejected, reduced].map((id) => house.stateOf(id)))).toEqual([
      'disputed',
      'rejected',
      'reduced',
    ]);
    await house.get(ReceivableSteps).submit(seller.maker, disputed);
    await house.confirm(anchor, disputed, reduced);
    expect(await certificates(reduced)).toEqual([{ amount_minor: '900000', status: 'held' }]);
  });

  it('lets only the seller lower what is confirmed, while it holds the whole', async () => {
    const id = await house.upload(seller, anchor, { amount: sar('10000.00') });
    await house.confirm(anchor, id);
    const reduce = {
      action: 'reduce' as const,
      receivableIds: [id],
      netAmount: sar('1.00'),
      reason: 'we changed our mind',
    };
    await expect(house.get(ProposeSteps).execute(anchor.maker, reduce)).rejects.toEqual(refusal('proposal_empty'));
    const note = { number: 'CN-1', netAmount: sar('8000.00') };
    await house.get(ReceivableSteps).creditNote(seller.maker, id, note);
    expect(await certificates(id)).toEqual([{ amount_minor: '1000000', status: 'void' }]);
    await house.confirm(anchor, id);
    expect(await certificates(id)).toEqual([
      { amount_minor: '1000000', status: 'void' },
      { amount_minor: '800000', status: 'held' },
    ]);
    await house.rows("UPDATE certificate SET holder_organisation_id = ? WHERE receivable_id = ? AND status = 'held'", [
      idBytes(anchor.id),
      idBytes(id),
    ]);
    await expect(
      house.get(ReceivableSteps).creditNote(seller.maker, id, { number: 'CN-2', netAmount: sar('1.00') }),
    ).rejects.toEqual(refusal('certificate_moved'));
  });

  it('answers each of many: what cannot be confirmed hinders no other', async () => {
    const same = { number: 'TWICE-1', amount: sar('4711.00') };
    const first = await house.upload(seller, anchor, same);
    const { id: second } = await house.get(UploadReceivable).execute(anchor.maker, house.input(seller, same));
    expect(second).toBe(first);
    const others = [await house.upload(seller, anchor), await house.upload(seller, anchor)];
    const proposal = await house.propose(anchor, first, ...others);
    await house.get(ReceivableSteps).withdraw(seller.maker, others[0] as string, 'a mistake');
    const applied = await house.get(DecideProposal).approve(anchor.checker, proposal.id, house.agreement);
    expect(applied).toMatchObject({ state: 'applied', items: { all: 3, done: 3 } });
    const { receivables } = await house.get(ReceivableReader).proposal(anchor.id, proposal.id, {});
    expect(receivables.items.map(({ result, refusal: why }) => [result, why?.code ?? null]).sort()).toEqual([
      ['applied', null],
      ['applied', null],
      ['refused', 'record_changed'],
    ]);
  });

  it('turns a delivered order into the invoice, which cannot be confirmed once more', async () => {
    const order = await house.upload(seller, anchor, {
      kind: 'purchase_order',
      number: 'PO-77',
      amount: sar('70000.00'),
    });
    await house.confirm(anchor, order);
    const delivered = { invoiceNumber: 'INV-PO-77', issuedOn: house.today, deliveredOn: addDays(house.today, -1) };
    await house.get(ReceivableSteps).stateDelivery(seller.maker, order, delivered);
    const accept = await house.get(ProposeSteps).execute(anchor.maker, {
      action: 'accept_delivery',
      receivableIds: [order],
      undertaking: house.agreement,
    });
    await house.get(DecideProposal).approve(anchor.checker, accept.id, house.agreement);
    const shown = await house.get(ReceivableReader).show(seller.id, order);
    expect(shown).toMatchObject({ kind: 'invoice', number: 'INV-PO-77', orderNumber: 'PO-77', state: 'confirmed' });
    const again = await house.upload(seller, anchor, {
      number: 'INV-PO-77',
      issuedOn: house.today,
      amount: sar('70000.00'),
    });
    expect(again).toBe(order);
  });

  it('takes a refund claim to a tax authority only', async () => {
    await expect(house.upload(seller, anchor, { kind: 'tax_refund' })).rejects.toEqual(
      refusal('receivable_invalid', { pointer: '/kind' }),
    );
    const authority = await house.anchor({ kind: 'tax_authority' });
    const claim = await house.upload(seller, authority, { kind: 'tax_refund' });
    await house.confirm(authority, claim);
    expect(await house.stateOf(claim)).toBe('confirmed');
  });
});
