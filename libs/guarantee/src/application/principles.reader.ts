// size: sixteen checks, each a few lines, read one after the other.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import { moneyToJson } from '#kernel';
import { LedgerReader } from '#ledger';
import { idBytes } from '#platform';
import { countryDate } from '#platform/rulebooks';
import { judgeCovenant } from '../domain/covenant.policy.js';
import { expectedLoss, totalExpected } from '../domain/expected-loss.calculation.js';
import { type Evidence, principles, principlePillars, standingOf } from '../domain/principles.js';
import { headroomOf } from '../domain/reservation.policy.js';
import { readSchemeTerms, type SchemeTerms } from '../domain/scheme-terms.js';
import { type GuaranteeScheme, SchemeVersion } from '../persistence/entities.js';
import { guaranteeInvariants } from '../persistence/guarantee-invariants.js';
import { exposuresOf, type ReadRiskRows, resourcesOf, type SchemeResources } from '../persistence/risk.query.js';
import { ClaimRules } from './claim-rules.js';
import { monthBefore } from './run-provision.js';
import type { MotionKind } from './motion-subject.js';
import { SchemeAccess } from './scheme-access.js';
import { figureMeasures, SchemeFiguresReader } from './scheme-figures.reader.js';

/** What the checks look at, read once. */
interface Seen {
  readonly scheme: GuaranteeScheme;
  readonly terms: SchemeTerms | null;
  readonly resources: SchemeResources;
  readonly month: string;
  readonly today: string;
  readonly counts: Readonly<Record<string, number>>;
}

type Check = (seen: Seen) => Evidence[] | Promise<Evidence[]>;

const evidence = (what: string, found: string, holds: boolean, link?: string): Evidence => ({
  what,
  found,
  holds,
  ...(link === undefined ? {} : { link }),
});

/** A count of something, with what it must be at least. */
const atLeast = (what: string, found: number, least: number, link?: string): Evidence =>
  evidence(what, `${found}; at least ${least}`, found >= least, link);

const counted: Readonly<Record<string, string>> = {
  motions:
    "SELECT COUNT(*) FROM scheme_motion WHERE scheme_id = ? AND status = 'carried' AND minutes_checksum IS NOT NULL",
  versionMotions:
    "SELECT COUNT(*) FROM scheme_version WHERE scheme_id = ? AND status = 'in_force' AND motion_id IS NOT NULL",
  seats: 'SELECT COUNT(*) FROM scheme_board_member WHERE scheme_id = ? AND ended_on IS NULL',
  conflicts: 'SELECT COUNT(*) FROM scheme_conflict WHERE scheme_id = ?',
  sources: 'SELECT COUNT(DISTINCT source_name) FROM scheme_contribution WHERE scheme_id = ? AND paid_minor > 0',
  late: 'SELECT COUNT(*) FROM scheme_contribution WHERE scheme_id = ? AND paid_minor < amount_minor AND due_on < LEFT(CAST(UTC_TIMESTAMP() AS CHAR), 10)',
  lenders: "SELECT COUNT(*) FROM scheme_accreditation WHERE scheme_id = ? AND status = 'accredited'",
  agreements: "SELECT COUNT(*) FROM portfolio_agreement WHERE scheme_id = ? AND status = 'in_force'",
  issued: 'SELECT COUNT(*) FROM guarantee WHERE scheme_id = ? AND issued_at IS NOT NULL',
  whole: 'SELECT COUNT(*) FROM guarantee WHERE scheme_id = ? AND cover_percent >= 100',
  fees: 'SELECT COUNT(*) FROM guarantee_fee WHERE scheme_id = ?',
  decided: 'SELECT COUNT(*) FROM guarantee_claim WHERE scheme_id = ? AND decided_at IS NOT NULL',
  slow: `SELECT COUNT(*) FROM guarantee_claim WHERE scheme_id = ? AND state IN ('notified','in_review','appeal')
    AND created_at < UTC_TIMESTAMP(6) - INTERVAL 30 DAY`,
  uncited:
    "SELECT COUNT(*) FROM guarantee_claim WHERE scheme_id = ? AND state IN ('partial','denied') AND JSON_LENGTH(cited_clauses) = 0",
  inForce: "SELECT COUNT(*) FROM guarantee WHERE scheme_id = ? AND state = 'in_force'",
  evaluations: "SELECT COUNT(*) FROM scheme_evaluation WHERE scheme_id = ? AND status = 'published'",
  audited:
    "SELECT COUNT(*) FROM scheme_evaluation WHERE scheme_id = ? AND status = 'published' AND audit_report_checksum IS NOT NULL",
  seatsWithLimit:
    'SELECT COUNT(*) FROM scheme_board_member WHERE scheme_id = ? AND ended_on IS NULL AND approval_limit_minor IS NOT NULL',
  usedMotions: 'SELECT COUNT(*) FROM scheme_motion WHERE scheme_id = ? AND used_at IS NOT NULL',
  conflictedVotes: `SELECT COUNT(*) FROM scheme_vote v JOIN scheme_motion m ON m.id = v.motion_id
    JOIN scheme_conflict c ON c.scheme_id = m.scheme_id AND c.person_id = v.person_id AND c.declared_at <= v.voted_at
      AND (c.subject_id = m.subject_id OR JSON_CONTAINS(m.related_ids, JSON_QUOTE(LOWER(CONCAT(
        SUBSTR(HEX(c.subject_id), 1, 8), '-', SUBSTR(HEX(c.subject_id), 9, 4), '-', SUBSTR(HEX(c.subject_id), 13, 4), '-',
        SUBSTR(HEX(c.subject_id), 17, 4), '-', SUBSTR(HEX(c.subject_id), 21))))))
    WHERE m.scheme_id = ?`,
  individually: `SELECT COUNT(*) FROM guarantee g JOIN guarantee_application a ON a.id = g.application_id
    WHERE g.scheme_id = ? AND g.issued_at IS NOT NULL AND g.agreement_id IS NULL AND a.decided_by <> a.proposed_by`,
  byPortfolio: `SELECT COUNT(*) FROM guarantee g JOIN portfolio_agreement p ON p.id = g.agreement_id
    WHERE g.scheme_id = ? AND g.issued_at IS NOT NULL AND p.decided_by <> p.proposed_by`,
  overrides: 'SELECT COUNT(*) FROM guarantee_fee WHERE scheme_id = ? AND charged_minor <> published_minor',
  unexplained: `SELECT COUNT(*) FROM guarantee_fee WHERE scheme_id = ? AND charged_minor <> published_minor
    AND (override_reason IS NULL OR override_approved_by IS NULL OR override_approved_by = override_proposed_by)`,
  unearned: `SELECT COUNT(*) FROM guarantee_fee WHERE scheme_id = ? AND next_earn_on IS NOT NULL`,
  toBeEarned: `SELECT COUNT(*) FROM guarantee_fee WHERE scheme_id = ?
    AND next_earn_on < LEFT(CAST(UTC_TIMESTAMP() - INTERVAL 2 DAY AS CHAR), 10)`,
  recovered: "SELECT COUNT(*) FROM claim_recovery WHERE scheme_id = ? AND status = 'confirmed'",
  overCaps:
    'SELECT COUNT(*) FROM scheme_exposure WHERE scheme_id = ? AND ceiling_minor IS NOT NULL AND used_minor > ceiling_minor',
};

/** Constraints by which the database refuses the same person twice. */
const twoPeople = [
  'payment_two_people',
  'application_two_people',
  'amendment_two_people',
  'fee_override',
  'claim_two_people',
  'recovery_two_people',
  'settlement_two_people',
] as const;

/** The sixteen principles for public guarantee schemes, each checked now against this market's own records. */
@Injectable()
export class PrinciplesReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: SchemeAccess,
    private readonly identity: IdentityReader,
    private readonly ledger: LedgerReader,
    private readonly rules: ClaimRules,
    private readonly figures: SchemeFiguresReader,
  ) {}

  /** Each principle with how it stands and the evidence for it; public once the scheme is open. */
  async of(schemeId: string) {
    const scheme = await this.access.opened(schemeId);
    const seen = await this.look(scheme);
    const items = [];
    for (const { number, pillar, statement } of principles) {
      const found = await (this.checks[number - 1] as Check)(seen);
      items.push({ number, pillar: principlePillars[pillar], statement, standing: standingOf(found), evidence: found });
    }
    const met = items.filter(({ standing }) => standing === 'met').length;
    return {
      schemeId,
      code: scheme.code,
      names: scheme.names,
      source: 'World Bank and FIRST Initiative: Principles for Public Credit Guarantee Schemes for SMEs, 2015',
      met,
      partly: items.filter(({ standing }) => standing === 'partly').length,
      items,
    };
  }

  private readonly checks: readonly Check[] = [
    (seen) => this.entity(seen),
    (seen) => this.funding(seen),
    (seen) => this.ownership(seen),
    () => this.supervision(),
    ({ terms, counts }) => [
      evidence(
        'a version of the mandate is in force',
        terms ? `${terms.clauses.length} clauses` : 'none',
        terms !== null,
      ),
      atLeast('the board carried it with minutes', counts['versionMotions'] as number, 1),
    ],
    async ({ counts }) => [
      atLeast('members of the board', counts['seats'] as number, 3),
      atLeast('decisions of the board with minutes', counts['motions'] as number, 1),
      evidence(
        'whoever declared a conflict of interest has not voted',
        `${counts['conflicts']} declared, ${counts['conflictedVotes']} votes against it`,
        counts['conflictedVotes'] === 0,
      ),
      evidence(
        'above a person’s approval limit the board decides, and each of its motions serves once',
        `${counts['seatsWithLimit']} of ${counts['seats']} seats have a limit of their own, ${counts['usedMotions']} motions were used`,
        (counts['usedMotions'] as number) > 0 &&
          (await this.missingConstraints(['motion_minutes', 'motion_used'])).length === 0,
      ),
    ],
    (seen) => this.control(seen),
    (seen) => this.risk(seen),
    ({ terms, counts }) => [
      ...(['enterprise_', 'lender_kinds', 'products'] as const).map((kind) => {
        const found = terms?.clauses.filter((clause) => clause.kind.startsWith(kind)).length ?? 0;
        return atLeast(`clauses about ${kind.replace(/_.*/, '')}`, found, 1);
      }),
      atLeast('accredited lenders', counts['lenders'] as number, 1),
    ],
    ({ terms, counts }) => [
      atLeast('guarantees issued', counts['issued'] as number, 1, '/figures'),
      evidence(
        'each was delivered by a decision of two people, alone or by a portfolio agreement',
        `${counts['individually']} one by one, ${counts['byPortfolio']} under agreements, of ${counts['issued']}`,
        (counts['individually'] as number) + (counts['byPortfolio'] as number) === counts['issued'],
      ),
      evidence(
        'a fee is asked for',
        terms ? `${terms.fee.factorPercent.toFixed()} % of table ${terms.fee.table}` : 'none',
        terms !== null,
      ),
    ],
    ({ terms, counts }) => this.partial(terms, counts['whole'] as number),
    ({ terms, counts }) => this.pricing(terms, counts),
    (seen) => this.claims(seen),
    (seen) => this.reporting(seen),
    (seen) => this.disclosure(seen),
    (seen) => this.evaluation(seen),
  ];

  private async entity({ scheme }: Seen): Promise<Evidence[]> {
    const guarantor = await this.identity.organisation(scheme.guarantorId);
    return [
      evidence(
        'the guarantor is a registered legal entity',
        guarantor?.registrationNumber ?? 'unknown',
        guarantor !== undefined,
      ),
      evidence(
        'it is verified and not suspended',
        guarantor?.verified ? 'verified' : 'not verified',
        guarantor?.verified === true && !guarantor.suspended,
      ),
    ];
  }

  private funding({ resources, counts }: Seen): Evidence[] {
    const { baseMinor, leverageHundredths, usedMinor, currency } = resources;
    const headroom = headroomOf(baseMinor, leverageHundredths, usedMinor);
    const print = (minor: bigint) => `${moneyToJson({ minor, currency }).amount} ${currency}`;
    return [
      evidence('capital after losses and provisions', print(baseMinor), baseMinor > 0n),
      evidence('headroom', print(headroom), headroom >= 0n),
      evidence('contributions are paid in when they are due', `${counts['late']} are late`, counts['late'] === 0),
    ];
  }

  private async ownership({ scheme, terms, counts }: Seen): Promise<Evidence[]> {
    if (!terms) return [evidence('a covenant between the sources', 'none', false)];
    const rows = await this.read<{ source_class: string; paid: string }>(
      'SELECT source_class, SUM(paid_minor) AS paid FROM scheme_contribution WHERE scheme_id = ? GROUP BY source_class',
      [idBytes(scheme.id)],
    );
    const verdict = judgeCovenant(
      terms.covenant,
      new Map(rows.map(({ source_class, paid }) => [source_class, BigInt(paid)])),
    );
    const shares = verdict.parts.map(
      ({ sourceClass, sharePercent, agreedPercent }) => `${sourceClass} ${sharePercent} % of ${agreedPercent} %`,
    );
    return [
      atLeast('sources that have paid in', counts['sources'] as number, 2),
      atLeast('classes of sources in the covenant', terms.covenant.parts.length, 2),
      evidence('they have paid in by their covenant', shares.join(', '), verdict.holds),
    ];
  }

  private async supervision(): Promise<Evidence[]> {
    const supervisors = await this.identity.ofKind('supervisor');
    return [
      atLeast('supervisors with read-only access', supervisors.filter(({ suspended }) => !suspended).length, 1),
      await this.auditSealed(),
    ];
  }

  /** Every entry of the audit log that is older than ten minutes stands in the chain, which an export proves from outside. */
  private async auditSealed(): Promise<Evidence> {
    const [row] = await this.read<{ links: string; link: Buffer | null; unsealed: string }>(
      `SELECT (SELECT COUNT(*) FROM audit_link) AS links, (SELECT link_hash FROM audit_link ORDER BY sequence DESC LIMIT 1) AS link,
         (SELECT COUNT(*) FROM audit_entry WHERE sealed = 0 AND written_at < UTC_TIMESTAMP(6) - INTERVAL 10 MINUTE) AS unsealed`,
    );
    const found = row?.link
      ? `${row.links} entries sealed, last link ${row.link.toString('hex').slice(0, 16)}…, ${row.unsealed} wait for over ten minutes`
      : 'nothing is sealed';
    const holds = row?.link !== null && row?.link !== undefined && row.unsealed === '0';
    return evidence('the audit log is sealed, so that an export proves it from outside', found, holds);
  }

  private async control(seen: Seen): Promise<Evidence[]> {
    const broken = await this.brokenInvariants(guaranteeInvariants.map(({ name }) => name));
    const { balanced } = await this.ledger.trialBalance();
    const missing = await this.missingConstraints(twoPeople);
    return [
      evidence(
        'controls over guarantees and claims hold',
        broken.length === 0 ? `${guaranteeInvariants.length} hold` : `broken: ${broken.join(', ')}`,
        broken.length === 0,
      ),
      evidence('debits equal credits', balanced ? 'they do' : 'they differ', balanced),
      evidence(
        'the database refuses one person for what needs two',
        missing.length === 0 ? `${twoPeople.length} constraints are in place` : `missing: ${missing.join(', ')}`,
        missing.length === 0,
      ),
      await this.adopted(seen, 'internal_control', 'the board has adopted its framework of internal control'),
    ];
  }

  /** Those of the named controls over the tables that do not hold now. */
  private async brokenInvariants(names: readonly string[]): Promise<readonly string[]> {
    const broken: string[] = [];
    for (const { name, sql } of guaranteeInvariants.filter(({ name }) => names.includes(name))) {
      const [row] = await this.read(`${sql} LIMIT 1`, sql.includes('?') ? [new Date(Date.now() - 120_000)] : []);
      if (row) broken.push(name);
    }
    return broken;
  }

  /** Those of the named constraints that the database does not have. */
  private async missingConstraints(names: readonly string[]): Promise<readonly string[]> {
    const rows = await this.read<{ name: string }>(
      `SELECT constraint_name AS name FROM information_schema.table_constraints
       WHERE constraint_schema = DATABASE() AND constraint_type = 'CHECK' AND constraint_name IN (${names.map(() => '?').join(',')})`,
      names,
    );
    const found = new Set(rows.map(({ name }) => name));
    return names.filter((name) => !found.has(name));
  }

  /** A carried motion by which the board adopted something for the scheme, no older than the years after which it looks again. */
  private async adopted({ scheme, today }: Seen, kind: MotionKind, what: string): Promise<Evidence> {
    const [row] = await this.read<{ decided_at: Date; minutes_checksum: Buffer }>(
      `SELECT decided_at, minutes_checksum FROM scheme_motion WHERE scheme_id = ? AND kind = ? AND status = 'carried'
         AND minutes_checksum IS NOT NULL ORDER BY decided_at DESC LIMIT 1`,
      [idBytes(scheme.id), kind],
    );
    if (!row) return evidence(what, 'never', false);
    const day = countryDate(this.rules.country, row.decided_at);
    const oldest = `${Number(today.slice(0, 4)) - this.rules.book.policyYears}${today.slice(4)}`;
    const checksum = row.minutes_checksum.toString('hex').slice(0, 16);
    return evidence(what, `on ${day}, minutes with SHA-256 ${checksum}…`, day >= oldest);
  }

  private async risk(seen: Seen): Promise<Evidence[]> {
    const { scheme, resources, month, counts } = seen;
    const [run] = await this.read<{ month: string | null }>(
      'SELECT MAX(month) AS month FROM scheme_provision_run WHERE scheme_id = ?',
      [idBytes(scheme.id)],
    );
    const { book } = this.rules;
    const ofRisk = [...book.basis].filter(([name]) => /^(grades|scenarios)\//.test(name) || name === 'lgd');
    const provisional = ofRisk.filter(([, { status }]) => status === 'provisional');
    const expected = totalExpected(expectedLoss(await exposuresOf(this.read, scheme.id, book.losses), book.losses));
    return [
      evidence(
        'the last month’s expected loss is provided for',
        run?.month ?? 'never',
        (run?.month ?? '') >= monthBefore(month),
      ),
      evidence(
        'capital exceeds one more year of expected loss',
        moneyToJson({ minor: expected, currency: scheme.currency }).amount,
        resources.baseMinor > expected,
      ),
      evidence('no cap is exceeded', `${counts['overCaps']} are`, counts['overCaps'] === 0),
      evidence(
        'probabilities of default and scenarios of stress rest on a source or on experience',
        `${provisional.length} of ${ofRisk.length} are provisional starting values (${book.id}, version ${book.version})`,
        provisional.length === 0,
      ),
      await this.adopted(seen, 'risk_policy', 'the board has adopted its policy of risk'),
    ];
  }

  private async claims({ counts }: Seen): Promise<Evidence[]> {
    const broken = await this.brokenInvariants(['loss_shares', 'recoveries']);
    return [
      evidence('no claim waits for a decision for over 30 days', `${counts['slow']} wait`, counts['slow'] === 0),
      evidence(
        'every reduction and denial cites clauses',
        `${counts['uncited']} do not, of ${counts['decided']} decided`,
        counts['uncited'] === 0,
      ),
      evidence(
        'what is recovered is shared by the loss borne, to the cent',
        broken.length === 0 ? `so do all ${counts['recovered']} recoveries` : `broken: ${broken.join(', ')}`,
        broken.length === 0,
      ),
    ];
  }

  private partial(terms: SchemeTerms | null, whole: number): Evidence[] {
    const covers = terms?.clauses.flatMap((clause) => (clause.kind === 'maximum_cover' ? [clause.percent] : [])) ?? [];
    const floor = terms?.clauses.find((clause) => clause.kind === 'retained_share');
    return [
      evidence(
        'the highest cover is below 100 %',
        covers.map((cover) => `${cover.toFixed()} %`).join(', ') || 'none',
        covers.length > 0 && covers.every((cover) => cover.lt(100)),
      ),
      evidence(
        'the lender keeps a share',
        floor ? `${floor.minPercent.toFixed()} %` : 'none',
        floor?.minPercent.gt(0) === true,
      ),
      evidence('no guarantee covers all of a loan', `${whole} do`, whole === 0),
    ];
  }

  private pricing(terms: SchemeTerms | null, counts: Seen['counts']): Evidence[] {
    const bands = new Set(Object.values(terms?.fee.bands ?? {}));
    return [
      evidence(
        'the fee table is published',
        terms ? `${terms.fee.table}, version ${terms.fee.bookVersion}` : 'none',
        terms !== null,
      ),
      evidence('fees differ by risk', `${bands.size} bands by grade`, bands.size > 1),
      evidence(
        'exceptions have a reason and an approver',
        `${counts['overrides']} of ${counts['fees']} fees are exceptions, ${counts['unexplained']} without`,
        counts['unexplained'] === 0,
      ),
      evidence(
        'fees paid in advance are earned as time passes',
        `${counts['unearned']} fees have months to come, ${counts['toBeEarned']} have months that were to be earned`,
        counts['toBeEarned'] === 0,
      ),
    ];
  }

  private async reporting({ month, counts }: Seen): Promise<Evidence[]> {
    const { items } = await this.ledger.periods();
    const closed = items.filter(({ state }) => state === 'closed').map(({ period }) => period);
    const older = items.some(({ period }) => period < monthBefore(month));
    return [
      evidence(
        'months of the books are closed in time',
        closed[0] ?? 'none is',
        !older || (closed[0] ?? '') >= monthBefore(monthBefore(month)),
      ),
      atLeast('published reports of an external auditor', counts['audited'] as number, 1, '/evaluations'),
    ];
  }

  private async disclosure(seen: Seen): Promise<Evidence[]> {
    const { scheme, month, counts } = seen;
    const lastMonth = monthBefore(month);
    const { months } = await this.figures.figures(scheme.id, Number(lastMonth.slice(0, 4)));
    const published = months.find((each) => each.month === lastMonth);
    const shown = published ? figureMeasures.filter((measure) => published[measure].count !== null).length : 0;
    const older = countryDate(this.rules.country, scheme.createdAt).slice(0, 7) <= lastMonth;
    const [row] = await this.read<{ n: string }>(
      "SELECT COUNT(*) AS n FROM guarantee WHERE scheme_id = ? AND state = 'in_force' AND reported_month >= ?",
      [idBytes(scheme.id), monthBefore(monthBefore(month))],
    );
    const inForce = counts['inForce'] as number;
    const reported = Number(row?.n);
    return [
      evidence(
        'last month’s figures are public',
        older
          ? `${lastMonth}: ${shown} of ${figureMeasures.length} measures, small cells hidden`
          : 'the scheme is younger',
        older && shown > 0,
        '/figures',
      ),
      evidence(
        'lenders report every month',
        `${reported} of ${inForce} guarantees`,
        inForce > 0 && reported * 10 >= inForce * 9,
      ),
      await this.adopted(seen, 'disclosure_policy', 'the board has adopted what is disclosed, and when'),
    ];
  }

  private async evaluation({ scheme, month }: Seen): Promise<Evidence[]> {
    const year = Number(month.slice(0, 4)) - 1;
    const [row] = await this.read<{ year: number | null }>(
      "SELECT MAX(year) AS year FROM scheme_evaluation WHERE scheme_id = ? AND status = 'published'",
      [idBytes(scheme.id)],
    );
    const latest = row?.year ?? null;
    return [
      evidence(
        'the evaluation of the last year is published',
        latest === null ? 'none is' : String(latest),
        latest !== null && latest >= year,
        '/evaluations',
      ),
    ];
  }

  private async look(scheme: GuaranteeScheme): Promise<Seen> {
    const version =
      scheme.currentVersion === null
        ? null
        : await this.dataSource.manager.findOneByOrFail(SchemeVersion, {
            schemeId: scheme.id,
            number: scheme.currentVersion,
          });
    const names = Object.keys(counted);
    const [row] = await this.read<Record<string, string>>(
      `SELECT ${names.map((name) => `(${counted[name]}) AS ${name}`).join(', ')}`,
      names.map(() => idBytes(scheme.id)),
    );
    const [clock] = await this.read<{ now: Date }>('SELECT UTC_TIMESTAMP(6) AS now');
    const today = countryDate(this.rules.country, (clock as { now: Date }).now);
    return {
      scheme,
      terms: version && readSchemeTerms(JSON.parse(version.terms)),
      resources: await resourcesOf(this.read, scheme.id),
      month: today.slice(0, 7),
      today,
      counts: Object.fromEntries(names.map((name) => [name, Number(row?.[name])])),
    };
  }

  private readonly read: ReadRiskRows = async (sql, parameters = []) => this.dataSource.query(sql, [...parameters]);
}
