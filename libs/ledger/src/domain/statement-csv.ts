/** A plain number, which a spreadsheet may read as one even when it begins with a minus. */
const number = /^-?\d+(\.\d+)?$/;

/** What a spreadsheet takes for the beginning of a formula, also in full width, after blanks, or behind a control character. */
const formula = /^[\s\u0000-\u001f\u00a0\ufeff]*[=+\-@|＝＋－＠｜]|^[\t\r\n]/;

/**
 * One cell of a CSV file: quoted where needed, and with an apostrophe before what a spreadsheet would run as a
 * formula (OWASP, "CSV Injection").
 */
export function csvCell(value: string): string {
  const safe = !number.test(value) && formula.test(value) ? `'${value}` : value;
  return /[",\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV file (RFC 4180: CRLF). */
export function csvLine(values: readonly string[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}
