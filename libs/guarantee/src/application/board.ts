// size: the board's steps share seats, conflicts and the count of votes.
import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  DocumentStore,
  httpError,
  idBytes,
  idText,
  isDuplicateKey,
  newId,
  sniffMediaType,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { ENVIRONMENT, type Environment } from '#platform';
import { Inject } from '@nestjs/common';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { countVotes, type Vote } from '../domain/vote.policy.js';
import { motionLifecycle } from '../domain/scheme.lifecycle.js';
import { SchemeBoardMember, SchemeMotion } from '../persistence/entities.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

/** What a motion may be about; its `subjectId` is the version, scheme, application or person. */
export const motionKinds = ['version', 'scheme', 'application', 'board', 'claim'] as const;
export type MotionKind = (typeof motionKinds)[number];

export interface MotionInput {
  readonly kind: MotionKind;
  readonly subjectId: string;
  /** Organisations that gain by it: whoever declared a conflict with one of them may not vote. */
  readonly relatedIds: readonly string[];
  readonly title: string;
}

export interface SeatInput {
  readonly personId: string;
  readonly title: string;
  readonly approvalLimitMinor: bigint | null;
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

  /** Gives a person a seat. While the scheme is a draft its people do it, later the board by a carried motion. */
  async appoint(context: CommandContext, schemeId: string, input: SeatInput) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      if (scheme.status !== 'draft') await this.assertCarried(tx, schemeId, 'board', input.personId);
      const now = await tx.now();
      const seat = {
        id: newId(),
        schemeId,
        ...input,
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
      await this.record(tx, schemeId, schemeId, 'appoint', null, 'seated', input.title, now);
      return { id: seat.id, personId: input.personId, title: input.title };
    });
  }

  /** Ends a seat, by a carried motion once the scheme is open. */
  async dismiss(context: CommandContext, schemeId: string, personId: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.book.lockOwn(tx, schemeId);
      if (scheme.status !== 'draft') await this.assertCarried(tx, schemeId, 'board', personId);
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
      await this.book.lockOwn(tx, schemeId);
      assertPerson(tx);
      const now = await tx.now();
      const motion: SchemeMotion = {
        id: newId(),
        schemeId,
        kind: input.kind,
        subjectId: input.subjectId,
        relatedIds: [...input.relatedIds],
        amountMinor: null,
        title: input.title,
        status: motionLifecycle.initial,
        minutesChecksum: null,
        minutesName: null,
        proposedBy: context.actor.id,
        proposedAt: now,
        decidedAt: null,
        version: 1,
      };
      await tx.manager.insert(SchemeMotion, motion);
      await this.record(tx, schemeId, motion.id, 'propose', null, motion.status, input.title, now);
      return motionView(motion);
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
        if (excluded.has(id)) throw guaranteeError('board_conflict');
        throw guaranteeError(motion.proposedBy === id ? 'scheme_two_people' : 'board_member_required');
      }
      const now = await tx.now();
      await tx.execute(
        `INSERT INTO scheme_vote (motion_id, person_id, vote, reason, voted_at) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE vote = VALUES(vote), reason = VALUES(reason), voted_at = VALUES(voted_at)`,
        [idBytes(motionId), idBytes(id), vote, reason, now],
      );
      await this.record(tx, schemeId, motionId, `vote_${vote}`, motion.status, motion.status, reason, now);
      return motionView(motion);
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
      return motionView({ ...motion, ...changes });
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

  /** The carried motion about this subject; refuses without one. */
  async assertCarried(tx: Transaction, schemeId: string, kind: MotionKind, subjectId: string): Promise<SchemeMotion> {
    const found = await tx.manager.findOne(SchemeMotion, {
      where: { schemeId, kind, subjectId, status: 'carried' },
      order: { id: 'DESC' },
    });
    if (!found) throw guaranteeError('board_motion_needed', { data: { kind, subjectId } });
    return found;
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
    return motionView(after);
  }

  private async lockMotion(tx: Transaction, schemeId: string, motionId: string): Promise<SchemeMotion> {
    await this.book.lockOwn(tx, schemeId);
    assertPerson(tx);
    const found = await tx.manager.findOneBy(SchemeMotion, { id: motionId, schemeId });
    if (!found) throw httpError('record_unknown');
    return found;
  }

  /** Who holds a seat, and who of them may vote on this motion: not its proposer, nobody with a declared conflict. */
  private async electorate(tx: Transaction, motion: SchemeMotion) {
    const rows = await tx.rows<{ person_id: Buffer }>(
      'SELECT person_id FROM scheme_board_member WHERE scheme_id = ? AND ended_on IS NULL',
      [idBytes(motion.schemeId)],
    );
    const seats = new Set(rows.map(({ person_id }) => idText(person_id)));
    const excluded = await this.excluded(tx, motion.schemeId, [motion.subjectId, ...motion.relatedIds]);
    const eligible = new Set([...seats].filter((id) => id !== motion.proposedBy && !excluded.has(id)));
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

export function motionView(motion: SchemeMotion) {
  return {
    id: motion.id,
    schemeId: motion.schemeId,
    kind: motion.kind,
    subjectId: motion.subjectId,
    relatedIds: motion.relatedIds,
    title: motion.title,
    status: motion.status,
    minutes: motion.minutesChecksum && {
      name: motion.minutesName ?? '',
      checksum: motion.minutesChecksum.toString('hex'),
    },
    proposedBy: motion.proposedBy,
    proposedAt: motion.proposedAt.toISOString(),
    decidedAt: motion.decidedAt?.toISOString() ?? null,
    version: motion.version,
  };
}
