import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { httpError, idBytes, isId, newId, type Transaction } from '#platform';
import { type AwardAction, awardLifecycle, type AwardRole } from '../domain/award.lifecycle.js';
import { fundingRequestLifecycle, type RequestAction, type RequestRole } from '../domain/funding-request.lifecycle.js';
import { type OfferAction, offerLifecycle, type OfferRole } from '../domain/offer.lifecycle.js';
import { Award, FundingRequest, Offer } from '../persistence/entities.js';
import { listMatches } from '../persistence/match.query.js';

/** Reads one row under lock, or answers as if it did not exist. */
async function lock<T extends ObjectLiteral & { id: string }>(
  tx: Transaction,
  entity: EntityTarget<T>,
  id: string,
): Promise<T> {
  const row = await tx.manager.findOne(entity, { where: { id } as never, lock: { mode: 'pessimistic_write' } });
  if (!row) throw httpError('record_unknown');
  return row;
}

export const lockRequest = (tx: Transaction, id: string): Promise<FundingRequest> => lock(tx, FundingRequest, id);
export const lockOffer = (tx: Transaction, id: string): Promise<Offer> => lock(tx, Offer, id);
export const lockAward = (tx: Transaction, id: string): Promise<Award> => lock(tx, Award, id);

/** What a step writes besides the new state. */
type Changes<T> = Partial<Omit<T, 'id' | 'state' | 'version'>>;

interface Step {
  readonly at: Date;
  /** Why; coded reasons and figures, shown in the timeline. */
  readonly reason?: Readonly<Record<string, unknown>>;
  /** Organisations that may hear of it by webhook. */
  readonly audience: readonly string[];
  /** For handlers, with the ids they need. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** Takes a step of a request's life: checks the table, writes state, history, audit entry and event, or nothing. */
export async function moveRequest(
  tx: Transaction,
  request: FundingRequest,
  action: RequestAction,
  role: RequestRole,
  step: Step,
  changes: Changes<FundingRequest> = {},
): Promise<FundingRequest> {
  const state = fundingRequestLifecycle.after(request.state, action, role);
  if ((request.state === 'open') !== (state === 'open')) await listMatches(tx, request.id, state === 'open');
  return write(tx, FundingRequest, request, { ...changes, state }, action, step, 'funding_request', request.id);
}

export async function moveOffer(
  tx: Transaction,
  offer: Offer,
  action: OfferAction,
  role: OfferRole,
  step: Step,
  changes: Changes<Offer> = {},
): Promise<Offer> {
  const state = offerLifecycle.after(offer.state, action, role);
  return write(tx, Offer, offer, { ...changes, state }, action, step, 'offer', offer.requestId);
}

export async function moveAward(
  tx: Transaction,
  award: Award,
  action: AwardAction,
  role: AwardRole,
  step: Step,
  changes: Changes<Award> = {},
): Promise<Award> {
  const state = awardLifecycle.after(award.state, action, role);
  return write(tx, Award, award, { ...changes, state }, action, step, 'award', award.requestId);
}

/** Writes changes of a row that stays in its state, under the same version check. */
export async function updateVersioned<T extends ObjectLiteral & { id: string; version: number }>(
  tx: Transaction,
  entity: EntityTarget<T>,
  row: T,
  changes: object,
): Promise<T> {
  const version = row.version + 1;
  const result = await tx.manager.update(
    entity,
    { id: row.id, version: row.version } as never,
    { ...changes, version } as never,
  );
  if (result.affected !== 1) throw httpError('record_changed');
  return { ...row, ...changes, version };
}

async function write<T extends ObjectLiteral & { id: string; version: number; state: string }>(
  tx: Transaction,
  entity: EntityTarget<T>,
  row: T,
  changes: { state: string },
  action: string,
  step: Step,
  subjectType: string,
  requestId: string,
): Promise<T> {
  const moved = await updateVersioned(tx, entity, row, changes);
  await writeHistory(tx, {
    subjectType,
    subjectId: row.id,
    requestId,
    action,
    from: row.state,
    to: changes.state,
    at: step.at,
    reason: step.reason,
  });
  announce(tx, subjectType, row.id, moved.version, action, changes.state, step);
  return moved;
}

/** The audit entry and the event of a step. */
export function announce(
  tx: Transaction,
  subjectType: string,
  subjectId: string,
  version: number,
  action: string,
  to: string,
  step: Omit<Step, 'at'>,
): void {
  tx.audit({
    action: `${subjectType}.${action}`,
    subjectType,
    subjectId,
    data: { to, ...(step.reason ? { reason: step.reason } : {}) },
  });
  tx.emit({
    name: `${subjectType}.${pastOf(action)}`,
    subjectType,
    subjectId,
    version,
    audience: step.audience,
    payload: { state: to, ...step.payload },
  });
}

const irregular: Readonly<Record<string, string>> = {
  submit: 'submitted',
  begin_review: 'review_begun',
  request_information: 'information_requested',
  answer_information: 'information_answered',
  open: 'opened',
  withdraw: 'withdrawn',
  agree: 'agreed',
  repay: 'repaid',
  lose: 'lost',
  make: 'made',
  ask_binding: 'binding_asked',
  buy: 'bought',
  sell: 'sold',
  pay: 'paid',
  cancel: 'cancelled',
};

/** Events are named by what has happened: `award` becomes `awarded`. */
export function pastOf(action: string): string {
  return irregular[action] ?? (action.endsWith('e') ? `${action}d` : `${action}ed`);
}

export interface HistoryEntry {
  readonly subjectType: string;
  readonly subjectId: string;
  readonly requestId: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly at: Date;
  readonly reason?: Readonly<Record<string, unknown>> | undefined;
}

export async function writeHistory(tx: Transaction, ...entries: readonly HistoryEntry[]): Promise<void> {
  const { actor } = tx.context;
  await tx.insertRows(
    'market_history',
    [
      'id',
      'subject_type',
      'subject_id',
      'request_id',
      'at',
      'actor_kind',
      'actor_id',
      'organisation_id',
      'action',
      'from_state',
      'to_state',
      'reason',
    ],
    entries.map((entry) => [
      idBytes(newId()),
      entry.subjectType,
      idBytes(entry.subjectId),
      idBytes(entry.requestId),
      entry.at,
      actor.kind,
      actor.id,
      isId(actor.organisationId) ? idBytes(actor.organisationId) : null,
      entry.action,
      entry.from,
      entry.to,
      entry.reason ? JSON.stringify(entry.reason) : null,
    ]),
  );
}
