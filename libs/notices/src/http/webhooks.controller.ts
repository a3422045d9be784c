import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, IdParam, IfMatch, PageQuery, Public, Requires } from '#platform';
import { ReplayDelivery, ReplayMissed, TestEndpoint } from '../application/replay-webhooks.js';
import {
  AddWebhookEndpoint,
  ChangeWebhookEndpoint,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
} from '../application/webhook-endpoints.js';
import { WebhookReader } from '../application/webhook.reader.js';
import { eventCatalogue } from '../domain/events.js';
import { EndpointBody, EndpointChangeBody, ReplayBody } from './requests.js';

/** Events sent to an organisation's own programs, signed by Standard Webhooks. */
@ApiTags('Webhooks')
@Controller('v1')
export class WebhooksController {
  constructor(
    private readonly reader: WebhookReader,
    private readonly addEndpoint: AddWebhookEndpoint,
    private readonly changeEndpoint: ChangeWebhookEndpoint,
    private readonly removeEndpoint: RemoveWebhookEndpoint,
    private readonly rotateSecret: RotateWebhookSecret,
    private readonly replayDelivery: ReplayDelivery,
    private readonly replayMissed: ReplayMissed,
    private readonly testEndpoint: TestEndpoint,
  ) {}

  /** Every event that can be subscribed to. */
  @Get('event-types')
  @Public()
  eventTypes() {
    return { items: eventCatalogue(), nextCursor: null };
  }

  @Get('webhook-endpoints')
  @Requires('webhook.manage')
  async list(@Context() { actor }: CommandContext) {
    return this.reader.endpoints(actor.organisationId);
  }

  /** Sets an endpoint up; its secret is in this answer and never shown again. */
  @Post('webhook-endpoints')
  @Requires('webhook.manage')
  async add(@Context() context: CommandContext, @Body() body: EndpointBody) {
    return this.addEndpoint.execute(context, body);
  }

  @Get('webhook-endpoints/:endpointId')
  @Requires('webhook.manage')
  async show(
    @Context() { actor }: CommandContext,
    @IdParam('endpointId') endpointId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const endpoint = await this.reader.endpoint(actor.organisationId, endpointId);
    void reply.header('etag', `"${endpoint.version}"`);
    return endpoint;
  }

  @Patch('webhook-endpoints/:endpointId')
  @Requires('webhook.manage')
  async change(
    @Context() context: CommandContext,
    @IdParam('endpointId') endpointId: string,
    @IfMatch() version: number,
    @Body() body: EndpointChangeBody,
  ) {
    return this.changeEndpoint.execute(context, endpointId, version, body);
  }

  @Delete('webhook-endpoints/:endpointId')
  @HttpCode(204)
  @Requires('webhook.manage')
  async remove(@Context() context: CommandContext, @IdParam('endpointId') endpointId: string) {
    await this.removeEndpoint.execute(context, endpointId);
  }

  /** Makes a new secret; the old one signs as well for a day. */
  @Post('webhook-endpoints/:endpointId/rotate-secret')
  @HttpCode(200)
  @Requires('webhook.manage')
  async rotate(@Context() context: CommandContext, @IdParam('endpointId') endpointId: string) {
    return this.rotateSecret.execute(context, endpointId);
  }

  /** Sends a test event. */
  @Post('webhook-endpoints/:endpointId/test')
  @HttpCode(202)
  @Requires('webhook.manage')
  async test(@Context() context: CommandContext, @IdParam('endpointId') endpointId: string) {
    return this.testEndpoint.execute(context, endpointId);
  }

  /** Sends again what failed or was held since an instant. */
  @Post('webhook-endpoints/:endpointId/replay')
  @HttpCode(202)
  @Requires('webhook.manage')
  async replayAll(
    @Context() context: CommandContext,
    @IdParam('endpointId') endpointId: string,
    @Body() body: ReplayBody,
  ) {
    return this.replayMissed.execute(context, endpointId, new Date(body.since));
  }

  /** The delivery log, newest first. */
  @Get('webhook-endpoints/:endpointId/deliveries')
  @Requires('webhook.manage')
  async deliveries(
    @Context() { actor }: CommandContext,
    @IdParam('endpointId') endpointId: string,
    @Query() query: PageQuery,
  ) {
    return this.reader.deliveries(actor.organisationId, endpointId, query);
  }

  /** One delivery with its body and every attempt. */
  @Get('webhook-deliveries/:deliveryId')
  @Requires('webhook.manage')
  async delivery(@Context() { actor }: CommandContext, @IdParam('deliveryId') deliveryId: string) {
    return this.reader.delivery(actor.organisationId, deliveryId);
  }

  /** Sends one event again. */
  @Post('webhook-deliveries/:deliveryId/replay')
  @HttpCode(202)
  @Requires('webhook.manage')
  async replay(@Context() context: CommandContext, @IdParam('deliveryId') deliveryId: string) {
    return this.replayDelivery.execute(context, deliveryId);
  }
}
