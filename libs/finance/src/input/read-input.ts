import { type FieldError } from '#kernel';
import { invalidInput } from './errors.js';

/** What a calculator answers: plain JSON, amounts as decimal strings. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/**
 * A calculator: a pure function of an unread JSON value. It refuses what it cannot read with
 * `calculator_input_invalid` and a case that has no answer with a code of its own.
 */
export type Calculator = (input: unknown) => JsonValue;

/** Stands for a value that was refused; the reason is in the list of problems. */
export const unread = Symbol('unread');
export type Unread = typeof unread;

/** Reads one value of the input. Refusals are collected, so that one answer names every field at fault. */
export interface Reader<out T> {
  readonly optional?: true;
  read(value: unknown, pointer: string, problems: FieldError[]): T | Unread;
}

export type ReadBy<R> = R extends Reader<infer T> ? T : never;
export type Shape = Readonly<Record<string, Reader<unknown>>>;
export type ReadShape<S extends Shape> = { readonly [K in keyof S]: ReadBy<S[K]> };

export function refuse(problems: FieldError[], pointer: string, rule: string, message: string): Unread {
  problems.push({ pointer, rule, message });
  return unread;
}

/** The field may be absent or null; it is then undefined. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return {
    optional: true,
    read: (value, pointer, problems) =>
      value === undefined || value === null ? undefined : reader.read(value, pointer, problems),
  };
}

/** The value when the field is absent. */
export function withDefault<T>(reader: Reader<T>, absent: T): Reader<T> {
  return {
    optional: true,
    read: (value, pointer, problems) =>
      value === undefined || value === null ? absent : reader.read(value, pointer, problems),
  };
}

/** An object with exactly these fields: a missing field and an unknown one are both refused. */
export function object<const S extends Shape>(shape: S): Reader<ReadShape<S>> {
  const names = Object.keys(shape);
  return {
    read(value, pointer, problems) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return refuse(problems, pointer, 'object', `must be an object with ${names.join(', ')}`);
      }
      const given = value as Readonly<Record<string, unknown>>;
      const before = problems.length;
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(shape, name)) {
          refuse(
            problems,
            `${pointer}/${escapePointer(name)}`,
            'unknown',
            `is not known here; known are ${names.join(', ')}`,
          );
          if (problems.length - before >= 20) return unread;
        }
      }
      const read: Record<string, unknown> = {};
      for (const name of names) {
        const reader = shape[name] as Reader<unknown>;
        const field = Object.hasOwn(given, name) ? given[name] : undefined;
        if (field === undefined && !reader.optional) {
          refuse(problems, `${pointer}/${name}`, 'required', 'is required');
        } else {
          read[name] = reader.read(field, `${pointer}/${name}`, problems);
        }
      }
      return problems.length > before ? unread : (read as ReadShape<S>);
    },
  };
}

/** A list of `min` to `max` elements. */
export function list<T>(element: Reader<T>, { min = 1, max }: { min?: number; max: number }): Reader<readonly T[]> {
  return {
    read(value, pointer, problems) {
      if (!Array.isArray(value) || value.length < min || value.length > max) {
        return refuse(problems, pointer, 'list', `must be a list of ${min} to ${max} elements`);
      }
      const before = problems.length;
      const elements: T[] = [];
      for (const [index, each] of value.entries()) {
        const read = element.read(each, `${pointer}/${index}`, problems);
        if (read !== unread) elements.push(read);
        else if (problems.length - before >= 20) break;
      }
      return problems.length > before ? unread : elements;
    },
  };
}

/** Reads a calculator's whole input, or throws `calculator_input_invalid` with every field at fault. */
export function readInput<T>(input: unknown, reader: Reader<T>): T {
  const problems: FieldError[] = [];
  const read = reader.read(input, '', problems);
  if (read === unread || problems.length > 0) throw invalidInput(problems);
  return read;
}

function escapePointer(name: string): string {
  return name.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1');
}
