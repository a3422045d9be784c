import { Injectable } from '@nestjs/common';
import { type CommandContext, httpError, idBytes, type Transaction, UnitOfWork } from '#platform';
import { identityError } from '../domain/errors.js';
import { type OrganisationKind, permissionsOf, raisesOwnRights } from '../domain/roles.policy.js';
import { announceMember, assertRolesOf } from './register-organisation.js';

interface MemberRow {
  readonly person_id: Buffer;
  readonly roles: string | string[];
  readonly approval_limit_minor: string | null;
  readonly version: number;
}

const rolesOf = (row: MemberRow): readonly string[] =>
  typeof row.roles === 'string' ? (JSON.parse(row.roles) as string[]) : row.roles;

/** All members, locked in one order: who is the last administrator is decided over all of them. */
async function lockMembers(tx: Transaction, organisationId: string): Promise<readonly MemberRow[]> {
  return tx.rows<MemberRow>(
    `SELECT person_id, roles, approval_limit_minor, version FROM membership
     WHERE organisation_id = ? AND ended_at IS NULL ORDER BY id FOR UPDATE`,
    [idBytes(organisationId)],
  );
}

function memberOf(members: readonly MemberRow[], personId: string): MemberRow {
  const id = idBytes(personId);
  const member = members.find((row) => row.person_id.equals(id));
  if (!member) throw identityError('member_unknown');
  return member;
}

function assertAdministratorRemains(
  kind: OrganisationKind,
  members: readonly MemberRow[],
  changed: MemberRow,
  roles: readonly string[],
): void {
  const manages = (held: readonly string[]) => permissionsOf(kind, held).has('organisation.manage');
  if (!manages(rolesOf(changed)) || manages(roles)) return;
  if (!members.some((row) => row !== changed && manages(rolesOf(row)))) throw identityError('last_administrator');
}

/** Changes a colleague's roles and approval limit. One's own can only become less. */
@Injectable()
export class ChangeMember {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(
    context: CommandContext,
    personId: string,
    version: number,
    input: { readonly roles: readonly string[]; readonly approvalLimitMinor: bigint | null },
  ): Promise<{ personId: string; version: number }> {
    const { organisationId, id: actorId } = context.actor;
    const kind = context.actor.organisationKind as OrganisationKind;
    assertRolesOf(kind, input.roles);
    return this.unitOfWork.run(context, async (tx) => {
      const members = await lockMembers(tx, organisationId);
      const member = memberOf(members, personId);
      if (member.version !== version) throw httpError('record_changed', { data: { version: member.version } });
      const before = { roles: rolesOf(member), limit: limitOf(member) };
      const after = { roles: input.roles, limit: input.approvalLimitMinor };
      if (personId === actorId && raisesOwnRights(kind, before, after)) throw identityError('own_rights');
      assertAdministratorRemains(kind, members, member, input.roles);
      await tx.execute(
        'UPDATE membership SET roles = ?, approval_limit_minor = ?, version = version + 1 WHERE person_id = ? AND organisation_id = ?',
        [JSON.stringify(input.roles), after.limit?.toString() ?? null, member.person_id, idBytes(organisationId)],
      );
      announceMember(tx, organisationId, kind);
      tx.audit({
        action: 'membership.change',
        subjectType: 'person',
        subjectId: personId,
        data: {
          before: { roles: before.roles, limit: before.limit?.toString() ?? null },
          after: { roles: after.roles, limit: after.limit?.toString() ?? null },
        },
      });
      return { personId, version: version + 1 };
    });
  }
}

/** Ends a membership at once: sessions in this organisation and delegations of and to the person end with it. */
@Injectable()
export class EndMembership {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, personId: string): Promise<void> {
    const { organisationId } = context.actor;
    const [person, organisation] = [idBytes(personId), idBytes(organisationId)];
    await this.unitOfWork.run(context, async (tx) => {
      const members = await lockMembers(tx, organisationId);
      const member = memberOf(members, personId);
      assertAdministratorRemains(context.actor.organisationKind as OrganisationKind, members, member, []);
      await tx.execute(
        'UPDATE membership SET ended_at = ?, version = version + 1 WHERE person_id = ? AND organisation_id = ?',
        [await tx.now(), person, organisation],
      );
      await tx.execute(
        'UPDATE session SET revoked_at = UTC_TIMESTAMP(6) WHERE person_id = ? AND organisation_id = ? AND revoked_at IS NULL',
        [person, organisation],
      );
      await tx.execute(
        'UPDATE delegation SET revoked_at = UTC_TIMESTAMP(6) WHERE organisation_id = ? AND (owner_id = ? OR delegate_id = ?) AND revoked_at IS NULL',
        [organisation, person, person],
      );
      tx.audit({
        action: 'membership.end',
        subjectType: 'person',
        subjectId: personId,
        data: { roles: rolesOf(member) },
      });
    });
  }
}

function limitOf(member: MemberRow): bigint | null {
  return member.approval_limit_minor === null ? null : BigInt(member.approval_limit_minor);
}
