import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type AuthenticatedRequest, ENVIRONMENT, type Environment, routeMetadata } from '#platform';
import { Authenticate, type Caller } from '../application/authenticate.js';
import { csrfToken, sameToken } from '../application/secrets.js';
import { identityError } from '../domain/errors.js';
import { sessionToken } from './session-cookie.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Stands before every route: finds the caller, and lets through only who holds the route's permission. */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticate: Authenticate,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const targets = [execution.getHandler(), execution.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(routeMetadata.isPublic, targets)) return true;
    const permission = this.reflector.getAllAndOverride<string>(routeMetadata.permission, targets);
    if (!permission)
      throw new Error(`${execution.getClass().name}.${execution.getHandler().name} declares no permission`);
    const request = execution.switchToHttp().getRequest<AuthenticatedRequest>();
    const actor = await this.identify(request);
    if (!actor) throw identityError('not_signed_in');
    // Who is suspended may still leave, or go on in another organisation.
    if (actor.suspended && permission !== 'self.manage') throw identityError('organisation_suspended');
    if (!actor.permissions.has(permission)) {
      throw identityError('permission_missing', {
        detail: `This needs the permission ${permission}.`,
        data: { permission },
      });
    }
    const stepUp = this.reflector.getAllAndOverride<boolean>(routeMetadata.stepUp, targets);
    if (stepUp && !actor.steppedUp) throw identityError('step_up_needed');
    const onBehalfOf = actor.delegated.get(permission);
    request.actor = onBehalfOf === undefined ? actor : { ...actor, onBehalfOf };
    return true;
  }

  private async identify(request: AuthenticatedRequest): Promise<Caller | undefined> {
    const authorization = request.headers.authorization;
    if (authorization !== undefined) {
      const match = /^Bearer ([\w.-]{20,200})$/i.exec(authorization);
      return match ? this.authenticate.byBearer(match[1] as string) : undefined;
    }
    const token = sessionToken(request);
    if (!token) return undefined;
    const actor = await this.authenticate.bySession(token);
    if (actor && !safeMethods.has(request.method)) {
      const sent = request.headers['x-csrf-token'];
      if (typeof sent !== 'string' || !sameToken(sent, csrfToken(this.environment.secret, token)))
        throw identityError('csrf_failed');
    }
    return actor;
  }
}
