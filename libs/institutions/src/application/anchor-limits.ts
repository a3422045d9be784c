import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { IdentityReader } from '#identity';
import { type MoneyJson, moneyFromJson, moneyToJson } from '#kernel';
import { notify } from '#notices';
import {
  type CommandContext,
  cursorRefused,
  decodeCursor,
  defaultLimit,
  httpError,
  idBytes,
  idText,
  isDuplicateKey,
  isId,
  newId,
  type PageQuery,
  toPage,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { isSamePerson } from '../domain/approval.policy.js';
import { institutionError } from '../domain/errors.js';
import { type LimitChangeAction, limitChangeLifecycle } from '../domain/limit-change.lifecycle.js';
import { AnchorLimitChange } from '../persistence/entities.js';
import { assertPerson } from './financiers.js';
import { recordHistory } from './institution-history.js';

export interface AnchorLimitInput {
  readonly anchorId: string;
  /** Zero closes the limit: what stands is kept, nothing new is taken. */
  readonly limit: MoneyJson;
  readonly reason: string;
}

export type AnchorLimitChangeView = ReturnType<typeof anchorLimitChangeView>;

function anchorLimitChangeView(change: AnchorLimitChange) {
  const { id, anchorId, limitMinor, currency, status, reason, proposedBy, proposedAt, decidedBy, decidedAt } = change;
  return {
    id,
    anchorId,
    limit: moneyToJson({ minor: limitMinor, currency }),
    status,
    reason,
    proposedBy,
    proposedAt: proposedAt.toISOString(),
    decidedBy,
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

/** A maker proposes how much the institution takes on one anchor, over all its mandates; a second person decides. */
@Injectable()
export class ChangeAnchorLimits {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly identity: IdentityReader,
  ) {}

  async propose(context: CommandContext, input: AnchorLimitInput): Promise<AnchorLimitChangeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const anchor = await this.identity.organisation(input.anchorId, tx);
      if (anchor?.kind !== 'anchor')
        throw httpError('record_unknown', {
          fields: [{ pointer: '/anchorId', rule: 'exists', message: 'is not an anchor of this market' }],
        });
      const { minor, currency } = moneyFromJson(input.limit);
      const { actor } = context;
      const now = await tx.now();
      const change: AnchorLimitChange = {
        id: newId(),
        financierId: actor.organisationId,
        anchorId: input.anchorId,
        currency,
        limitMinor: minor,
        status: limitChangeLifecycle.initial,
        reason: input.reason,
        proposedBy: actor.id,
        proposedAt: now,
        decidedBy: null,
        decidedAt: null,
      };
      await tx.manager.insert(AnchorLimitChange, change).catch((error: unknown) => {
        throw isDuplicateKey(error) ? institutionError('limit_change_pending') : error;
      });
      await this.record(tx, change, 'propose', null, input.reason, now);
      notify(tx, {
        organisationId: actor.organisationId,
        roles: ['checker'],
        template: 'approval_waits',
        parameters: { what: anchor.name },
        link: '/institution/anchor-limits',
      });
      return anchorLimitChangeView(change);
    });
  }

  async decide(
    context: CommandContext,
    changeId: string,
    action: LimitChangeAction,
    reason = '',
  ): Promise<AnchorLimitChangeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { actor } = context;
      const change = await tx.manager.findOne(AnchorLimitChange, {
        where: { id: changeId, financierId: actor.organisationId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!change) throw httpError('record_unknown');
      const role = action === 'withdraw' ? 'maker' : 'checker';
      const status = limitChangeLifecycle.after(change.status, action, role);
      if (role === 'checker') {
        assertPerson(actor);
        if (isSamePerson(change.proposedBy, actor.id)) throw institutionError('maker_and_checker_same');
      }
      const now = await tx.now();
      const decided: AnchorLimitChange = { ...change, status, decidedBy: actor.id, decidedAt: now };
      await tx.manager.update(AnchorLimitChange, { id: changeId }, { status, decidedBy: actor.id, decidedAt: now });
      await this.record(tx, decided, action, change.status, reason, now);
      if (status === 'approved') await this.apply(tx, decided, now);
      return anchorLimitChangeView(decided);
    });
  }

  private async apply(tx: Transaction, change: AnchorLimitChange, now: Date): Promise<void> {
    const { financierId, anchorId, currency, limitMinor } = change;
    await tx.execute(
      `INSERT INTO anchor_limit (financier_id, anchor_id, currency, limit_minor, used_minor, ceiling_minor, changed_at)
       VALUES (?, ?, ?, ?, 0, 0, ?) ON DUPLICATE KEY UPDATE limit_minor = VALUES(limit_minor), changed_at = VALUES(changed_at)`,
      [idBytes(financierId), idBytes(anchorId), currency, limitMinor.toString(), now],
    );
    tx.emit({
      name: 'anchor_limit.changed',
      subjectType: 'anchor_limit_change',
      subjectId: change.id,
      version: 1,
      audience: [financierId],
      payload: { financierId, anchorId },
    });
  }

  private async record(
    tx: Transaction,
    change: AnchorLimitChange,
    action: string,
    from: string | null,
    reason: string,
    now: Date,
  ): Promise<void> {
    const { id, financierId, anchorId, status, limitMinor, currency } = change;
    await recordHistory(
      tx,
      [{ subjectType: 'anchor_limit_change', subjectId: id, financierId, action, from, to: status, reason }],
      now,
    );
    tx.audit({
      action: `anchor_limit_change.${action}`,
      subjectType: 'anchor_limit_change',
      subjectId: id,
      data: { anchorId, status, limit: moneyToJson({ minor: limitMinor, currency }), reason },
    });
  }
}

/** The limits on anchors: what an institution reads of its own, and which institutions have one on an anchor. */
@Injectable()
export class AnchorLimitReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
  ) {}

  /** The institution's limits with what is used of each. */
  async own(financierId: string) {
    const rows = await this.dataSource.query<
      { anchor_id: Buffer; currency: string; limit_minor: string; used_minor: string; changed_at: Date }[]
    >(
      'SELECT anchor_id, currency, limit_minor, used_minor, changed_at FROM anchor_limit WHERE financier_id = ? ORDER BY anchor_id LIMIT 1000',
      [idBytes(financierId)],
    );
    const anchors = await this.identity.organisations(rows.map(({ anchor_id }) => idText(anchor_id)));
    return {
      items: rows.map(({ anchor_id, currency, limit_minor, used_minor, changed_at }) => {
        const anchorId = idText(anchor_id);
        return {
          anchorId,
          name: anchors.get(anchorId)?.name ?? '',
          limit: moneyToJson({ minor: BigInt(limit_minor), currency }),
          used: moneyToJson({ minor: BigInt(used_minor), currency }),
          changedAt: changed_at.toISOString(),
        };
      }),
      nextCursor: null,
    };
  }

  /** Proposed and decided changes, oldest first. */
  async changes(financierId: string, query: PageQuery) {
    const limit = query.limit ?? defaultLimit;
    const [after] = decodeCursor(query.cursor, 1) ?? [];
    if (after !== undefined && !isId(after)) throw cursorRefused();
    const rows = await this.dataSource.manager.find(AnchorLimitChange, {
      where: { financierId, ...(after ? { id: MoreThan(String(after)) } : {}) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, ({ id }) => [id], anchorLimitChangeView);
  }

  /** The financiers that have a limit on every one of these anchors, whatever is left of it. */
  async withLimitsOnAll(
    anchorIds: readonly string[],
    currency: string,
    tx?: Transaction,
  ): Promise<ReadonlySet<string>> {
    const anchors = [...new Set(anchorIds)];
    if (anchors.length === 0) return new Set();
    const sql = `SELECT financier_id FROM anchor_limit WHERE anchor_id IN (${anchors.map(() => '?').join(',')}) AND currency = ? AND limit_minor > 0
                 GROUP BY financier_id HAVING COUNT(*) = ?`;
    const parameters = [...anchors.map(idBytes), currency, anchors.length];
    const rows = tx
      ? await tx.rows<{ financier_id: Buffer }>(sql, parameters)
      : await this.dataSource.query<{ financier_id: Buffer }[]>(sql, parameters);
    return new Set(rows.map(({ financier_id }) => idText(financier_id)));
  }

  /** Of these anchors those on which the financier has a limit. */
  async limitedAnchors(
    financierId: string,
    anchorIds: readonly string[],
    currency: string,
    tx?: Transaction,
  ): Promise<ReadonlySet<string>> {
    const anchors = [...new Set(anchorIds)];
    if (anchors.length === 0) return new Set();
    const sql = `SELECT anchor_id FROM anchor_limit WHERE financier_id = ? AND anchor_id IN (${anchors.map(() => '?').join(',')}) AND currency = ? AND limit_minor > 0`;
    const parameters = [idBytes(financierId), ...anchors.map(idBytes), currency];
    const rows = tx
      ? await tx.rows<{ anchor_id: Buffer }>(sql, parameters)
      : await this.dataSource.query<{ anchor_id: Buffer }[]>(sql, parameters);
    return new Set(rows.map(({ anchor_id }) => idText(anchor_id)));
  }
}
