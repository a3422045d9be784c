import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moneyToJson } from '#kernel';
import { LedgerReader, schemeAccount } from '#ledger';
import { type Actor, idBytes } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { concentration, type ConcentrationAxis, concentrationAxes } from '../domain/concentration.policy.js';
import { stress } from '../domain/expected-loss.calculation.js';
import { capLimit, grantedCapacity, headroomOf } from '../domain/reservation.policy.js';
import { readSchemeTerms, type SchemeTerms } from '../domain/scheme-terms.js';
import { percentOfPpm, portionOf, whole } from '../domain/share.js';
import { vintageTable } from '../domain/vintage.calculation.js';
import { type GuaranteeScheme, SchemeVersion } from '../persistence/entities.js';
import { exposuresOf, holdingsOf, type ReadRiskRows, resourcesOf, vintagesOf } from '../persistence/risk.query.js';
import { ClaimRules } from './claim-rules.js';
import { SchemeAccess } from './scheme-access.js';

const mostKeys = 200;

/** What may go wrong with a scheme, by the rule book's tables: for its guarantor and the supervisor. Reads only. */
@Injectable()
export class RiskReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: SchemeAccess,
    private readonly rules: ClaimRules,
    private readonly ledger: LedgerReader,
  ) {}

  /** Each scenario of the rule book: loss, what bears it, and the headroom that would be left. */
  async stress(actor: Actor, schemeId: string) {
    const scheme = await this.access.own(actor, schemeId);
    const { book } = this.rules;
    const exposures = await exposuresOf(this.read, schemeId, book.losses);
    const resources = await resourcesOf(this.read, schemeId);
    const { balance: provisionMinor } = await this.ledger.figures(
      schemeAccount(schemeId, 'provision'),
      scheme.currency,
    );
    const facts = {
      resourcesMinor: resources.baseMinor,
      provisionMinor,
      expectedRecoveriesMinor: portionOf(await this.openOwnLosses(schemeId), whole - book.losses.lgd, 'down'),
      leverage: BigInt(resources.leverageHundredths) * 10_000n,
      usedMinor: resources.usedMinor,
    };
    const money = (minor: bigint) => moneyToJson({ minor, currency: scheme.currency });
    return {
      schemeId,
      book: { name: book.id, version: book.version },
      probabilities: book.losses.grades.map(({ grade, pd, pdLifetime }) => ({
        grade,
        pdPercent: percentOfPpm(pd),
        pdLifetimePercent: percentOfPpm(pdLifetime),
        basis: book.basis.get(`grades/${grade}`),
      })),
      lossGivenDefault: { percent: percentOfPpm(book.losses.lgd), basis: book.basis.get('lgd') },
      resources: money(facts.resourcesMinor),
      provision: money(provisionMinor),
      headroom: money(headroomOf(resources.baseMinor, resources.leverageHundredths, resources.usedMinor)),
      scenarios: book.scenarios.map((scenario) => {
        const result = stress(exposures, book.losses, facts, scenario);
        return {
          scenario: scenario.id,
          title: scenario.title,
          basis: book.basis.get(`scenarios/${scenario.id}`),
          pdTimesPercent: percentOfPpm(scenario.pdTimes),
          lgdPlusPoints: percentOfPpm(scenario.lgdPlus),
          recoveriesLostPercent: percentOfPpm(scenario.recoveriesLost),
          expectedLoss: money(result.expectedLossMinor),
          shortfall: money(result.shortfallMinor),
          resourcesAfter: money(result.resourcesAfterMinor),
          headroomAfter: money(result.headroomAfterMinor),
          survives: result.survives,
        };
      }),
    };
  }

  /** Guarantees by the quarter of their disbursement: how much defaulted by which age, and which quarter runs ahead. */
  async vintages(actor: Actor, schemeId: string) {
    const { currency } = await this.access.own(actor, schemeId);
    const { book, country } = this.rules;
    const today = countryDate(country, await this.now());
    const rows = vintageTable(await vintagesOf(this.read, schemeId, today), book.vintageMonths, book.vintageFactor);
    return {
      schemeId,
      book: { name: book.id, version: book.version },
      months: book.vintageMonths,
      items: rows.map(({ vintage, guarantees, issuedMinor, cumulative, warning }) => ({
        vintage,
        guarantees,
        issued: moneyToJson({ minor: issuedMinor, currency }),
        cumulative: cumulative.map(({ month, rate }) => ({ month, percent: percentOfPpm(rate) })),
        warning: warning && {
          month: warning.month,
          percent: percentOfPpm(warning.rate),
          usualPercent: percentOfPpm(warning.usual),
        },
      })),
    };
  }

  /** What is taken by firm, lender, sector, region and year, against the caps of the mandate. */
  async concentration(actor: Actor, schemeId: string) {
    const scheme = await this.access.own(actor, schemeId);
    const { currency } = scheme;
    const terms = await this.termsOf(scheme);
    const { baseMinor, leverageHundredths } = await resourcesOf(this.read, schemeId);
    const granted = grantedCapacity(baseMinor, leverageHundredths);
    const axes = await Promise.all(
      concentrationAxes.map(async (axis) => {
        const holdings = await holdingsOf(this.read, schemeId, axis, mostKeys);
        return concentration(
          axis,
          holdings.map(({ key, usedMinor }) => ({
            key,
            guaranteedMinor: usedMinor,
            capMinor: terms && capOf(terms, axis, key, currency, granted),
          })),
          this.rules.book.nearCap,
        );
      }),
    );
    const money = (minor: bigint) => moneyToJson({ minor, currency });
    return {
      schemeId,
      nearFromPercent: percentOfPpm(this.rules.book.nearCap),
      axes: axes.map(({ axis, herfindahl, lines }) => ({
        axis,
        herfindahl,
        lines: lines.map(({ key, guaranteedMinor, capMinor, share, capUsed, standing }) => ({
          key,
          guaranteed: money(guaranteedMinor),
          sharePercent: percentOfPpm(share),
          cap: capMinor === null ? null : money(capMinor),
          capUsedPercent: capUsed === null ? null : percentOfPpm(capUsed),
          standing,
        })),
      })),
    };
  }

  private async termsOf({ id, currentVersion }: GuaranteeScheme): Promise<SchemeTerms | null> {
    if (currentVersion === null) return null;
    const row = await this.dataSource.manager.findOneByOrFail(SchemeVersion, { schemeId: id, number: currentVersion });
    return readSchemeTerms(JSON.parse(row.terms));
  }

  /** What the scheme itself has lost on paid claims and may still recover. */
  private async openOwnLosses(schemeId: string): Promise<bigint> {
    const [row] = await this.read<{ open: string }>(
      `SELECT COALESCE(SUM(s.borne_minor - s.recovered_minor - s.written_off_minor), 0) AS open
       FROM claim_loss_share s JOIN guarantee_claim c ON c.id = s.claim_id WHERE c.scheme_id = ? AND s.kind = 'scheme'`,
      [idBytes(schemeId)],
    );
    return BigInt(row?.open as string);
  }

  private async now(): Promise<Date> {
    const [row] = await this.read<{ now: Date }>('SELECT UTC_TIMESTAMP(6) AS now');
    return (row as { now: Date }).now;
  }

  private readonly read: ReadRiskRows = async (sql, parameters = []) => this.dataSource.query(sql, [...parameters]);
}

/** The tightest cap on one key of an axis, in minor units; null where no clause caps it. */
function capOf(
  { clauses }: SchemeTerms,
  axis: ConcentrationAxis,
  key: string,
  currency: string,
  granted: bigint,
): bigint | null {
  const limits = clauses.flatMap((clause) =>
    clause.kind === 'cap' && clause.scope === axis && (!clause.keys || clause.keys.includes(key))
      ? [capLimit(clause, currency, granted)]
      : [],
  );
  return limits.reduce<bigint | null>((least, each) => (least === null || each < least ? each : least), null);
}
