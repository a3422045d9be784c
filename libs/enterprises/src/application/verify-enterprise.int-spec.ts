import { IdentityReader } from '#identity';
import { UnitOfWork } from '#platform';
import { EnterpriseHouse, profileInput } from '../testing/enterprise-house.js';
import { EnterpriseLists } from './enterprise-lists.reader.js';
import { EnterpriseReader } from './enterprise.reader.js';
import { SaveProfile } from './save-profile.js';
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
    await expect(decide({ verified: false })).rejects.toMatchObject({ code: 'review_reasons_missing' });
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
    const payload = { subjectType: 'enterprise_verification', subjectId: firm.id };
    await house.run((tx) => verification.follow(tx, { name: 'review_case.returned', payload }));
    expect((await house.get(EnterpriseLists).profile(firm.id)).status).toBe('unverified');
  });
});
