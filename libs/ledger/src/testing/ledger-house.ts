import {
  type Environment,
  idBytes,
  newId,
  platformPersistence,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { createTestDatabase, type TestDatabase } from '#platform/testing';
import { checkLedger, type LedgerVerdict } from '../application/check-ledger.js';
import { ClosePeriod } from '../application/close-period.js';
import { FoldMovements } from '../application/fold-movements.js';
import { Ledger } from '../application/ledger.js';
import { LedgerReader } from '../application/ledger.reader.js';
import { StatementReader } from '../application/statement.reader.js';
import { WriteTransfers } from '../application/write-transfers.js';
import { type AccountKey, organisationAccount, type Purpose } from '../domain/chart-of-accounts.js';
import type { PostInput } from '../domain/transfer.js';
import { ledgerPersistence } from '../index.js';
import { ExpireReservationsTimer } from '../jobs/expire-reservations.timer.js';

/** A ledger on a database of its own: one organisation that is the market's bank, others as a test needs them. */
export class LedgerHouse {
  readonly ledger: Ledger;
  readonly reader: LedgerReader;
  readonly statements: StatementReader;
  readonly closePeriod: ClosePeriod;
  readonly foldMovements: FoldMovements;
  readonly expiry: ExpireReservationsTimer;
  /** The account from which money comes into the house; it has no floor. */
  readonly bank: AccountKey = organisationAccount(newId(), 'settlement_bank');

  private constructor(readonly database: TestDatabase) {
    const { environment, dataSource, unitOfWork } = database;
    this.ledger = new Ledger(new WriteTransfers(environment));
    this.reader = new LedgerReader(dataSource);
    this.statements = new StatementReader(dataSource, this.reader);
    this.closePeriod = new ClosePeriod(unitOfWork, environment);
    this.foldMovements = new FoldMovements(unitOfWork);
    this.expiry = new ExpireReservationsTimer(this.ledger);
  }

  static async open(changes: Partial<Environment> = {}): Promise<LedgerHouse> {
    return new LedgerHouse(
      await createTestDatabase([platformPersistence, ledgerPersistence], { country: 'SA', ...changes }),
    );
  }

  /** Runs a transaction, as if the database's clock showed `instant` where one is given. */
  run<T>(work: (tx: Transaction) => Promise<T>, instant?: string): Promise<T> {
    const offset = instant === undefined ? 0 : (Date.parse(instant) - Date.now()) / 1000;
    return new UnitOfWork(this.database.dataSource, offset).run(systemContext('test'), work);
  }

  /** An account of a new organisation. */
  account(purpose: Purpose = 'settlement_payable'): AccountKey {
    return organisationAccount(newId(), purpose);
  }

  /** What to hand to `post` and `reserve`, with a reference of its own unless one is given. */
  transfer(debit: AccountKey, credit: AccountKey, amount: bigint, changes: Partial<PostInput> = {}): PostInput {
    return {
      reference: `test:${newId()}`,
      description: 'a test',
      subject: { type: 'test', id: newId() },
      postings: [{ debit, credit, amount, currency: 'SAR' }],
      ...changes,
    };
  }

  /** Posts money into an account, as the bank's statement would. */
  async fund(account: AccountKey, amount: bigint): Promise<void> {
    await this.run((tx) => this.ledger.post(tx, this.transfer(this.bank, account, amount)));
  }

  async available(account: AccountKey): Promise<bigint> {
    return (await this.reader.figures(account, 'SAR')).available;
  }

  async balance(account: AccountKey): Promise<bigint> {
    return (await this.reader.figures(account, 'SAR')).balance;
  }

  check(instant?: string): Promise<LedgerVerdict> {
    return this.run(checkLedger, instant);
  }

  async rows<Row extends object = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.database.dataSource.query(sql, parameters)) as Row[];
  }

  /** How many transfers an id, as its successor, resolves or reverses. */
  async successors(column: 'resolves_id' | 'reverses_id', id: string): Promise<number> {
    const [row] = await this.rows<{ n: string }>(`SELECT COUNT(*) AS n FROM ledger_transfer WHERE ${column} = ?`, [
      idBytes(id),
    ]);
    return Number(row?.n);
  }
}
