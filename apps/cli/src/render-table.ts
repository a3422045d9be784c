import type { JsonValue } from '#finance';

type Row = Readonly<Record<string, JsonValue>>;

const isRow = (value: JsonValue): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An answer for a person at a terminal: fields as "name  value" lines, lists of objects as a table with a head. */
export function renderTable(answer: JsonValue): string {
  return `${render(answer, '').join('\n')}\n`;
}

function render(value: JsonValue, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every(isRow)
      ? columns(value).map((line) => indent + line)
      : value.flatMap((each: JsonValue) => render(each, indent));
  }
  if (!isRow(value)) return [indent + print(value)];
  const width = Math.max(0, ...Object.keys(value).map((name) => name.length));
  return Object.entries(value).flatMap(([name, field]) =>
    typeof field === 'object' && field !== null
      ? [indent + name, ...render(field, `${indent}  `)]
      : [`${indent}${name.padEnd(width)}  ${print(field)}`],
  );
}

function columns(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => print(row[name] ?? '')))];
  const widths = names.map((_, index) => Math.max(...cells.map((line) => (line[index] as string).length)));
  return cells.map((line) => line.map((cell, index) => cell.padStart(widths[index] as number)).join('  '));
}

function print(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
