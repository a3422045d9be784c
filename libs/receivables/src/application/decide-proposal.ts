import { Injectable } from '@nestjs/common';
import { institutionError, isSamePerson } from '#institutions';
import { DomainError } from '#kernel';
import { type CommandContext, httpError, systemContext, type Transaction, UnitOfWork } from '#platform';
import { receivableError } from '../domain/errors.js';
import { bindingActions, proposalLifecycle } from '../domain/proposal.lifecycle.js';
import {
  answerItem,
  itemFacts,
  lockProposal,
  openItems,
  type Proposal,
  takeApproved,
  updateProposal,
} from '../persistence/proposal.store.js';
import { lockPairs } from '../persistence/registry.store.js';
import { assertMayConfirm, branchesOf, worksFor } from './anchors.js';
import { refusalOf } from './batch-rows.js';
import { CarryOutProposal } from './carry-out-proposal.js';
import { type ConfirmedAmount, IssueCertificate } from './issue-certificate.js';
import { proposalView } from './proposal-views.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { Receivables } from './receivables.js';
import { type Agreement, Undertakings } from './undertakings.js';

/** Receivables that one transaction confirms: the approval itself does so many, a worker does the rest in steps of this size. */
const chunkItems = 100;

const asSystem = systemContext('receivables.proposals');

/** The checker's part, and the carrying out of what was approved. */
@Injectable()
export class DecideProposal {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: Receivables,
    private readonly undertakings: Undertakings,
    private readonly carryOut: CarryOutProposal,
    private readonly certificates: IssueCertificate,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** A second person agrees. Few receivables are confirmed at once; of many, each has its answer as a worker reaches it. */
  async approve(context: CommandContext, proposalId: string, agreement?: Agreement) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockOwn(tx, proposalId);
      const { actor } = tx.context;
      const state = proposalLifecycle.after(before.state, 'approve', 'checker');
      await this.assertChecker(tx, before);
      if (bindingActions.includes(before.action)) await assertMayConfirm(tx, before.anchorId);
      const checkerLanguage = await this.undertakings.agree(tx, before.action, agreement);
      if (checkerLanguage && before.undertakingVersion !== this.book.undertaking.version)
        throw receivableError('undertaking_outdated', { data: { version: this.book.undertaking.version } });
      const now = await tx.now();
      const approved = await updateProposal(tx, before, {
        state,
        decidedBy: actor.id,
        decidedAt: now,
        checkerLanguage,
      });
      record(tx, approved, 'approve', { language: checkerLanguage });
      return proposalView(before.items <= chunkItems ? await this.step(tx, approved) : approved);
    });
  }

  async reject(context: CommandContext, proposalId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockOwn(tx, proposalId);
      const state = proposalLifecycle.after(before.state, 'reject', 'checker');
      await this.assertChecker(tx, before);
      const decided = { state, decidedBy: context.actor.id, decidedAt: await tx.now() };
      const after = await updateProposal(tx, before, decided);
      record(tx, after, 'reject', { reason });
      return proposalView(after);
    });
  }

  /** The maker takes it back. */
  async withdraw(context: CommandContext, proposalId: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockOwn(tx, proposalId);
      const state = proposalLifecycle.after(before.state, 'withdraw', 'maker');
      if (before.proposedBy !== context.actor.id) throw httpError('record_unknown');
      const after = await updateProposal(tx, before, { state, decidedBy: context.actor.id, decidedAt: await tx.now() });
      record(tx, after, 'withdraw', {});
      return proposalView(after);
    });
  }

  /** Carries the next receivables of an approved proposal out; 0 when none waits. */
  async work(): Promise<number> {
    const [next] = await this.unitOfWork.run(asSystem, async (tx) => {
      const found = await takeApproved(tx);
      return found ? [found] : [];
    });
    if (!next) return 0;
    const context = asChecker(next);
    return this.unitOfWork.run(context, async (tx) => {
      const proposal = await lockProposal(tx, next.id);
      if (proposal?.state !== 'approved') return 1;
      await this.step(tx, proposal);
      return 1;
    });
  }

  private async step(tx: Transaction, proposal: Proposal): Promise<Proposal> {
    const items = await openItems(tx, proposal.id, chunkItems);
    const locked = new Map(
      (
        await this.receivables.lockAll(
          tx,
          items.map(({ receivableId }) => receivableId),
        )
      ).map((each) => [each.id, each]),
    );
    // All pairs at once and in one order, before the first is registered.
    await lockPairs(tx, [...locked.values()]);
    const now = await tx.now();
    const confirmed: ConfirmedAmount[] = [];
    for (const item of items) {
      const receivable = locked.get(item.receivableId);
      if (!receivable) throw new Error('a locked receivable is gone');
      const hash = this.undertakings.hashOf(proposal.action, receivable.kind, proposal.checkerLanguage);
      // What one receivable's refusal leaves behind is undone; the others stand.
      const mark = await savepoint(tx);
      try {
        const issues = await this.carryOut.within(tx, proposal, item, receivable);
        await answerItem(tx, proposal.id, item.receivableId, { result: 'applied', hash }, now);
        if (issues) confirmed.push(issues);
      } catch (error) {
        // Of a single receivable the checker learns at once why not, and the proposal still waits.
        if (!(error instanceof DomainError) || proposal.items === 1) throw error;
        await mark.undo();
        await answerItem(
          tx,
          proposal.id,
          item.receivableId,
          { result: 'refused', hash: null, ...refusalOf(error) },
          now,
        );
      }
    }
    await this.certificates.within(tx, confirmed);
    const itemsDone = proposal.itemsDone + items.length;
    if (itemsDone < proposal.items) return updateProposal(tx, proposal, { itemsDone });
    const state = proposalLifecycle.after(proposal.state, 'apply', 'system');
    const applied = await updateProposal(tx, proposal, { itemsDone, state });
    record(tx, applied, 'apply', { items: itemsDone });
    return applied;
  }

  private async assertChecker(tx: Transaction, proposal: Proposal): Promise<void> {
    const { actor } = tx.context;
    if (actor.kind !== 'person') throw institutionError('person_required');
    if (isSamePerson(proposal.proposedBy, actor.id)) throw institutionError('maker_and_checker_same');
    const facts = await itemFacts(tx, proposal.id, actor.id);
    if (facts.ownUploads > 0) throw receivableError('uploader_and_checker_same');
    const branches = await branchesOf(tx, proposal.anchorId, actor.id);
    if (facts.branches.some((branchId) => !worksFor(branches, branchId))) throw receivableError('branch_not_yours');
    const limit = actor.approvalLimitMinor;
    const isAbove = limit !== undefined && (facts.currency !== this.book.currency || facts.largest > limit);
    if (isAbove) throw receivableError('above_approval_limit');
  }
}

/** A place in the transaction to which one item's writes can be taken back, its events and audit entries with them. */
async function savepoint(tx: Transaction): Promise<{ undo(): Promise<void> }> {
  const [events, entries] = [tx.pendingEvents.length, tx.pendingAudit.length];
  await tx.execute('SAVEPOINT proposal_item');
  return {
    async undo() {
      await tx.execute('ROLLBACK TO SAVEPOINT proposal_item');
      tx.pendingEvents.length = events;
      tx.pendingAudit.length = entries;
    },
  };
}

async function lockOwn(tx: Transaction, proposalId: string): Promise<Proposal> {
  const proposal = await lockProposal(tx, proposalId);
  if (proposal?.anchorId !== tx.context.actor.organisationId) throw httpError('record_unknown');
  return proposal;
}

function record(tx: Transaction, proposal: Proposal, action: string, data: object): void {
  const { id, anchorId, state, version } = proposal;
  tx.audit({
    action: `receivable_proposal.${action}`,
    subjectType: 'receivable_proposal',
    subjectId: id,
    data: { state, proposed: proposal.action, ...data },
  });
  tx.emit({
    name: 'receivable_proposal.changed',
    subjectType: 'receivable_proposal',
    subjectId: id,
    version,
    audience: [anchorId],
    payload: { state, action: proposal.action },
  });
}

/** What a worker carries out is the act of the checker who approved it. */
function asChecker({ decidedBy, anchorId }: Proposal): CommandContext {
  return {
    ...asSystem,
    actor: {
      ...asSystem.actor,
      kind: 'person',
      id: decidedBy ?? '',
      organisationId: anchorId,
      organisationKind: 'anchor',
    },
  };
}
