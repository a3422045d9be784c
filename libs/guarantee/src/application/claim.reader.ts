import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { moneyToJson } from '#kernel';
import { type Actor, decodeCursor, defaultLimit, idBytes, idText, type Page, toPage } from '#platform';
import { claimError } from '../domain/claim-errors.js';
import { ClaimDocument, ClaimRecovery, ClaimSettlement, GuaranteeClaim } from '../persistence/claim.entities.js';
import { GuaranteeScheme } from '../persistence/entities.js';
import { lossSharesOf } from '../persistence/loss-share.store.js';
import { documentView } from './claim-documents.js';
import { claimView, type ClaimView, preparedView } from './claim-views.js';
import { recoveryView } from './recover-claim.js';
import { settlementView } from './settle-claim.js';

export interface ClaimsQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly state?: string | undefined;
  readonly schemeId?: string | undefined;
}

/** Claims as their parties see them: lender, guarantor, the enterprise (its own, without documents), the supervisor (all). */
@Injectable()
export class ClaimReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async list(actor: Actor, query: ClaimsQuery): Promise<Page<ClaimView>> {
    const limit = query.limit ?? defaultLimit;
    const after = decodeCursor(query.cursor, 1);
    const [scope, values] = scopeOf(actor);
    const wheres = [
      scope,
      ...(after ? ['c.id < ?'] : []),
      ...(query.state ? ['c.state = ?'] : []),
      ...(query.schemeId ? ['c.scheme_id = ?'] : []),
    ];
    const rows = await this.dataSource.query<{ id: Buffer }[]>(
      `SELECT c.id FROM guarantee_claim c WHERE ${wheres.join(' AND ')} ORDER BY c.id DESC LIMIT ?`,
      [
        ...values,
        ...(after ? [idBytes(String(after[0]))] : []),
        ...(query.state ? [query.state] : []),
        ...(query.schemeId ? [idBytes(query.schemeId)] : []),
        limit + 1,
      ],
    );
    const found = await Promise.all(
      rows.map(({ id }) => this.dataSource.manager.findOneByOrFail(GuaranteeClaim, { id: idText(id) })),
    );
    return toPage(
      found,
      limit,
      ({ id }) => [id],
      (claim) => claimView(claim),
    );
  }

  /** One claim with what its reader may know. */
  async one(actor: Actor, id: string) {
    const { claim, role } = await this.visible(actor, id);
    const { manager } = this.dataSource;
    const money = (minor: bigint) => moneyToJson({ minor, currency: claim.currency });
    const parties = role === 'enterprise' ? [] : await this.shares(claim);
    const isOffice = role === 'guarantor' || role === 'supervisor';
    return {
      ...claimView(claim),
      ...(isOffice ? { prepared: preparedView(claim) } : {}),
      documents:
        role === 'enterprise'
          ? []
          : (await manager.find(ClaimDocument, { where: { claimId: id }, order: { id: 'ASC' } })).map(documentView),
      shares: parties
        .filter(({ kind, organisationId }) => isOffice || kind === 'lender' || organisationId === actor.organisationId)
        .map((row) => ({
          kind: row.kind,
          organisationId: row.organisationId,
          borne: money(row.borneMinor),
          recovered: money(row.recoveredMinor),
          writtenOff: money(row.writtenOffMinor),
          billed: money(row.billedMinor),
          received: money(row.receivedMinor),
          owed: money(row.owedMinor),
          returned: money(row.returnedMinor),
        })),
      recoveries:
        role === 'enterprise'
          ? []
          : (await manager.find(ClaimRecovery, { where: { claimId: id }, order: { id: 'ASC' } })).map((each) =>
              recoveryView(each, claim.currency),
            ),
      settlements: isOffice
        ? (await manager.find(ClaimSettlement, { where: { claimId: id }, order: { id: 'ASC' } })).map((each) =>
            settlementView(each, claim.currency),
          )
        : [],
    };
  }

  /** Who took each step, when and why; oldest first. */
  async history(actor: Actor, id: string) {
    const { role } = await this.visible(actor, id);
    const rows = await this.dataSource.query<
      { action: string; from_state: string | null; to_state: string; actor_kind: string; reason: string; at: Date }[]
    >(
      'SELECT action, from_state, to_state, actor_kind, reason, at FROM guarantee_history WHERE subject_id = ? ORDER BY id',
      [idBytes(id)],
    );
    return {
      items: rows
        .filter(({ from_state, to_state }) => role !== 'enterprise' || from_state !== to_state)
        .map(({ action, from_state, to_state, actor_kind, reason, at }) => ({
          action,
          from: from_state,
          to: to_state,
          by: actor_kind,
          // Prepared steps are the guarantor's own until they are taken.
          reason: role === 'enterprise' || (role === 'lender' && from_state === to_state) ? '' : reason,
          at,
        })),
      nextCursor: null,
    };
  }

  private async visible(actor: Actor, id: string) {
    const claim = await this.dataSource.manager.findOneBy(GuaranteeClaim, { id });
    const scheme = claim && (await this.dataSource.manager.findOneBy(GuaranteeScheme, { id: claim.schemeId }));
    const role = claim && scheme && roleOf(actor, claim, scheme);
    if (!claim || !role) throw claimError('claim_unknown');
    return { claim, role };
  }

  private shares({ id }: GuaranteeClaim) {
    return lossSharesOf((sql, parameters) => this.dataSource.query(sql, [...parameters]), id);
  }
}

function roleOf({ organisationId, organisationKind }: Actor, claim: GuaranteeClaim, scheme: GuaranteeScheme) {
  if (organisationKind === 'supervisor') return 'supervisor' as const;
  if (scheme.guarantorId === organisationId) return 'guarantor' as const;
  if (claim.lenderId === organisationId) return 'lender' as const;
  return claim.enterpriseId === organisationId ? ('enterprise' as const) : undefined;
}

function scopeOf({ organisationId, organisationKind }: Actor): [string, Buffer[]] {
  if (organisationKind === 'supervisor') return ['1 = 1', []];
  const own = idBytes(organisationId);
  if (organisationKind === 'guarantor')
    return ['c.scheme_id IN (SELECT id FROM guarantee_scheme WHERE guarantor_id = ?)', [own]];
  return organisationKind === 'financier' ? ['c.lender_id = ?', [own]] : ['c.enterprise_id = ?', [own]];
}
