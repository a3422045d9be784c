// size: the one cast and bank of the tests of certificates and settlement.
import { parseMoney, printAmount } from '#kernel';
import { idBytes, idText, newId, type CommandContext, type Transaction } from '#platform';
import { LedgerReader, organisationAccount, type Purpose } from '#ledger';
import { AskRegistries } from '../index.js';
import { AskEarlyPayment } from '../application/ask-early-payment.js';
import { BookStatement } from '../application/book-statement.js';
import { checkReceivables } from '../application/check-receivables.js';
import { DecideTransfers } from '../application/decide-transfers.js';
import { CheckPaymentAccount, DeclarePaymentAccount } from '../application/declare-payment-account.js';
import { DiscountProgrammes } from '../application/discount-programmes.js';
import { InstructPayments } from '../application/instruct-payments.js';
import { PassCertificate } from '../application/pass-certificate.js';
import { type AssignInput, type MadeAssignment, ReceivableMarket } from '../application/receivable-market.js';
import { SettlementBook } from '../application/settlement-book.js';
import type { UploadInput } from '../application/upload-receivable.js';
import { ReceivableHouse, sar, type TestParty } from './receivable-house.js';
import { type TestEntry, statementXml } from './statement-xml.js';

/** Account numbers with right check digits, one after the other. */
export function ibanOf(sequence: number): string {
  const body = `20${String(sequence).padStart(18, '0')}`;
  const check = 98n - (BigInt(`${body}281000`) % 97n);
  return `SA${String(check).padStart(2, '0')}${body}`;
}

let nextAccount = 1;

/** Confirmed receivables, their holders, a bank that sends statements, and an officer at the settlement desk. */
export class SettlementHouse {
  private opening = 0n;
  private statements = 0;
  officer!: CommandContext;
  otherOfficer!: CommandContext;

  private constructor(readonly base: ReceivableHouse) {}

  static async open(): Promise<SettlementHouse> {
    const house = new SettlementHouse(await ReceivableHouse.open());
    house.officer = await house.base.colleague(house.base.lead, ['registry_officer']);
    house.otherOfficer = await house.base.colleague(house.base.lead, ['registry_officer']);
    return house;
  }

  get<T>(type: abstract new (...parameters: never[]) => T): T {
    return this.base.get(type);
  }

  close(): Promise<void> {
    return this.base.close();
  }

  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.base.run(work);
  }

  rows<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.base.rows<Row>(sql, parameters);
  }

  /** A verified supplier with a checked account; `checker` and `administrator` are its two signatories. */
  async supplier(): Promise<TestParty & { readonly iban: string }> {
    const party = await this.base.seller();
    return { ...party, iban: await this.firmAccount(party.id) };
  }

  async financier(): Promise<TestParty & { readonly iban: string }> {
    const party = await this.base.party('financier', ['maker', 'maker', 'checker', 'administrator']);
    return { ...party, iban: await this.account(party) };
  }

  async anchor(): Promise<TestParty & { readonly iban: string }> {
    const party = await this.base.anchor();
    return { ...party, iban: await this.account(party) };
  }

  /** A confirmed receivable; answers the seller's certificate of the whole. */
  async confirmed(
    seller: TestParty,
    anchor: TestParty,
    amount: string,
    changes: Partial<UploadInput> = {},
  ): Promise<{ readonly receivableId: string; readonly certificateId: string }> {
    const receivableId = await this.base.upload(seller, anchor, { amount: sar(amount), ...changes });
    await this.base.confirm(anchor, receivableId);
    await this.get(AskRegistries).execute([receivableId]);
    return { receivableId, certificateId: await this.certificateOf(receivableId) };
  }

  async certificateOf(receivableId: string): Promise<string> {
    const [row] = await this.rows<{ id: Buffer }>(
      "SELECT id FROM certificate WHERE receivable_id = ? AND parent_id IS NULL AND status <> 'void'",
      [idBytes(receivableId)],
    );
    return idText((row as { id: Buffer }).id);
  }

  /** The first signatory passes on and, where a second one must, it approves. */
  async pass(from: TestParty, certificateId: string, to: TestParty, amount: string): Promise<string> {
    const { transfers, state } = await this.get(PassCertificate).execute(from.checker, certificateId, [
      { registrationNumber: to.registrationNumber, amount: sar(amount), note: 'for goods' },
    ]);
    const transferId = (transfers[0] as { transferId: string }).transferId;
    if (state === 'proposed') await this.get(DecideTransfers).execute(from.administrator, [transferId], 'approve');
    return transferId;
  }

  /** Passes on and accepts; the receiver's certificate has the id of the transfer. */
  async handOver(from: TestParty, certificateId: string, to: TestParty, amount: string): Promise<string> {
    const transferId = await this.pass(from, certificateId, to, amount);
    await this.get(DecideTransfers).execute(to.checker, [transferId], 'accept');
    return transferId;
  }

  async list(seller: TestParty, certificateIds: readonly string[], reference: string): Promise<void> {
    await this.run((tx) => this.get(ReceivableMarket).list(tx, { certificateIds, sellerId: seller.id, reference }));
  }

  /** Listed and awarded: `price` is all that the seller gets, the holdback included. */
  async sell(
    seller: TestParty,
    certificateIds: readonly string[],
    financier: TestParty,
    price: string,
    changes: Partial<AssignInput> = {},
  ): Promise<MadeAssignment> {
    const reference = newId();
    await this.list(seller, certificateIds, reference);
    return this.assign({
      certificateIds,
      sellerId: seller.id,
      reference,
      assigneeOrganisationId: financier.id,
      awardReference: `award:${newId()}`,
      priceMinor: minor(price),
      holdbackMinor: 0n,
      withRecourse: false,
      ...changes,
    });
  }

  assign(input: AssignInput): Promise<MadeAssignment> {
    return this.run((tx) => this.get(ReceivableMarket).assign(tx, input));
  }

  /** The bank's statement with these movements; the next one begins where it ends. */
  async statement(...entries: readonly Omit<TestEntry, 'ref'>[]) {
    return this.get(BookStatement).execute(this.officer, Buffer.from(this.statementFile(...entries)));
  }

  statementFile(...entries: readonly Omit<TestEntry, 'ref'>[]): string {
    const id = `S${++this.statements}-${newId().slice(-8)}`;
    const opening = printAmount({ minor: this.opening, currency: 'SAR' });
    for (const { amount, direction } of entries) this.opening += (direction === 'CRDT' ? 1n : -1n) * minor(amount);
    return statementXml({ id, opening, entries: entries.map((each, index) => ({ ref: `${id}.${index}`, ...each })) });
  }

  /** A payment comes in under a reference. */
  credit(amount: string, reference: string, changes: Partial<TestEntry> = {}) {
    return this.statement({ amount, direction: 'CRDT', texts: [reference], ...changes });
  }

  /** Makes the file of payouts and lets the bank pay all of it; answers what each payee's account got. */
  async payOut(): Promise<ReadonlyMap<string, bigint>> {
    await this.get(InstructPayments).payout(this.officer, 'SAR');
    const rows = await this.rows<{ end_to_end: string; account_number: string; amount_minor: string }>(
      "SELECT end_to_end, account_number, amount_minor FROM settlement_payout WHERE state = 'instructed' ORDER BY id",
    );
    await this.statement(
      ...rows.map((row) => ({
        amount: print(BigInt(row.amount_minor)),
        direction: 'DBIT' as const,
        endToEnd: row.end_to_end,
        party: { name: 'payee', account: row.account_number },
      })),
    );
    const got = new Map<string, bigint>();
    for (const { account_number, amount_minor } of rows)
      got.set(account_number, (got.get(account_number) ?? 0n) + BigInt(amount_minor));
    return got;
  }

  async referenceOf(kind: string, subjectId: string): Promise<string> {
    const [row] = await this.rows<{ reference: string }>(
      "SELECT reference FROM settlement_obligation WHERE kind = ? AND subject_id = ? AND state <> 'cancelled'",
      [kind, idBytes(subjectId)],
    );
    return (row as { reference: string }).reference;
  }

  async one(table: string, id: string): Promise<Record<string, unknown>> {
    const [row] = await this.rows<Record<string, unknown>>(`SELECT * FROM ${table} WHERE id = ?`, [idBytes(id)]);
    return row as Record<string, unknown>;
  }

  async balance(organisationId: string, purpose: Purpose): Promise<bigint> {
    return (await this.get(LedgerReader).figures(organisationAccount(organisationId, purpose), 'SAR')).balance;
  }

  async operatorBalance(purpose: Purpose): Promise<bigint> {
    return this.balance(await this.run((tx) => this.get(SettlementBook).operator(tx)), purpose);
  }

  /** Fails when anything was created, lost, or sold twice. */
  async assertSound(): Promise<void> {
    const verdict = await this.run(checkReceivables);
    if (!verdict.ok) throw new Error(`the receivables are not sound: ${JSON.stringify(verdict.broken)}`);
  }

  /** A live programme: 6 % a year from 10 days on, down to 3 %. */
  async programme(anchor: TestParty, dailyBudget: string): Promise<string> {
    const programmes = this.get(DiscountProgrammes);
    const { id } = await programmes.propose(anchor.maker, {
      name: 'Early',
      curve: [{ daysFrom: 10, annualRate: '6' }],
      floorRate: '3',
      dailyBudget: sar(dailyBudget),
      validFrom: '2020-01-01',
      validTo: null,
    });
    await programmes.move(anchor.checker, id, 'approve');
    return id;
  }

  ask(supplier: TestParty, input: Parameters<AskEarlyPayment['execute']>[1]) {
    return this.get(AskEarlyPayment).execute(supplier.checker, input);
  }

  /** The next working day after so many days. */
  workingDay(daysOn: number) {
    const day = new Date(Date.parse(this.base.today) + daysOn * 86_400_000).toISOString().slice(0, 10);
    return this.run((tx) => this.get(SettlementBook).workingDayFrom(tx, day as never));
  }

  private async account({ id, maker }: TestParty): Promise<string> {
    const iban = ibanOf(nextAccount++);
    const account = await this.get(DeclarePaymentAccount).execute(maker, {
      accountNumber: iban,
      bankName: 'Bank',
      holderName: `Holder ${id.slice(-4)}`,
    });
    await this.get(CheckPaymentAccount).decide(this.base.lead, account.id, true, [
      { code: 'evidence', message: 'A statement of the bank was seen.' },
    ]);
    return iban;
  }

  private async firmAccount(id: string): Promise<string> {
    const iban = ibanOf(nextAccount++);
    await this.rows(
      `INSERT INTO enterprise_profile (id, legal_form, sector, region, founded_on, staff, women_led, size_class, status, version, created_at, updated_at)
       VALUES (?, 'llc', 'C', 'SA-01', '2018-05-01', 20, 1, 'small', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(id)],
    );
    await this.rows(
      `INSERT INTO enterprise_bank_account (id, enterprise_id, account_number, bank_name, holder_name, declared_by, declared_at, ownership_checked_at, usable_from)
       VALUES (?, ?, ?, 'bank', 'holder', 'test', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(newId()), idBytes(id), iban],
    );
    return iban;
  }
}

export function minor(amount: string): bigint {
  return parseMoney(amount, 'SAR').minor;
}

export function print(amount: bigint): string {
  return printAmount({ minor: amount, currency: 'SAR' });
}
