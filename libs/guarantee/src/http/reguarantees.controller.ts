import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, IdParam, Requires } from '#platform';
import { PayeeAccounts } from '../application/payee-accounts.js';
import { Reguarantees } from '../application/reguarantees.js';
import { ConfirmationBody, LastDayBody, PayeeAccountBody, PayeeCheckBody, ReguaranteeBody } from './claim-requests.js';

/** Re-guarantees of schemes, and the accounts to which claims are paid. */
@ApiTags('Guarantee claims')
@Controller('v1')
export class ReguaranteesController {
  constructor(
    private readonly reguarantees: Reguarantees,
    private readonly accounts: PayeeAccounts,
  ) {}

  /** The scheme's agreements; a re-guarantor sees those that it is a party of. */
  @Get('guarantee-schemes/:schemeId/reguarantees')
  @Requires('guarantee.read')
  async agreements(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.reguarantees.list(actor, id);
  }

  /** Proposes how paid claims are shared. The shares add up to 100 %. */
  @Post('guarantee-schemes/:schemeId/reguarantees')
  @Requires('scheme.manage')
  async propose(@Context() context: CommandContext, @IdParam('schemeId') id: string, @Body() body: ReguaranteeBody) {
    return this.reguarantees.propose(context, id, body);
  }

  /** A second person puts the agreement in force, or rejects it. */
  @Post('reguarantees/:reguaranteeId/decision')
  @HttpCode(200)
  @Requires('scheme.govern')
  async decide(
    @Context() context: CommandContext,
    @IdParam('reguaranteeId') id: string,
    @Body() body: ConfirmationBody,
  ) {
    return this.reguarantees.decide(context, id, body.confirmed);
  }

  /** Ends the agreement on its last day. */
  @Post('reguarantees/:reguaranteeId/end')
  @HttpCode(200)
  @Requires('scheme.govern')
  async end(@Context() context: CommandContext, @IdParam('reguaranteeId') id: string, @Body() body: LastDayBody) {
    return this.reguarantees.end(context, id, body.lastDay);
  }

  /** The lender's own account with this scheme, or for the guarantor and the supervisor those of all lenders. */
  @Get('guarantee-schemes/:schemeId/payee-accounts')
  @Requires('guarantee.read')
  async payees(@Context() { actor }: CommandContext, @IdParam('schemeId') id: string) {
    return this.accounts.list(actor, id);
  }

  /** The lender enters where its claims are paid to. A new account replaces the one before and is checked anew. */
  @Post('guarantee-schemes/:schemeId/payee-accounts')
  @Requires('claim.apply')
  async enterPayee(
    @Context() context: CommandContext,
    @IdParam('schemeId') id: string,
    @Body() body: PayeeAccountBody,
  ) {
    return this.accounts.enter(context, id, body);
  }

  /** A person of the guarantor says whose account it is; it can be used after the cooling time. */
  @Post('payee-accounts/:payeeAccountId/check')
  @HttpCode(200)
  @Requires('claim.decide.approve')
  async checkPayee(
    @Context() context: CommandContext,
    @IdParam('payeeAccountId') id: string,
    @Body() body: PayeeCheckBody,
  ) {
    return this.accounts.check(context, id, body.owned, body.evidence);
  }
}
