import { sizeCalculator } from '#finance';
import { sizeStandards } from '#platform/rulebooks';
import figures from './fixtures/size-classes.json';

/** Sources: 工信部联企业〔2011〕300号; Recommendation 2003/361/EC; Monsha'at, as the fixture names them. */
const size = sizeCalculator(sizeStandards());

describe('size classes', () => {
  it.each(figures.cases)('$input.standard $input.industry: $why is $class', ({ input, class: expected }) => {
    expect(size(input)).toMatchObject({ class: expected });
  });

  it('covers the sixteen industries of China', () => {
    expect(sizeStandards().get('CN-2011')?.rules).toHaveLength(16);
  });

  it('cites the clause and the comparisons that decided', () => {
    expect(size({ standard: 'CN-2011', industry: 'construction', revenue: '60000000', assets: '49990000' })).toEqual({
      class: 'small',
      rule: '工信部联企业〔2011〕300号, 四(三) 建筑业: revenue at least 3000000 and assets at least 3000000',
    });
  });

  it.each([
    [{ staff: 250, revenue: '1' }, 'large'],
    [{ staff: 10, revenue: '200000000.01' }, 'large'],
    [{ staff: 200, revenue: '3000000' }, 'micro'],
    [{ staff: 5, revenue: '3000000.01' }, 'small'],
    [{ revenue: '40000000.01' }, 'medium'],
    [{ staff: 5 }, 'micro'],
    [{ staff: 6, revenue: '0' }, 'small'],
    [{ staff: 49 }, 'small'],
    [{ staff: 249 }, 'medium'],
  ])('Saudi Arabia, revenue first and staff only without revenue: %j', (facts, expected) => {
    expect(size({ standard: 'SA', ...facts })).toMatchObject({ class: expected });
  });

  it.each([
    [{ standard: 'EU-2003', staff: 9, revenue: '2000000.01' }, ['/balanceSheet']],
    [{ standard: 'EU-2003', revenue: '1' }, ['/staff', '/balanceSheet']],
    [{ standard: 'CN-2011', industry: 'industry', staff: 1000 }, ['/revenue']],
    [{ standard: 'CN-2011', staff: 1000 }, ['/industry']],
    [{ standard: 'CN-2011', industry: 'banking', staff: 1000 }, ['/industry']],
    [{ standard: 'SA' }, ['/staff', '/revenue']],
    [{ standard: 'SA', revenue: '0' }, ['/staff']],
    [{ standard: 'SA', staff: -1 }, ['/staff']],
  ])('asks for the figure that could change the class: %j', (input, pointers) => {
    expect(() => size(input)).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ fields: pointers.map((pointer) => expect.objectContaining({ pointer })) }),
      }),
    );
  });

  it('does without a figure that cannot change it', () => {
    expect(size({ standard: 'EU-2003', staff: 300 })).toMatchObject({ class: 'large' });
    expect(size({ standard: 'EU-2003', staff: 60, revenue: '1' })).toMatchObject({ class: 'medium' });
    expect(size({ standard: 'CN-2011', industry: 'industry', revenue: '2500000' })).toMatchObject({ class: 'micro' });
  });
});
