import { Injectable } from '@nestjs/common';
import { DataSource, type FindOptionsWhere, In, MoreThan } from 'typeorm';
import { IdentityReader } from '#identity';
import { moneyToJson } from '#kernel';
import {
  cursorRefused,
  decodeCursor,
  defaultLimit,
  httpError,
  idBytes,
  idText,
  isId,
  type Page,
  type PageQuery,
  toPage,
} from '#platform';
import type { VerificationState } from '#review';
import type { AutoBidState } from '../domain/auto-bid.lifecycle.js';
import type { MandateState } from '../domain/mandate.lifecycle.js';
import {
  AutoBidRuleRow,
  FinancierProduct,
  FinancierProfile,
  LimitChange,
  MandateRow,
} from '../persistence/entities.js';
import { autoBidRuleView, limitChangeView, limitsView, mandateView, productView, profileView } from './views.js';

interface ExposureRow {
  readonly scope: 'enterprise' | 'anchor' | 'month';
  readonly scope_key: string;
  readonly used_minor: string;
}

interface HistoryRow {
  readonly id: Buffer;
  readonly subject_type: string;
  readonly action: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly reason: string;
  readonly at: Date;
}

/** What an institution reads of itself, the operator of institutions, and the public of products. */
@Injectable()
export class InstitutionLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
  ) {}

  async profile(financierId: string) {
    const profile = await this.dataSource.manager.findOneBy(FinancierProfile, { id: financierId });
    if (!profile) throw httpError('record_unknown', { detail: 'The institution has no profile yet.' });
    return profileView(profile);
  }

  /** For the operator: every institution, by state of its verification. */
  async institutions(query: PageQuery & { status?: VerificationState }) {
    const page = await this.page(FinancierProfile, query.status ? { status: query.status } : {}, query);
    const organisations = await this.identity.organisations(page.items.map(({ id }) => id));
    return {
      ...page,
      items: page.items.map((profile) => {
        const organisation = organisations.get(profile.id);
        return { ...profileView(profile), name: organisation?.name, localName: organisation?.localName };
      }),
    };
  }

  /** For everybody: verified institutions with what is public of them. */
  async publicInstitutions(query: PageQuery) {
    const page = await this.page(FinancierProfile, { status: 'verified', suspended: false }, query);
    const organisations = await this.identity.organisations(page.items.map(({ id }) => id));
    const items = page.items.map(({ id, kind, about, website, regulator }) => {
      const organisation = organisations.get(id);
      return { id, kind, name: organisation?.name, localName: organisation?.localName, about, website, regulator };
    });
    return { ...page, items };
  }

  async publicProducts(query: PageQuery & { financierId?: string }) {
    const verified = await this.dataSource.manager.find(FinancierProfile, {
      select: { id: true },
      where: { status: 'verified', suspended: false, ...(query.financierId ? { id: query.financierId } : {}) },
    });
    const where = { status: 'published' as const, financierId: In(verified.map(({ id }) => id)) };
    return mapped(await this.page(FinancierProduct, where, query), productView);
  }

  async products(financierId: string, query: PageQuery) {
    return mapped(await this.page(FinancierProduct, { financierId }, query), productView);
  }

  async product(financierId: string, id: string) {
    return productView(await this.one(FinancierProduct, { id, financierId }));
  }

  async mandates(financierId: string, query: PageQuery & { status?: MandateState }) {
    const where = { financierId, ...(query.status ? { status: query.status } : {}) };
    return mapped(await this.page(MandateRow, where, query), mandateView);
  }

  async mandate(financierId: string, id: string) {
    return mandateView(await this.one(MandateRow, { id, financierId }));
  }

  async limitChanges(financierId: string, query: PageQuery & { mandateId?: string }) {
    const where = { financierId, ...(query.mandateId ? { mandateId: query.mandateId } : {}) };
    return mapped(await this.page(LimitChange, where, query), limitChangeView);
  }

  async autoBidRules(financierId: string, query: PageQuery & { status?: AutoBidState }) {
    const where = { financierId, ...(query.status ? { status: query.status } : {}) };
    const page = await this.page(AutoBidRuleRow, where, query);
    const mandates = await this.dataSource.manager.find(MandateRow, {
      select: { id: true, currency: true },
      where: { id: In(page.items.map(({ mandateId }) => mandateId)) },
    });
    const currencies = new Map(mandates.map(({ id, currency }) => [id, currency]));
    return mapped(page, (rule) => autoBidRuleView(rule, currencies.get(rule.mandateId) ?? ''));
  }

  /** How much of each limit is used; enterprises in the order of what they use. */
  async exposure(financierId: string, mandateId: string) {
    const mandate = await this.one(MandateRow, { id: mandateId, financierId });
    const rows = await this.dataSource.query<ExposureRow[]>(
      `SELECT scope, scope_key, used_minor FROM mandate_exposure
       WHERE mandate_id = ? AND used_minor > 0 ORDER BY scope, used_minor DESC, scope_key LIMIT 500`,
      [idBytes(mandateId)],
    );
    const used = (scope: ExposureRow['scope']) =>
      rows
        .filter((row) => row.scope === scope)
        .map((row) => ({
          key: row.scope_key,
          used: moneyToJson({ minor: BigInt(row.used_minor), currency: mandate.currency }),
        }));
    return {
      limits: limitsView(mandate, mandate.currency),
      enterprises: used('enterprise'),
      anchors: used('anchor'),
      months: used('month'),
    };
  }

  /** Every step of one of the institution's records, newest first. */
  async history(financierId: string, subjectId: string, query: PageQuery) {
    const limit = query.limit ?? defaultLimit;
    const after = cursorId(query.cursor);
    const rows = await this.dataSource.query<HistoryRow[]>(
      `SELECT id, subject_type, action, from_state, to_state, actor_kind, actor_id, reason, at FROM institution_history
       WHERE subject_id = ? AND financier_id = ? ${after ? 'AND id < ?' : ''} ORDER BY id DESC LIMIT ?`,
      [idBytes(subjectId), idBytes(financierId), ...(after ? [idBytes(after)] : []), limit + 1],
    );
    // Whatever exists has a first entry; only an institution without a profile has none yet.
    if (rows.length === 0 && !after && subjectId !== financierId) throw httpError('record_unknown');
    return toPage(
      rows,
      limit,
      ({ id }) => [idText(id)],
      (row) => ({
        subjectType: row.subject_type,
        action: row.action,
        from: row.from_state,
        to: row.to_state,
        by: { kind: row.actor_kind, id: row.actor_id },
        reason: row.reason,
        at: row.at.toISOString(),
      }),
    );
  }

  private async one<T extends { id: string }>(entity: new () => T, where: FindOptionsWhere<T>): Promise<T> {
    const found = await this.dataSource.manager.findOneBy(entity, where);
    if (!found) throw httpError('record_unknown');
    return found;
  }

  /** A page in the order of the ids, which is the order of making. */
  private async page<T extends { id: string }>(
    entity: new () => T,
    where: FindOptionsWhere<T>,
    query: PageQuery,
  ): Promise<Page<T>> {
    const limit = query.limit ?? defaultLimit;
    const after = cursorId(query.cursor);
    const rows = await this.dataSource.manager.find(entity, {
      where: after ? ({ ...where, id: MoreThan(after) } as FindOptionsWhere<T>) : where,
      order: { id: 'ASC' } as never,
      take: limit + 1,
    });
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      (row) => row,
    );
  }
}

function mapped<T, View>(page: Page<T>, view: (item: T) => View): Page<View> {
  return { items: page.items.map(view), nextCursor: page.nextCursor };
}

function cursorId(cursor: string | undefined): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? [];
  if (id !== undefined && !isId(id)) throw cursorRefused();
  return id;
}
