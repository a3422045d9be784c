import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSizeStandard } from '#finance';
import {
  businessCalendars,
  guaranteeFeeTables,
  readRuleBookFiles,
  ruleBookFiles,
  ruleBooks,
  sizeStandards,
} from './index.js';

describe('the rule books of config/countries', () => {
  it('are all found, read and named', () => {
    expect([...businessCalendars().keys()].sort()).toEqual(['AE', 'CN', 'SA', 'SA-bank', 'SA-private', 'US']);
    expect([...sizeStandards().keys()].sort()).toEqual(['CN-2011', 'EU-2003', 'SA', 'US-staff']);
    expect([...guaranteeFeeTables().keys()].sort()).toEqual([
      'CN',
      'JP-full',
      'JP-shared',
      'JP-special',
      'SA-grade',
      'US-7a',
    ]);
  });

  it('state a version, a source and a validity each', () => {
    for (const { content } of ruleBookFiles()) {
      expect(content).toMatchObject({
        version: expect.any(String),
        sources: expect.arrayContaining([expect.any(String)]),
        validFrom: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      });
    }
  });

  it('are read once, so that a calendar keeps its tables', () => {
    expect(businessCalendars().get('SA')).toBe(businessCalendars().get('SA-private'));
    expect(businessCalendars()).toBe(businessCalendars());
  });
});

describe('a folder with faults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rule-books-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
  const malformed = expect.objectContaining({ code: 'rule_book_malformed' });

  it('is refused with the file and the field', () => {
    write('a.json', '{"kind":"size-standard","id":"X"}');
    expect(() => ruleBooks('size-standard', readSizeStandard, readRuleBookFiles(folder))).toThrow(malformed);
    write('a.json', '{"id":"X"}');
    expect(() => readRuleBookFiles(folder)).toThrow(expect.objectContaining({ message: 'a.json: /kind is required' }));
    write('a.json', '{');
    expect(() => readRuleBookFiles(folder)).toThrow(malformed);
  });

  it('is refused when two books have one name', () => {
    const file = { path: 'x.json', kind: 'thing', content: { id: 'X' } };
    expect(() => ruleBooks('thing', (content) => content as { id: string }, [file, file])).toThrow(malformed);
  });
});
