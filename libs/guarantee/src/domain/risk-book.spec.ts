import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRiskBook } from './risk-book.js';

const filed = () =>
  JSON.parse(readFileSync(join(process.cwd(), 'config', 'countries', 'sa', 'guarantee-risk.json'), 'utf8')) as {
    basis: Record<string, { status: string; source: string }>;
    scenarios: { id: string }[];
  };

describe('the book of guarantee risk', () => {
  it('names status and source of every value, and says of its probabilities and scenarios that they are provisional', () => {
    const { basis, losses, scenarios } = readRiskBook(filed());
    for (const { grade } of losses.grades) expect(basis.get(`grades/${grade}`)?.status).toBe('provisional');
    for (const { id } of scenarios) expect(basis.get(`scenarios/${id}`)?.status).toBe('provisional');
    expect(basis.get('lgd')).toMatchObject({ status: 'published', source: expect.stringContaining('CRE32') as string });
    for (const { source } of basis.values()) expect(source.length).toBeGreaterThan(20);
  });

  it.each(['grades/BB', 'scenarios/severe', 'lgd', 'vintageFactor'])('is refused without the basis of %s', (name) => {
    const { [name]: _without, ...basis } = filed().basis;
    expect(() => readRiskBook({ ...filed(), basis })).toThrow(`names no status and source of ${name}`);
  });

  it('is refused with a basis of a value that it does not have, or an unknown status', () => {
    const { basis } = filed();
    const other = { ...basis, 'grades/ZZ': { status: 'provisional', source: 'nothing' } };
    expect(() => readRiskBook({ ...filed(), basis: other })).toThrow('has no value grades/ZZ');
    const unknown = { ...basis, lgd: { status: 'guessed', source: 'nothing' } };
    expect(() => readRiskBook({ ...filed(), basis: unknown })).toThrow('/basis/lgd/status');
  });
});
