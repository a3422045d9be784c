// Turns the public record of 7(a) loans into the tables that `sanad import` reads. Names were left out of the record, so each
// borrower gets a number; what the record does not say is left empty or said to be missing, never made up.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Classes of ISIC revision 4 by the beginning of the NAICS code, after the correspondence of the United Nations. */
const isicByNaics = [
  ['5311', '6810'], // lessors of real estate
  ['531', '6820'], // agents, managers, appraisers: real estate on a fee or contract basis
  ['5321', '7710'], // cars and trucks
  ['53223', '7722'], // video tapes and discs
  ['53228', '7729'],
  ['53221', '7729'],
  ['53222', '7729'],
  ['532292', '7721'], // recreational goods
  ['53229', '7729'],
  ['5323', '7729'],
  ['5324', '7730'], // machinery and equipment
  ['533', '7740'], // franchises and patents
];

/**
 * Reads the record and answers the rows as they are asked in today's market. Two simplifications: the day of approval is not
 * used, everybody asks today; and of a firm's age the record says only "new" or "existing" (more than two years), so an
 * existing firm counts as three years old.
 */
export function readLoans(path, today = new Date()) {
  const rows = parse(readFileSync(path), { columns: true, bom: true, skip_empty_lines: true });
  const yearsAgo = (years) =>
    new Date(Date.UTC(today.getUTCFullYear() - years, today.getUTCMonth(), 1)).toISOString().slice(0, 10);
  return rows.map((row, n) => ({
    number: `L${String(n + 1).padStart(4, '0')}`,
    row,
    isic: isicByNaics.find(([start]) => row.NAICS.startsWith(start))?.[1] ?? '',
    foundedOn: { 1: yearsAgo(3), 2: yearsAgo(1) }[row.NewExist] ?? '',
    product: row.RevLineCr === 'Y' ? 'working_capital_line' : 'term_loan',
    collateral: ['scheme_guarantee', 'personal_guarantee', ...(row.RealEstate === '1' ? ['real_estate'] : [])],
  }));
}

/** Writes enterprises.csv and requests.csv with the papers they name. */
export function writeTables(loans, folder) {
  writeFileSync(
    join(folder, 'paper.pdf'),
    '%PDF-1.4\n% stands for a paper of the borrower, which the public record does not hold\n',
  );
  const year = new Date().getUTCFullYear() - 1;
  table(join(folder, 'enterprises.csv'), loans, ({ number, row, isic, foundedOn }) => ({
    reference: number,
    name: `Borrower ${number}`,
    local_name: `Borrower ${number}`,
    signatory: `Signatory of ${number}`,
    email: `${number.toLowerCase()}@borrowers.example`,
    legal_form: 'llc',
    isic_class: isic,
    region: `US-${row.State}`,
    founded_on: foundedOn,
    staff: row.NoEmp,
    rural: row.UrbanRural === '2' ? 'yes' : 'no',
    owner_name: `Owner of ${number}`,
    owner_local_name: `Owner of ${number}`,
    owner_country: 'US',
    owner_born_on: '1970-01-01',
    // The record holds no statements: a statement of zero says that there is none to compare with.
    fiscal_year: year,
    currency: 'USD',
    revenue: '0',
    total_assets: '0',
    account_number: `1000${number.slice(1)}00`,
    bank_name: 'Not in the record',
    registration_file: 'paper.pdf',
    bank_letter_file: 'paper.pdf',
    submit: 'yes',
  }));
  const papers = ['financial_statements', 'bank_statements', 'business_plan'];
  table(join(folder, 'requests.csv'), loans, ({ number, row, product, collateral }) => ({
    reference: `7a-${number}`,
    enterprise: number,
    product_kind: product,
    amount: Number(row.GrAppv).toFixed(2),
    currency: 'USD',
    tenor_months: row.Term,
    purpose: `A 7(a) loan of the public record, industry ${row.NAICS}; guaranteed there: ${row.SBA_Appv} of ${row.GrAppv} dollars.`,
    anonymous_text: `A firm of industry ${row.NAICS} borrows for its running business; ${row.CreateJob} jobs are to come.`,
    collateral: collateral.join('; '),
    documents: papers
      .filter((kind) => product === 'term_loan' || kind !== 'business_plan')
      .map((kind) => `${kind}=paper.pdf`)
      .join('; '),
    submit: 'yes',
  }));
}

/** Writes objects as CSV; the first one names the columns. */
export function table(path, items, rowOf) {
  const rows = items.map(rowOf);
  const quote = (cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`;
  const lines = [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))];
  writeFileSync(path, lines.map((cells) => cells.map(quote).join(',')).join('\r\n'));
}
