// The one page that `npm start` prints.

/**
 * @param {import('./steps.mjs').Steps} steps
 * @param {string} address of the running market
 * @param {{since: number, stage: string}} start
 */
export async function printPage(steps, address, { since, stage }) {
  const lines = [
    '',
    `Sanad runs at  ${address}   (up after ${((Date.now() - since) / 1000).toFixed(1)} s)`,
    '',
    ...(stage === 'live' ? [] : await logins(address)),
    'The story of the market, step by step:  npm run demo',
    'Calculators and other commands:         npm run -s sanad -- --help',
    'Data and logs are under .local; Ctrl-C ends everything, npm start brings it back.',
  ];
  for (const line of lines) steps.say(line);
}

async function logins(address) {
  const answer = await fetch(`${address}/v1/demo/logins`).catch(() => undefined);
  if (!answer?.ok) return [`The demonstration logins could not be read (GET ${address}/v1/demo/logins).`, ''];
  const { items } = await answer.json();
  const rows = items.map(({ role, organisation, email, password }) => [role, textOf(organisation), email, password]);
  const table = [['role', 'organisation', 'e-mail', 'password'], ...rows];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) =>
    `  ${row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()}`;
  const lines = [line(table[0]), `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`];
  for (const [n, item] of items.entries()) {
    lines.push(line(rows[n]));
    if (item.whatToTry) lines.push(`    try: ${item.whatToTry}`);
  }
  return ['Demonstration logins', ...lines, ''];
}

/** Names may come in several languages. */
function textOf(name) {
  return typeof name === 'string' ? name : (name?.en ?? Object.values(name ?? {})[0] ?? '');
}
