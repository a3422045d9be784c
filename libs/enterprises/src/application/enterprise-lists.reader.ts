import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { IdentityReader } from '#identity';
import {
  cursorRefused,
  decodeCursor,
  defaultLimit,
  ENVIRONMENT,
  type Environment,
  httpError,
  idBytes,
  idText,
  isId,
  type PageQuery,
  toPage,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { verificationLifecycle, type VerificationState } from '#review';
import type { Identifier } from '../domain/identifiers.policy.js';
import { taskList } from '../domain/tasks.policy.js';
import {
  EnterpriseBankAccount,
  EnterpriseDocument,
  EnterpriseOwner,
  EnterpriseProfile,
  FinancialStatementRow,
  SizeEvaluation,
} from '../persistence/entities.js';
import { readTaskFacts } from '../persistence/task-facts.js';
import { enterpriseRules } from './enterprise-rules.js';
import { accountView, documentView, ownerView, profileView, sizeView, statementView } from './views.js';

interface HistoryRow {
  readonly id: Buffer;
  readonly action: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly actor_kind: string;
  readonly reason: string;
  readonly at: Date;
}

/** What an enterprise reads of itself, and the operator of enterprises. */
@Injectable()
export class EnterpriseLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The whole profile; before its beginning an empty one with version 0, so that a form has something to show. */
  async profile(enterpriseId: string) {
    const profile = await this.dataSource.manager.findOneBy(EnterpriseProfile, { id: enterpriseId });
    if (!profile) return { id: enterpriseId, status: verificationLifecycle.initial, version: 0 };
    const where = { enterpriseId };
    const [identifiers, owners, account, size, now] = await Promise.all([
      this.dataSource.query<Identifier[]>(
        'SELECT scheme, value FROM enterprise_identifier WHERE enterprise_id = ? ORDER BY scheme',
        [idBytes(enterpriseId)],
      ),
      this.dataSource.manager.find(EnterpriseOwner, { where, order: { position: 'ASC' } }),
      this.dataSource.manager.findOneBy(EnterpriseBankAccount, { enterpriseId, replacedAt: IsNull() }),
      profile.sizeEvaluationId === null
        ? null
        : this.dataSource.manager.findOneBy(SizeEvaluation, { id: profile.sizeEvaluationId }),
      this.now(),
    ]);
    return {
      ...profileView(profile, identifiers),
      owners: owners.map(ownerView),
      bankAccount: account && accountView(account, now),
      size: size && sizeView(size),
    };
  }

  /** For the operator: an enterprise that has a profile. */
  async forReview(enterpriseId: string) {
    const [profile, organisation] = await Promise.all([
      this.profile(enterpriseId),
      this.identity.organisation(enterpriseId),
    ]);
    if (profile.version === 0 || !organisation) throw httpError('record_unknown');
    return { ...profile, organisation };
  }

  /** For the operator: enterprises by state of their verification, oldest first. */
  async enterprises(query: PageQuery & { status?: VerificationState }) {
    const limit = query.limit ?? defaultLimit;
    const after = cursorId(query.cursor);
    const rows = await this.dataSource.manager.find(EnterpriseProfile, {
      where: { ...(query.status ? { status: query.status } : {}), ...(after ? { id: MoreThan(after) } : {}) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    const organisations = await this.identity.organisations(rows.map(({ id }) => id));
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      ({ id, status, reviewCaseId, sector, region, sizeClass, version }) => {
        const organisation = organisations.get(id);
        const { name, localName, registrationNumber } = organisation ?? {};
        return { id, name, localName, registrationNumber, status, reviewCaseId, sector, region, sizeClass, version };
      },
    );
  }

  /** The statements that hold, latest year first. */
  async statements(enterpriseId: string) {
    const rows = await this.dataSource.manager.find(FinancialStatementRow, {
      where: { enterpriseId },
      order: { fiscalYear: 'DESC', version: 'DESC' },
    });
    const held = rows.filter((row, index) => row.fiscalYear !== rows[index - 1]?.fiscalYear);
    return { items: held.map(statementView), nextCursor: null };
  }

  /** Every version of one year's statement, latest first. */
  async statementVersions(enterpriseId: string, fiscalYear: number) {
    const rows = await this.dataSource.manager.find(FinancialStatementRow, {
      where: { enterpriseId, fiscalYear },
      order: { version: 'DESC' },
    });
    if (rows.length === 0) throw httpError('record_unknown');
    return {
      items: rows.map((row) => ({ ...statementView(row), savedAt: row.savedAt.toISOString() })),
      nextCursor: null,
    };
  }

  async documents(enterpriseId: string, query: PageQuery) {
    const limit = query.limit ?? defaultLimit;
    const after = cursorId(query.cursor);
    const rows = await this.dataSource.manager.find(EnterpriseDocument, {
      where: { enterpriseId, removedAt: IsNull(), ...(after ? { id: MoreThan(after) } : {}) },
      order: { id: 'ASC' },
      take: limit + 1,
    });
    return toPage(rows, limit, ({ id }) => [id], documentView);
  }

  /** What remains before the profile can be handed in. */
  async tasks(enterpriseId: string) {
    const { country } = this.environment;
    const found = await this.dataSource.manager.findOneBy(EnterpriseProfile, { id: enterpriseId });
    const profile = found ?? Object.assign(new EnterpriseProfile(), { id: enterpriseId, ...nothing });
    const state = await readTaskFacts(
      (sql, parameters) => this.dataSource.query(sql, parameters),
      profile,
      countryDate(country, await this.now()),
    );
    const items = taskList(state, enterpriseRules(country));
    return { items, nextCursor: null, ready: items.every(({ done }) => done) };
  }

  /** Every step of the verification, newest first. */
  async history(enterpriseId: string, query: PageQuery) {
    const limit = query.limit ?? defaultLimit;
    const after = cursorId(query.cursor);
    const rows = await this.dataSource.query<HistoryRow[]>(
      `SELECT id, action, from_state, to_state, actor_kind, reason, at FROM enterprise_history
       WHERE enterprise_id = ? ${after ? 'AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
      [idBytes(enterpriseId), ...(after ? [idBytes(after)] : []), limit + 1],
    );
    return toPage(
      rows,
      limit,
      ({ id }) => [idText(id)],
      ({ action, from_state: from, to_state: to, actor_kind: by, reason, at }) => ({
        action,
        from,
        to,
        by,
        reason,
        at: at.toISOString(),
      }),
    );
  }

  /** The words of the country's rule book that a form offers. */
  choices() {
    const { legalForms, identifiers, currency, account } = enterpriseRules(this.environment.country);
    return { legalForms, identifiers, currency, accountFormat: account.format };
  }

  private async now(): Promise<Date> {
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT UTC_TIMESTAMP(6) AS now');
    return new Date((row as { now: Date }).now.getTime() + this.environment.clockOffsetSeconds * 1000);
  }
}

/** A profile in which nothing was said. */
const nothing = { legalForm: null, sector: null, isicClass: null, region: null, foundedOn: null, staff: null };

function cursorId(cursor: string | undefined): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? [];
  if (id !== undefined && !isId(id)) throw cursorRefused();
  return id;
}
