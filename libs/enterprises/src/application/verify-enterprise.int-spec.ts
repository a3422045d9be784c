import { IdentityReader } from '#identity';
import { UnitOfWork } from '#platform';
import { EnterpriseHouse, profileInput, saudiIban, statement, sar } from '../testing/enterprise-house.js';
import { Documents } from './documents.js';
import { EnterpriseLists } from './enterprise-lists.reader.js';
import { EnterpriseReader } from './enterprise.reader.js';
import { SaveProfile } from './save-profile.js';
import { SaveStatement } from './save-statement.js';
import { VerifyEnterprise } from './verify-enterprise.js';

let house: EnterpriseHouse;
beforeAll(async () => {
  house = await EnterpriseHouse.open();
});
afterAll(() => house.close());

const yes = { verified: true, accountOwnershipConfirmed: true, screeningCleared: true, reasons: [] };
const reasons = [{ code: 'letter_unclear', message: 'Send a newer letter of the bank.' }];
const snapshot = (id: string) => house.get(EnterpriseReader).snapshot(id);

describe('the verification of an enterprise', () => {
  it('is refused while something remains, and says what', async () => {
    const firm = await house.enterprise();
    await house.get(SaveProfile).execute(firm.preparer, 0, { sector: 'G' });
    await expect(house.get(VerifyEnterprise).submit(firm.signatory)).rejects.toMatchObject({
      code: 'enterprise_tasks_remain',
      details: {
        fields: expect.arrayContaining([
          { pointer: '/legalForm', rule: 'facts', message: 'is missing' },
          { pointer: '/sa_unified_number', rule: 'identifiers', message: 'is missing' },
          { pointer: '/bankAccount', rule: 'bank_account', message: 'is missing' },
          { pointer: '/registration', rule: 'documents', message: 'is missing' },
        ]),
      },
    });
    expect(await house.get(EnterpriseLists).tasks(firm.id)).toMatchObject({ ready: false });
  });

  it('goes through request for information and answer to verified, and the snapshot tells the market', async () => {
    const firm = await house.readyEnterprise();
    expect(await house.get(EnterpriseLists).tasks(firm.id)).toMatchObject({ ready: true });
    const verification = house.get(VerifyEnterprise);
    expect(await verification.submit(firm.signatory)).toMatchObject({ status: 'submitted' });
    await expect(house.get(SaveProfile).execute(firm.preparer, 3, { staff: 13 })).rejects.toMatchObject({
      code: 'enterprise_under_review',
    });
    await house.deliverEvents();
    expect((await house.get(EnterpriseLists).profile(firm.id)).status).toBe('in_review');
    await verification.requestInformation(house.lead, firm.id, reasons);
    await house.get(SaveProfile).execute(firm.preparer, await house.version(firm), { staff: 13 });
    expect(await verification.answer(firm.signatory)).toMatchObject({ status: 'in_review' });
    expect(await snapshot(firm.id)).toMatchObject({ verified: false, bankAccountUsable: false });
    expect(await verification.decide(house.lead, firm.id, yes)).toMatchObject({ status: 'verified' });
    expect((await house.get(IdentityReader).organisation(firm.id))?.verified).toBe(true);
    expect(await snapshot(firm.id)).toEqual({
      organisationId: firm.id,
      verified: true,
      name: expect.any(String),
      localName: expect.any(String),
      country: 'SA',
      legalForm: 'llc',
      sector: 'G',
      isicClass: '4711',
      region: 'SA-01',
      // Monsha'at: revenue above 3 and up to 40 million riyals is small.
      sizeClass: 'small',
      large: false,
      foundedOn: '2018-03-01',
      ageBand: '6_to_10',
      staff: 13,
      staffBand: '6..19',
      revenueMinor: 850_000_000n,
      revenueBand: '3000001..10000000',
      fiscalYear: 2024,
      currency: 'SAR',
      womenLed: true,
      rural: false,
      exporter: false,
      leastDeveloped: false,
      grade: null,
      bankAccountUsable: true,
      profileVersion: expect.any(Number),
    });
    const { items } = await house.get(EnterpriseLists).history(firm.id, {});
    expect(items.map(({ action }) => action)).toEqual(['verify', 'answer', 'request_information', 'take_up', 'submit']);
  });

  it('is not given without a confirmed account, over an open screening, to a large firm, or twice', async () => {
    const firm = await house.readyEnterprise();
    const verification = house.get(VerifyEnterprise);
    await verification.submit(firm.signatory);
    const decide = (changes: object) => verification.decide(house.lead, firm.id, { ...yes, ...changes });
    await expect(decide({ accountOwnershipConfirmed: false })).rejects.toMatchObject({
      code: 'account_ownership_open',
    });
    await expect(decide({ screeningCleared: false })).rejects.toMatchObject({
      code: 'screening_open',
      details: { data: { owners: [{ name: 'Noura Alharbi', screening: 'not_screened' }] } },
    });
    await expect(decide({ verified: false })).rejects.toMatchObject({ code: 'rejection_reasons_missing' });
    await expect(verification.decide(firm.signatory, firm.id, yes)).rejects.toMatchObject({
      code: 'review_not_assigned',
    });
    await decide({});
    await expect(decide({})).rejects.toMatchObject({ code: 'transition_not_allowed' });

    const giant = await house.readyEnterprise({ staff: 250 });
    await verification.submit(giant.signatory);
    await expect(verification.decide(house.lead, giant.id, yes)).rejects.toMatchObject({ code: 'enterprise_large' });
    await verification.decide(house.lead, giant.id, { ...yes, verified: false, reasons });
    expect(await snapshot(giant.id)).toMatchObject({ verified: false, large: true, sizeClass: null });
  });

  it('is re-opened by another owner or fact, and not by staff', async () => {
    const firm = await house.verifiedEnterprise();
    const save = async (input: object) =>
      house.get(SaveProfile).execute(firm.preparer, await house.version(firm), input);
    await save({ staff: 15, owners: profileInput().owners });
    expect(await snapshot(firm.id)).toMatchObject({ verified: true });
    const owner = { ...(profileInput().owners?.[0] as object), name: 'Somebody Else' };
    await save({ owners: [owner] });
    expect(await snapshot(firm.id)).toMatchObject({ verified: false, bankAccountUsable: false });
    expect((await house.get(IdentityReader).organisation(firm.id))?.verified).toBe(false);
    const { items } = await house.get(EnterpriseLists).history(firm.id, {});
    expect(items[0]).toMatchObject({ action: 'reopen', reason: 'owners', from: 'verified', to: 'unverified' });
  });

  it('waits the cooling time after a change of account, though its ownership was confirmed', async () => {
    const firm = await house.verifiedEnterprise();
    // The example that banks of Saudi Arabia print in their explanations of the IBAN.
    await house.declareAccount(firm, await house.version(firm), 'SA4420000001234567891234');
    expect(await snapshot(firm.id)).toMatchObject({ verified: false, bankAccountUsable: false });
    await house.verify(firm);
    expect(await snapshot(firm.id)).toMatchObject({ verified: true, bankAccountUsable: false });
    const later = (hours: number) =>
      new UnitOfWork(house.database.dataSource, hours * 3600).run(house.lead, (tx) =>
        house.get(EnterpriseReader).snapshot(firm.id, tx),
      );
    expect(await later(71)).toMatchObject({ bankAccountUsable: false });
    expect(await later(73)).toMatchObject({ bankAccountUsable: true });
  });

  it('begins again after silence or withdrawal', async () => {
    const firm = await house.readyEnterprise();
    const verification = house.get(VerifyEnterprise);
    await verification.submit(firm.signatory);
    expect(await verification.withdraw(firm.signatory)).toMatchObject({ status: 'unverified' });
    await verification.submit(firm.signatory);
    await verification.requestInformation(house.lead, firm.id, reasons);
    await house.unitOfWork.run(house.lead, (tx) => verification.followCase(tx, firm.id, 'return'));
    expect((await house.get(EnterpriseLists).profile(firm.id)).status).toBe('unverified');
  });
});

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
