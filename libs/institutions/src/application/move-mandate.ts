import { Inject, Injectable } from '@nestjs/common';
import { type CommandContext, ENVIRONMENT, type Environment, type Transaction, UnitOfWork } from '#platform';
import { institutionError } from '../domain/errors.js';
import { type MandateAction, mandateLifecycle } from '../domain/mandate.lifecycle.js';
import { lockMandate, updateMandate } from '../persistence/mandate.store.js';
import { endAutoBidRules } from './auto-bid-rules.js';
import { assertVerified } from './financiers.js';
import { recordMandateStep } from './record-mandate-step.js';
import type { MandateView } from './save-mandate.js';
import { mandateView } from './views.js';

const events = { publish: 'published', pause: 'paused', resume: 'resumed', end: 'ended' } as const;

/** Takes a mandate along its life cycle: publish, pause, resume, end. */
@Injectable()
export class MoveMandate {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(context: CommandContext, id: string, action: MandateAction, reason = ''): Promise<MandateView> {
    return this.unitOfWork.run(context, (tx) => this.within(tx, id, action, reason));
  }

  async within(tx: Transaction, id: string, action: MandateAction, reason = ''): Promise<MandateView> {
    const financierId = tx.context.actor.organisationId;
    if (action === 'publish' || action === 'resume') await assertVerified(tx, financierId);
    const before = await lockMandate(tx, financierId, id);
    const status = mandateLifecycle.after(before.status, action, 'maker');
    if (status === 'live' && !before.limitsApproved) throw institutionError('limits_not_approved');
    const now = await tx.now();
    const after = { ...before, status, version: before.version + 1 };
    await updateMandate(tx, after, now);
    if (status === 'ended') await endAutoBidRules(tx, after, now);
    const step = { action, event: events[action], from: before.status, reason };
    await recordMandateStep(tx, after, step, now, this.environment.country);
    return mandateView(after);
  }
}
