import { Injectable } from '@nestjs/common';
import { moneyToJson } from '#kernel';
import { type CommandContext, idBytes, idText, newId, type Transaction, UnitOfWork, withoutReplay } from '#platform';
import { identityError } from '../domain/errors.js';
import type { OrganisationKind } from '../domain/roles.policy.js';
import { announceMember, assertRolesOf } from './register-organisation.js';

const openDays = 14;

interface InvitationRow {
  readonly id: Buffer;
  readonly organisation_id: Buffer;
  readonly organisation_name: string;
  readonly email: string;
  readonly roles: string | string[];
  readonly approval_limit_minor: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const select = `SELECT i.id, i.organisation_id, o.name AS organisation_name, i.email, i.roles, i.approval_limit_minor, i.created_at, i.expires_at
  FROM invitation i JOIN organisation o ON o.id = i.organisation_id`;

const rolesOf = (row: InvitationRow) =>
  typeof row.roles === 'string' ? (JSON.parse(row.roles) as string[]) : row.roles;

function view(row: InvitationRow, currency: string) {
  const limit = row.approval_limit_minor;
  return {
    id: idText(row.id),
    organisation: { id: idText(row.organisation_id), name: row.organisation_name },
    email: row.email,
    roles: rolesOf(row),
    approvalLimit: limit === null ? null : moneyToJson({ minor: BigInt(limit), currency }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

/** Asks whoever has an address to join. The answer is the same whether somebody has registered with it or not. */
@Injectable()
export class InviteToJoin {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(
    context: CommandContext,
    input: { readonly email: string; readonly roles: readonly string[]; readonly approvalLimitMinor: bigint | null },
  ): Promise<{ id: string }> {
    const { organisationId, organisationKind, id: invitedBy } = context.actor;
    assertRolesOf(organisationKind as OrganisationKind, input.roles);
    return this.unitOfWork.run(context, async (tx) => {
      const id = newId();
      const now = await tx.now();
      await tx.insertRows(
        'invitation',
        ['id', 'organisation_id', 'email', 'roles', 'approval_limit_minor', 'invited_by', 'created_at', 'expires_at'],
        [
          [
            idBytes(id),
            idBytes(organisationId),
            input.email.trim(),
            JSON.stringify(input.roles),
            input.approvalLimitMinor?.toString() ?? null,
            idBytes(invitedBy),
            now,
            new Date(now.getTime() + openDays * 86_400_000),
          ],
        ],
      );
      tx.audit({
        action: 'invitation.send',
        subjectType: 'organisation',
        subjectId: organisationId,
        data: { invitationId: id, roles: input.roles },
      });
      return { id };
    });
  }
}

/** Takes an invitation back; taking back an ended one changes nothing. */
@Injectable()
export class WithdrawInvitation {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, id: string): Promise<void> {
    const { organisationId } = context.actor;
    await this.unitOfWork.run(context, async (tx) => {
      const ended = await tx.execute(
        'UPDATE invitation SET ended_at = UTC_TIMESTAMP(6) WHERE id = ? AND organisation_id = ? AND ended_at IS NULL',
        [idBytes(id), idBytes(organisationId)],
      );
      if (ended > 0)
        tx.audit({
          action: 'invitation.withdraw',
          subjectType: 'organisation',
          subjectId: organisationId,
          data: { invitationId: id },
        });
    });
  }
}

/** The invited person joins. Only who signed in under the invited address can. */
@Injectable()
export class AcceptInvitation {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, id: string): Promise<{ organisationId: string }> {
    const personId = context.actor.id;
    return this.unitOfWork.run(context, async (tx) => {
      const [row] = await tx.rows<InvitationRow>(
        `${select} JOIN person p ON p.id = ? AND p.email = i.email WHERE i.id = ? AND i.ended_at IS NULL FOR UPDATE`,
        [idBytes(personId), idBytes(id)],
      );
      if (!row || row.expires_at <= (await tx.now())) throw identityError('invitation_unknown');
      await this.join(tx, personId, row);
      await tx.execute('UPDATE invitation SET ended_at = UTC_TIMESTAMP(6) WHERE id = ?', [row.id]);
      const organisationId = idText(row.organisation_id);
      const [organisation] = await tx.rows<{ kind: string }>('SELECT kind FROM organisation WHERE id = ?', [
        row.organisation_id,
      ]);
      announceMember(tx, organisationId, String(organisation?.kind));
      tx.audit({
        action: 'membership.begin',
        subjectType: 'person',
        subjectId: personId,
        data: { organisationId, roles: rolesOf(row) },
      });
      return { organisationId };
    });
  }

  private async join(tx: Transaction, personId: string, row: InvitationRow): Promise<void> {
    const roles = JSON.stringify(rolesOf(row));
    const [member] = await tx.rows<{ ended_at: Date | null }>(
      'SELECT ended_at FROM membership WHERE person_id = ? AND organisation_id = ? FOR UPDATE',
      [idBytes(personId), row.organisation_id],
    );
    if (member && member.ended_at === null) throw identityError('member_already');
    if (member)
      await tx.execute(
        'UPDATE membership SET roles = ?, approval_limit_minor = ?, ended_at = NULL, version = version + 1 WHERE person_id = ? AND organisation_id = ?',
        [roles, row.approval_limit_minor, idBytes(personId), row.organisation_id],
      );
    else
      await tx.insertRows(
        'membership',
        ['id', 'person_id', 'organisation_id', 'roles', 'approval_limit_minor'],
        [[idBytes(newId()), idBytes(personId), row.organisation_id, roles, row.approval_limit_minor]],
      );
  }
}

/** Open invitations: those of an organisation, and those to a person. */
@Injectable()
export class InvitationReader {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async sent(context: CommandContext, currency: string) {
    return this.list(context, currency, 'WHERE i.organisation_id = ?', idBytes(context.actor.organisationId));
  }

  async received(context: CommandContext, currency: string) {
    return this.list(context, currency, 'JOIN person p ON p.email = i.email WHERE p.id = ?', idBytes(context.actor.id));
  }

  private async list(context: CommandContext, currency: string, condition: string, of: Buffer) {
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const rows = await tx.rows<InvitationRow>(
        `${select} ${condition} AND i.ended_at IS NULL AND i.expires_at > ? ORDER BY i.id DESC LIMIT 200`,
        [of, await tx.now()],
      );
      return { items: rows.map((row) => view(row, currency)), nextCursor: null };
    });
  }
}
