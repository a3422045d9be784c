import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { IdParam, Requires } from '#platform';
import { LedgerReader } from '../application/ledger.reader.js';
import { StatementReader } from '../application/statement.reader.js';
import { AccountsQuery, PeriodQuery, StatementPageQuery, TransfersQuery } from './requests.js';

/** The whole ledger, for those who supervise the market. Nothing here writes. */
@ApiTags('Ledger')
@Controller('v1')
@Requires('audit.read')
export class LedgerController {
  constructor(
    private readonly reader: LedgerReader,
    private readonly statements: StatementReader,
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
}
