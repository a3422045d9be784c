import { Body, Controller, Get, Headers, HttpCode, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, IdParam, IfMatch, Public, RateLimited, Requires } from '#platform';
import { AnswerRegistry } from '../application/answer-registry.js';
import { DecideHold } from '../application/decide-hold.js';
import { OperatorReceivables } from '../application/operator-receivables.reader.js';
import { RegistryPeers } from '../application/registry-peers.js';
import { tagged } from './etag.js';
import {
  HoldDecisionBody,
  RegistryPeerBody,
  RegistryPeerChangeBody,
  RegistryQuestionsBody,
} from './registry-requests.js';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The registry against double financing: questions of other registries, the other registries themselves, held look-alikes. */
@ApiTags('Registry')
@Controller('v1')
export class RegistryController {
  constructor(
    private readonly answers: AnswerRegistry,
    private readonly peers: RegistryPeers,
    private readonly holds: DecideHold,
    private readonly operator: OperatorReceivables,
  ) {}

  /** Another registry asks about claims, by hashes only (docs/guide/registry-protocol.md). Signed by the key that both share. */
  @Post('registry/queries')
  @HttpCode(200)
  @Public()
  @RateLimited('calculation')
  @ApiHeader({ name: 'Registry-Version', required: true, description: 'Version of the protocol: 1.' })
  @ApiHeader({ name: 'Registry-Key-Id', required: true, description: 'Name of the shared key.' })
  @ApiHeader({ name: 'Registry-Timestamp', required: true, description: 'Instant of the question.' })
  @ApiHeader({ name: 'Registry-Nonce', required: true, description: '16 to 64 random characters.' })
  @ApiHeader({ name: 'Registry-Signature', required: true, description: 'HMAC-SHA-256 in hexadecimal.' })
  async query(@Headers() headers: Record<string, unknown>, @Body() body: RegistryQuestionsBody) {
    const said = {
      version: text(headers['registry-version']),
      keyId: text(headers['registry-key-id']),
      timestamp: text(headers['registry-timestamp']),
      nonce: text(headers['registry-nonce']),
      signature: text(headers['registry-signature']),
    };
    return this.answers.execute(said, body.questions);
  }

  /** The other registries that are asked and answered. */
  @Get('operator/registry-peers')
  @Requires('registry.manage')
  async peerList() {
    return this.peers.list();
  }

  /** Adds a registry. Without a key one is made, shown in this answer only. */
  @Post('operator/registry-peers')
  @Requires('registry.manage')
  async addPeer(@Context() context: CommandContext, @Body() body: RegistryPeerBody) {
    return this.peers.add(context, body);
  }

  /** Switches a registry on or off. */
  @Patch('operator/registry-peers/:peerId')
  @Requires('registry.manage')
  async changePeer(
    @Context() context: CommandContext,
    @IdParam('peerId') id: string,
    @IfMatch() version: number,
    @Body() body: RegistryPeerChangeBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.peers.change(context, id, version, body));
  }

  /** For the reviewer: a held receivable beside those that it looks like, and what other registers answered. */
  @Get('operator/receivables/:receivableId')
  @Requires('review.work')
  async held(@IdParam('receivableId') id: string) {
    return this.operator.held(id);
  }

  /** The reviewer's decision about a held receivable. */
  @Post('operator/receivables/:receivableId/hold-decision')
  @HttpCode(200)
  @Requires('review.work')
  async decideHold(
    @Context() context: CommandContext,
    @IdParam('receivableId') id: string,
    @Body() body: HoldDecisionBody,
  ) {
    return this.holds.execute(context, id, body);
  }
}
