// Tells the story in plain sentences, and counts the figures that were computed again and found right or wrong.

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const counts = { right: 0, wrong: 0 };

export function chapter(title) {
  process.stdout.write(`\n${paint('1', title)}\n`);
}

export function tell(text) {
  process.stdout.write(`  ${text}\n`);
}

/** A figure or a fact that the story stands on. A wrong one is shown and makes the exit code 1; the story goes on. */
export function check(what, right, detail = '') {
  counts[right ? 'right' : 'wrong'] += 1;
  const mark = right ? paint('32', '✓') : paint('31', '✗ WRONG:');
  process.stdout.write(`  ${mark} ${what}${right || !detail ? '' : ` (${detail})`}\n`);
}

export function checkEqual(what, got, expected) {
  check(what, Object.is(got, expected), `got ${got}, expected ${expected}`);
}

/** Amounts as a shop owner reads them: 1,250,000.00 SAR. */
export function amount({ amount: value, currency }) {
  const [whole, fraction] = value.split('.');
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${fraction ? `.${fraction}` : ''} ${currency}`;
}

export const riyadh = (instant) =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Riyadh',
  }).format(new Date(instant));

/** The columns of a table under each other. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows)
    tell(
      `  ${row.map((cell, column) => (column < 2 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]))).join('  ')}`,
    );
}
