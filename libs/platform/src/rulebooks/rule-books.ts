import {
  feeTables,
  type GuaranteeFeeBook,
  readCalendar,
  readGuaranteeFees,
  readSizeStandard,
  refuseRuleBook,
  WorkingCalendar,
} from '#finance';
import { type RuleBookFile, ruleBookFiles } from './rule-book-files.js';

/** Anything that a rule book's reader returns: it has an id and may have aliases. */
interface Named {
  readonly id: string;
  readonly aliases?: readonly string[];
}

/**
 * Reads every rule book of one kind and files it by its id and aliases. Refuses an id that stands twice.
 * A context with a kind of its own calls this with its reader and keeps the answer.
 */
export function ruleBooks<T extends Named>(
  kind: string,
  read: (content: unknown) => T,
  files: readonly RuleBookFile[] = ruleBookFiles(),
): ReadonlyMap<string, T> {
  const books = new Map<string, T>();
  for (const file of files) {
    if (file.kind !== kind) continue;
    const book = read(file.content);
    for (const name of [book.id, ...(book.aliases ?? [])]) {
      if (books.has(name))
        refuseRuleBook(file.path, [{ pointer: '/id', rule: 'once', message: `"${name}" stands in two books` }]);
      books.set(name, book);
    }
  }
  return books;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** The business calendars by name: `CN`, `SA` (private sector; also `SA-private`), `SA-bank`, `AE`. */
export const businessCalendars = once(() => {
  const prepared = new Map<string, WorkingCalendar>();
  for (const [name, definition] of ruleBooks('business-calendar', readCalendar)) {
    prepared.set(name, prepared.get(definition.id) ?? new WorkingCalendar(definition));
  }
  return prepared as ReadonlyMap<string, WorkingCalendar>;
});

/** The size standards by name: `SA`, `CN-2011`, `EU-2003`. */
export const sizeStandards = once(() => ruleBooks('size-standard', readSizeStandard));

/** The books of guarantee fees by the name of their tables: `JP-shared`, `JP-full`, `JP-special`, `US-7a`, `CN`. */
export const guaranteeFeeTables = once((): ReadonlyMap<string, GuaranteeFeeBook> => {
  const books = [...ruleBooks('guarantee-fees', readGuaranteeFees).values()];
  return new Map(books.flatMap((book) => feeTables(book).map((table) => [table, book])));
});
