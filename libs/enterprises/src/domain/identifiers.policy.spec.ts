import {
  creditCodeCheck,
  emiratesLicenceFault,
  emiratesTaxNumberFault,
  ibanFault,
  identifierFault,
  normaliseIdentifier,
  saudiCommercialRegistrationFault,
  saudiUnifiedNumberFault,
  saudiVatNumberFault,
  socialCreditCodeFault,
} from './identifiers.policy.js';

// Codes that the firms print themselves: Huawei Technologies, Tencent Computer Systems (Shenzhen), Baidu Netcom.
const printed = ['914403001922038216', '9144030071526726XG', '91110000802100433B'];

describe('China’s unified social credit code (GB 32100-2015)', () => {
  it.each(printed)('takes %s, which its firm prints', (code) => {
    expect(socialCreditCodeFault(code)).toBeUndefined();
  });

  it.each(printed)('finds every single wrong character in %s', (code) => {
    const missed: string[] = [];
    for (let place = 0; place < 18; place++)
      for (const character of '0123456789ABCDEFGHJKLMNPQRTUWXY') {
        const wrong = code.slice(0, place) + character + code.slice(place + 1);
        if (wrong !== code && socialCreditCodeFault(wrong) === undefined) missed.push(wrong);
      }
    expect(missed).toEqual([]);
  });

  it('finds two neighbours that changed places', () => {
    const missed: string[] = [];
    for (const code of printed)
      for (let place = 0; place < 17; place++) {
        const [a, b] = [code.charAt(place), code.charAt(place + 1)];
        const swapped = code.slice(0, place) + b + a + code.slice(place + 2);
        if (a !== b && socialCreditCodeFault(swapped) === undefined) missed.push(swapped);
      }
    expect(missed).toEqual([]);
  });

  it('says which check failed', () => {
    const wrong = '914403001922038226';
    expect(socialCreditCodeFault(wrong)).toContain('GB 11714');
    expect(
      socialCreditCodeFault(`91440300192203821${creditCodeCheck(printed[0] as string) === '6' ? '7' : '6'}`),
    ).toContain('GB 32100');
    expect(socialCreditCodeFault('91440300192203821I')).toContain('letters I');
  });
});

describe('identifiers without a published check digit are tested by their format', () => {
  it.each([
    [saudiUnifiedNumberFault, '7001234567', ['1001234567', '700123456', '70012345678', '7OO1234567']],
    [saudiCommercialRegistrationFault, '1010123456', ['0010123456', '101012345', '7001234567', '10101234567']],
    [saudiVatNumberFault, '310122393500003', ['310122393500004', '210122393500003', '31012239350003']],
    [emiratesLicenceFault, 'CN-1234567', ['CN-12', 'CN 1234567', '-1234', '']],
    [emiratesTaxNumberFault, '100123456700003', ['200123456700003', '10012345670003']],
  ] as const)('%p', (fault, right, wrong) => {
    expect(fault(right)).toBeUndefined();
    for (const value of wrong) expect(fault(value)).toBeDefined();
  });

  it('are normalised before they are tested', () => {
    expect(normaliseIdentifier(' 9144 0300 7152 6726 xg ')).toBe('9144030071526726XG');
    expect(identifierFault({ scheme: 'sa_unified_number', value: '7001234567' })).toBeUndefined();
  });
});

describe('IBAN (ISO 13616)', () => {
  // Examples of the SWIFT IBAN Registry.
  it.each([
    ['SA', 'SA0380000000608010167519'],
    ['AE', 'AE070331234567890123456'],
  ])('takes the registry’s example of %s and no single wrong digit of it', (country, example) => {
    expect(ibanFault(example, country)).toBeUndefined();
    for (let place = 2; place < example.length; place++)
      for (const digit of '0123456789') {
        const wrong = example.slice(0, place) + digit + example.slice(place + 1);
        if (wrong !== example) expect(ibanFault(wrong, country)).toBeDefined();
      }
  });

  it('refuses another country’s, and a wrong length', () => {
    expect(ibanFault('AE070331234567890123456', 'SA')).toContain('SA');
    expect(ibanFault('SA038000000060801016751', 'SA')).toContain('24');
  });
});
