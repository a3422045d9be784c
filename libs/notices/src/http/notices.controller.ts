import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type CommandContext, Context, IdParam, Requires } from '#platform';
import { OwnNotices } from '../application/own-notices.js';
import { ChoicesBody, NoticesQuery } from './requests.js';

/** What the signed-in person is told. */
@ApiTags('Notices')
@Controller('v1')
export class NoticesController {
  constructor(private readonly notices: OwnNotices) {}

  /** Newest first. */
  @Get('notices')
  @Requires('notice.read')
  async list(@Context() { actor }: CommandContext, @Query() query: NoticesQuery) {
    return this.notices.list(actor.id, query);
  }

  @Get('notices/unread-count')
  @Requires('notice.read')
  async unread(@Context() { actor }: CommandContext) {
    return this.notices.unread(actor.id);
  }

  @Post('notices/read-all')
  @HttpCode(200)
  @Requires('notice.read')
  async readAll(@Context() context: CommandContext) {
    return this.notices.markAllRead(context);
  }

  @Post('notices/:noticeId/read')
  @HttpCode(200)
  @Requires('notice.read')
  async read(@Context() context: CommandContext, @IdParam('noticeId') noticeId: string) {
    return this.notices.markRead(context, noticeId);
  }

  /** What the person is told about, by which way. */
  @Get('notice-choices')
  @Requires('notice.read')
  async choices(@Context() { actor }: CommandContext) {
    return { items: await this.notices.choices(actor.id), nextCursor: null };
  }

  @Put('notice-choices')
  @Requires('notice.read')
  async choose(@Context() context: CommandContext, @Body() body: ChoicesBody) {
    return this.notices.choose(context, body.choices);
  }
}
