import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import {
  type CommandContext,
  Context,
  ENVIRONMENT,
  type Environment,
  IdParam,
  httpError,
  Public,
  RateLimited,
  Requires,
  systemContext,
} from '#platform';
import { CreateApiClient, IssueAccessToken, RevokeApiClient } from '../application/api-clients.js';
import { AccountReader } from '../application/account.reader.js';
import { IdentityReader } from '../application/identity.reader.js';
import { RegisterOrganisation } from '../application/register-organisation.js';
import { identityError } from '../domain/errors.js';
import { AccessTokenBody, ApiClientBody, RegisterBody } from './requests.js';

const oauthRefusal = {
  'application/json': {
    schema: {
      type: 'object',
      required: ['error', 'error_description'],
      properties: {
        error: {
          type: 'string',
          enum: [
            'invalid_request',
            'invalid_client',
            'invalid_scope',
            'unsupported_grant_type',
            'temporarily_unavailable',
            'server_error',
          ],
        },
        error_description: { type: 'string' },
      },
    },
  },
};

const firstRole = { enterprise: 'signatory', financier: 'administrator', anchor: 'administrator' } as const;

/** Organisations, their people and their programs. */
@ApiTags('Organisations')
@Controller('v1')
export class OrganisationsController {
  constructor(
    private readonly register: RegisterOrganisation,
    private readonly createClient: CreateApiClient,
    private readonly revokeClient: RevokeApiClient,
    private readonly issueToken: IssueAccessToken,
    private readonly reader: IdentityReader,
    private readonly account: AccountReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Registers an organisation and its first person. */
  @Post('registrations')
  @Public()
  @RateLimited('sign-in')
  async registerOrganisation(@Body() body: RegisterBody, @Req() request: FastifyRequest) {
    const { email, name, password, locale, kind } = body;
    return this.register.execute(
      systemContext('registration', request.id),
      {
        kind,
        name: body.organisationName,
        localName: body.organisationLocalName,
        country: this.environment.country,
        registrationNumber: body.registrationNumber,
        contactEmail: email,
      },
      { email, name, password, locale, roles: [firstRole[kind]] },
    );
  }

  @Get('organisation')
  @Requires('organisation.read')
  async show(@Context() { actor }: CommandContext) {
    const own = await this.reader.organisation(actor.organisationId);
    if (!own) throw httpError('record_unknown');
    return own;
  }

  @Get('api-clients')
  @Requires('api_client.manage')
  async clients(@Context() { actor }: CommandContext) {
    return this.account.apiClients(actor.organisationId);
  }

  /** Makes a program's key; it is shown in this answer only. */
  @Post('api-clients')
  @Requires('api_client.manage')
  async addClient(@Context() context: CommandContext, @Body() body: ApiClientBody) {
    return this.createClient.execute(context, body);
  }

  @Delete('api-clients/:clientId')
  @HttpCode(204)
  @Requires('api_client.manage')
  async removeClient(@Context() context: CommandContext, @IdParam('clientId') clientId: string) {
    await this.revokeClient.execute(context, clientId);
  }

  /** OAuth 2 client credentials. Refusals are those of RFC 6749 §5.2. */
  @Post('oauth/token')
  @ApiOkResponse()
  @ApiResponse({
    status: 'default' as never,
    description: 'Refused, in the words of RFC 6749 §5.2.',
    content: oauthRefusal,
  })
  @HttpCode(200)
  @Public()
  @RateLimited('sign-in')
  async token(@Body() body: AccessTokenBody, @Req() request: FastifyRequest) {
    const basic = /^Basic ([A-Za-z0-9+/=]{8,400})$/.exec(request.headers.authorization ?? '')?.[1];
    const [basicId, basicSecret] = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':') : [];
    const [id, secret] = [body.client_id ?? basicId, body.client_secret ?? basicSecret];
    if (!id || !secret || !/^[0-9a-f-]{36}$/.test(id))
      throw identityError('sign_in_failed', { detail: 'client_id and client_secret are missing.' });
    const { token, expiresIn, scopes } = await this.issueToken.execute(id, secret, body.scope?.split(' '), request.id);
    return { access_token: token, token_type: 'Bearer', expires_in: expiresIn, scope: scopes.join(' ') };
  }
}
