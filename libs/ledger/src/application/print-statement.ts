import { Injectable, type StreamableFile } from '@nestjs/common';
import { PdfPrinter, printedFile, type PrintedLanguage, type PrintedPage } from '#platform';
import { ledgerError } from '../domain/errors.js';
import { statementWords } from '../domain/statement-page.js';
import { type Statement, StatementReader } from './statement.reader.js';

/** Lines on paper at most: some forty sheets. The CSV has no such bound. */
const mostLines = 1_500;

export interface PrintedStatementQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly language?: PrintedLanguage | undefined;
}

/** An account's statement as a document to keep. */
@Injectable()
export class PrintStatement {
  constructor(
    private readonly statements: StatementReader,
    private readonly printer: PdfPrinter,
  ) {}

  /** Refuses a period with more lines than fit; with `organisationId`, another's account does not exist. */
  async execute(accountId: string, query: PrintedStatementQuery, organisationId?: string): Promise<StreamableFile> {
    const { from, to, language = 'en' } = query;
    const statement = await this.statements.statement(accountId, { from, to, limit: mostLines }, organisationId);
    if (statement.nextCursor !== null) throw ledgerError('ledger_statement_too_long', { data: { lines: mostLines } });
    return printedFile(this.printer, 'statement', [statementPage(statement, language)]);
  }
}

export function statementPage(statement: Statement, language: PrintedLanguage): PrintedPage {
  const { account, from, to, opening, closing, items } = statement;
  const words = statementWords[language];
  const first = items[0]?.bookDate ?? from;
  const last = items.at(-1)?.bookDate ?? to;
  return {
    language,
    issuer: 'Sanad',
    title: words.title,
    subtitle: `${account.purpose} · ${account.currency}`,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: words.account, value: account.id },
          { label: words.meaning, value: account.meaning },
          {
            label: words.period,
            value: `${from > first || from === '1900-01-01' ? first : from} – ${to === '2199-12-31' ? last : to}`,
          },
          { label: words.currency, value: account.currency },
          { label: words.opening, value: opening },
          { label: words.closing, value: closing },
        ],
      },
      {
        kind: 'table',
        heading: words.lines,
        columns: [
          { label: words.date },
          { label: words.reference },
          { label: words.description },
          { label: words.debit, figures: true },
          { label: words.credit, figures: true },
          { label: words.balance, figures: true },
        ],
        rows: items.map(({ bookDate, reference, description, side, amount, balance }) => [
          bookDate,
          reference,
          description,
          side === 'debit' ? amount : '',
          side === 'credit' ? amount : '',
          balance,
        ]),
        total: ['', '', words.closing, '', '', closing],
      },
    ],
    verification: { note: words.note, facts: [{ label: words.account, value: account.id }] },
  };
}
