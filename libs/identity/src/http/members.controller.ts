import { Body, Controller, Delete, Get, HttpCode, Inject, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { parseMoney } from '#kernel';
import {
  type CommandContext,
  Context,
  ENVIRONMENT,
  type Environment,
  httpError,
  IdParam,
  IfMatch,
  type MoneyBody,
  Requires,
} from '#platform';
import { countryCurrency } from '#platform/rulebooks';
import { AccountReader } from '../application/account.reader.js';
import { Delegate, DelegationReader, RevokeDelegation } from '../application/delegations.js';
import { AcceptInvitation, InvitationReader, InviteToJoin, WithdrawInvitation } from '../application/invitations.js';
import { ChangeMember, EndMembership } from '../application/manage-members.js';
import { InvitePerson } from '../application/register-organisation.js';
import { DelegationBody, InvitationBody, InviteBody, MembershipBody } from './requests.js';

/** Who belongs to an organisation, with which roles and limits, and who acts for whom. */
@ApiTags('Members')
@Controller('v1')
export class MembersController {
  /** Approval limits are kept in the currency of the portal's country. */
  private readonly currency: string;

  constructor(
    private readonly account: AccountReader,
    private readonly invite: InvitePerson,
    private readonly change: ChangeMember,
    private readonly end: EndMembership,
    private readonly invitations: InvitationReader,
    private readonly inviteToJoin: InviteToJoin,
    private readonly accept: AcceptInvitation,
    private readonly withdraw: WithdrawInvitation,
    private readonly delegations: DelegationReader,
    private readonly give: Delegate,
    private readonly revoke: RevokeDelegation,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.currency = countryCurrency(environment.country);
  }

  @Get('people')
  @Requires('organisation.read')
  async people(@Context() { actor }: CommandContext) {
    return { items: await this.account.members(actor.organisationId, this.currency), nextCursor: null };
  }

  /** Adds a colleague who has no account yet. */
  @Post('people')
  @Requires('organisation.manage')
  async invitePerson(@Context() context: CommandContext, @Body() body: InviteBody) {
    const { approvalLimit, ...person } = body;
    return this.invite.execute(context, { ...person, approvalLimitMinor: this.limitOf(approvalLimit) ?? undefined });
  }

  /** Changes roles and approval limit; nobody raises his own. */
  @Patch('people/:personId')
  @Requires('organisation.manage')
  async changeMember(
    @Context() context: CommandContext,
    @IdParam('personId') personId: string,
    @IfMatch() version: number,
    @Body() body: MembershipBody,
  ) {
    const input = { roles: body.roles, approvalLimitMinor: this.limitOf(body.approvalLimit) };
    return this.change.execute(context, personId, version, input);
  }

  /** Ends the membership, with its sessions and delegations. */
  @Delete('people/:personId')
  @HttpCode(204)
  @Requires('organisation.manage')
  async endMembership(@Context() context: CommandContext, @IdParam('personId') personId: string) {
    await this.end.execute(context, personId);
  }

  /** Invitations that the organisation sent. */
  @Get('invitations')
  @Requires('organisation.manage')
  async sent(@Context() context: CommandContext) {
    return this.invitations.sent(context, this.currency);
  }

  /** Asks somebody who has an account, or will have one, to join. */
  @Post('invitations')
  @Requires('organisation.manage')
  async send(@Context() context: CommandContext, @Body() body: InvitationBody) {
    const { email, roles, approvalLimit } = body;
    return this.inviteToJoin.execute(context, { email, roles, approvalLimitMinor: this.limitOf(approvalLimit) });
  }

  @Delete('invitations/:invitationId')
  @HttpCode(204)
  @Requires('organisation.manage')
  async takeBack(@Context() context: CommandContext, @IdParam('invitationId') id: string) {
    await this.withdraw.execute(context, id);
  }

  /** Invitations to the caller. */
  @Get('own-invitations')
  @Requires('self.manage')
  async received(@Context() context: CommandContext) {
    return this.invitations.received(context, this.currency);
  }

  /** Joins; POST /v1/session/organisation then acts for the new organisation. */
  @Post('own-invitations/:invitationId/accept')
  @HttpCode(200)
  @Requires('self.manage')
  async join(@Context() context: CommandContext, @IdParam('invitationId') id: string) {
    return this.accept.execute(context, id);
  }

  /** Who acts for whom now. */
  @Get('delegations')
  @Requires('organisation.read')
  async delegated(@Context() context: CommandContext) {
    return this.delegations.list(context);
  }

  /** Lets a colleague act for the caller within stated permissions. */
  @Post('delegations')
  @Requires('organisation.read')
  async delegate(@Context() context: CommandContext, @Body() body: DelegationBody) {
    return this.give.execute(context, body);
  }

  @Delete('delegations/:delegationId')
  @HttpCode(204)
  @Requires('organisation.read')
  async endDelegation(@Context() context: CommandContext, @IdParam('delegationId') id: string) {
    await this.revoke.execute(context, id);
  }

  private limitOf(limit: MoneyBody | undefined): bigint | null {
    if (!limit) return null;
    if (limit.currency === this.currency) return parseMoney(limit.amount, limit.currency).minor;
    const field = { pointer: '/approvalLimit/currency', rule: 'currency', message: `must be ${this.currency}` };
    throw httpError('input_invalid', { detail: `${field.pointer}: ${field.message}`, fields: [field] });
  }
}
