import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IdParam, Public } from '#platform';
import { EvaluateScheme } from '../application/evaluate-scheme.js';
import { PrinciplesReader } from '../application/principles.reader.js';
import { SchemeFiguresReader } from '../application/scheme-figures.reader.js';
import { FiguresQuery } from './report-requests.js';

/** What everybody may know of a public scheme. */
@ApiTags('Guarantee figures')
@Controller('v1/guarantee-schemes/:schemeId')
export class SchemeReportsController {
  constructor(
    private readonly figuresReader: SchemeFiguresReader,
    private readonly principlesReader: PrinciplesReader,
    private readonly evaluations: EvaluateScheme,
  ) {}

  /** The months of a year and the present portfolio. A cell with null is hidden because few records stand behind it. */
  @Get('figures')
  @Public()
  async figures(@IdParam('schemeId') id: string, @Query() query: FiguresQuery) {
    return this.figuresReader.figures(id, query.year);
  }

  /** The same as a table for a spreadsheet. */
  @Get('figures.csv')
  @Public()
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="figures.csv"')
  async figuresCsv(@IdParam('schemeId') id: string, @Query() query: FiguresQuery) {
    return new StreamableFile(Buffer.from(await this.figuresReader.csv(id, query.year), 'utf8'));
  }

  /** The sixteen principles for public guarantee schemes, each checked now with its evidence. */
  @Get('principles')
  @Public()
  async principles(@IdParam('schemeId') id: string) {
    return this.principlesReader.of(id);
  }

  /** Published yearly evaluations, newest first. */
  @Get('evaluations')
  @Public()
  async published(@IdParam('schemeId') id: string) {
    return this.evaluations.list(id);
  }
}
