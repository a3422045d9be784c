import { type CalendarDate, isCalendarDate } from '#kernel';
import { Exact } from '../exact-decimal.js';
import { refuseField, toFraction } from '../input/index.js';
import type { Basis } from './discount-securities.js';

const maxValues = 10_000;

/** The arguments of one call, read by position; a missing optional one has its spreadsheet's default. */
export class Arguments {
  constructor(private readonly given: readonly unknown[]) {}

  number(index: number, absent?: number): Exact {
    const value = this.at(index);
    if (value === undefined && absent !== undefined) return new Exact(absent);
    return toNumber(value, `/args/${index}`);
  }

  positive(index: number): Exact {
    const value = this.number(index);
    return value.gt(0) ? value : refuseField(`/args/${index}`, 'bounds', 'must be above zero');
  }

  whole(index: number, absent?: number): Exact {
    return this.number(index, absent).trunc();
  }

  /** 0: payments at the end of each period; 1: at the beginning. */
  due(index: number): 0 | 1 {
    const value = this.number(index, 0);
    if (!value.isZero() && !value.eq(1)) refuseField(`/args/${index}`, 'one_of', 'must be 0 or 1');
    return value.isZero() ? 0 : 1;
  }

  basis(index: number): Basis {
    const value = this.number(index, 0).trunc().toNumber();
    return value >= 0 && value <= 4 ? (value as Basis) : refuseField(`/args/${index}`, 'bounds', 'must be 0 to 4');
  }

  isList(index: number): boolean {
    return Array.isArray(this.at(index));
  }

  date(index: number): CalendarDate {
    return toDate(this.at(index), `/args/${index}`);
  }

  numbers(index: number): Exact[] {
    return this.listAt(index).map((value, at) => toNumber(value, `/args/${index}/${at}`));
  }

  dates(index: number): CalendarDate[] {
    return this.listAt(index).map((value, at) => toDate(value, `/args/${index}/${at}`));
  }

  /** Numbers from `index` to the last argument; each may be a list. */
  rest(index: number): Exact[] {
    return this.given.slice(index).flatMap((value, at) => {
      const place = index + at;
      return Array.isArray(value) ? this.numbers(place) : [toNumber(value, `/args/${place}`)];
    });
  }

  atMost(count: number): void {
    if (this.given.length > count) refuseField('/args', 'list', `must have at most ${count} elements`);
  }

  private at(index: number): unknown {
    return this.given[index] ?? undefined;
  }

  private listAt(index: number): readonly unknown[] {
    const value = this.at(index);
    if (!Array.isArray(value) || value.length === 0 || value.length > maxValues) {
      return refuseField(`/args/${index}`, 'list', `must be a list of 1 to ${maxValues} elements`);
    }
    return value as readonly unknown[];
  }
}

function toNumber(value: unknown, pointer: string): Exact {
  if (value === undefined) return refuseField(pointer, 'required', 'is required');
  return (
    toFraction(value) ??
    toProduct(value) ??
    refuseField(pointer, 'fraction', 'must be a number, or a product or quotient such as "30*12" or "0.08/12"')
  );
}

/** A product as the documentation of the functions writes numbers of periods: "30*12". */
function toProduct(value: unknown): Exact | undefined {
  if (typeof value !== 'string' || value.length > 80) return undefined;
  const factors = value.split('*').map((factor) => toFraction(factor.trim()));
  if (factors.length !== 2 || factors.includes(undefined)) return undefined;
  return (factors[0] as Exact).mul(factors[1] as Exact);
}

function toDate(value: unknown, pointer: string): CalendarDate {
  return isCalendarDate(value) ? value : refuseField(pointer, 'date', 'must be a date that exists, as YYYY-MM-DD');
}
