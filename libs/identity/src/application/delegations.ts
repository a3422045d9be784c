import { Injectable } from '@nestjs/common';
import { type CommandContext, idBytes, idText, newId, UnitOfWork, withoutReplay } from '#platform';
import { identityError } from '../domain/errors.js';
import type { Permission } from '../domain/permissions.js';
import { delegablePermissions, type OrganisationKind, permissionsOf } from '../domain/roles.policy.js';

export interface NewDelegation {
  readonly delegateId: string;
  readonly scopes: readonly string[];
  readonly endsAt: string;
  readonly reason: string;
}

interface DelegationRow {
  readonly id: Buffer;
  readonly owner_id: Buffer;
  readonly owner_name: string;
  readonly delegate_id: Buffer;
  readonly delegate_name: string;
  readonly scopes: string | string[];
  readonly reason: string;
  readonly created_at: Date;
  readonly ends_at: Date;
}

const longestDays = 366;

/**
 * Lets a colleague act for oneself within stated permissions until a stated day. The delegate keeps his own approval
 * limit; what the owner loses, the delegate loses too. Administration and a checker's second look cannot be given.
 */
@Injectable()
export class Delegate {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, input: NewDelegation): Promise<{ id: string }> {
    const { organisationId, id: ownerId, organisationKind } = context.actor;
    return this.unitOfWork.run(context, async (tx) => {
      const members = await tx.rows<{ person_id: Buffer; roles: string | string[] }>(
        'SELECT person_id, roles FROM membership WHERE organisation_id = ? AND person_id IN (?, ?) AND ended_at IS NULL',
        [idBytes(organisationId), idBytes(ownerId), idBytes(input.delegateId)],
      );
      const owner = members.find(({ person_id }) => idText(person_id) === ownerId);
      const delegate = members.find(({ person_id }) => idText(person_id) === input.delegateId);
      if (!owner || !delegate || owner === delegate) throw identityError('member_unknown');
      const own = permissionsOf(organisationKind as OrganisationKind, listOf(owner.roles));
      const allowed = delegablePermissions(own);
      const beyond = input.scopes.find((scope) => !allowed.has(scope as Permission));
      if (beyond !== undefined)
        throw identityError('delegation_beyond', {
          fields: [{ pointer: '/scopes', rule: 'scope', message: `${beyond} cannot be delegated by you` }],
        });
      const now = await tx.now();
      const endsAt = new Date(input.endsAt);
      if (endsAt <= now || endsAt.getTime() > now.getTime() + longestDays * 86_400_000)
        throw identityError('delegation_beyond', {
          fields: [{ pointer: '/endsAt', rule: 'bounds', message: `must lie ahead, at most ${longestDays} days` }],
        });
      const id = newId();
      await tx.insertRows(
        'delegation',
        ['id', 'organisation_id', 'owner_id', 'delegate_id', 'scopes', 'reason', 'created_at', 'ends_at'],
        [
          [
            idBytes(id),
            idBytes(organisationId),
            idBytes(ownerId),
            idBytes(input.delegateId),
            JSON.stringify(input.scopes),
            input.reason,
            now,
            endsAt,
          ],
        ],
      );
      tx.audit({
        action: 'delegation.give',
        subjectType: 'person',
        subjectId: input.delegateId,
        data: { delegationId: id, scopes: input.scopes, endsAt: endsAt.toISOString(), reason: input.reason },
      });
      return { id };
    });
  }
}

/** Ends a delegation: its owner, its delegate and an administrator may. */
@Injectable()
export class RevokeDelegation {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, id: string): Promise<void> {
    const { actor } = context;
    const manages = actor.permissions.has('organisation.manage');
    await this.unitOfWork.run(context, async (tx) => {
      const [row] = await tx.rows<{ delegate_id: Buffer }>(
        `SELECT delegate_id FROM delegation WHERE id = ? AND organisation_id = ? AND (? OR owner_id = ? OR delegate_id = ?) FOR UPDATE`,
        [idBytes(id), idBytes(actor.organisationId), manages ? 1 : 0, idBytes(actor.id), idBytes(actor.id)],
      );
      if (!row) throw identityError('delegation_unknown');
      const ended = await tx.execute(
        'UPDATE delegation SET revoked_at = UTC_TIMESTAMP(6) WHERE id = ? AND revoked_at IS NULL',
        [idBytes(id)],
      );
      if (ended > 0)
        tx.audit({
          action: 'delegation.revoke',
          subjectType: 'person',
          subjectId: idText(row.delegate_id),
          data: { delegationId: id },
        });
    });
  }
}

/** Delegations that hold now: an administrator sees all of the organisation, others those of and to themselves. */
@Injectable()
export class DelegationReader {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async list(context: CommandContext) {
    const { actor } = context;
    const manages = actor.permissions.has('organisation.manage');
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const rows = await tx.rows<DelegationRow>(
        `SELECT d.id, d.owner_id, o.name AS owner_name, d.delegate_id, p.name AS delegate_name, d.scopes, d.reason, d.created_at, d.ends_at
         FROM delegation d JOIN person o ON o.id = d.owner_id JOIN person p ON p.id = d.delegate_id
         WHERE d.organisation_id = ? AND d.revoked_at IS NULL AND d.ends_at > ? AND (? OR d.owner_id = ? OR d.delegate_id = ?)
         ORDER BY d.id DESC LIMIT 200`,
        [idBytes(actor.organisationId), await tx.now(), manages ? 1 : 0, idBytes(actor.id), idBytes(actor.id)],
      );
      const items = rows.map((row) => ({
        id: idText(row.id),
        owner: { id: idText(row.owner_id), name: row.owner_name },
        delegate: { id: idText(row.delegate_id), name: row.delegate_name },
        scopes: listOf(row.scopes),
        reason: row.reason,
        createdAt: row.created_at,
        endsAt: row.ends_at,
      }));
      return { items, nextCursor: null };
    });
  }
}

function listOf(value: string | string[]): string[] {
  return typeof value === 'string' ? (JSON.parse(value) as string[]) : value;
}
