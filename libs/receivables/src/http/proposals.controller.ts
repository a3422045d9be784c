import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, IdParam, Idempotent, PageQuery, Public, Requires } from '#platform';
import { DecideProposal } from '../application/decide-proposal.js';
import { ProposeSteps } from '../application/propose-steps.js';
import { ReceivableReader } from '../application/receivable.reader.js';
import { Undertakings } from '../application/undertakings.js';
import { ApproveProposalBody, ProposalBody, ProposalsQuery, RejectProposalBody } from './receivable-requests.js';

/** What an anchor does with receivables: a maker proposes, another person decides. */
@ApiTags('Confirmation of receivables')
@Controller('v1')
export class ProposalsController {
  constructor(
    private readonly reader: ReceivableReader,
    private readonly propose: ProposeSteps,
    private readonly decide: DecideProposal,
    private readonly undertakings: Undertakings,
  ) {}

  /** The words to which maker and checker agree, in each language, with their SHA-256. */
  @Get('undertaking')
  @Public()
  undertaking() {
    return this.undertakings.present();
  }

  /** Proposes to confirm, dispute, reject or reduce receivables, or to accept the delivery of orders; one or many. */
  @Post('receivable-proposals')
  @Idempotent()
  @Requires('receivable.confirm')
  async add(@Context() context: CommandContext, @Body() body: ProposalBody) {
    return this.propose.execute(context, body);
  }

  @Get('receivable-proposals')
  @Requires('receivable.read')
  async list(@Context() { actor }: CommandContext, @Query() query: ProposalsQuery) {
    return this.reader.proposals(actor.organisationId, query);
  }

  /** A proposal with the answer of each of its receivables. */
  @Get('receivable-proposals/:proposalId')
  @Requires('receivable.read')
  async show(@Context() { actor }: CommandContext, @IdParam('proposalId') id: string, @Query() query: PageQuery) {
    return this.reader.proposal(actor.organisationId, id, query);
  }

  /** The checker agrees. Up to 100 receivables are answered at once, more by a worker. */
  @Post('receivable-proposals/:proposalId/approve')
  @HttpCode(200)
  @Idempotent()
  @Requires('receivable.approve')
  async approve(
    @Context() context: CommandContext,
    @IdParam('proposalId') id: string,
    @Body() body: ApproveProposalBody,
  ) {
    return this.decide.approve(context, id, body.undertaking);
  }

  @Post('receivable-proposals/:proposalId/reject')
  @HttpCode(200)
  @Requires('receivable.approve')
  async reject(
    @Context() context: CommandContext,
    @IdParam('proposalId') id: string,
    @Body() body: RejectProposalBody,
  ) {
    return this.decide.reject(context, id, body.reason);
  }

  /** The maker takes it back. */
  @Post('receivable-proposals/:proposalId/withdraw')
  @HttpCode(200)
  @Requires('receivable.confirm')
  async withdraw(@Context() context: CommandContext, @IdParam('proposalId') id: string) {
    return this.decide.withdraw(context, id);
  }
}
