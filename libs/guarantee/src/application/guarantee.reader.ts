// size: the lists share their scope: who may see what.
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { IdentityReader } from '#identity';
import { type MoneyJson, moneyToJson } from '#kernel';
import {
  type Actor,
  decodeCursor,
  defaultLimit,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  idText,
  type Page,
  systemContext,
  toPage,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { type CaseClockView, ReviewReader } from '#review';
import { brokenClauses } from '../domain/clauses.policy.js';
import { judgeCovenant } from '../domain/covenant.policy.js';
import { guaranteeError } from '../domain/errors.js';
import type { GuaranteeState } from '../domain/guarantee.lifecycle.js';
import { grantedCapacity } from '../domain/reservation.policy.js';
import type { ApplicationState } from '../domain/application.lifecycle.js';
import {
  Guarantee,
  GuaranteeAmendment,
  GuaranteeApplication,
  GuaranteeConsent,
  GuaranteeFeeRow,
  GuaranteeFeeRun,
  GuaranteeScheme,
  PortfolioAgreement,
  SchemeAccreditation,
  SchemeContribution,
  SchemeMotion,
  SchemePayment,
  SchemeVersion,
} from '../persistence/entities.js';
import { accreditationView } from './accreditations.js';
import { amendmentView } from './amend-guarantee.js';
import { applicationView, loanOf } from './apply-for-guarantee.js';
import { motionView } from './board.js';
import { consentView } from './consents.js';
import { contributionView, paymentView } from './contributions.js';
import { guaranteeView } from './guarantee-view.js';
import { feeView } from './fees.js';
import { agreementView } from './portfolio-agreements.js';
import { feeRunView } from './run-annual-fees.js';
import { SchemeBook } from './scheme-book.js';
import { schemeView, versionView } from './schemes.js';

interface PageInput {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

interface Scope {
  readonly sql: string;
  readonly values: readonly Buffer[];
}

/** Whose rows an actor may see: a guarantor its schemes', a lender and an enterprise their own, the supervisor all. */
function scopeOf({ organisationKind, organisationId }: Actor): Scope {
  const own = [idBytes(organisationId || '00000000-0000-0000-0000-000000000000')];
  switch (organisationKind) {
    case 'supervisor':
      return { sql: '1 = 1', values: [] };
    case 'guarantor':
      return { sql: 'g.scheme_id IN (SELECT id FROM guarantee_scheme WHERE guarantor_id = ?)', values: own };
    case 'financier':
      return { sql: 'g.lender_id = ?', values: own };
    case 'enterprise':
      return { sql: 'g.enterprise_id = ?', values: own };
    default:
      return { sql: '1 = 0', values: [] };
  }
}

/** What is read of schemes, applications and guarantees. Nothing here writes. */
@Injectable()
export class GuaranteeReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly identity: IdentityReader,
    private readonly review: ReviewReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Guarantees and letters, newest first. */
  async guarantees(
    actor: Actor,
    filter: PageInput & {
      readonly state?: GuaranteeState | undefined;
      readonly schemeId?: string | undefined;
      readonly number?: string | undefined;
    },
  ): Promise<Page<ReturnType<typeof guaranteeView>>> {
    const ands = [
      ...(filter.state ? [{ sql: 'g.state = ?', value: filter.state }] : []),
      ...(filter.schemeId ? [{ sql: 'g.scheme_id = ?', value: idBytes(filter.schemeId) }] : []),
      ...(filter.number ? [{ sql: 'g.number = ?', value: filter.number }] : []),
    ];
    const ids = await this.ids('guarantee', actor, ands, filter);
    return this.page(filter, ids, async (tx, found) => {
      const rows = await tx.manager.findBy(Guarantee, { id: In([...found]) });
      return new Map(rows.map((row) => [row.id, guaranteeView(row)]));
    });
  }

  async guarantee(actor: Actor, id: string) {
    return this.read(async (tx) => {
      const row = await tx.manager.findOneBy(Guarantee, { id });
      const own = row && (await this.visible(tx, 'guarantee', actor, id));
      if (!row || !own) throw guaranteeError('guarantee_unknown');
      const fees = await tx.manager.find(GuaranteeFeeRow, { where: { guaranteeId: id }, order: { year: 'ASC' } });
      const amendments = await tx.manager.find(GuaranteeAmendment, {
        where: { guaranteeId: id },
        order: { id: 'ASC' },
      });
      const reports = await tx.rows<{ month: string; outstanding_minor: string; days_past_due: number }>(
        'SELECT month, outstanding_minor, days_past_due FROM guarantee_report WHERE guarantee_id = ? ORDER BY month DESC LIMIT 36',
        [idBytes(id)],
      );
      return {
        ...guaranteeView(row),
        fees: fees.map(feeView),
        amendments: amendments.map((each) => amendmentView(each, row.currency)),
        reports: reports.map(({ month, outstanding_minor, days_past_due }) => ({
          month,
          outstanding: moneyToJson({ minor: BigInt(outstanding_minor), currency: row.currency }),
          daysPastDue: days_past_due,
        })),
        history: await this.history(tx, id),
      };
    });
  }

  /** Applications, newest first; a guarantor does not see drafts. */
  async applications(
    actor: Actor,
    filter: PageInput & { readonly status?: ApplicationState | undefined; readonly schemeId?: string | undefined },
  ) {
    const ands = [
      ...(filter.status ? [{ sql: 'g.status = ?', value: filter.status }] : []),
      ...(filter.schemeId ? [{ sql: 'g.scheme_id = ?', value: idBytes(filter.schemeId) }] : []),
      ...(actor.organisationKind === 'guarantor' ? [{ sql: 'g.status <> ?', value: 'draft' }] : []),
    ];
    const ids = await this.ids('guarantee_application', actor, ands, filter);
    return this.page(filter, ids, async (tx, found) => {
      const rows = await tx.manager.findBy(GuaranteeApplication, { id: In([...found]) });
      return new Map(rows.map((row) => [row.id, applicationView(row, [])]));
    });
  }

  async application(actor: Actor, id: string) {
    const found = await this.read(async (tx) => {
      const row = await tx.manager.findOneBy(GuaranteeApplication, { id });
      const own = row && (await this.visible(tx, 'guarantee_application', actor, id));
      if (!row || !own || (actor.organisationKind === 'guarantor' && row.status === 'draft'))
        throw httpError('record_unknown');
      const terms = await this.book.terms(tx, row.schemeId, row.schemeVersion);
      return {
        ...applicationView(row, brokenClauses(terms.clauses, loanOf(row), row.facts)),
        history: await this.history(tx, id),
      };
    });
    const clock: CaseClockView | null = found.reviewCaseId ? await this.review.clockOf(found.reviewCaseId) : null;
    return { ...found, clock };
  }

  async schemes(page: PageInput) {
    return this.read(async (tx) => {
      const limit = page.limit ?? defaultLimit;
      const after = decodeCursor(page.cursor, 1);
      const rows = await tx.rows<{ id: Buffer }>(
        `SELECT id FROM guarantee_scheme ${after ? 'WHERE id > ?' : ''} ORDER BY id LIMIT ?`,
        [...(after ? [idBytes(String(after[0]))] : []), limit + 1],
      );
      const found = await tx.manager.findBy(GuaranteeScheme, { id: In(rows.map(({ id }) => idText(id))) });
      const schemes = new Map(found.map((row) => [row.id, row]));
      return toPage(
        rows.map(({ id }) => schemes.get(idText(id)) as GuaranteeScheme),
        limit,
        ({ id }) => [id],
        schemeView,
      );
    });
  }

  /** A scheme with the terms in force: its mandate is public to every party of the market. */
  async scheme(code: string) {
    return this.read(async (tx) => {
      const row = await tx.manager.findOneBy(GuaranteeScheme, { code });
      if (!row) throw guaranteeError('scheme_unknown');
      const { id } = row;
      const version =
        row.currentVersion === null
          ? null
          : await tx.manager.findOneBy(SchemeVersion, { schemeId: id, number: row.currentVersion });
      return { ...schemeView(row), inForce: version && versionView(version) };
    });
  }

  /** Capital, headroom and the gauge of each cap, for the guarantor and the supervisor. */
  async capacity(actor: Actor, schemeId: string) {
    return this.read(async (tx) => {
      const scheme = await this.ownScheme(tx, actor, schemeId);
      const { currency } = scheme;
      const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency });
      const [row] = await tx.rows<{
        base_minor: string;
        leverage_hundredths: number;
        used_minor: string;
        stopped: string | null;
      }>('SELECT base_minor, leverage_hundredths, used_minor, stopped FROM scheme_capacity WHERE scheme_id = ?', [
        idBytes(schemeId),
      ]);
      const pending = await tx.rows<{ scope: string; sum: string }>(
        "SELECT scope, SUM(amount_minor) AS sum FROM capacity_movement WHERE scheme_id = ? AND scope IN ('base', 'total') GROUP BY scope",
        [idBytes(schemeId)],
      );
      const waiting = (scope: string): bigint => BigInt(pending.find((each) => each.scope === scope)?.sum ?? 0);
      const base = BigInt(row?.base_minor ?? 0) + waiting('base');
      const used = BigInt(row?.used_minor ?? 0) - waiting('total');
      const granted = grantedCapacity(base, row?.leverage_hundredths ?? 0);
      const exposures: { scope: string; key: string; used: MoneyJson; limit: MoneyJson | null }[] = [];
      for (const scope of ['enterprise', 'lender', 'sector', 'region', 'vintage']) {
        const rows = await tx.rows<{ scope_key: string; used_minor: string; ceiling_minor: string | null }>(
          'SELECT scope_key, used_minor, ceiling_minor FROM scheme_exposure WHERE scheme_id = ? AND scope = ? ORDER BY used_minor DESC LIMIT 20',
          [idBytes(schemeId), scope],
        );
        for (const each of rows)
          exposures.push({
            scope,
            key: each.scope_key,
            used: money(BigInt(each.used_minor)),
            limit: each.ceiling_minor === null ? null : money(BigInt(each.ceiling_minor)),
          });
      }
      return {
        schemeId,
        base: money(base),
        leverageHundredths: row?.leverage_hundredths ?? 0,
        granted: money(granted),
        used: money(used),
        headroom: money(granted - used),
        stopped: row?.stopped ?? null,
        covenant: await this.covenant(tx, scheme, money),
        exposures,
      };
    });
  }

  /** Versions, contributions, payments, accreditations, agreements, motions and fee runs of one scheme. */
  async governance(actor: Actor, schemeId: string) {
    return this.read(async (tx) => {
      const scheme = await this.ownScheme(tx, actor, schemeId);
      const { currency } = scheme;
      const where = { schemeId };
      const order = { id: 'ASC' } as const;
      const [versions, contributions, payments, accreditations, agreements, motions, runs] = [
        await tx.manager.find(SchemeVersion, { where, order: { number: 'ASC' } }),
        await tx.manager.find(SchemeContribution, { where, order }),
        await tx.manager.find(SchemePayment, { where, order }),
        await tx.manager.find(SchemeAccreditation, { where, order }),
        await tx.manager.find(PortfolioAgreement, { where, order }),
        await tx.manager.find(SchemeMotion, { where, order: { id: 'DESC' }, take: 100 }),
        await tx.manager.find(GuaranteeFeeRun, { where, order: { id: 'DESC' }, take: 50 }),
      ];
      const seats = await tx.rows<{
        person_id: Buffer;
        title: string;
        limit_minor: string | null;
        appointed_on: string;
        ended_on: string | null;
      }>(
        'SELECT person_id, title, approval_limit_minor AS limit_minor, appointed_on, ended_on FROM scheme_board_member WHERE scheme_id = ? ORDER BY id',
        [idBytes(schemeId)],
      );
      return {
        ...schemeView(scheme),
        versions: versions.map(versionView),
        contributions: contributions.map((row) => contributionView(row, currency)),
        payments: payments.map((row) => paymentView(row, currency)),
        accreditations: accreditations.map(accreditationView),
        agreements: agreements.map((row) => agreementView(row, currency)),
        motions: motions.map((row) => motionView(row, currency)),
        feeRuns: runs.map((row) => feeRunView(row, currency)),
        board: seats.map(({ person_id, title, limit_minor, appointed_on, ended_on }) => ({
          personId: idText(person_id),
          title,
          approvalLimit: limit_minor === null ? null : moneyToJson({ minor: BigInt(limit_minor), currency }),
          appointedOn: appointed_on,
          endedOn: ended_on,
        })),
        history: await this.history(tx, schemeId),
      };
    });
  }

  /** The agreements of a lender, and its accreditations. */
  async ownStanding(actor: Actor) {
    return this.read(async (tx) => {
      const where = { lenderId: actor.organisationId };
      const accreditations = await tx.manager.find(SchemeAccreditation, { where, order: { id: 'ASC' } });
      const agreements = await tx.manager.find(PortfolioAgreement, { where, order: { id: 'ASC' } });
      const schemes = new Map<string, GuaranteeScheme>();
      for (const { schemeId } of agreements) schemes.set(schemeId, await this.book.scheme(tx, schemeId));
      return {
        accreditations: accreditations.map(accreditationView),
        agreements: agreements.map((row) => agreementView(row, schemes.get(row.schemeId)?.currency ?? '')),
      };
    });
  }

  /** The enterprise's own consents, newest first. */
  async consents(actor: Actor, page: PageInput) {
    return this.read(async (tx) => {
      const limit = page.limit ?? defaultLimit;
      const after = decodeCursor(page.cursor, 1);
      const rows = await tx.rows<{ id: Buffer }>(
        `SELECT id FROM guarantee_consent WHERE enterprise_id = ?${after ? ' AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
        [idBytes(actor.organisationId), ...(after ? [idBytes(String(after[0]))] : []), limit + 1],
      );
      const found = await tx.manager.findBy(GuaranteeConsent, { id: In(rows.map(({ id }) => idText(id))) });
      const all = new Map(found.map((row) => [row.id, row]));
      return toPage(
        rows.map(({ id }) => all.get(idText(id)) as GuaranteeConsent),
        limit,
        ({ id }) => [id],
        consentView,
      );
    });
  }

  /** What anybody who holds a certificate may check by its code: that it is genuine and whether it stands. */
  async certificate(code: string) {
    return this.read(async (tx) => {
      const row = await tx.manager.findOneBy(Guarantee, { certificateCode: code });
      if (!row) throw guaranteeError('guarantee_unknown');
      const scheme = await this.book.scheme(tx, row.schemeId);
      const names = await this.identity.organisationsWithin([scheme.guarantorId, row.lenderId], tx);
      return {
        number: row.number,
        state: row.state,
        valid: row.state === 'issued' || row.state === 'in_force' || row.state === 'claimed',
        scheme: scheme.names,
        guarantor: names.get(scheme.guarantorId)?.name ?? '',
        lender: names.get(row.lenderId)?.name ?? '',
        guaranteed: moneyToJson({ minor: row.guaranteedMinor, currency: row.currency }),
        coverPercent: row.coverPercent,
        issuedOn: row.issuedAt && countryDate(this.environment.country, row.issuedAt),
        endsOn: row.endsOn,
      };
    });
  }

  private async covenant(tx: Transaction, scheme: GuaranteeScheme, money: (minor: bigint) => MoneyJson) {
    if (scheme.currentVersion === null) return null;
    const { covenant } = await this.book.terms(tx, scheme.id, scheme.currentVersion);
    const rows = await tx.rows<{ source_class: string; paid: string }>(
      'SELECT source_class, SUM(paid_minor) AS paid FROM scheme_contribution WHERE scheme_id = ? GROUP BY source_class',
      [idBytes(scheme.id)],
    );
    const verdict = judgeCovenant(
      covenant,
      new Map(rows.map(({ source_class, paid }) => [source_class, BigInt(paid)])),
    );
    return {
      holds: verdict.holds,
      tolerancePoints: covenant.tolerancePoints.toFixed(),
      parts: verdict.parts.map(({ paidMinor, ...part }) => ({ ...part, paid: money(paidMinor) })),
    };
  }

  private async ownScheme(tx: Transaction, actor: Actor, schemeId: string): Promise<GuaranteeScheme> {
    const scheme = await this.book.scheme(tx, schemeId);
    if (actor.organisationKind !== 'supervisor' && scheme.guarantorId !== actor.organisationId)
      throw guaranteeError('scheme_unknown');
    return scheme;
  }

  private async history(tx: Transaction, subjectId: string) {
    const rows = await tx.rows<{
      action: string;
      from_state: string | null;
      to_state: string;
      reason: string;
      at: Date;
      actor_kind: string;
    }>(
      'SELECT action, from_state, to_state, reason, at, actor_kind FROM guarantee_history WHERE subject_id = ? ORDER BY id DESC LIMIT 100',
      [idBytes(subjectId)],
    );
    return rows.map(({ action, from_state, to_state, reason, at, actor_kind }) => ({
      action,
      from: from_state,
      to: to_state,
      reason,
      actorKind: actor_kind,
      at: at.toISOString(),
    }));
  }

  private async visible(tx: Transaction, table: Scoped, actor: Actor, id: string): Promise<boolean> {
    const { sql, values } = scopeOf(actor);
    const [row] = await tx.rows(`SELECT g.id FROM ${table} g WHERE g.id = ? AND ${sql}`, [idBytes(id), ...values]);
    return row !== undefined;
  }

  /** The ids of one page and one more, by keyset. */
  private async ids(
    table: Scoped,
    actor: Actor,
    ands: readonly { readonly sql: string; readonly value: string | Buffer }[],
    page: PageInput,
  ): Promise<string[]> {
    const after = decodeCursor(page.cursor, 1);
    const limit = (page.limit ?? defaultLimit) + 1;
    return this.read(async (tx) => {
      const found: string[] = [];
      for (const { sql, values } of await this.parts(tx, actor)) {
        const where = [sql, ...ands.map((and) => and.sql), ...(after ? ['g.id < ?'] : [])].join(' AND ');
        const rows = await tx.rows<{ id: Buffer }>(
          `SELECT g.id FROM ${table} g WHERE ${where} ORDER BY g.id DESC LIMIT ?`,
          [...values, ...ands.map(({ value }) => value), ...(after ? [idBytes(String(after[0]))] : []), limit],
        );
        found.push(...rows.map(({ id }) => idText(id)));
      }
      return found.sort((a, b) => (a < b ? 1 : -1)).slice(0, limit);
    });
  }

  /** What may be seen as parts that each have an index in the order of the page: scheme by scheme where there are several. */
  private async parts(tx: Transaction, actor: Actor): Promise<readonly Scope[]> {
    const { organisationKind, organisationId } = actor;
    if (organisationKind !== 'guarantor' && organisationKind !== 'supervisor') return [scopeOf(actor)];
    const schemes = await tx.rows<{ id: Buffer }>(
      `SELECT id FROM guarantee_scheme${organisationKind === 'guarantor' ? ' WHERE guarantor_id = ?' : ''}`,
      organisationKind === 'guarantor' ? [idBytes(organisationId)] : [],
    );
    return schemes.map(({ id }) => ({ sql: 'g.scheme_id = ?', values: [id] }));
  }

  private async page<View>(
    page: PageInput,
    ids: readonly string[],
    read: (tx: Transaction, ids: readonly string[]) => Promise<ReadonlyMap<string, View>>,
  ): Promise<Page<View>> {
    const views = ids.length === 0 ? new Map<string, View>() : await this.read((tx) => read(tx, ids));
    return toPage(
      ids,
      page.limit ?? defaultLimit,
      (id) => [id],
      (id) => views.get(id) as View,
    );
  }

  private read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(systemContext('guarantee.read'), work);
  }
}

type Scoped = 'guarantee' | 'guarantee_application';
