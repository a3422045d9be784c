import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface AprCase {
  readonly id: string;
  readonly source: string;
  readonly expected: number;
  readonly decimals: number;
  readonly agreesTo?: number;
  readonly input: unknown;
}

export type RowFigure = 'principal' | 'interest' | 'total' | 'balance';

export interface ScheduleCase {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly input: unknown;
  readonly rows?: readonly ({ readonly n: number; readonly due?: string } & Readonly<Record<RowFigure, number>>)[];
  readonly totals?: { readonly interest: string; readonly total: string };
  readonly expected?: {
    readonly emi?: number;
    readonly periods?: number;
    readonly total_interest: number;
    readonly total: number;
  };
}

export interface FunctionCase {
  readonly id: string;
  readonly source: string;
  readonly input: unknown;
  readonly expected: number;
  readonly digits?: number;
}

export interface DayCountCase {
  readonly input: { readonly dayCount: string; readonly from: string; readonly to: string };
  readonly days?: number;
  readonly yearFraction?: number;
}

function casesOf<Case>(file: string): readonly Case[] {
  return (JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as { cases: readonly Case[] }).cases;
}

export const aprCases = casesOf<AprCase>('apr.json');
export const scheduleCases = casesOf<ScheduleCase>('schedules.json');
export const functionCases = casesOf<FunctionCase>('functions.json');
export const dayCountCases = casesOf<DayCountCase>('day-counts.json');
