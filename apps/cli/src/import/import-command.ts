import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { object, readInput, type ReadShape, type Shape } from '#finance';
import { DomainError } from '#kernel';
import { type Command, exitCode, UsageError } from '../command.js';
import { ImportModule } from './import.module.js';
import { readTable, type TableRow } from './table.js';
import { readEnvironment } from '#platform';

/** What became of a row. `unchanged`: it stood there already, from an earlier run or by hand. */
export interface RowAnswer {
  readonly result: 'created' | 'changed' | 'unchanged';
  readonly id: string;
  /** What is left to do, such as a checker's approval. */
  readonly note?: string;
}

export interface ImportSource {
  /** Folder of the table: file names in cells are relative to it. */
  readonly folder: string;
}

/**
 * One kind of import: its columns, and what is done with a row. A row is done again without effect, so that an import that
 * was broken off is simply started again; `reference` is the column by which a row is known.
 */
export interface ImportKind<S extends Shape> {
  readonly noun: string;
  readonly reference: keyof S & string;
  readonly columns: S;
  /** What each column means, for `--help` and docs/guide/import.md. */
  readonly meanings: { readonly [Column in keyof S]: string };
  /** Prepares the use cases once, and returns what is done with each row. */
  start(app: INestApplicationContext, source: ImportSource): (row: ReadShape<S>) => Promise<RowAnswer>;
}

/** Rows that are worked on at the same time; the answers keep the file's order. */
const lanes = 4;

/** Turns a kind into the command `sanad import <noun> FILE`. */
export function importCommand<const S extends Shape>(kind: ImportKind<S>): Command {
  const width = Math.max(...Object.keys(kind.columns).map((name) => name.length));
  const columns = Object.keys(kind.columns).map(
    (name) => `  ${name.padEnd(width)}  ${kind.columns[name]?.optional ? '' : '* '}${kind.meanings[name]}`,
  );
  return {
    usage: `
sanad import ${kind.noun} FILE.csv|FILE.xlsx

Reads a table whose first row names the columns (* needed in every row), does each row through the same rules as the
portal, and answers each on standard output as one line of JSON. Started again with the same file, it changes nothing
that stands already. A row is known by "${kind.reference}".

${columns.join('\n')}`,
    async run(args, io) {
      const [path, ...rest] = args.filter((arg) => arg !== '--json');
      if (path === undefined || rest.length > 0) throw new UsageError('name one file');
      if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
      const app = await NestFactory.createApplicationContext(ImportModule.forRoot(readEnvironment()), {
        logger: ['error'],
      });
      try {
        const work = kind.start(app, { folder: dirname(resolve(path)) });
        const progress = new Progress(io.stderr, kind.noun);
        for await (const batch of batches(readTable(path, new Set(Object.keys(kind.columns))))) {
          const answers = await Promise.all(batch.map((row) => answerRow(kind, work, row)));
          for (const answer of answers) {
            progress.count(answer);
            io.stdout.write(`${JSON.stringify(answer)}\n`);
          }
        }
        progress.end();
        return progress.refused > 0 ? exitCode.refused : exitCode.done;
      } finally {
        await app.close();
      }
    },
  };
}

interface Answer {
  readonly line: number;
  readonly reference: string | null;
  readonly result: RowAnswer['result'] | 'refused';
}

async function answerRow<S extends Shape>(
  kind: ImportKind<S>,
  work: (row: ReadShape<S>) => Promise<RowAnswer>,
  { line, cells }: TableRow,
): Promise<Answer> {
  const reference = cells.get(kind.reference) ?? null;
  try {
    const row = readInput(Object.fromEntries(cells), object(kind.columns));
    return { line, reference, ...(await work(row)) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, details, definition } = error;
    const fields = details.fields ?? [];
    return { line, reference, result: 'refused', error: { code, message, next: definition.next, fields } } as Answer;
  }
}

async function* batches(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow[]> {
  let batch: TableRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === lanes) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** One line on standard error a second: what was done so far, how fast, how much was refused. */
class Progress {
  refused = 0;
  private readonly started = performance.now();
  private shown = performance.now();
  private readonly counts = { created: 0, changed: 0, unchanged: 0, refused: 0 };

  constructor(
    private readonly stderr: NodeJS.WritableStream,
    private readonly noun: string,
  ) {}

  count({ result }: Answer): void {
    this.counts[result] += 1;
    this.refused = this.counts.refused;
    if (performance.now() - this.shown < 1000) return;
    this.shown = performance.now();
    this.print('…');
  }

  end(): void {
    this.print('');
  }

  private print(more: string): void {
    const total = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
    const rate = Math.round(total / Math.max(0.001, (performance.now() - this.started) / 1000));
    const parts = Object.entries(this.counts).map(([result, count]) => `${count} ${result}`);
    this.stderr.write(`import ${this.noun}: ${total} rows (${parts.join(', ')}), ${rate} a second${more}\n`);
  }
}
