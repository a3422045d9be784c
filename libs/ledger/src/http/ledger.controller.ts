import { Controller, Get, Header, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { type CommandContext, Context, httpError, IdParam, Requires, RequiresStepUp } from '#platform';
import { ClosePeriod } from '../application/close-period.js';
import { LedgerReader } from '../application/ledger.reader.js';
import { PrintStatement } from '../application/print-statement.js';
import { StatementReader } from '../application/statement.reader.js';
import { AccountsQuery, PeriodQuery, StatementPageQuery, TransfersQuery } from './requests.js';

/** The whole ledger, for those who supervise the market; closing a month is all that is done here. */
@ApiTags('Ledger')
@Controller('v1')
@Requires('audit.read')
export class LedgerController {
  constructor(
    private readonly reader: LedgerReader,
    private readonly statements: StatementReader,
    private readonly printStatement: PrintStatement,
    private readonly closePeriod: ClosePeriod,
  ) {}

  /** What each purpose of an account is for. */
  @Get('ledger-purposes')
  purposes() {
    return { items: this.reader.chart(), nextCursor: null };
  }

  /** Accounts with their balances of this moment. */
  @Get('ledger-accounts')
  async accounts(@Query() query: AccountsQuery) {
    return this.reader.accounts(query, query);
  }

  @Get('ledger-accounts/:accountId')
  async account(@IdParam('accountId') accountId: string) {
    return this.reader.account(accountId);
  }

  @Get('ledger-accounts/:accountId/statement')
  async statement(@IdParam('accountId') accountId: string, @Query() query: StatementPageQuery) {
    return this.statements.statement(accountId, query);
  }

  /** The whole statement as a table for a spreadsheet. */
  @Get('ledger-accounts/:accountId/statement.csv')
  @Header('content-type', 'text/csv; charset=utf-8; header=present')
  @Header('content-disposition', 'attachment; filename="statement.csv"')
  async statementCsv(@IdParam('accountId') accountId: string, @Query() query: PeriodQuery) {
    return new StreamableFile(Readable.from(await this.statements.csv(accountId, query), { objectMode: false }));
  }

  /** The whole statement on paper: PDF, or HTML to print where this portal makes no PDF. */
  @Get('ledger-accounts/:accountId/statement.pdf')
  async statementPdf(
    @Context() context: CommandContext,
    @IdParam('accountId') accountId: string,
    @Query() query: PeriodQuery,
  ) {
    return this.printStatement.execute(context, accountId, query);
  }

  /** Transfers, newest first. */
  @Get('ledger-transfers')
  async transfers(@Query() query: TransfersQuery) {
    return this.reader.transfers(query, query);
  }

  @Get('ledger-transfers/:transferId')
  async transfer(@IdParam('transferId') transferId: string) {
    return this.reader.transfer(transferId);
  }

  /** Debits and credits of every purpose and currency at this moment. */
  @Get('trial-balance')
  async trialBalance() {
    return this.reader.trialBalance();
  }

  /** The months of the books, open and closed. */
  @Get('ledger-periods')
  async periods() {
    return this.reader.periods();
  }

  /** Closes a month (`2026-10`) for good, after its last day and after every earlier month. A closed one stays as it is. */
  @Post('ledger-periods/:period/close')
  @HttpCode(200)
  @Requires('ledger.close')
  @RequiresStepUp()
  async close(@Context() context: CommandContext, @Param('period') period: string) {
    if (!/^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])$/.test(period))
      throw httpError('record_unknown', {
        fields: [{ pointer: '/path/period', rule: 'period', message: 'must be a month such as 2026-10' }],
      });
    return this.closePeriod.execute(context, period);
  }
}
