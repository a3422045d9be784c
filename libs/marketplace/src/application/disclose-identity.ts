import { Injectable } from '@nestjs/common';
import { type CommandContext, idBytes, type Transaction, UnitOfWork } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { wasInvited } from '../persistence/match.query.js';
import { lockOwnRequest } from './draft-request.js';

/** Records that a financier may know who the enterprise is, for this request; a second time changes nothing. */
export async function disclose(tx: Transaction, requestId: string, financierId: string, at: Date): Promise<void> {
  const added = await tx.execute(
    'INSERT IGNORE INTO disclosure (request_id, financier_id, disclosed_by, disclosed_at) VALUES (?, ?, ?, ?)',
    [idBytes(requestId), idBytes(financierId), tx.context.actor.id, at],
  );
  if (added > 0)
    tx.audit({
      action: 'funding_request.disclose',
      subjectType: 'funding_request',
      subjectId: requestId,
      data: { financierId },
    });
}

/** The enterprise shows who it is to one matched financier, for one request. */
@Injectable()
export class DiscloseIdentity {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, requestId: string, financierId: string): Promise<{ financierId: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      await lockOwnRequest(tx, requestId);
      if (!(await wasInvited(tx, requestId, financierId))) throw marketplaceError('not_matched');
      await disclose(tx, requestId, financierId, await tx.now());
      tx.emit({
        name: 'funding_request.disclosed',
        subjectType: 'funding_request',
        subjectId: requestId,
        version: 0,
        audience: [financierId],
        payload: { financierId },
      });
      return { financierId };
    });
  }
}
