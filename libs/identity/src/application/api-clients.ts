import { Inject, Injectable } from '@nestjs/common';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  newId,
  systemContext,
  UnitOfWork,
  withoutReplay,
} from '#platform';
import { identityError } from '../domain/errors.js';
import { type OrganisationKind, programPermissions } from '../domain/roles.policy.js';
import { keyPrefix } from './authenticate.js';
import { newToken, tokenHash } from './secrets.js';

/** Makes a key for a program. It is shown once; only its hash is kept. Its scopes are what programs of such an organisation may do. */
@Injectable()
export class CreateApiClient {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(
    context: CommandContext,
    input: { name: string; scopes: readonly string[] },
  ): Promise<{ id: string; key: string }> {
    const grantable: ReadonlySet<string> = programPermissions(context.actor.organisationKind as OrganisationKind);
    const beyond = input.scopes.find((scope) => !grantable.has(scope));
    if (beyond !== undefined) {
      throw identityError('scope_unknown', {
        fields: [
          {
            pointer: '/scopes',
            rule: 'scope',
            message: `${beyond} is not a permission that this organisation can give to a program`,
          },
        ],
      });
    }
    const key = keyPrefix(this.environment.stage) + newToken();
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const id = newId();
      await tx.insertRows(
        'api_client',
        ['id', 'organisation_id', 'name', 'prefix', 'secret_hash', 'scopes', 'created_at'],
        [
          [
            idBytes(id),
            idBytes(context.actor.organisationId),
            input.name,
            key.slice(0, 20),
            tokenHash(key),
            JSON.stringify(input.scopes),
            await tx.now(),
          ],
        ],
      );
      tx.audit({
        action: 'api_client.create',
        subjectType: 'api_client',
        subjectId: id,
        data: { name: input.name, scopes: input.scopes },
      });
      return { id, key };
    });
  }
}

@Injectable()
export class RevokeApiClient {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, id: string): Promise<void> {
    await this.unitOfWork.run(context, async (tx) => {
      const revoked = await tx.execute(
        'UPDATE api_client SET revoked_at = UTC_TIMESTAMP(6) WHERE id = ? AND organisation_id = ? AND revoked_at IS NULL',
        [idBytes(id), idBytes(context.actor.organisationId)],
      );
      if (revoked > 0) tx.audit({ action: 'api_client.revoke', subjectType: 'api_client', subjectId: id, data: {} });
    });
  }
}

const tokenSeconds = 3600;

/** OAuth 2 client credentials (RFC 6749 §4.4): the client's id and key are exchanged for a token of one hour. */
@Injectable()
export class IssueAccessToken {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(
    clientId: string,
    secret: string,
    asked: readonly string[] | undefined,
    traceId: string,
  ): Promise<{ token: string; expiresIn: number; scopes: readonly string[] }> {
    return this.unitOfWork.run(systemContext('oauth.token', traceId), async (tx) => {
      const [row] = await tx.rows<{ id: Buffer; scopes: string | string[] }>(
        'SELECT id, scopes FROM api_client WHERE id = ? AND secret_hash = ? AND revoked_at IS NULL',
        [idBytes(clientId), tokenHash(secret)],
      );
      if (!row)
        throw identityError('sign_in_failed', {
          detail: 'The client id or its secret is wrong, or the client was revoked.',
        });
      const held = typeof row.scopes === 'string' ? (JSON.parse(row.scopes) as string[]) : row.scopes;
      if (asked?.some((scope) => !held.includes(scope))) throw identityError('scope_unknown');
      const scopes = asked ?? held;
      const token = newToken();
      const expiresAt = new Date((await tx.now()).getTime() + tokenSeconds * 1000);
      await tx.insertRows(
        'access_token',
        ['token_hash', 'client_id', 'scopes', 'expires_at'],
        [[tokenHash(token), row.id, JSON.stringify(scopes), expiresAt]],
      );
      tx.audit({
        action: 'access_token.issue',
        subjectType: 'api_client',
        subjectId: idText(row.id),
        data: { scopes },
      });
      return { token, expiresIn: tokenSeconds, scopes };
    });
  }
}
