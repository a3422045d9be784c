// size: the board's steps share seats, conflicts and the count of votes.
import { Inject, Injectable } from '@nestjs/common';
import { type MoneyJson, moneyFromJson, moneyToJson } from '#kernel';
import {
  type CommandContext,
  DocumentStore,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  idText,
  isDuplicateKey,
  newId,
  sniffMediaType,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { countVotes, type Vote } from '../domain/vote.policy.js';
import { motionLifecycle } from '../domain/scheme.lifecycle.js';
import { SchemeBoardMember, SchemeMotion } from '../persistence/entities.js';
import { type MotionKind, relatedOf } from './motion-subject.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

export interface MotionInput {
  readonly kind: MotionKind;
  readonly subjectId: string;
  /** Others that gain by it, beside those that the records name: whoever declared a conflict with one of them may not vote. */
  readonly relatedIds: readonly string[];
  readonly title: string;
  /** The most that it allows, in the scheme's currency; of a seat, its approval limit. Left out: no bound, and no limit. */
  readonly amount?: MoneyJson | null | undefined;
}

export interface SeatInput {
  readonly personId: string;
  readonly title: string;
  /** The most that its holder approves alone; null: nothing by the seat. */
  readonly approvalLimit: MoneyJson | null;
}

/** A scheme's board: seats, declared conflicts, motions with their votes and minutes. */
@Injectable()
export class Board {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly documents: DocumentStore,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /**
   * Gives a person a seat, with the amount that its holder may approve alone. While the scheme is a draft its people do it, nobody for
   * himself; later the board by a carried motion that names the limit.
   */
  async appoint(context: CommandContext, schemeId: string, { personId, title, approvalLimit }: SeatInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      if (personId === context.actor.id) throw guaranteeError('scheme_two_people');
      const approvalLimitMinor = amountIn(scheme.currency, '/approvalLimit', approvalLimit);
      if (scheme.status !== 'draft') {
        const limit = approvalLimitMinor ?? 0n;
        const motion = await this.assertCarried(tx, schemeId, 'board', personId, 'appoint', limit);
        if (approvalLimitMinor !== null && motion.amountMinor === null) throw guaranteeError('board_motion_amount');
      }
      const now = await tx.now();
      const seat = {
        id: newId(),
        schemeId,
        personId,
        title,
        approvalLimitMinor,
        appointedOn: countryDate(this.environment.country, now),
        endedOn: null,
      };
      await tx.manager.insert(SchemeBoardMember, seat).catch((error: unknown) => {
        throw isDuplicateKey(error)
          ? httpError('input_invalid', {
              fields: [{ pointer: '/personId', rule: 'once', message: 'has a seat already' }],
            })
          : error;
      });
      await this.record(tx, schemeId, schemeId, 'appoint', null, 'seated', title, now);
      tx.audit({
        action: 'guarantee_scheme.appoint',
        subjectType: 'guarantee_scheme',
        subjectId: schemeId,
        data: { personId, title, approvalLimit },
      });
      return { id: seat.id, personId, title, approvalLimit };
    });
  }

  /** Ends a seat, by a carried motion once the scheme is open. */
  async dismiss(context: CommandContext, schemeId: string, personId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      if (scheme.status !== 'draft') await this.assertCarried(tx, schemeId, 'board', personId, 'dismiss');
      const now = await tx.now();
      const ended = await tx.execute(
        'UPDATE scheme_board_member SET ended_on = ? WHERE scheme_id = ? AND person_id = ? AND ended_on IS NULL',
        [countryDate(this.environment.country, now), idBytes(schemeId), idBytes(personId)],
      );
      if (ended === 0) throw httpError('record_unknown');
      await this.record(tx, schemeId, schemeId, 'dismiss', 'seated', 'ended', reason, now);
      return { personId, ended: true };
    });
  }

  /** A person of the guarantor declares a conflict of interest with an organisation or a subject: no vote, no approval on it. */
  async declareConflict(context: CommandContext, schemeId: string, subjectId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      const now = await tx.now();
      await tx.execute(
        'INSERT IGNORE INTO scheme_conflict (scheme_id, person_id, subject_id, reason, declared_at) VALUES (?, ?, ?, ?, ?)',
        [idBytes(schemeId), idBytes(context.actor.id), idBytes(subjectId), reason, now],
      );
      // A vote that was cast before falls with the declaration while the motion is open.
      await tx.execute(
        `DELETE FROM scheme_vote WHERE person_id = ? AND motion_id IN (
           SELECT id FROM scheme_motion WHERE scheme_id = ? AND status = 'proposed'
             AND (subject_id = ? OR related_ids LIKE ?))`,
        [idBytes(context.actor.id), idBytes(schemeId), idBytes(subjectId), `%${subjectId}%`],
      );
      await this.record(tx, schemeId, subjectId, 'declare_conflict', null, 'excluded', reason, now);
      tx.audit({
        action: 'guarantee_scheme.declare_conflict',
        subjectType: 'guarantee_scheme',
        subjectId: schemeId,
        data: { subjectId, reason },
      });
      return { subjectId, personId: context.actor.id };
    });
  }

  /** Refuses a caller who declared a conflict with any of the subjects. */
  async assertNoConflict(tx: Transaction, schemeId: string, subjectIds: readonly string[]): Promise<void> {
    if (tx.context.actor.kind !== 'person') return;
    const excluded = await this.excluded(tx, schemeId, subjectIds);
    if (excluded.has(tx.context.actor.id)) throw guaranteeError('board_conflict');
  }

  async propose(context: CommandContext, schemeId: string, input: MotionInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const { currency } = await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      const related = await relatedOf(tx, schemeId, input.kind, input.subjectId);
      const now = await tx.now();
      const motion: SchemeMotion = {
        id: newId(),
        schemeId,
        kind: input.kind,
        subjectId: input.subjectId,
        relatedIds: [...new Set([...related, ...input.relatedIds])],
        amountMinor: amountIn(currency, '/amount', input.amount ?? null),
        title: input.title,
        status: motionLifecycle.initial,
        minutesChecksum: null,
        minutesName: null,
        proposedBy: context.actor.id,
        proposedAt: now,
        decidedAt: null,
        usedAt: null,
        usedFor: null,
        usedBy: null,
        version: 1,
      };
      await tx.manager.insert(SchemeMotion, motion);
      await this.record(tx, schemeId, motion.id, 'propose', null, motion.status, input.title, now);
      return motionView(motion, currency);
    });
  }

  /** One vote of each member; a later one replaces it while the motion is open. */
  async vote(context: CommandContext, schemeId: string, motionId: string, vote: Vote, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const motion = await this.lockMotion(tx, schemeId, motionId);
      motionLifecycle.after(motion.status, 'carry', 'board');
      const { eligible } = await this.electorate(tx, motion);
      const { id } = context.actor;
      if (!eligible.has(id)) {
        const excluded = await this.excluded(tx, schemeId, [motion.subjectId, ...motion.relatedIds]);
        if (excluded.has(id) || isOwnSeat(motion, id)) throw guaranteeError('board_conflict');
        throw guaranteeError(motion.proposedBy === id ? 'scheme_two_people' : 'board_member_required');
      }
      const now = await tx.now();
      await tx.execute(
        `INSERT INTO scheme_vote (motion_id, person_id, vote, reason, voted_at) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE vote = VALUES(vote), reason = VALUES(reason), voted_at = VALUES(voted_at)`,
        [idBytes(motionId), idBytes(id), vote, reason, now],
      );
      await this.record(tx, schemeId, motionId, `vote_${vote}`, motion.status, motion.status, reason, now);
      return this.view(tx, motion);
    });
  }

  /** Attaches the minutes; the document's checksum is what is kept for good. */
  async attachMinutes(context: CommandContext, schemeId: string, motionId: string, name: string, content: Buffer) {
    // Whose motion it is comes first: another's does not exist, whatever is sent.
    await this.unitOfWork.run({ ...context, idempotency: undefined }, (tx) => this.lockMotion(tx, schemeId, motionId));
    const known = Buffer.isBuffer(content) && content.length > 0 && sniffMediaType(content) !== undefined;
    if (!known)
      throw httpError('input_invalid', {
        fields: [{ pointer: '', rule: 'document', message: 'must be a PDF, an image or a workbook' }],
      });
    const checksum = await this.documents.put(content);
    return this.unitOfWork.run(context, async (tx) => {
      const motion = await this.lockMotion(tx, schemeId, motionId);
      motionLifecycle.after(motion.status, 'carry', 'board');
      const changes = {
        minutesChecksum: Buffer.from(checksum, 'hex'),
        minutesName: name,
        version: motion.version + 1,
      };
      await tx.manager.update(SchemeMotion, { id: motionId }, changes);
      await this.record(
        tx,
        schemeId,
        motionId,
        'attach_minutes',
        motion.status,
        motion.status,
        checksum,
        await tx.now(),
      );
      return this.view(tx, { ...motion, ...changes });
    });
  }

  /** Counts the votes: carried or rejected when they suffice for either. A member closes, never the proposer alone. */
  async close(context: CommandContext, schemeId: string, motionId: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const motion = await this.lockMotion(tx, schemeId, motionId);
      const { eligible, seats } = await this.electorate(tx, motion);
      if (!seats.has(context.actor.id)) throw guaranteeError('board_member_required');
      const rows = await tx.rows<{ person_id: Buffer; vote: Vote }>(
        'SELECT person_id, vote FROM scheme_vote WHERE motion_id = ?',
        [idBytes(motionId)],
      );
      const votes = rows.flatMap(({ person_id, vote }) => (eligible.has(idText(person_id)) ? [vote] : []));
      const verdict = countVotes(votes, eligible.size);
      if (verdict === 'open')
        throw guaranteeError('board_majority_missing', { data: { votes: votes.length, members: eligible.size } });
      if (verdict === 'carried' && motion.minutesChecksum === null) throw guaranteeError('board_minutes_missing');
      const status = motionLifecycle.after(motion.status, verdict === 'carried' ? 'carry' : 'reject', 'board');
      return this.end(tx, motion, status, verdict);
    });
  }

  async withdraw(context: CommandContext, schemeId: string, motionId: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const motion = await this.lockMotion(tx, schemeId, motionId);
      const party = motion.proposedBy === context.actor.id ? 'proposer' : 'board';
      return this.end(tx, motion, motionLifecycle.after(motion.status, 'withdraw', party), 'withdraw');
    });
  }

  /** Uses up a carried motion about this subject that allows the amount; refuses with `board_motion_needed` without one. */
  async assertCarried(
    tx: Transaction,
    schemeId: string,
    kind: MotionKind,
    subjectId: string,
    action: string,
    amountMinor = 0n,
  ): Promise<SchemeMotion> {
    const found = await this.useCarried(tx, schemeId, kind, subjectId, action, amountMinor);
    if (!found) throw guaranteeError('board_motion_needed', { data: { kind, subjectId } });
    return found;
  }

  /** The newest carried motion about this subject that allows the amount and served nothing yet, used up by this act. */
  async useCarried(
    tx: Transaction,
    schemeId: string,
    kind: MotionKind,
    subjectId: string,
    action: string,
    amountMinor: bigint,
  ): Promise<SchemeMotion | undefined> {
    const [row] = await tx.rows<{ id: Buffer }>(
      `SELECT id FROM scheme_motion WHERE scheme_id = ? AND kind = ? AND subject_id = ? AND status = 'carried' AND used_at IS NULL
         AND (amount_minor IS NULL OR amount_minor >= ?) ORDER BY id DESC LIMIT 1 FOR UPDATE`,
      [idBytes(schemeId), kind, idBytes(subjectId), amountMinor.toString()],
    );
    if (!row) return undefined;
    const id = idText(row.id);
    const motion = await tx.manager.findOneByOrFail(SchemeMotion, { id });
    const used = { usedAt: await tx.now(), usedFor: action, usedBy: tx.context.actor.id, version: motion.version + 1 };
    await tx.manager.update(SchemeMotion, { id }, used);
    tx.audit({
      action: 'guarantee_motion.use',
      subjectType: 'guarantee_motion',
      subjectId: id,
      data: { kind, subjectId, usedFor: action },
    });
    return { ...motion, ...used };
  }

  private async end(tx: Transaction, motion: SchemeMotion, status: SchemeMotion['status'], action: string) {
    const now = await tx.now();
    const after = { ...motion, status, decidedAt: now, version: motion.version + 1 };
    await tx.manager.update(SchemeMotion, { id: motion.id }, { status, decidedAt: now, version: after.version });
    await this.record(tx, motion.schemeId, motion.id, action, motion.status, status, motion.title, now);
    tx.audit({
      action: `guarantee_motion.${action}`,
      subjectType: 'guarantee_motion',
      subjectId: motion.id,
      data: { kind: motion.kind, subjectId: motion.subjectId, status },
    });
    return this.view(tx, after);
  }

  private async view(tx: Transaction, motion: SchemeMotion) {
    return motionView(motion, (await this.book.scheme(tx, motion.schemeId)).currency);
  }

  private async lockMotion(tx: Transaction, schemeId: string, motionId: string): Promise<SchemeMotion> {
    await this.book.lockOwn(tx, schemeId);
    assertPerson(tx);
    const found = await tx.manager.findOneBy(SchemeMotion, { id: motionId, schemeId });
    if (!found) throw httpError('record_unknown');
    return found;
  }

  /** Who holds a seat, and who of them may vote on this motion: not its proposer, nobody with a declared conflict, nobody on the own seat. */
  private async electorate(tx: Transaction, motion: SchemeMotion) {
    const rows = await tx.rows<{ person_id: Buffer }>(
      'SELECT person_id FROM scheme_board_member WHERE scheme_id = ? AND ended_on IS NULL',
      [idBytes(motion.schemeId)],
    );
    const seats = new Set(rows.map(({ person_id }) => idText(person_id)));
    const excluded = await this.excluded(tx, motion.schemeId, [motion.subjectId, ...motion.relatedIds]);
    const eligible = new Set(
      [...seats].filter((id) => id !== motion.proposedBy && !excluded.has(id) && !isOwnSeat(motion, id)),
    );
    return { seats, eligible };
  }

  private async excluded(tx: Transaction, schemeId: string, subjectIds: readonly string[]): Promise<Set<string>> {
    if (subjectIds.length === 0) return new Set();
    const rows = await tx.rows<{ person_id: Buffer }>(
      `SELECT person_id FROM scheme_conflict WHERE scheme_id = ? AND subject_id IN (${subjectIds.map(() => '?').join(',')})`,
      [idBytes(schemeId), ...subjectIds.map(idBytes)],
    );
    return new Set(rows.map(({ person_id }) => idText(person_id)));
  }

  private async record(
    tx: Transaction,
    schemeId: string,
    subjectId: string,
    action: string,
    from: string | null,
    to: string,
    reason: string,
    now: Date,
  ): Promise<void> {
    await recordHistory(tx, [{ subjectType: 'guarantee_board', subjectId, schemeId, action, from, to, reason }], now);
  }
}

/** Refuses programs: what binds a scheme is done by a person. */
export function assertPerson(tx: Transaction): void {
  if (tx.context.actor.kind !== 'person') throw guaranteeError('scheme_person_required');
}

const isOwnSeat = ({ kind, subjectId }: SchemeMotion, personId: string): boolean =>
  kind === 'board' && subjectId === personId;

/** An amount of the scheme's currency in minor units; null stays null. */
function amountIn(currency: string, pointer: string, value: MoneyJson | null): bigint | null {
  if (value === null) return null;
  const amount = moneyFromJson(value);
  if (amount.currency === currency && amount.minor >= 0n) return amount.minor;
  throw httpError('input_invalid', {
    fields: [{ pointer, rule: 'currency', message: `must not be below zero, in ${currency}` }],
  });
}

export function motionView(motion: SchemeMotion, currency: string) {
  return {
    id: motion.id,
    schemeId: motion.schemeId,
    kind: motion.kind,
    subjectId: motion.subjectId,
    relatedIds: motion.relatedIds,
    amount: motion.amountMinor === null ? null : moneyToJson({ minor: motion.amountMinor, currency }),
    title: motion.title,
    status: motion.status,
    minutes: motion.minutesChecksum && {
      name: motion.minutesName ?? '',
      checksum: motion.minutesChecksum.toString('hex'),
    },
    proposedBy: motion.proposedBy,
    proposedAt: motion.proposedAt.toISOString(),
    decidedAt: motion.decidedAt?.toISOString() ?? null,
    used: motion.usedAt && { at: motion.usedAt.toISOString(), for: motion.usedFor ?? '', by: motion.usedBy ?? '' },
    version: motion.version,
  };
}
