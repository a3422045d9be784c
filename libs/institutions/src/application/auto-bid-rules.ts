import { notify } from '#notices';
import type { Transaction } from '#platform';
import { autoBidLifecycle, type AutoBidAction } from '../domain/auto-bid.lifecycle.js';
import type { MandateRecord } from '../domain/mandate.js';
import { AutoBidRuleRow } from '../persistence/entities.js';
import { recordHistory } from './institution-history.js';

/** History, audit and event of one step of a rule. */
export async function recordRuleStep(
  tx: Transaction,
  rule: AutoBidRuleRow,
  step: { readonly action: string; readonly from: string | null; readonly reason: string },
  now: Date,
): Promise<void> {
  const { id, financierId, mandateId, status, version } = rule;
  await recordHistory(tx, [{ ...step, subjectType: 'auto_bid_rule', subjectId: id, financierId, to: status }], now);
  tx.audit({
    action: `auto_bid_rule.${step.action}`,
    subjectType: 'auto_bid_rule',
    subjectId: id,
    data: { mandateId, status, version, reason: step.reason },
  });
  tx.emit({
    name: 'auto_bid_rule.changed',
    subjectType: 'auto_bid_rule',
    subjectId: id,
    version,
    audience: [financierId],
    payload: { financierId, mandateId, status },
  });
}

/** What was approved is the rule under its mandate: when the mandate's terms change, a checker looks again. */
export async function recheckAutoBidRules(tx: Transaction, mandate: MandateRecord, now: Date): Promise<void> {
  const proposedBy = tx.context.actor.id;
  const moved = await moveRules(tx, mandate, 'recheck', { proposedBy, approvedBy: null }, 'the mandate changed', now);
  if (moved > 0)
    notify(tx, {
      organisationId: mandate.financierId,
      roles: ['checker'],
      template: 'approval_waits',
      parameters: { what: mandate.name },
      link: `/institution/mandates/${mandate.id}`,
    });
}

export async function endAutoBidRules(tx: Transaction, mandate: MandateRecord, now: Date): Promise<void> {
  await moveRules(tx, mandate, 'end', {}, 'the mandate ended', now);
}

async function moveRules(
  tx: Transaction,
  mandate: MandateRecord,
  action: AutoBidAction,
  changes: { readonly proposedBy?: string; readonly approvedBy?: null },
  reason: string,
  now: Date,
): Promise<number> {
  const rules = await tx.manager.find(AutoBidRuleRow, {
    where: { mandateId: mandate.id },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  const { from } = autoBidLifecycle.table.transitions[action];
  const affected = rules.filter(({ status }) => (from as readonly string[]).includes(status));
  for (const rule of affected) {
    const status = autoBidLifecycle.after(rule.status, action, 'maker');
    const after = { ...rule, ...changes, status, version: rule.version + 1 };
    await tx.manager.update(
      AutoBidRuleRow,
      { id: rule.id },
      { ...changes, status, version: after.version, updatedAt: now },
    );
    await recordRuleStep(tx, after, { action, from: rule.status, reason }, now);
  }
  return affected.length;
}
