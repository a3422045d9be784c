import type { DomainError } from '#kernel';
import { IntField, StringField } from './fields.js';
import { httpError } from './problem.js';

/** The one way to page: a size, and the cursor that the page before gave. */
export class PageQuery {
  @IntField({ description: 'How many items at most.', min: 1, max: 200, optional: true, example: 50 })
  limit?: number;

  @StringField({ description: 'nextCursor of the page before.', max: 300, optional: true })
  cursor?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export const defaultLimit = 50;

/** A cursor holds the sort values of the last item shown; it is opaque to clients. */
export function encodeCursor(values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

export function decodeCursor(
  cursor: string | undefined,
  length: number,
): readonly (string | number | null)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const ok =
      Array.isArray(values) &&
      values.length === length &&
      values.every(
        (value) => value === null || (typeof value === 'string' && value.length < 200) || Number.isFinite(value),
      );
    if (ok) return values as (string | number | null)[];
  } catch {
    // Answered below: a cursor that cannot be read is the client's fault, whatever is wrong with it.
  }
  throw cursorRefused();
}

/** The refusal of a cursor that this list did not give. */
export function cursorRefused(): DomainError {
  return httpError('input_invalid', {
    detail: '/cursor: this is not a cursor of this list.',
    fields: [
      {
        pointer: '/cursor',
        rule: 'cursor',
        message: 'send the nextCursor of the page before, unchanged, with the same filters and sort',
      },
    ],
  });
}

/** A cursor's value that is an instant. */
export function cursorInstant(value: string | number | null | undefined): Date {
  const instant = new Date(String(value));
  if (Number.isNaN(instant.getTime()) || instant.getUTCFullYear() > 9999 || instant.getUTCFullYear() < 1000) {
    throw cursorRefused();
  }
  return instant;
}

/** A cursor's value that is a number. */
export function cursorNumber(value: string | number | null | undefined): number {
  if (typeof value !== 'number') throw cursorRefused();
  return value;
}

/** Cuts one row more than was asked for into a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly (string | number | null)[],
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  };
}
