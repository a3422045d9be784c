import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import { type Actor, type CommandContext, idBytes, idText, newId, type Transaction, UnitOfWork } from '#platform';
import { claimError } from '../domain/claim-errors.js';
import { guaranteeError } from '../domain/errors.js';
import { type Layer, layerFaults, type LayerKind } from '../domain/loss-layers.calculation.js';
import { percentOfPpm, ppmOfPercent } from '../domain/share.js';
import { ReguaranteeAgreement } from '../persistence/claim.entities.js';
import { GuaranteeScheme } from '../persistence/entities.js';
import { assertOther, assertPersonActs } from './claim-steps.js';

export interface ReguaranteeInput {
  readonly name: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly layers: readonly { readonly kind: LayerKind; readonly organisationId: string; readonly percent: string }[];
}

export interface ReguaranteeView {
  readonly id: string;
  readonly schemeId: string;
  readonly name: string;
  readonly status: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly layers: readonly { readonly kind: LayerKind; readonly organisationId: string; readonly percent: string }[];
}

/** Agreements by which re-guarantors bear shares of each paid claim of a scheme. */
@Injectable()
export class Reguarantees {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
  ) {}

  async propose(context: CommandContext, schemeId: string, input: ReguaranteeInput): Promise<ReguaranteeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const scheme = await this.ownScheme(tx, context.actor, schemeId);
      const layers = await this.layers(input, scheme);
      const now = await tx.now();
      const agreement: ReguaranteeAgreement = {
        id: newId(),
        schemeId,
        name: input.name,
        status: 'proposed',
        validFrom: input.validFrom,
        validTo: input.validTo,
        proposedBy: context.actor.id,
        decidedBy: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      };
      await tx.manager.insert(ReguaranteeAgreement, agreement);
      await tx.insertRows(
        'reguarantee_layer',
        ['agreement_id', 'position', 'kind', 'organisation_id', 'share_ppm'],
        layers.map(({ kind, organisationId, share }, at) => [
          idBytes(agreement.id),
          at + 1,
          kind,
          idBytes(organisationId),
          share.toString(),
        ]),
      );
      record(tx, agreement, 'propose', { layers: input.layers });
      return viewOf(agreement, layers);
    });
  }

  /** Puts an agreement in force, or rejects it. Two agreements never cover one day. */
  async decide(context: CommandContext, agreementId: string, agreed: boolean): Promise<ReguaranteeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const agreement = await this.locked(tx, context.actor, agreementId);
      if (agreement.status !== 'proposed')
        throw claimError('reguarantee_decided', { data: { status: agreement.status } });
      assertPersonActs(context.actor);
      assertOther(agreement.proposedBy, context.actor);
      if (agreed) await assertNoOverlap(tx, agreement);
      return this.finish(tx, agreement, {
        status: agreed ? 'in_force' : 'rejected',
        decidedBy: context.actor.id,
      });
    });
  }

  /** Ends an agreement on its last day: guarantees issued until then keep it. */
  async end(context: CommandContext, agreementId: string, lastDay: string): Promise<ReguaranteeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const agreement = await this.locked(tx, context.actor, agreementId);
      if (agreement.status !== 'in_force')
        throw claimError('reguarantee_decided', { data: { status: agreement.status } });
      assertPersonActs(context.actor);
      if (lastDay < agreement.validFrom || (agreement.validTo !== null && lastDay > agreement.validTo))
        throw claimError('reguarantee_incoherent', {
          fields: [{ pointer: '/lastDay', rule: 'within', message: 'must be within the days of the agreement' }],
        });
      return this.finish(tx, agreement, { status: 'ended', validTo: lastDay });
    });
  }

  /** The agreements of a scheme, newest first; for its guarantor, a party of a layer, and the supervisor. */
  async list(actor: Actor, schemeId: string): Promise<{ items: ReguaranteeView[]; nextCursor: null }> {
    const { manager } = this.dataSource;
    const scheme = await manager.findOneBy(GuaranteeScheme, { id: schemeId });
    if (!scheme) throw guaranteeError('scheme_unknown');
    const found = await manager.find(ReguaranteeAgreement, { where: { schemeId }, order: { id: 'DESC' }, take: 200 });
    const items = await Promise.all(found.map(async (each) => viewOf(each, await this.layersOf(each.id))));
    const isOffice = actor.organisationKind === 'supervisor' || scheme.guarantorId === actor.organisationId;
    const seen = items.filter(
      ({ layers }) => isOffice || layers.some(({ organisationId }) => organisationId === actor.organisationId),
    );
    if (!isOffice && seen.length === 0) throw guaranteeError('scheme_unknown');
    return { items: seen, nextCursor: null };
  }

  private async finish(
    tx: Transaction,
    agreement: ReguaranteeAgreement,
    changes: Partial<Pick<ReguaranteeAgreement, 'status' | 'decidedBy' | 'validTo'>>,
  ): Promise<ReguaranteeView> {
    const after = { ...agreement, ...changes, version: agreement.version + 1, updatedAt: await tx.now() };
    const { id, version, updatedAt } = after;
    await tx.manager.update(ReguaranteeAgreement, { id }, { ...changes, version, updatedAt });
    record(tx, after, after.status, {});
    return viewOf(after, await this.layersOf(id, tx));
  }

  private async locked(tx: Transaction, actor: Actor, id: string): Promise<ReguaranteeAgreement> {
    const seen = await tx.manager.findOneBy(ReguaranteeAgreement, { id });
    if (!seen) throw claimError('reguarantee_unknown');
    // The scheme's row is held, so that two agreements are never put in force at once.
    await tx.rows('SELECT id FROM guarantee_scheme WHERE id = ? FOR UPDATE', [idBytes(seen.schemeId)]);
    await this.ownScheme(tx, actor, seen.schemeId).catch(() => {
      throw claimError('reguarantee_unknown');
    });
    return tx.manager.findOneByOrFail(ReguaranteeAgreement, { id });
  }

  private async ownScheme(tx: Transaction, actor: Actor, schemeId: string): Promise<GuaranteeScheme> {
    const scheme = await tx.manager.findOneBy(GuaranteeScheme, { id: schemeId });
    if (scheme?.guarantorId !== actor.organisationId) throw guaranteeError('scheme_unknown');
    return scheme;
  }

  private async layers(input: ReguaranteeInput, { guarantorId }: GuaranteeScheme): Promise<Layer[]> {
    const layers = input.layers.map(({ kind, organisationId, percent }) => ({
      kind,
      organisationId,
      share: ppmOfPercent(percent),
    }));
    const faults = layerFaults(layers);
    const own = layers.find(({ kind }) => kind === 'scheme');
    if (own && own.organisationId !== guarantorId) faults.push('the scheme’s layer is the guarantor’s');
    if (input.validTo !== null && input.validTo < input.validFrom) faults.push('the last day is before the first');
    const known = await this.identity.organisations(layers.map(({ organisationId }) => organisationId));
    if (layers.some(({ organisationId }) => known.get(organisationId)?.kind !== 'guarantor'))
      faults.push('every party is a guarantor of this market');
    if (faults.length > 0)
      throw claimError('reguarantee_incoherent', {
        detail: faults.join('; '),
        fields: faults.map((message) => ({ pointer: '/layers', rule: 'layers', message })),
      });
    return layers;
  }

  private async layersOf(agreementId: string, tx?: Transaction): Promise<Layer[]> {
    const sql =
      'SELECT kind, organisation_id, share_ppm FROM reguarantee_layer WHERE agreement_id = ? ORDER BY position';
    type Row = { kind: LayerKind; organisation_id: Buffer; share_ppm: number };
    const rows = tx
      ? await tx.rows<Row>(sql, [idBytes(agreementId)])
      : await this.dataSource.query<Row[]>(sql, [idBytes(agreementId)]);
    return rows.map(({ kind, organisation_id, share_ppm }) => ({
      kind,
      organisationId: idText(organisation_id),
      share: BigInt(share_ppm),
    }));
  }
}

async function assertNoOverlap(
  tx: Transaction,
  { id, schemeId, validFrom, validTo }: ReguaranteeAgreement,
): Promise<void> {
  const [other] = await tx.rows<{ id: Buffer }>(
    `SELECT id FROM reguarantee_agreement WHERE scheme_id = ? AND id <> ? AND status IN ('in_force','ended')
     AND (valid_to IS NULL OR valid_to >= ?) AND (? IS NULL OR valid_from <= ?) LIMIT 1`,
    [idBytes(schemeId), idBytes(id), validFrom, validTo, validTo],
  );
  if (other) throw claimError('reguarantee_overlaps', { data: { agreementId: idText(other.id) } });
}

function viewOf(agreement: ReguaranteeAgreement, layers: readonly Layer[]): ReguaranteeView {
  const { id, schemeId, name, status, validFrom, validTo } = agreement;
  return {
    id,
    schemeId,
    name,
    status,
    validFrom,
    validTo,
    layers: layers.map(({ kind, organisationId, share }) => ({ kind, organisationId, percent: percentOfPpm(share) })),
  };
}

function record(
  tx: Transaction,
  { id, schemeId, status, version }: ReguaranteeAgreement,
  action: string,
  data: Readonly<Record<string, unknown>>,
): void {
  tx.audit({
    action: `reguarantee.${action}`,
    subjectType: 'reguarantee',
    subjectId: id,
    data: { schemeId, status, ...data },
  });
  tx.emit({
    name: `reguarantee.${status}`,
    subjectType: 'reguarantee',
    subjectId: id,
    version,
    payload: { schemeId, status },
  });
}
