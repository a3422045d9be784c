import { Inject, Injectable, type StreamableFile } from '@nestjs/common';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  PdfPrinter,
  printedFile,
  type PrintedLanguage,
  UnitOfWork,
} from '#platform';
import { ledgerError } from '../domain/errors.js';
import { statementPage } from './statement-page.js';
import { StatementReader } from './statement.reader.js';

/** Some 200 sheets; more is for a spreadsheet. */
const mostLines = 5_000;

/** A statement on paper: PDF, or where nothing prints it, HTML. In the reader's language. */
@Injectable()
export class PrintStatement {
  constructor(
    private readonly statements: StatementReader,
    private readonly printer: PdfPrinter,
    private readonly unitOfWork: UnitOfWork,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** With `organisationId`, another's account does not exist. */
  async execute(
    { actor, traceId }: CommandContext,
    accountId: string,
    days: { readonly from?: string | undefined; readonly to?: string | undefined },
    organisationId?: string,
  ): Promise<StreamableFile> {
    const statement = await this.statements.statement(accountId, { ...days, limit: mostLines }, organisationId);
    if (statement.nextCursor !== null) throw ledgerError('ledger_statement_long', { data: { most: mostLines } });
    const printedAt = await this.unitOfWork.run({ actor, traceId }, (tx) => tx.now());
    const path = organisationId === undefined ? 'ledger-accounts' : 'own-ledger-accounts';
    const address = new URL(`/v1/${path}/${accountId}/statement`, this.environment.publicUrl).toString();
    const page = statementPage(statement, languageOf(actor.locale), printedAt, address);
    return printedFile(this.printer, `statement-${accountId}`, [page]);
  }
}

function languageOf(locale: string): PrintedLanguage {
  const language = locale.slice(0, 2);
  return language === 'ar' || language === 'zh' ? language : 'en';
}
