import { Injectable } from '@nestjs/common';
import { type MoneyJson } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, httpError, idBytes, idText, newId, type Transaction, UnitOfWork } from '#platform';
import { receivableError } from '../domain/errors.js';
import { bindingActions, type ProposalAction, proposalLifecycle } from '../domain/proposal.lifecycle.js';
import { receivableLifecycle } from '../domain/receivable.lifecycle.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { insertItems, insertProposal, type Proposal } from '../persistence/proposal.store.js';
import { assertMayConfirm, branchesOf, worksFor } from './anchors.js';
import { proposalView } from './proposal-views.js';
import { lowerAmount } from './receivable-steps.js';
import { Receivables } from './receivables.js';
import { type Agreement, Undertakings } from './undertakings.js';

export interface ProposalInput {
  readonly action: ProposalAction;
  /** The receivables, or all of a batch that are open to the step. */
  readonly receivableIds?: readonly string[];
  readonly batchId?: string;
  /** What is owed after the credit note, where one receivable is reduced. */
  readonly netAmount?: MoneyJson;
  readonly reason?: string;
  readonly undertaking?: Agreement;
}

/** Receivables that one proposal may name one by one; a batch may hold more. */
const namedAtMost = 500;
const chunk = 1000;

/** The maker's part: what is proposed binds nobody until a second person has approved it. */
@Injectable()
export class ProposeSteps {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly receivables: Receivables,
    private readonly undertakings: Undertakings,
  ) {}

  async execute(context: CommandContext, input: ProposalInput) {
    return this.unitOfWork.run(context, (tx) => this.within(tx, input));
  }

  async within(tx: Transaction, input: ProposalInput) {
    const { organisationId: anchorId, id: proposedBy } = tx.context.actor;
    const { action, reason = '' } = input;
    if (bindingActions.includes(action)) await assertMayConfirm(tx, anchorId);
    else if (reason.trim() === '') throw receivableError('receivable_reason_missing');
    const makerLanguage = await this.undertakings.agree(tx, action, input.undertaking);
    const found = await this.find(tx, anchorId, input);
    const now = await tx.now();
    const proposal: Proposal = {
      id: newId(),
      anchorId,
      action,
      state: proposalLifecycle.initial,
      batchId: input.batchId ?? null,
      reason,
      items: found.length,
      itemsDone: 0,
      proposedBy,
      proposedAt: now,
      makerLanguage,
      undertakingVersion: makerLanguage && (input.undertaking?.version ?? null),
      decidedBy: null,
      decidedAt: null,
      checkerLanguage: null,
      version: 1,
    };
    await insertProposal(tx, proposal);
    const items = found.map((receivable) => ({
      receivableId: receivable.id,
      receivableVersion: receivable.version,
      netMinor: action === 'reduce' ? lowerAmount(receivable, input.netAmount as MoneyJson) : receivable.netMinor,
      makerHash: this.undertakings.hashOf(action, receivable.kind, makerLanguage),
    }));
    for (let from = 0; from < items.length; from += chunk)
      await insertItems(tx, proposal.id, items.slice(from, from + chunk));
    tx.audit({
      action: 'receivable_proposal.propose',
      subjectType: 'receivable_proposal',
      subjectId: proposal.id,
      data: { action, items: items.length, reason, undertaking: proposal.undertakingVersion, language: makerLanguage },
    });
    notify(tx, {
      organisationId: anchorId,
      roles: ['checker'],
      template: 'receivables_await_checker',
      parameters: { count: items.length },
      link: `/receivables/proposals/${proposal.id}`,
    });
    return proposalView(proposal);
  }

  private async find(tx: Transaction, anchorId: string, input: ProposalInput): Promise<readonly ReceivableRecord[]> {
    const { action, receivableIds, batchId } = input;
    const one = receivableIds?.length === 1;
    if (receivableIds && receivableIds.length > namedAtMost)
      throw receivableError('receivable_in_proposal_limit', { data: { atMost: namedAtMost } });
    if (action === 'reduce' && (!one || !input.netAmount))
      throw receivableError('receivable_amount_wrong', {
        fields: [
          { pointer: '/netAmount', rule: 'required', message: 'reduce one receivable at a time, to this amount' },
        ],
      });
    const named = receivableIds ?? (batchId ? await idsOfBatch(tx, anchorId, batchId) : []);
    const branches = await branchesOf(tx, anchorId, tx.context.actor.id);
    const found: ReceivableRecord[] = [];
    const unique = [...new Set(named)];
    for (let from = 0; from < unique.length; from += chunk)
      found.push(...(await this.receivables.readAll(tx, unique.slice(from, from + chunk))));
    const own = found.filter((receivable) => receivable.anchorId === anchorId && receivable.state !== 'draft');
    if (receivableIds && own.length !== unique.length) throw httpError('record_unknown');
    if (receivableIds && own.some(({ branchId }) => !worksFor(branches, branchId)))
      throw receivableError('branch_not_yours');
    const open = own.filter(({ state, branchId }) => worksFor(branches, branchId) && isOpen(action, state));
    if (one && open.length === 0 && own[0] && action !== 'accept_delivery')
      receivableLifecycle.after(own[0].state, action, 'anchor');
    if (open.length === 0) throw receivableError('proposal_empty');
    return open;
  }
}

function isOpen(action: ProposalAction, state: ReceivableRecord['state']): boolean {
  if (action === 'accept_delivery') return ['confirmed', 'listed', 'assigned'].includes(state);
  // Once confirmed, only the seller may lower its own claim.
  if (action === 'reduce' && state === 'confirmed') return false;
  return receivableLifecycle.open(state, 'anchor').includes(action);
}

async function idsOfBatch(tx: Transaction, anchorId: string, batchId: string): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: Buffer }>(
    `SELECT r.id FROM receivable_batch_row b JOIN receivable r ON r.id = b.receivable_id
     WHERE b.batch_id = ? AND r.anchor_id = ?`,
    [idBytes(batchId), idBytes(anchorId)],
  );
  return rows.map(({ id }) => idText(id));
}
