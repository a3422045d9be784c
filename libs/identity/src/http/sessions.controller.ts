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
import { AccountReader } from '../application/account.reader.js';
import { ChangePassword } from '../application/change-password.js';
import { EndOtherSessions, EndSession, SwitchOrganisation } from '../application/end-session.js';
import { IdentityReader } from '../application/identity.reader.js';
import { EnrolSecondFactor, StepUp } from '../application/second-factor.js';
import { ResetPassword } from '../application/reset-password.js';
import { csrfToken } from '../application/secrets.js';
import { SignIn } from '../application/sign-in.js';
import { NewPasswordBody, PasswordBody, PasswordResetBody, SignInBody, StepUpBody, SwitchBody } from './requests.js';
import { answerSession, clearSession, sessionOf, sessionToken } from './session-cookie.js';

/** Signing in and out, the list of one's sessions, and the second factor. */
@ApiTags('Sessions')
@Controller('v1')
export class SessionsController {
  constructor(
    private readonly signIn: SignIn,
    private readonly endSession: EndSession,
    private readonly enrol: EnrolSecondFactor,
    private readonly stepUp: StepUp,
    private readonly endOthers: EndOtherSessions,
    private readonly switchOrganisation: SwitchOrganisation,
    private readonly password: ChangePassword,
    private readonly reset: ResetPassword,
    private readonly reader: IdentityReader,
    private readonly account: AccountReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Signs in: sets the session cookie and answers with the token for changes. */
  @Post('sessions')
  @Public()
  @RateLimited('sign-in')
  async open(
    @Body() body: SignInBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const session = await this.signIn.execute({ ...body, userAgent: request.headers['user-agent'] ?? '' }, request.id);
    return answerSession(reply, session, this.environment.publicUrl);
  }

  /** Who is signed in, for whom, and what they may do. */
  @Get('session')
  @Requires('self.manage')
  async show(@Context() context: CommandContext, @Req() request: FastifyRequest) {
    const { actor } = context;
    const [person, organisation, organisations] = await Promise.all([
      this.reader.person(actor.id),
      this.reader.organisation(actor.organisationId),
      this.account.organisationsOf(actor.id),
    ]);
    const token = sessionToken(request);
    return {
      person: person ?? null,
      organisation: organisation ?? null,
      organisations,
      permissions: [...actor.permissions],
      steppedUp: actor.steppedUp,
      csrfToken: token ? csrfToken(this.environment.secret, token) : null,
    };
  }

  @Delete('session')
  @HttpCode(204)
  @Requires('self.manage')
  async close(
    @Context() context: CommandContext,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.endSession.execute(context, sessionOf(request));
    clearSession(reply, this.environment.publicUrl);
  }

  @Get('sessions')
  @Requires('self.manage')
  async list(@Context() context: CommandContext, @Req() request: AuthenticatedRequest) {
    const own = sessionOf(request);
    const sessions = await this.account.sessions(context.actor.id);
    return { items: sessions.map((session) => ({ ...session, current: session.id === own })), nextCursor: null };
  }

  /** Ends every session but this one. */
  @Delete('sessions')
  @Requires('self.manage')
  async revokeOthers(@Context() context: CommandContext, @Req() request: AuthenticatedRequest) {
    return this.endOthers.execute(context, sessionOf(request));
  }

  /** Acts for another organisation of one's own; the session and its token are new. */
  @Post('session/organisation')
  @HttpCode(200)
  @Requires('self.manage')
  async switchTo(
    @Context() context: CommandContext,
    @Req() request: AuthenticatedRequest,
    @Body() body: SwitchBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const userAgent = request.headers['user-agent'] ?? '';
    const session = await this.switchOrganisation.execute(context, sessionOf(request), body.organisationId, userAgent);
    return answerSession(reply, session, this.environment.publicUrl);
  }

  /** Changes the own password; every other session ends. */
  @Post('password')
  @HttpCode(204)
  @Requires('self.manage')
  @RateLimited('sign-in')
  async newPassword(
    @Context() context: CommandContext,
    @Req() request: AuthenticatedRequest,
    @Body() body: PasswordBody,
  ) {
    await this.password.execute(context, sessionOf(request), body);
  }

  /** Sends a letter with a link to a new password, if a person has this address; the answer does not tell. */
  @Post('password-resets')
  @HttpCode(202)
  @Public()
  @RateLimited('sign-in')
  async askForPassword(@Body() body: PasswordResetBody, @Req() request: FastifyRequest) {
    await this.reset.ask(body.email, request.id);
    return { status: 'accepted' };
  }

  /** Sets a new password with the token of the letter; every session ends. */
  @Post('password-resets/redeem')
  @HttpCode(204)
  @Public()
  @RateLimited('sign-in')
  async setForgottenPassword(@Body() body: NewPasswordBody, @Req() request: FastifyRequest) {
    await this.reset.redeem(body.token, body.newPassword, request.id);
  }

  @Delete('sessions/:sessionId')
  @HttpCode(204)
  @Requires('self.manage')
  async revoke(@Context() context: CommandContext, @IdParam('sessionId') sessionId: string) {
    await this.endSession.execute(context, sessionId);
  }

  /** Begins setting up a second factor (TOTP); it counts once a first code was shown. */
  @Post('second-factors/totp')
  @Requires('self.manage')
  async enrolTotp(@Context() context: CommandContext) {
    return this.enrol.execute(context);
  }

  /** Shows the second factor; binding steps are open for ten minutes. */
  @Post('session/step-up')
  @HttpCode(204)
  @Requires('self.manage')
  @RateLimited('sign-in')
  async showFactor(@Context() context: CommandContext, @Req() request: AuthenticatedRequest, @Body() body: StepUpBody) {
    await this.stepUp.execute(context, sessionOf(request), body.code);
  }
}
