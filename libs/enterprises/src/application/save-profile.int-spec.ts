import { EnterpriseHouse, saudiIban, sar, statement } from '../testing/enterprise-house.js';
import { Documents } from './documents.js';
import { EnterpriseLists } from './enterprise-lists.reader.js';
import { SaveProfile } from './save-profile.js';
import { SaveStatement } from './save-statement.js';

let house: EnterpriseHouse;
beforeAll(async () => {
  house = await EnterpriseHouse.open();
});
afterAll(() => house.close());

describe('the profile', () => {
  it('tells the second of two editors, and overwrites nothing', async () => {
    const firm = await house.enterprise();
    const { version } = await house.get(SaveProfile).execute(firm.signatory, 0, { staff: 5 });
    const edits = [7, 8, 9, 10, 11].map((staff) =>
      house
        .get(SaveProfile)
        .execute(firm.preparer, version, { staff })
        .then(
          () => staff,
          (error: { code: string }) => error.code,
        ),
    );
    const outcomes = await Promise.all(edits);
    const winners = outcomes.filter((outcome) => typeof outcome === 'number');
    expect(winners).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'record_changed')).toHaveLength(4);
    expect(await house.get(EnterpriseLists).profile(firm.id)).toMatchObject({
      staff: winners[0],
      version: version + 1,
    });
    await expect(house.get(SaveProfile).execute(firm.signatory, 0, { staff: 1 })).rejects.toMatchObject({
      code: 'record_changed',
    });
  });

  it('names every fact that cannot be right', async () => {
    const firm = await house.enterprise();
    const wrong = {
      legalForm: 'circus',
      region: 'CN-BJ',
      sector: 'A' as const,
      isicClass: '4711',
      foundedOn: '2199-01-01',
      identifiers: [{ scheme: 'sa_unified_number' as const, value: '8000000000' }],
    };
    await expect(house.get(SaveProfile).execute(firm.signatory, 0, wrong)).rejects.toMatchObject({
      code: 'enterprise_profile_invalid',
      details: {
        fields: ['/legalForm', '/region', '/isicClass', '/foundedOn', '/identifiers/0/value'].map((pointer) =>
          expect.objectContaining({ pointer }),
        ),
      },
    });
    expect(await house.get(EnterpriseLists).profile(firm.id)).toMatchObject({ version: 0 });
  });

  it('refuses an identifier that another firm stated', async () => {
    const identifiers = [{ scheme: 'sa_unified_number' as const, value: '7999999999' }];
    const [first, second] = [await house.enterprise(), await house.enterprise()];
    await house.get(SaveProfile).execute(first.signatory, 0, { identifiers });
    await expect(house.get(SaveProfile).execute(second.signatory, 0, { identifiers })).rejects.toMatchObject({
      code: 'enterprise_identifier_taken',
    });
  });
});

describe('statements and documents', () => {
  it('keeps every version of a year and the inputs of each size decision', async () => {
    const firm = await house.enterprise();
    await house.get(SaveProfile).execute(firm.signatory, 0, { staff: 3 });
    const save = (version: number, revenue: string) =>
      house.get(SaveStatement).execute(firm.signatory, 2024, version, { ...statement, revenue: sar(revenue) });
    await save(0, '3000000.00');
    expect(await house.get(EnterpriseLists).profile(firm.id)).toMatchObject({
      size: { sizeClass: 'micro', standardId: 'SA', inputs: { revenue: '3000000', staff: '3', fiscalYear: '2024' } },
    });
    await save(1, '3000000.01');
    await expect(save(1, '1.00')).rejects.toMatchObject({ code: 'record_changed' });
    expect(await house.get(EnterpriseLists).profile(firm.id)).toMatchObject({ size: { sizeClass: 'small' } });
    const { items } = await house.get(EnterpriseLists).statementVersions(firm.id, 2024);
    expect(items.map(({ version, revenue }) => [version, revenue.amount])).toEqual([
      [2, '3000000.01'],
      [1, '3000000.00'],
    ]);
  });

  it('gives a receipt, knows a file by its bytes, and shows it to its owner only', async () => {
    const [firm, other] = [await house.readyEnterprise(), await house.readyEnterprise()];
    const documents = house.get(Documents);
    const content = Buffer.from('%PDF-1.7 the same file');
    const upload = { kind: 'other' as const, name: 'عقد.pdf', content };
    const mine = await documents.upload(firm.signatory, upload);
    const theirs = await documents.upload(other.signatory, upload);
    expect(mine.receipt).toMatch(/^R\d{8}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(mine.receipt).not.toBe(theirs.receipt);
    expect(mine.checksum).toBe(theirs.checksum);
    expect((await documents.read(firm.id, mine.id)).content).toEqual(content);
    await expect(documents.read(firm.id, theirs.id)).rejects.toMatchObject({ code: 'record_unknown' });
    await expect(documents.remove(firm.signatory, theirs.id)).rejects.toMatchObject({ code: 'record_unknown' });
    await expect(documents.upload(firm.signatory, { ...upload, content: Buffer.from('<html>') })).rejects.toMatchObject(
      { code: 'document_unreadable' },
    );
    const statementOfOther = { ...statement, documentId: theirs.id };
    await expect(
      house.get(SaveStatement).execute(firm.signatory, 2023, 0, { ...statementOfOther, periodEnd: '2023-12-31' }),
    ).rejects.toMatchObject({ code: 'statement_invalid' });
  });

  it('keeps each reader to the organisation that asks', async () => {
    const [firm, other] = [await house.readyEnterprise(), await house.enterprise()];
    const lists = house.get(EnterpriseLists);
    expect(await lists.profile(other.id)).toEqual({ id: other.id, status: 'unverified', version: 0 });
    expect((await lists.documents(other.id, {})).items).toEqual([]);
    expect((await lists.statements(other.id)).items).toEqual([]);
    expect((await lists.history(other.id, {})).items).toEqual([]);
    await expect(lists.statementVersions(other.id, 2024)).rejects.toMatchObject({ code: 'record_unknown' });
    expect(JSON.stringify(await lists.profile(firm.id))).toContain(saudiIban.replaceAll(' ', ''));
  });
});
