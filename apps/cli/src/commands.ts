import type { Command } from './command.js';

export interface CommandEntry {
  /** The words after `sanad`, such as `calc apr`. */
  readonly name: string;
  readonly summary: string;
  /** Loaded when it is called only: a calculator must not pay for the database driver. */
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Every command of the command line, in the order that `--help` shows. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'calc due',
    summary: 'when a case is due, in working days of a country',
    load: () => import('./commands/calc-due.js'),
  },
  {
    name: 'calc size',
    summary: "the size class of a firm by a country's standard",
    load: () => import('./commands/calc-size.js'),
  },
  {
    name: 'calc guarantee-fee',
    summary: 'the fee of a public guarantee by its published table',
    load: () => import('./commands/calc-guarantee-fee.js'),
  },
  {
    name: 'migrate',
    summary: 'bring the database to the present schema',
    load: () => import('./commands/migrate.js'),
  },
  {
    name: 'doctor',
    summary: 'whether everything that a market stands on is well',
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'audit verify',
    summary: 'walk the hash chain of the audit log, of the database or of an exported file',
    load: () => import('./commands/audit-verify.js'),
  },
  {
    name: 'export books',
    summary: 'audit log and ledger as one file that proves itself',
    load: () => import('./commands/export-books.js'),
  },
  {
    name: 'report ledger',
    summary: 'the trial balance, or a proof of the books',
    load: () => import('./commands/report-ledger.js'),
  },
  {
    name: 'report guarantee',
    summary: 'guarantee schemes in figures, or a proof of guarantees and claims',
    load: () => import('./commands/report-guarantee.js'),
  },
  {
    name: 'invoice read',
    summary: 'electronic invoices in one form, with every rule that their figures break',
    load: () => import('./commands/invoice-read.js'),
  },
  {
    name: 'calc apr',
    summary: 'effective annual rate: EU equation or US Regulation Z appendix J',
    load: () => import('./commands/calc-apr.js'),
  },
  {
    name: 'calc schedule',
    summary: 'instalments of a loan or a murabaha',
    load: () => import('./commands/calc-schedule.js'),
  },
  {
    name: 'calc fn',
    summary: 'financial functions of spreadsheets',
    load: () => import('./commands/calc-fn.js'),
  },
  {
    name: 'calc days',
    summary: 'days and part of a year by a day count',
    load: () => import('./commands/calc-days.js'),
  },
  {
    name: 'import enterprises',
    summary: 'enterprises with their profile, statement and account from a table',
    load: () => import('./commands/import-enterprises.js'),
  },
  {
    name: 'import mandates',
    summary: 'mandates of institutions with their limits from a table',
    load: () => import('./commands/import-mandates.js'),
  },
  {
    name: 'import requests',
    summary: 'funding requests of a table, each through the rules of the portal',
    load: () => import('./commands/import-requests.js'),
  },
  {
    name: 'export openapi',
    summary: 'the OpenAPI document of the HTTP API',
    load: () => import('./commands/export-openapi.js'),
  },
  {
    name: 'seed demo',
    summary: 'make the demonstration market in an empty database',
    load: () => import('./commands/seed-demo.js'),
  },
];
