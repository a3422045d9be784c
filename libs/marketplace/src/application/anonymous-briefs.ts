import { Injectable } from '@nestjs/common';
import { EnterpriseReader, type EnterpriseSnapshot } from '#enterprises';
import type { AgeBand, Sector, SizeClass } from '#kernel';
import type { Transaction } from '#platform';
import {
  anonymityOrder,
  anonymityPolicy,
  type BriefFact,
  decideFacts,
  type FactDecision,
  shownFacts,
} from '../domain/anonymity.policy.js';
import { marketplaceError } from '../domain/errors.js';
import { findIdentity } from '../domain/identity-text.policy.js';
import type { FundingRequest } from '../persistence/entities.js';
import { MarketRuleBook } from './market-rules.js';

/** The columns of a request that describe the firm to financiers. */
export type BriefColumns = Pick<
  FundingRequest,
  'sector' | 'region' | 'sizeClass' | 'ageBand' | 'grade' | 'womenLed' | 'rural' | 'revenueBand' | 'staffBand'
>;

/** What is kept of a decision, so that it can be made again from its own figures. */
export interface AnonymityRecord {
  readonly policy: string;
  /** Version of the market's rules. */
  readonly rules: string;
  readonly lookAlikesAtLeast: number;
  readonly facts: readonly Pick<FactDecision, 'fact' | 'shown' | 'firms' | 'counts'>[];
}

export interface DecidedBrief {
  readonly brief: BriefColumns;
  /** The same with nothing hidden; the firm alone may see what it would change. */
  readonly full: BriefColumns;
  readonly record: AnonymityRecord;
}

/** The first facts are counted in one statement over all firms, the others in a second one within the group that is left. */
const counted: readonly (readonly BriefFact[])[] = [anonymityOrder.slice(0, 5), anonymityOrder.slice(5)];

/** Decides what the brief of a firm shows, from how many firms look like it now. */
@Injectable()
export class AnonymousBriefs {
  constructor(
    private readonly enterprises: EnterpriseReader,
    private readonly book: MarketRuleBook,
  ) {}

  /** Refuses a firm that may not submit a request. */
  async decide(tx: Transaction, enterpriseId: string): Promise<DecidedBrief> {
    const { version, lookAlikesAtLeast } = this.book.rules;
    const firm = await this.enterprises.snapshot(enterpriseId, tx);
    const refusal = refusalOf(firm);
    if (!firm || refusal) throw marketplaceError(refusal ?? 'enterprise_not_verified');
    const own = ownFacts(firm);
    const decisions: FactDecision[] = [];
    for (const facts of counted) {
      const among = Object.fromEntries(decisions.map(({ fact, values }) => [fact, values]));
      const cells = await this.enterprises.lookAlikes(facts, among, tx);
      decisions.push(...decideFacts(facts, cells, own, lookAlikesAtLeast));
    }
    const { grade } = firm;
    return {
      brief: { ...columnsOf(shownFacts(own, decisions)), grade },
      full: { ...columnsOf(own), grade },
      record: {
        policy: anonymityPolicy,
        rules: version,
        lookAlikesAtLeast,
        facts: decisions.map(({ fact, shown, firms, counts }) => ({ fact, shown, firms, counts })),
      },
    };
  }

  /** The firm's facts with nothing hidden; undefined for one that may not submit now. */
  async full(tx: Transaction, enterpriseId: string): Promise<BriefColumns | undefined> {
    const firm = await this.enterprises.snapshot(enterpriseId, tx);
    return firm && !refusalOf(firm) ? { ...columnsOf(ownFacts(firm)), grade: firm.grade } : undefined;
  }

  /** Refuses a text for financiers that tells who the firm is. */
  async assertNamesNobody(tx: Transaction, enterpriseId: string, field: string, text: string): Promise<void> {
    const found = findIdentity(text, await this.enterprises.identifyingWords(enterpriseId, tx));
    if (found.length === 0) return;
    throw marketplaceError('text_identifies_firm', {
      detail: `/${field}: ${found.map(({ message }) => message).join('; ')}.`,
      fields: found.map(({ rule, message }) => ({ pointer: `/${field}`, rule, message })),
    });
  }
}

function refusalOf(firm: EnterpriseSnapshot | undefined) {
  if (!firm?.verified) return 'enterprise_not_verified';
  if (firm.large) return 'enterprise_too_large';
  return firm.sector && firm.region && firm.sizeClass && firm.ageBand ? undefined : 'enterprise_profile_incomplete';
}

function ownFacts(firm: EnterpriseSnapshot): Record<BriefFact, string | null> {
  const { sector, region, sizeClass, ageBand, revenueBand, staffBand } = firm;
  const flag = (value: boolean): string => (value ? 'yes' : 'no');
  return {
    sector,
    region,
    sizeClass,
    ageBand,
    revenueBand,
    staffBand,
    womenLed: flag(firm.womenLed),
    rural: flag(firm.rural),
  };
}

function columnsOf(facts: Readonly<Record<BriefFact, string | null>>): Omit<BriefColumns, 'grade'> {
  const { sector, region, sizeClass, ageBand, womenLed, rural, revenueBand, staffBand } = facts;
  return {
    sector: sector as Sector | null,
    region,
    sizeClass: sizeClass as SizeClass | null,
    ageBand: ageBand as AgeBand | null,
    womenLed: womenLed === 'yes',
    rural: rural === 'yes',
    revenueBand,
    staffBand,
  };
}
