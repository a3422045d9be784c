import { parseDate } from '#kernel';
import { isUsable, usableFrom } from './bank-account.policy.js';
import { ageBand, bandOf } from './bands.policy.js';
import { receiptNumber } from './document.policy.js';
import { industryOf, sectionOf } from './isic.policy.js';
import { changedFacts } from './profile.js';
import { ownerFaults, type OwnerFacts } from './profile.policy.js';
import { findMatches, searchName } from './screening.js';
import { type FinancialStatement, statementFaults } from './statement.js';

describe('bands', () => {
  it.each([
    ['2024-02-29', '2025-02-27', 'under_1'],
    ['2024-02-29', '2025-02-28', '1_to_2'],
    ['2020-06-15', '2023-06-14', '1_to_2'],
    ['2020-06-15', '2023-06-15', '3_to_5'],
    ['2020-06-15', '2026-06-15', '6_to_10'],
    ['2020-06-15', '2031-06-14', '6_to_10'],
    ['2020-06-15', '2031-06-15', 'over_10'],
  ])('a firm founded on %s is on %s %s', (founded, today, band) => {
    expect(ageBand(parseDate(founded), parseDate(today))).toBe(band);
  });

  it.each([
    [0n, '0..5'],
    [5n, '0..5'],
    [6n, '6..49'],
    [49n, '6..49'],
    [249n, '50..249'],
    [250n, '250..'],
  ])('%s lies in %s', (value, band) => {
    expect(bandOf(value, [5n, 49n, 249n])).toBe(band);
  });
});

describe('the cooling time of an account', () => {
  const declared = new Date('2026-03-01T10:00:00Z');

  it('waits only where the account takes another’s place', () => {
    expect(usableFrom(declared, false, 72)).toEqual(declared);
    expect(usableFrom(declared, true, 72)).toEqual(new Date('2026-03-04T10:00:00Z'));
  });

  it('needs a checked ownership, the end of the wait, and the account in force', () => {
    const account = { ownershipCheckedAt: declared, usableFrom: new Date('2026-03-04T10:00:00Z'), replacedAt: null };
    expect(isUsable(account, new Date('2026-03-04T09:59:59.999Z'))).toBe(false);
    expect(isUsable(account, new Date('2026-03-04T10:00:00Z'))).toBe(true);
    expect(isUsable({ ...account, ownershipCheckedAt: null }, new Date('2027-01-01T00:00:00Z'))).toBe(false);
    expect(isUsable({ ...account, replacedAt: declared }, new Date('2027-01-01T00:00:00Z'))).toBe(false);
  });
});

describe('ISIC', () => {
  // Structure of ISIC revision 4: 0111 growing of cereals, 3510 electric power, 4711 retail, 9602 hairdressing.
  it.each([
    ['0111', 'A'],
    ['3510', 'D'],
    ['4711', 'G'],
    ['9602', 'S'],
    ['8411', undefined],
    ['9900', undefined],
    ['471', undefined],
  ])('%s lies in section %s', (isicClass, section) => {
    expect(sectionOf(isicClass)).toBe(section);
  });

  it('finds the standard’s industry by the longest beginning', () => {
    const industries = [
      { isic: ['52'], industry: 'transport' },
      { isic: ['521'], industry: 'storage' },
    ];
    expect(industryOf('5210', industries)).toBe('storage');
    expect(industryOf('5229', industries)).toBe('transport');
    expect(industryOf('9602', industries)).toBe('other');
    expect(industryOf('9602', [])).toBeUndefined();
  });
});

describe('screening by name', () => {
  const entry = (name: string, aliases: string[] = []) =>
    ({ name, aliases, kind: 'sanction', programme: 'UN 1267' }) as const;

  it('looks through accents, case, order, punctuation and the forms of Arabic letters', () => {
    expect(searchName('AL-HARBI, Noura')).toBe(searchName('noura al harbi'));
    expect(searchName('José Núñez')).toBe(searchName('JOSE NUNEZ'));
    expect(searchName('أحمد الحُسَيْن')).toBe(searchName('احمد الحسين'));
    expect(searchName('فاطمة على')).toBe(searchName('فاطمه علي'));
  });

  it('finds a name in either script and by alias, and not a part of a name', () => {
    const subject = { name: 'Noura Alharbi', localName: 'نورة الحربي', country: 'SA' };
    expect(findMatches(subject, [entry('X', ['الحربي نوره'])])).toHaveLength(1);
    expect(findMatches(subject, [entry('ALHARBI Noura')])).toHaveLength(1);
    expect(findMatches(subject, [entry('Noura'), entry('Alharbi Noura Saad')])).toHaveLength(0);
    expect(findMatches({ ...subject, localName: '' }, [entry('')])).toHaveLength(0);
  });
});

describe('statements', () => {
  const sound: Omit<FinancialStatement, 'version'> = {
    fiscalYear: 2024,
    periodEnd: '2024-12-31',
    currency: 'SAR',
    audited: false,
    staff: null,
    revenueMinor: 100n,
    totalAssetsMinor: 100n,
    currentAssetsMinor: 60n,
    inventoryMinor: 20n,
    cashMinor: 40n,
    totalLiabilitiesMinor: 130n,
    currentLiabilitiesMinor: 50n,
    retainedEarningsMinor: -60n,
    equityMinor: -30n,
    operatingProfitMinor: -5n,
    interestExpenseMinor: 3n,
    netProfitMinor: -8n,
    documentId: null,
  };

  it('takes losses and a negative equity', () => {
    expect(statementFaults(sound)).toEqual([]);
    expect(statementFaults({ ...sound, periodEnd: '2025-06-30' })).toEqual([]);
  });

  it.each([
    [{ currentAssetsMinor: 101n, cashMinor: null, inventoryMinor: null }, 'currentAssetsMinor'],
    [{ cashMinor: 61n }, 'cashMinor'],
    [{ currentLiabilitiesMinor: 131n }, 'currentLiabilitiesMinor'],
    [{ equityMinor: -29n }, 'equityMinor'],
    [{ interestExpenseMinor: -1n }, 'interestExpenseMinor'],
    [{ periodEnd: '2026-01-01' }, 'periodEnd'],
  ])('refuses %p', (change, field) => {
    expect(statementFaults({ ...sound, ...change }).map((fault) => fault.field)).toEqual([field]);
  });
});

describe('what re-opens a verification', () => {
  const facts = {
    legalForm: 'llc',
    sector: 'G',
    isicClass: '4711',
    sizeIndustry: null,
    region: 'SA-01',
    foundedOn: '2018-01-01',
    staff: 5,
    womenLed: false,
    rural: false,
    exporter: false,
    leastDeveloped: false,
  } as const;

  it('is a flag, a region, a form, and not the staff', () => {
    expect(changedFacts(facts, { ...facts, staff: 6, sizeIndustry: 'retail' })).toEqual([]);
    expect(changedFacts(facts, { ...facts, womenLed: true, region: 'SA-02' })).toEqual(['region', 'womenLed']);
  });
});

describe('owners', () => {
  const owner = (sharePpm: number, changes: Partial<OwnerFacts> = {}): OwnerFacts => ({
    kind: 'person',
    name: 'A B',
    localName: 'ا ب',
    country: 'SA',
    bornOn: '1980-01-01',
    sharePpm,
    isWoman: false,
    politicallyExposed: false,
    ...changes,
  });

  it('hold at most the whole', () => {
    expect(
      ownerFaults(
        [333_333, 333_333, 333_334].map((share) => owner(share)),
        '2026-01-01',
      ),
    ).toEqual([]);
    expect(ownerFaults([owner(600_000), owner(400_001)], '2026-01-01')).toMatchObject([{ pointer: '/owners' }]);
  });

  it('have a date of birth where they are people', () => {
    expect(ownerFaults([owner(1, { bornOn: null })], '2026-01-01')).toMatchObject([{ pointer: '/owners/0/bornOn' }]);
    expect(ownerFaults([owner(1, { kind: 'organisation', bornOn: null })], '2026-01-01')).toEqual([]);
    expect(ownerFaults([owner(1, { bornOn: '2026-01-01' })], '2026-01-01')).toHaveLength(1);
  });
});

describe('the receipt', () => {
  it('is the day and the last 50 bits of the id, in letters that are not misread', () => {
    expect(receiptNumber('00000000-0000-7000-8000-000000000000', '2026-03-05')).toBe('R20260305-00000-00000');
    expect(receiptNumber('00000000-0000-7000-8003-ffffffffffff', '2026-03-05')).toBe('R20260305-ZZZZZ-ZZZZZ');
    expect(receiptNumber('00000000-0000-7000-8000-000000000021', '2026-03-05')).toBe('R20260305-00000-00011');
  });
});
