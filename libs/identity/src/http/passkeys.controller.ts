import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type AuthenticatedRequest,
  type CommandContext,
  Context,
  ENVIRONMENT,
  type Environment,
  IdParam,
  Public,
  RateLimited,
  Requires,
} from '#platform';
import { Passkeys } from '../application/register-passkey.js';
import { UsePasskey } from '../application/use-passkey.js';
import {
  newCredential,
  PasskeyBody,
  PasskeySignInBody,
  PasskeyStepUpBody,
  usedCredential,
} from './passkey-requests.js';
import { answerSession, sessionOf } from './session-cookie.js';

/** Passkeys (WebAuthn): to sign in without a password, and as second factor. */
@ApiTags('Passkeys')
@Controller('v1')
export class PasskeysController {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly use: UsePasskey,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  @Get('passkeys')
  @Requires('self.manage')
  async list(@Context() context: CommandContext) {
    return this.passkeys.list(context);
  }

  /** What the browser needs to make a passkey. */
  @Post('passkeys/options')
  @HttpCode(200)
  @Requires('self.manage')
  async creationOptions(@Context() context: CommandContext) {
    return this.passkeys.options(context);
  }

  @Post('passkeys')
  @Requires('self.manage')
  async add(@Context() context: CommandContext, @Body() body: PasskeyBody) {
    return this.passkeys.register(context, body.name, newCredential(body.credential));
  }

  @Delete('passkeys/:passkeyId')
  @HttpCode(204)
  @Requires('self.manage')
  async remove(@Context() context: CommandContext, @IdParam('passkeyId') id: string) {
    await this.passkeys.remove(context, id);
  }

  /** What the browser needs to show a passkey as second factor. */
  @Post('session/step-up/passkey-options')
  @HttpCode(200)
  @Requires('self.manage')
  async stepUpOptions(@Context() context: CommandContext) {
    return this.use.stepUpOptions(context);
  }

  @Post('session/step-up/passkey')
  @HttpCode(204)
  @Requires('self.manage')
  @RateLimited('sign-in')
  async stepUp(
    @Context() context: CommandContext,
    @Req() request: AuthenticatedRequest,
    @Body() body: PasskeyStepUpBody,
  ) {
    await this.use.stepUp(context, sessionOf(request), usedCredential(body.credential));
  }

  /** What the browser needs to sign in with a passkey. */
  @Post('sessions/passkey-options')
  @HttpCode(200)
  @Public()
  @RateLimited('sign-in')
  async signInOptions(@Req() request: FastifyRequest) {
    return this.use.signInOptions(request.id);
  }

  /** Signs in with a passkey; it counts as second factor at once. */
  @Post('sessions/passkey')
  @Public()
  @RateLimited('sign-in')
  async signIn(
    @Body() body: PasskeySignInBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { credential, organisationId } = body;
    const userAgent = request.headers['user-agent'] ?? '';
    const session = await this.use.signIn(usedCredential(credential), { organisationId, userAgent }, request.id);
    return answerSession(reply, session, this.environment.publicUrl);
  }
}
