import { Body, Controller, Get, HttpCode, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type CommandContext, Context, IfMatch, PageQuery, Public, Requires } from '#platform';
import { AdoptCalendar } from '../application/adopt-calendar.js';
import { CalendarReader } from '../application/calendar.reader.js';
import { EditCalendar } from '../application/edit-calendar.js';
import { CalendarBody } from './requests.js';

/** The business calendar by which every clock runs. */
@ApiTags('Business calendar')
@Controller('v1/business-calendar')
export class BusinessCalendarController {
  constructor(
    private readonly reader: CalendarReader,
    private readonly editCalendar: EditCalendar,
    private readonly adoptCalendar: AdoptCalendar,
  ) {}

  /** Opening hours, weekend, holidays and worked days by year; a provisional year is not announced yet. */
  @Get()
  @Public()
  async show(@Res({ passthrough: true }) reply: FastifyReply) {
    const calendar = await this.reader.present();
    void reply.header('etag', `"${calendar.version}"`);
    return calendar;
  }

  /** What was changed when, by whom and why. */
  @Get('versions')
  @Requires('review.read')
  async versions(@Query() query: PageQuery) {
    return this.reader.versions(query);
  }

  /** Takes up the newer rule book that `newerBook` names; earlier changes hold on, every open case follows. */
  @Post('adopt')
  @HttpCode(200)
  @Requires('calendar.edit')
  async adopt(@Context() context: CommandContext, @IfMatch() version: number) {
    return this.adoptCalendar.execute(context, version);
  }

  /** Changes the calendar; every open case follows and those concerned are told. */
  @Patch()
  @Requires('calendar.edit')
  async change(@Context() context: CommandContext, @IfMatch() version: number, @Body() body: CalendarBody) {
    const { publishYear, ...change } = body;
    return this.editCalendar.execute(context, version, {
      ...change,
      publishYears: publishYear === undefined ? undefined : [publishYear],
    });
  }
}
