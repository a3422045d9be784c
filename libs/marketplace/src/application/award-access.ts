import { httpError, type Transaction } from '#platform';
import { Award, type FundingRequest } from '../persistence/entities.js';
import { lockAward, lockRequest } from './records.js';

/** A party's or the operator's view of an award after a step. */
export interface AwardState {
  readonly id: string;
  readonly version: number;
  readonly state: string;
}

export function awardState({ id, version, state }: Award): AwardState {
  return { id, version, state };
}

/** Locks an award in the house's order: its request first. */
export async function lockWithRequest(
  tx: Transaction,
  awardId: string,
): Promise<{ request: FundingRequest; award: Award }> {
  const found = await tx.manager.findOneBy(Award, { id: awardId });
  // The same words as for another's award: nobody learns which awards there are.
  if (!found) throw httpError('record_unknown');
  const request = await lockRequest(tx, found.requestId);
  return { request, award: await lockAward(tx, awardId) };
}

/** The same for one of its two parties; for anybody else it does not exist. */
export async function lockForParty(
  tx: Transaction,
  awardId: string,
): Promise<{ request: FundingRequest; award: Award; side: 'enterprise' | 'financier' }> {
  const locked = await lockWithRequest(tx, awardId);
  const { organisationId } = tx.context.actor;
  if (locked.award.enterpriseId === organisationId) return { ...locked, side: 'enterprise' };
  if (locked.award.financierId === organisationId) return { ...locked, side: 'financier' };
  throw httpError('record_unknown');
}
