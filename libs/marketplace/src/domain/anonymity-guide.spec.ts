import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anonymityOrder, type CellCount, decideFacts } from './anonymity.policy.js';

/** The worked example of docs/guide/anonymity.md, worked out there by hand, is run as it is printed. */
const page = readFileSync(join(__dirname, '../../../../docs/guide/anonymity.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``).exec(page)?.[1] ?? '';
const facts = anonymityOrder.slice(0, 3);
const own = (cell: CellCount) =>
  Object.fromEntries(anonymityOrder.map((fact) => [fact, cell[fact] ?? null])) as Parameters<typeof decideFacts>[2];

function register(): CellCount[] {
  const [head = '', ...lines] = block('csv').trim().split('\n');
  expect(head).toBe(`firms,${facts.join(',')}`);
  return lines.map((line) => {
    const [firms, sizeClass, sector, region] = line.split(',') as [string, string, string, string];
    return { firms: Number(firms), sizeClass, sector, region };
  });
}

describe('the worked example of the guide on anonymity', () => {
  it('shows what the page says', () => {
    const cells = register();
    const shown = cells.map((cell) => [
      facts.map((fact) => cell[fact]).join(' '),
      decideFacts(facts, cells, own(cell), 5)
        .map((decision) => (decision.shown ? cell[decision.fact] : '-'))
        .join(' '),
    ]);
    expect(Object.fromEntries(shown)).toEqual(JSON.parse(block('json')));
  });

  it('is right in its last sentence', () => {
    const more = [...register(), { firms: 3, sizeClass: 'micro' }, { firms: 4, sizeClass: 'medium' }];
    for (const cell of more) expect(decideFacts(['sizeClass'], more, own(cell), 5)[0]?.shown).toBe(true);
  });

  it('names the order of the rule', () => {
    const words = ['size class', 'sector', 'region', 'women-led', 'rural', 'age', 'revenue', 'staff'];
    expect(page).toContain(`**${words.join(', ')}**`);
    expect(anonymityOrder.map((fact) => fact.toLowerCase().replace('band', ''))).toEqual(
      words.map((word) => word.replaceAll(/[ -]/g, '')),
    );
  });
});
