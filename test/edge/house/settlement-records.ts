import { idBytes } from '#platform';
import { type Cast, newRowId } from './cast.js';
import type { EdgeHouse } from './edge-house.js';

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** One record of settlement of every kind: the first enterprise sold to the first bank what the anchor owes. */
export async function settlementRecords(
  house: EdgeHouse,
  { sme, bank }: Cast,
  { receivableId, anchorId }: { readonly receivableId: string; readonly anchorId: string },
): Promise<Record<string, string>> {
  const [seller, financier, anchor, receivable] = [
    sme.signatory.organisationId as string,
    bank.maker.organisationId as string,
    anchorId,
    receivableId,
  ].map(idBytes) as [Buffer, Buffer, Buffer, Buffer];
  const ids = {
    certificateId: newRowId(),
    programmeId: newRowId(),
    askId: newRowId(),
    assignmentId: newRowId(),
    noticeId: newRowId(),
    fileId: newRowId(),
    entryId: newRowId(),
    payoutId: newRowId(),
    paymentAccountId: newRowId(),
  };
  const id = Object.fromEntries(Object.entries(ids).map(([name, text]) => [name, idBytes(text)])) as Record<
    keyof typeof ids,
    Buffer
  >;
  const dayId = idBytes(newRowId());
  const now = new Date();
  const put = (table: string, row: Readonly<Record<string, unknown>>) =>
    house.rows(
      `INSERT INTO ${table} (${Object.keys(row).join(',')}) VALUES (${Object.keys(row)
        .map(() => '?')
        .join(',')})`,
      Object.values(row),
    );
  const [made, once] = [
    { version: 1, created_at: now },
    { currency: 'SAR', due_on: day(60) },
  ];
  await put('certificate', {
    id: id.certificateId,
    receivable_id: receivable,
    root_id: id.certificateId,
    holder_organisation_id: seller,
    anchor_organisation_id: anchor,
    issued_minor: 1000,
    amount_minor: 1000,
    tier: 1,
    status: 'held',
    ...once,
    ...made,
  });
  await put('discount_programme', {
    id: id.programmeId,
    anchor_id: anchor,
    name: 'Early',
    currency: 'SAR',
    curve: '[{"daysFrom":5,"annualRate":"6"}]',
    floor_rate: '3',
    daily_budget_minor: 1,
    valid_from: '2020-01-01',
    state: 'proposed',
    proposed_by: 'cast',
    ...made,
  });
  await put('discount_day', { id: dayId, programme_id: id.programmeId, pay_on: day(9), budget_minor: 1 });
  await put('discount_ask', {
    id: id.askId,
    programme_id: id.programmeId,
    day_id: dayId,
    anchor_id: anchor,
    supplier_id: seller,
    certificate_id: id.certificateId,
    receivable_id: receivable,
    pay_on: day(9),
    annual_rate: '4',
    currency: 'SAR',
    face_minor: 1000,
    discount_minor: 10,
    pays_minor: 990,
    state: 'asked',
    asked_at: now,
    asked_by: 'cast',
    live: 1,
    version: 1,
  });
  await put('assignment', {
    id: id.assignmentId,
    reference: 'award:cast',
    seller_id: seller,
    assignee_id: financier,
    currency: 'SAR',
    face_minor: 1000,
    price_minor: 990,
    holdback_minor: 0,
    with_recourse: 1,
    state: 'registered',
    pay_on: day(1),
    ...made,
  });
  await put('assignment_item', {
    id: id.noticeId,
    assignment_id: id.assignmentId,
    certificate_id: id.certificateId,
    receivable_id: receivable,
    anchor_id: anchor,
    face_minor: 1000,
    price_minor: 990,
    holdback_minor: 0,
    notice_at: now,
    live: 1,
  });
  await put('settlement_file', {
    id: id.fileId,
    message_id: 'CAST',
    direction: 'pay_in',
    payer_id: financier,
    currency: 'SAR',
    execute_on: day(1),
    line_count: 1,
    total_minor: 1,
    checksum: Buffer.alloc(32),
    content: '<Document/>',
    created_by: 'cast',
    created_at: now,
  });
  await put('settlement_payout', {
    id: id.payoutId,
    kind: 'proceeds',
    payee_id: seller,
    currency: 'SAR',
    amount_minor: 990,
    reference: 'RF18539007547034',
    state: 'due',
    ...made,
  });
  await put('statement_entry', {
    id: id.entryId,
    statement_id: idBytes(newRowId()),
    account: 'SA4420000001234567891234',
    entry_ref: 'CAST',
    direction: 'credit',
    reversal: 0,
    amount_minor: 1,
    currency: 'SAR',
    booked_on: day(0),
    texts: '[]',
    state: 'unclear',
    ...made,
  });
  await put('payment_account', {
    id: id.paymentAccountId,
    organisation_id: financier,
    account_number: 'SA0380000000608010167519',
    bank_name: 'Bank',
    holder_name: 'Holder',
    state: 'checked',
    declared_by: 'cast',
    declared_at: now,
    payable_from: now,
    live: 1,
    version: 1,
  });
  return ids;
}
