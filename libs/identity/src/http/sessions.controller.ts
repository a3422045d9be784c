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
  Requires,
} from '#platform';
import { IdentityReader } from '../application/identity.reader.js';
import { EnrolSecondFactor, StepUp } from '../application/second-factor.js';
import { csrfToken } from '../application/secrets.js';
import { EndSession, SignIn } from '../application/sign-in.js';
import type { SessionActor } from '../application/authenticate.js';
import { identityError } from '../domain/errors.js';
import { sessionCookie } from './identity.guard.js';
import { SignInBody, StepUpBody } from './requests.js';

type CookieRequest = FastifyRequest & { cookies: Record<string, string | undefined> };
type CookieReply = FastifyReply & {
  setCookie(name: string, value: string, options: object): FastifyReply;
  clearCookie(name: string, options: object): FastifyReply;
};

/** Signing in and out, the list of one's sessions, and the second factor. */
@ApiTags('Sessions')
@Controller('v1')
export class SessionsController {
  constructor(
    private readonly signIn: SignIn,
    private readonly endSession: EndSession,
    private readonly enrol: EnrolSecondFactor,
    private readonly stepUp: StepUp,
    private readonly reader: IdentityReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Signs in: sets the session cookie and answers with the token for changes. */
  @Post('sessions')
  @Public()
  async open(@Body() body: SignInBody, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: CookieReply) {
    const session = await this.signIn.execute({ ...body, userAgent: request.headers['user-agent'] ?? '' }, request.id);
    const secure = this.environment.publicUrl.startsWith('https:');
    void reply.setCookie(sessionCookie, session.token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure,
      expires: session.expiresAt,
    });
    return { csrfToken: session.csrfToken, expiresAt: session.expiresAt };
  }

  /** Who is signed in, for whom, and what they may do. */
  @Get('session')
  @Requires('self.manage')
  async show(@Context() context: CommandContext, @Req() request: CookieRequest) {
    const { actor } = context;
    const [person, organisation] = await Promise.all([
      this.reader.person(actor.id),
      this.reader.organisation(actor.organisationId),
    ]);
    const token = request.cookies[sessionCookie];
    return {
      person: person ?? null,
      organisation,
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
    @Res({ passthrough: true }) reply: CookieReply,
  ) {
    await this.endSession.execute(context, sessionOf(request));
    void reply.clearCookie(sessionCookie, { path: '/' });
  }

  @Get('sessions')
  @Requires('self.manage')
  async list(@Context() context: CommandContext) {
    return { items: await this.reader.sessions(context.actor.id), nextCursor: null };
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
  async showFactor(@Context() context: CommandContext, @Req() request: AuthenticatedRequest, @Body() body: StepUpBody) {
    await this.stepUp.execute(context, sessionOf(request), body.code);
  }
}

function sessionOf(request: AuthenticatedRequest): string {
  const id = (request.actor as SessionActor | undefined)?.sessionId;
  if (!id) throw identityError('not_signed_in', { detail: 'A program has no session.' });
  return id;
}
