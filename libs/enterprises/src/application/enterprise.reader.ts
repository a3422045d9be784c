// size: everything that other contexts may know of enterprises, in one reader.
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { IdentityReader } from '#identity';
import { type AgeBand, type CalendarDate, currencyDigits, type Grade, type Sector, type SizeClass } from '#kernel';
import { ENVIRONMENT, type Environment, idBytes, idText, type Transaction } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { isUsable } from '../domain/bank-account.policy.js';
import { ageBand, bandOf } from '../domain/bands.policy.js';
import {
  EnterpriseBankAccount,
  EnterpriseDocument,
  EnterpriseOwner,
  EnterpriseProfile,
} from '../persistence/entities.js';
import { type Among, type FactValues, type LookAlikeFact, lookAlikesQuery } from '../persistence/look-alikes.query.js';
import { enterpriseRules } from './enterprise-rules.js';

/** What other contexts may know of an enterprise at one moment. Not all of it may be shown: the brief shows bands. */
export interface EnterpriseSnapshot {
  readonly organisationId: string;
  /** Verified by the operator and not suspended. */
  readonly verified: boolean;
  readonly name: string;
  readonly localName: string;
  readonly country: string;
  readonly legalForm: string | null;
  readonly sector: Sector | null;
  readonly isicClass: string | null;
  readonly region: string | null;
  /** Null while the figures do not decide it, where the country has no standard, and for a large firm. */
  readonly sizeClass: SizeClass | null;
  /** The firm is above every class that the market serves. */
  readonly large: boolean;
  readonly foundedOn: string | null;
  readonly ageBand: AgeBand | null;
  readonly staff: number | null;
  /** Such as `6..19`; null while the figure is not known. */
  readonly staffBand: string | null;
  /** Of the latest yearly statement, in minor units of `currency`. */
  readonly revenueMinor: bigint | null;
  /** Whole currency units, such as `3000001..10000000`. */
  readonly revenueBand: string | null;
  readonly fiscalYear: number | null;
  readonly currency: string;
  readonly womenLed: boolean;
  readonly rural: boolean;
  readonly exporter: boolean;
  readonly leastDeveloped: boolean;
  /** Null until the credit context rates firms. */
  readonly grade: Grade | null;
  /** Money may be directed to the firm's account: ownership checked, cooling time over. */
  readonly bankAccountUsable: boolean;
  readonly profileVersion: number;
}

/** A document as others may refer to it; `checksum` is its SHA-256 in hexadecimal. */
export interface StoredDocument {
  readonly id: string;
  readonly kind: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly checksum: string;
}

/** What names a firm: no text that is to stay anonymous may contain any of it. */
export interface IdentifyingWords {
  /** Of the firm and its owners, in every script. */
  readonly names: readonly string[];
  /** Registration, identifiers and accounts. */
  readonly numbers: readonly string[];
}

interface StatementRow {
  readonly enterprise_id: Buffer;
  readonly fiscal_year: number;
  readonly revenue_minor: string;
  readonly staff: number | null;
}

/** What a firm's statement of one year says. */
export interface YearlyFigures {
  readonly revenueMinor: bigint;
  readonly staff: number | null;
}

/** What other contexts may know of enterprises. */
@Injectable()
export class EnterpriseReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Undefined for an organisation that has no enterprise profile. */
  async snapshot(organisationId: string, tx?: Transaction): Promise<EnterpriseSnapshot | undefined> {
    return (await this.snapshots([organisationId], tx)).get(organisationId);
  }

  /** A document of the enterprise's store that was not removed. */
  async document(tx: Transaction, organisationId: string, documentId: string): Promise<StoredDocument | undefined> {
    const row = await tx.manager.findOneBy(EnterpriseDocument, {
      id: documentId,
      enterpriseId: organisationId,
      removedAt: IsNull(),
    });
    if (!row) return undefined;
    const { id, kind, name, mediaType, sizeBytes, checksum } = row;
    return { id, kind, fileName: name, mediaType, sizeBytes, checksum };
  }

  /**
   * How many firms share each combination of the facts, among those that could submit a request: verified, not suspended, of a size
   * that the market serves. The firm that asks counts itself. One statement.
   */
  async lookAlikes(
    facts: readonly LookAlikeFact[],
    among: Among,
    tx: Transaction,
  ): Promise<readonly (FactValues & { readonly firms: number })[]> {
    const { country } = this.environment;
    const today = countryDate(country, await tx.now());
    const { sql, parameters } = lookAlikesQuery(facts, among, enterpriseRules(country), today);
    const rows = await tx.rows<FactValues & { firms: string }>(sql, [...parameters]);
    return rows.map((row) => ({ ...row, firms: Number(row.firms) }));
  }

  async identifyingWords(organisationId: string, tx: Transaction): Promise<IdentifyingWords> {
    const where = { enterpriseId: organisationId };
    const organisation = await this.identity.organisation(organisationId, tx);
    const owners = await tx.manager.findBy(EnterpriseOwner, where);
    const accounts = await tx.manager.findBy(EnterpriseBankAccount, where);
    const identifiers = await tx.rows<{ value: string }>(
      'SELECT value FROM enterprise_identifier WHERE enterprise_id = ?',
      [idBytes(organisationId)],
    );
    const named = [...(organisation ? [organisation] : []), ...owners];
    return {
      names: named.flatMap(({ name, localName }) => [name, localName]),
      numbers: [
        ...(organisation ? [organisation.registrationNumber] : []),
        ...identifiers.map(({ value }) => value),
        ...accounts.map(({ accountNumber }) => accountNumber),
      ],
    };
  }

  /** Several at once, with three statements however many. */
  async snapshots(
    organisationIds: readonly string[],
    tx?: Transaction,
  ): Promise<ReadonlyMap<string, EnterpriseSnapshot>> {
    const ids = [...new Set(organisationIds)];
    if (ids.length === 0) return new Map();
    const manager = tx?.manager ?? this.dataSource.manager;
    const profiles = await manager.findBy(EnterpriseProfile, { id: In(ids) });
    const accounts = await manager.findBy(EnterpriseBankAccount, { enterpriseId: In(ids), replacedAt: IsNull() });
    const statements = await this.latestStatements(ids, tx);
    const now = await this.now(tx);
    const organisations = tx ? await this.organisationsWithin(ids, tx) : await this.identity.organisations(ids);
    const rules = enterpriseRules(this.environment.country);
    const today = countryDate(this.environment.country, now);
    return new Map(
      profiles.flatMap((profile) => {
        const organisation = organisations.get(profile.id);
        if (!organisation) return [];
        const statement = statements.get(profile.id);
        const account = accounts.find(({ enterpriseId }) => enterpriseId === profile.id);
        const staff = profile.staff ?? statement?.staff ?? null;
        const revenueMinor = statement ? BigInt(statement.revenue_minor) : null;
        const snapshot: EnterpriseSnapshot = {
          organisationId: profile.id,
          verified: profile.status === 'verified' && organisation.verified && !organisation.suspended,
          name: organisation.name,
          localName: organisation.localName,
          country: organisation.country,
          legalForm: profile.legalForm,
          sector: profile.sector,
          isicClass: profile.isicClass,
          region: profile.region,
          sizeClass: profile.sizeClass === 'large' ? null : profile.sizeClass,
          large: profile.sizeClass === 'large',
          foundedOn: profile.foundedOn,
          ageBand: profile.foundedOn === null ? null : ageBand(profile.foundedOn as CalendarDate, today),
          staff,
          staffBand: staff === null ? null : bandOf(BigInt(staff), rules.staffBands),
          revenueMinor,
          revenueBand:
            revenueMinor === null ? null : bandOf(wholeUnits(revenueMinor, rules.currency), rules.revenueBands),
          fiscalYear: statement?.fiscal_year ?? null,
          currency: rules.currency,
          womenLed: profile.womenLed,
          rural: profile.rural,
          exporter: profile.exporter,
          leastDeveloped: profile.leastDeveloped,
          grade: null,
          bankAccountUsable: profile.status === 'verified' && account !== undefined && isUsable(account, now),
          profileVersion: profile.version,
        };
        return [[profile.id, snapshot] as const];
      }),
    );
  }

  /** Revenue and staff by fiscal year of several firms, of the years asked for; the latest version of each statement. */
  async yearlyFigures(
    organisationIds: readonly string[],
    years: readonly number[],
    tx: Transaction,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, YearlyFigures>>> {
    const found = new Map<string, Map<number, YearlyFigures>>();
    const ids = [...new Set(organisationIds)];
    for (let from = 0; from < ids.length; from += 1000) {
      const chunk = ids.slice(from, from + 1000);
      const rows = await tx.rows<StatementRow>(
        `SELECT enterprise_id, fiscal_year, revenue_minor, staff FROM financial_statement
         WHERE enterprise_id IN (${chunk.map(() => '?').join(',')}) AND fiscal_year IN (${years.map(() => '?').join(',')})
         ORDER BY enterprise_id, fiscal_year, version`,
        [...chunk.map(idBytes), ...years],
      );
      for (const { enterprise_id, fiscal_year, revenue_minor, staff } of rows) {
        const id = idText(enterprise_id);
        const ofFirm = found.get(id) ?? new Map<number, YearlyFigures>();
        ofFirm.set(fiscal_year, { revenueMinor: BigInt(revenue_minor), staff });
        found.set(id, ofFirm);
      }
    }
    return found;
  }

  private async organisationsWithin(ids: readonly string[], tx: Transaction) {
    const found = await Promise.all(ids.map((id) => this.identity.organisation(id, tx)));
    return new Map(found.flatMap((organisation) => (organisation ? [[organisation.id, organisation] as const] : [])));
  }

  /** The highest version of the latest year of each. */
  private async latestStatements(ids: readonly string[], tx?: Transaction): Promise<ReadonlyMap<string, StatementRow>> {
    const sql = `SELECT s.enterprise_id, s.fiscal_year, s.revenue_minor, s.staff FROM financial_statement s
       WHERE s.enterprise_id IN (${ids.map(() => '?').join(',')})
       AND NOT EXISTS (SELECT 1 FROM financial_statement later WHERE later.enterprise_id = s.enterprise_id
         AND (later.fiscal_year > s.fiscal_year OR (later.fiscal_year = s.fiscal_year AND later.version > s.version)))`;
    const parameters = ids.map(idBytes);
    const rows = tx
      ? await tx.rows<StatementRow>(sql, parameters)
      : await this.dataSource.query<StatementRow[]>(sql, parameters);
    return new Map(rows.map((row) => [idText(row.enterprise_id), row]));
  }

  private async now(tx?: Transaction): Promise<Date> {
    if (tx) return tx.now();
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT UTC_TIMESTAMP(6) AS now');
    return new Date((row as { now: Date }).now.getTime() + this.environment.clockOffsetSeconds * 1000);
  }
}

/** Whole currency units, rounded up, so that a figure a cent above a band's limit lies in the next band. */
function wholeUnits(minor: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(currencyDigits(currency));
  return (minor + unit - 1n) / unit;
}
