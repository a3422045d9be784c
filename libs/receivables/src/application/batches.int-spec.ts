import { createHash } from 'node:crypto';
import { addDays } from '#kernel';
import { idBytes } from '#platform';
import { ReceivableHouse, refusal, type TestParty } from '../testing/receivable-house.js';
import { DecideProposal } from './decide-proposal.js';
import { ProcessBatches } from './process-batches.js';
import { ProposeSteps } from './propose-steps.js';
import { ReceivableReader } from './receivable.reader.js';
import { StartBatch } from './start-batch.js';

let house: ReceivableHouse;
let seller: TestParty;
let anchor: TestParty;
beforeAll(async () => {
  house = await ReceivableHouse.open();
  seller = await house.seller();
  anchor = await house.anchor();
  await house.list(anchor, seller);
});
afterAll(() => house.close());

const header =
  'invoice_number,issue_date,due_date,currency,seller_name,seller_tax_id,buyer_name,buyer_tax_id,amount_due';
const row = (number: string, amount = '100.00', changes: { due?: string; other?: string } = {}) =>
  [
    number,
    addDays(house.today, -2),
    changes.due ?? addDays(house.today, 45),
    'SAR',
    'Seller',
    seller.registrationNumber,
    'Buyer',
    changes.other ?? anchor.registrationNumber,
    amount,
  ].join(',');
const table = (...rows: readonly string[]) => Buffer.from([header, ...rows].join('\n'));
const start = (content: Buffer, party = seller) =>
  house.get(StartBatch).execute(party.maker, { fileName: 'a.csv' }, content);
const work = async () => {
  while ((await house.get(ProcessBatches).work()) > 0);
};
const answers = async (id: string) =>
  (await house.get(ReceivableReader).batchRows(seller.id, id, { limit: 200 })).items.map(
    ({ line, result, refusal: why }) => [line, result, why?.code ?? null],
  );

describe('a batch', () => {
  it('answers every row and tells its progress', async () => {
    const batch = await start(
      table(
        row('B-1', '10.00'),
        row('B-2', 'much'),
        row('B-3', '12.00', { due: addDays(house.today, -1) }),
        row('B-4', '13.00', { other: '7999999999' }),
        row('B-1', '10.00'),
        row('B-5', '14.00'),
      ),
    );
    expect(batch).toMatchObject({ isNew: true, state: 'waiting', rows: { done: 0 } });
    await work();
    expect(await answers(batch.id)).toEqual([
      [2, 'created', null],
      [3, 'refused', 'invoice_row_invalid'],
      [4, 'refused', 'receivable_invalid'],
      [5, 'refused', 'anchor_unknown'],
      [6, 'existing', null],
      [7, 'created', null],
    ]);
    const done = await house.get(ReceivableReader).batch(seller.id, batch.id);
    expect(done).toMatchObject({ state: 'done', rows: { done: 6, created: 2, existing: 1, refused: 3 } });
    await expect(house.get(ReceivableReader).batch(anchor.id, batch.id)).rejects.toEqual(refusal('record_unknown'));
  });

  it('is the same batch when the file is sent again, and finds its rows again in another file', async () => {
    const first = await start(table(row('S-1'), row('S-2')));
    await work();
    const again = await start(table(row('S-1'), row('S-2')));
    expect(again).toMatchObject({ id: first.id, isNew: false, state: 'done' });
    const longer = await start(table(row('S-1'), row('S-2'), row('S-3')));
    await work();
    expect((await answers(longer.id)).map(([, result]) => result)).toEqual(['existing', 'existing', 'created']);
  });

  it('refuses a row that names another firm in the own place', async () => {
    const batch = await start(table(row('P-1').replace(seller.registrationNumber, '7111111111')));
    await work();
    expect(await answers(batch.id)).toEqual([[2, 'refused', 'party_not_yours']]);
  });

  it('reads an electronic invoice as a batch of one', async () => {
    const [issued, due] = [addDays(house.today, -2), addDays(house.today, 45)];
    const ns = 'urn:oasis:names:specification:ubl:schema:xsd';
    const party = (name: string, number: string) =>
      `<cac:Party><cac:PartyTaxScheme><cbc:CompanyID>${number}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>` +
      `<cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>`;
    const money = (name: string, amount: string) => `<cbc:${name} currencyID="SAR">${amount}</cbc:${name}>`;
    const xml = `<?xml version="1.0"?><Invoice xmlns="${ns}:Invoice-2" xmlns:cac="${ns}:CommonAggregateComponents-2" xmlns:cbc="${ns}:CommonBasicComponents-2">
      <cbc:ID>UBL-1</cbc:ID><cbc:IssueDate>${issued}</cbc:IssueDate><cbc:DueDate>${due}</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
      <cbc:DocumentCurrencyCode>SAR</cbc:DocumentCurrencyCode>
      <cac:AccountingSupplierParty>${party('Seller', seller.registrationNumber)}</cac:AccountingSupplierParty>
      <cac:AccountingCustomerParty>${party('Buyer', anchor.registrationNumber)}</cac:AccountingCustomerParty>
      <cac:TaxTotal>${money('TaxAmount', '15.00')}<cac:TaxSubtotal>${money('TaxableAmount', '100.00')}${money('TaxAmount', '15.00')}
        <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>15</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
      <cac:LegalMonetaryTotal>${money('LineExtensionAmount', '100.00')}${money('TaxExclusiveAmount', '100.00')}${money('TaxInclusiveAmount', '115.00')}${money('PayableAmount', '115.00')}</cac:LegalMonetaryTotal>
      <cac:InvoiceLine><cbc:ID>1</cbc:ID>${money('LineExtensionAmount', '100.00')}<cac:Item><cbc:Name>a</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>
        <cbc:Percent>15</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item></cac:InvoiceLine></Invoice>`;
    const batch = await start(Buffer.from(xml));
    await work();
    expect((await house.get(ReceivableReader).batchRows(seller.id, batch.id, {})).items).toEqual([
      expect.objectContaining({ number: 'UBL-1', result: 'created', refusal: null }),
    ]);
  });

  it('of the anchor is confirmed as a whole by maker and checker, each receivable with its answer', async () => {
    const rows = Array.from({ length: 230 }, (_, index) => row(`W-${index}`, `${1000 + index * index}.00`));
    const batch = await start(table(...rows), anchor);
    await work();
    const proposal = await house.get(ProposeSteps).execute(anchor.otherMaker, {
      action: 'confirm',
      batchId: batch.id,
      undertaking: house.agreement,
    });
    expect(proposal.items.all).toBe(230);
    const approved = await house.get(DecideProposal).approve(anchor.checker, proposal.id, house.agreement);
    expect(approved).toMatchObject({ state: 'approved', items: { done: 0 } });
    while ((await house.get(DecideProposal).work()) > 0);
    const done = await house.get(ReceivableReader).proposal(anchor.id, proposal.id, {});
    expect(done).toMatchObject({ state: 'applied', items: { all: 230, done: 230 } });
    const [sum] = await house.rows<{ confirmed: string; certificates: string }>(
      `SELECT SUM(r.state = 'confirmed') AS confirmed, (SELECT COUNT(*) FROM certificate c JOIN receivable x ON x.id = c.receivable_id
         WHERE x.batch_id = ? AND c.amount_minor = x.net_minor) AS certificates FROM receivable r WHERE r.batch_id = ?`,
      [idBytes(batch.id), idBytes(batch.id)],
    );
    expect(sum).toEqual({ confirmed: '230', certificates: '230' });
  }, 60_000);

  it('keeps the file under its checksum', async () => {
    const content = table(row('C-1'));
    const { checksum } = await start(content);
    expect(checksum).toBe(createHash('sha256').update(content).digest('hex'));
  });
});
