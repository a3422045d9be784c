import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { type CommandContext, Context, IdParam, Requires } from '#platform';
import { LedgerReader } from '../application/ledger.reader.js';
import { PrintStatement } from '../application/print-statement.js';
import { StatementReader } from '../application/statement.reader.js';
import { OwnAccountsQuery, PeriodQuery, StatementPageQuery } from './requests.js';

/** An organisation's own accounts; another's do not exist. */
@ApiTags('Ledger')
@Controller('v1/own-ledger-accounts')
@Requires('ledger.read')
export class OwnLedgerController {
  constructor(
    private readonly reader: LedgerReader,
    private readonly statements: StatementReader,
    private readonly printStatement: PrintStatement,
  ) {}

  /** The own accounts with their balances of this moment. */
  @Get()
  async accounts(@Context() { actor }: CommandContext, @Query() query: OwnAccountsQuery) {
    const { currency } = query;
    return this.reader.accounts({ ownerType: 'organisation', ownerId: actor.organisationId, currency }, query);
  }

  @Get(':accountId')
  async account(@Context() { actor }: CommandContext, @IdParam('accountId') accountId: string) {
    return this.reader.account(accountId, actor.organisationId);
  }

  @Get(':accountId/statement')
  async statement(
    @Context() { actor }: CommandContext,
    @IdParam('accountId') accountId: string,
    @Query() query: StatementPageQuery,
  ) {
    return this.statements.statement(accountId, query, actor.organisationId);
  }

  /** The whole statement on paper: PDF, or HTML to print where this portal makes no PDF. */
  @Get(':accountId/statement.pdf')
  async statementPdf(
    @Context() context: CommandContext,
    @IdParam('accountId') accountId: string,
    @Query() query: PeriodQuery,
  ) {
    return this.printStatement.execute(context, accountId, query, context.actor.organisationId);
  }

  /** The whole statement as a table for a spreadsheet. */
  @Get(':accountId/statement.csv')
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="statement.csv"')
  async statementCsv(
    @Context() { actor }: CommandContext,
    @IdParam('accountId') accountId: string,
    @Query() query: PeriodQuery,
  ) {
    const lines = await this.statements.csv(accountId, query, actor.organisationId);
    return new StreamableFile(Readable.from(lines, { objectMode: false }));
  }
}
