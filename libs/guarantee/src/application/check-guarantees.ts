// size: each walk is one invariant; apart, their order would have to be known.
import { checkLedger, LedgerReader, organisationAccount, type Purpose, schemeAccount } from '#ledger';
import { type DataSource } from 'typeorm';
import { idText, type Transaction } from '#platform';
import { claimAmount } from '../domain/claim-amount.policy.js';
import type { ComputedClaim } from '../domain/claim.js';
import { earnedOf, feeOf } from '../domain/fee.calculation.js';
import type { FeeInputs } from '../domain/guarantee.js';
import { guaranteeInvariants } from '../persistence/guarantee-invariants.js';
import { SchemeBook } from './scheme-book.js';

export interface GuaranteeVerdict {
  readonly ok: boolean;
  readonly schemes: number;
  readonly guarantees: number;
  readonly claims: number;
  /** The names of the invariants that hold, in the order in which they were checked. */
  readonly held: readonly string[];
  readonly broken: {
    readonly invariant: string;
    readonly meaning: string;
    /** The first place where it is broken. */
    readonly evidence: Readonly<Record<string, unknown>>;
  } | null;
}

type Evidence = Record<string, unknown> | undefined;

const graceMs = 60_000;
const page = 1_000;

/** Proves guarantees and claims of any database, and their books, or names the first invariant that is broken. Reads only. */
export async function checkGuarantees(tx: Transaction, dataSource: DataSource): Promise<GuaranteeVerdict> {
  const held: string[] = [];
  const end = async (broken: GuaranteeVerdict['broken']): Promise<GuaranteeVerdict> => {
    const [row] = await tx.rows<Record<string, string>>(
      `SELECT (SELECT COUNT(*) FROM guarantee_scheme) AS schemes, (SELECT COUNT(*) FROM guarantee) AS guarantees,
         (SELECT COUNT(*) FROM guarantee_claim) AS claims`,
    );
    const count = (name: string) => Number(row?.[name]);
    return {
      ok: broken === null,
      schemes: count('schemes'),
      guarantees: count('guarantees'),
      claims: count('claims'),
      held,
      broken,
    };
  };
  const books = await checkLedger(tx);
  if (books.broken) return end({ ...books.broken, invariant: `ledger.${books.broken.invariant}` });
  held.push('ledger');
  const now = await tx.now();
  for (const { name, meaning, sql } of guaranteeInvariants) {
    const parameters = sql.includes('?') ? [new Date(now.getTime() - graceMs)] : [];
    const [evidence] = await tx.rows(`${sql} LIMIT 1`, parameters);
    if (evidence) return end({ invariant: name, meaning, evidence: readable(evidence) });
    held.push(name);
  }
  const walk = new Walk(tx, new LedgerReader(dataSource));
  for (const { name, meaning, find } of walk.all()) {
    const evidence = await find();
    if (evidence) return end({ invariant: name, meaning, evidence });
    held.push(name);
  }
  return end(null);
}

interface SchemeRow {
  readonly id: Buffer;
  readonly currency: string;
  readonly base: string;
  readonly more: string;
}

/** What needs the ledger or a calculation beside the tables. */
class Walk {
  private readonly book = new SchemeBook();

  constructor(
    private readonly tx: Transaction,
    private readonly ledger: LedgerReader,
  ) {}

  all(): readonly { name: string; meaning: string; find: () => Promise<Evidence> }[] {
    return [
      {
        name: 'base',
        meaning: 'the capital behind a scheme’s headroom is what its books and claims say',
        find: () => this.base(),
      },
      {
        name: 'scheme_accounts',
        meaning: 'a scheme’s claim expense and recovery income are those of its claims',
        find: () => this.schemeAccounts(),
      },
      {
        name: 'party_accounts',
        meaning: 'what lenders and re-guarantors owe and are owed stands in their accounts',
        find: () => this.partyAccounts(),
      },
      {
        name: 'claims_replayed',
        meaning: 'every claim’s amount follows from its stored inputs',
        find: () => this.claims(),
      },
      {
        name: 'fees_replayed',
        meaning: 'every fee, and what is earned of it, follows from its stored inputs',
        find: () => this.fees(),
      },
      {
        name: 'fee_accounts',
        meaning: 'a scheme’s fee income and what is unearned are those of its fees',
        find: () => this.feeAccounts(),
      },
      {
        name: 'lender_floor',
        meaning: 'every lender keeps at least the share that the mandate asks for',
        find: () => this.lenderFloor(),
      },
    ];
  }

  /** Paid-in capital + fees earned + recoveries + re-guarantors' payments − claims paid − provision. */
  private async base(): Promise<Evidence> {
    for (const scheme of await this.schemes()) {
      const figure = (purpose: Purpose) => this.balance(schemeAccount(idText(scheme.id), purpose), scheme.currency);
      const [paid] = await this.tx.rows<{ paid: string; received: string }>(
        `SELECT (SELECT COALESCE(SUM(paid_minor), 0) FROM guarantee_claim WHERE scheme_id = ?) AS paid,
           (SELECT COALESCE(SUM(s.received_minor), 0) FROM claim_loss_share s JOIN guarantee_claim c ON c.id = s.claim_id WHERE c.scheme_id = ?) AS received`,
        [scheme.id, scheme.id],
      );
      const derived =
        (await figure('paid_in_capital')) +
        (await figure('guarantee_fee_income')) +
        (await figure('recovery_income')) +
        BigInt(paid?.received as string) -
        BigInt(paid?.paid as string) -
        (await figure('provision'));
      const kept = BigInt(scheme.base) + BigInt(scheme.more);
      if (kept !== derived) return { schemeId: idText(scheme.id), kept: kept.toString(), derived: derived.toString() };
    }
    return undefined;
  }

  private async schemeAccounts(): Promise<Evidence> {
    for (const scheme of await this.schemes()) {
      const [row] = await this.tx.rows<{ approved: string; own: string }>(
        `SELECT (SELECT COALESCE(SUM(approved_minor), 0) FROM guarantee_claim WHERE scheme_id = ?) AS approved,
           (SELECT COALESCE(SUM(s.recovered_minor), 0) FROM claim_loss_share s JOIN guarantee_claim c ON c.id = s.claim_id
             WHERE c.scheme_id = ? AND s.kind = 'scheme') AS own`,
        [scheme.id, scheme.id],
      );
      const expected: [Purpose, string | undefined][] = [
        ['claim_expense', row?.approved],
        ['recovery_income', row?.own],
      ];
      for (const [purpose, sum] of expected) {
        const balance = await this.balance(schemeAccount(idText(scheme.id), purpose), scheme.currency);
        if (balance !== BigInt(sum as string))
          return { schemeId: idText(scheme.id), purpose, balance: balance.toString(), expected: sum };
      }
    }
    return undefined;
  }

  private async feeAccounts(): Promise<Evidence> {
    for (const scheme of await this.schemes()) {
      const [row] = await this.tx.rows<{ income: string; unearned: string }>(
        `SELECT COALESCE(SUM(CASE WHEN earn_months IS NULL THEN charged_minor - refunded_minor ELSE earned_minor END), 0) AS income,
           COALESCE(SUM(CASE WHEN earn_months IS NULL THEN 0 ELSE charged_minor - refunded_minor - earned_minor END), 0) AS unearned
         FROM guarantee_fee WHERE scheme_id = ?`,
        [scheme.id],
      );
      const expected: [Purpose, string | undefined][] = [
        ['guarantee_fee_income', row?.income],
        ['guarantee_fee_unearned', row?.unearned],
      ];
      for (const [purpose, sum] of expected) {
        const balance = await this.balance(schemeAccount(idText(scheme.id), purpose), scheme.currency);
        if (balance !== BigInt(sum as string))
          return { schemeId: idText(scheme.id), purpose, balance: balance.toString(), expected: sum };
      }
    }
    return undefined;
  }

  private async partyAccounts(): Promise<Evidence> {
    const sums: [Purpose, string][] = [
      [
        'guarantee_fee_receivable',
        `SELECT lender_id AS organisation_id, currency, SUM(CASE WHEN status = 'billed' THEN charged_minor - refunded_minor ELSE 0 END) AS expected
         FROM guarantee_fee GROUP BY lender_id, currency`,
      ],
      [
        'claim_payable',
        'SELECT lender_id AS organisation_id, currency, SUM(approved_minor - paid_minor) AS expected FROM guarantee_claim GROUP BY lender_id, currency',
      ],
      [
        'reguarantee_receivable',
        `SELECT s.organisation_id, c.currency, SUM(s.billed_minor - s.received_minor) AS expected FROM claim_loss_share s
         JOIN guarantee_claim c ON c.id = s.claim_id GROUP BY s.organisation_id, c.currency`,
      ],
      [
        'recovery_payable',
        `SELECT s.organisation_id, c.currency, SUM(s.owed_minor - s.returned_minor) AS expected FROM claim_loss_share s
         JOIN guarantee_claim c ON c.id = s.claim_id GROUP BY s.organisation_id, c.currency`,
      ],
    ];
    for (const [purpose, sql] of sums) {
      const rows = await this.tx.rows<{ organisation_id: Buffer; currency: string; expected: string }>(sql);
      for (const { organisation_id, currency, expected } of rows) {
        const organisationId = idText(organisation_id);
        const balance = await this.balance(organisationAccount(organisationId, purpose), currency);
        if (balance !== BigInt(expected)) return { organisationId, purpose, balance: balance.toString(), expected };
      }
    }
    return undefined;
  }

  private async claims(): Promise<Evidence> {
    return this.pages<{ computed: string | ComputedClaim; computed_minor: string }>(
      'SELECT id, computed, computed_minor FROM guarantee_claim',
      ({ computed, computed_minor }) => {
        const { inputs } = typeof computed === 'string' ? (JSON.parse(computed) as ComputedClaim) : computed;
        const { totalMinor } = claimAmount(
          {
            cover: BigInt(inputs.cover),
            principalAtDefaultMinor: BigInt(inputs.principalAtDefault),
            principalAtClaimMinor: BigInt(inputs.principalAtClaim),
            guaranteedBalanceMinor: BigInt(inputs.guaranteedBalance),
            portfolioCapLeftMinor: inputs.portfolioCapLeft === null ? null : BigInt(inputs.portfolioCapLeft),
            interestMinor: BigInt(inputs.interest),
            interestRate: BigInt(inputs.interestRate),
            costsMinor: BigInt(inputs.costs),
          },
          inputs,
        );
        return totalMinor === BigInt(computed_minor)
          ? undefined
          : { stored: computed_minor, replayed: totalMinor.toString() };
      },
    );
  }

  private async fees(): Promise<Evidence> {
    return this.pages<FeeRow>(
      'SELECT id, inputs, currency, published_minor, charged_minor, refunded_minor, earn_months, earned_minor, earned_months FROM guarantee_fee',
      ({ inputs, currency, published_minor, ...earning }) => {
        const read = typeof inputs === 'string' ? (JSON.parse(inputs) as FeeInputs) : inputs;
        const replayed = feeOf(read, currency, this.book.calculate);
        return replayed === BigInt(published_minor)
          ? wronglyEarned(earning)
          : { stored: published_minor, replayed: replayed.toString() };
      },
    );
  }

  private async lenderFloor(): Promise<Evidence> {
    const versions = await this.tx.rows<{ scheme_id: Buffer; number: number }>(
      'SELECT DISTINCT scheme_id, scheme_version AS number FROM guarantee',
    );
    for (const { scheme_id, number } of versions) {
      const { clauses } = await this.book.terms(this.tx, idText(scheme_id), number);
      const floor = clauses.find((clause) => clause.kind === 'retained_share');
      if (!floor) continue;
      const [row] = await this.tx.rows<{ id: Buffer }>(
        'SELECT id FROM guarantee WHERE scheme_id = ? AND scheme_version = ? AND cover_percent > 100 - ? LIMIT 1',
        [scheme_id, number, floor.minPercent.toFixed()],
      );
      if (row) return { guaranteeId: idText(row.id), clause: floor.id };
    }
    return undefined;
  }

  private schemes(): Promise<SchemeRow[]> {
    return this.tx.rows<SchemeRow>(
      `SELECT c.scheme_id AS id, c.currency, c.base_minor AS base, COALESCE(m.more, 0) AS more FROM scheme_capacity c
       LEFT JOIN (SELECT scheme_id, SUM(amount_minor) AS more FROM capacity_movement WHERE scope = 'base' GROUP BY scheme_id) m ON m.scheme_id = c.scheme_id`,
    );
  }

  private async balance(key: Parameters<LedgerReader['figures']>[0], currency: string): Promise<bigint> {
    return (await this.ledger.figures(key, currency, this.tx)).balance;
  }

  private async pages<Row>(sql: string, find: (row: Row) => Evidence): Promise<Evidence> {
    for (let after: Buffer = Buffer.alloc(16); ;) {
      const rows = await this.tx.rows<Row & { readonly id: Buffer }>(`${sql} WHERE id > ? ORDER BY id LIMIT ${page}`, [
        after,
      ]);
      for (const row of rows) {
        const evidence = find(row);
        if (evidence) return { id: idText(row.id), ...evidence };
      }
      const last = rows.at(-1);
      if (!last || rows.length < page) return undefined;
      after = last.id;
    }
  }
}

interface FeeRow {
  readonly inputs: string | FeeInputs;
  readonly currency: string;
  readonly published_minor: string;
  readonly charged_minor: string;
  readonly refunded_minor: string;
  readonly earn_months: number | null;
  readonly earned_minor: string;
  readonly earned_months: number;
}

/** A fee earned over months has earned what its begun months say; one that was settled before has earned what did not come back. */
function wronglyEarned(row: Omit<FeeRow, 'inputs' | 'currency' | 'published_minor'>): Evidence {
  if (row.earn_months === null) return undefined;
  const [charged, refunded, earned] = [
    BigInt(row.charged_minor),
    BigInt(row.refunded_minor),
    BigInt(row.earned_minor),
  ] as const;
  if (refunded > 0n && earned + refunded === charged) return undefined;
  const replayed = earnedOf(charged, row.earn_months, row.earned_months);
  return earned === replayed ? undefined : { earned: row.earned_minor, replayed: replayed.toString() };
}

/** Identifiers as text, the rest as it came. */
function readable(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      Buffer.isBuffer(value) && value.length === 16 ? idText(value) : value,
    ]),
  );
}
