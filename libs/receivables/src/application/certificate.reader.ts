import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import { moneyToJson } from '#kernel';
import { defaultLimit, httpError, idBytes, idText, type Page, toPage, type Transaction } from '#platform';
import type { CertificateState } from '../domain/certificate.lifecycle.js';
import type { DiscountAskState, DiscountProgrammeState } from '../domain/discount.lifecycle.js';
import type { TransferState } from '../domain/transfer.lifecycle.js';
import {
  Certificate,
  CertificateTransfer,
  DiscountAsk,
  DiscountProgramme,
} from '../persistence/certificate.entities.js';
import { askView } from './ask-early-payment.js';
import { programmeView } from './discount-programmes.js';
import { newestOf, type PageInput } from './settlement-pages.js';

/** A certificate as its holder sees it: amount, day and anchor; never whose hands it came through, or at which price. */
export interface CertificateView {
  readonly id: string;
  readonly anchor: { readonly id: string; readonly name: string };
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly free: { readonly amount: string; readonly currency: string };
  readonly paid: { readonly amount: string; readonly currency: string };
  readonly dueOn: string;
  readonly status: CertificateState;
  readonly version: number;
}

/** What holders, receivers and anchors read of certificates and early payment. Every list is the caller's own. */
@Injectable()
export class CertificateReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly identity: IdentityReader,
  ) {}

  async certificates(
    holderId: string,
    status: CertificateState | undefined,
    page: PageInput,
  ): Promise<Page<CertificateView>> {
    const rows = await newestOf(this.dataSource, Certificate, { holderOrganisationId: holderId, status }, page);
    return this.page(rows, page, await this.viewsOf(rows));
  }

  async certificate(holderId: string, id: string): Promise<CertificateView> {
    const found = await this.dataSource.manager.findOneBy(Certificate, { id, holderOrganisationId: holderId });
    const view = found && (await this.viewsOf([found])).get(found.id);
    if (!view) throw httpError('record_unknown');
    return view;
  }

  /** Incoming ones once they are offered; outgoing ones from their proposal on. */
  async transfers(
    organisationId: string,
    direction: 'incoming' | 'outgoing',
    state: TransferState | undefined,
    page: PageInput,
  ) {
    const party = direction === 'incoming' ? { toId: organisationId } : { fromId: organisationId };
    const rows = (await newestOf(this.dataSource, CertificateTransfer, { ...party, state }, page)).filter(
      (row) => direction === 'outgoing' || row.state !== 'proposed',
    );
    const parties = await this.identity.organisations(
      rows.flatMap(({ fromId, toId, anchorId }) => [direction === 'incoming' ? fromId : toId, anchorId]),
    );
    const named = (id: string) => ({ id, name: parties.get(id)?.name ?? '' });
    const views = new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          // The sender's own certificate; the receiver has no business with it.
          certificateId: direction === 'outgoing' ? row.certificateId : row.childId,
          counterparty: named(direction === 'incoming' ? row.fromId : row.toId),
          anchor: named(row.anchorId),
          amount: moneyToJson({ minor: row.amountMinor, currency: row.currency }),
          dueOn: row.dueOn,
          note: row.note,
          state: row.state,
          expiresAt: row.expiresAt.toISOString(),
        },
      ]),
    );
    return this.page(rows, page, views);
  }

  async programmes(anchorId: string, state: DiscountProgrammeState | undefined, page: PageInput) {
    const rows = await newestOf(this.dataSource, DiscountProgramme, { anchorId, state }, page);
    return this.page(rows, page, new Map(rows.map((row) => [row.id, programmeView(row)])));
  }

  /** Live programmes of the anchors whose certificates the supplier holds. With `tx`, as that transaction sees them. */
  async offersFor(supplierId: string, tx?: Transaction) {
    const manager = tx?.manager ?? this.dataSource.manager;
    const anchors = await manager.query<{ id: Buffer }[]>(
      "SELECT DISTINCT anchor_organisation_id AS id FROM certificate WHERE holder_organisation_id = ? AND status = 'held'",
      [idBytes(supplierId)],
    );
    if (anchors.length === 0) return { items: [] };
    const ids = anchors.map(({ id }) => idText(id));
    const names = await (tx ? this.identity.organisationsWithin(ids, tx) : this.identity.organisations(ids));
    const live = await manager
      .createQueryBuilder(DiscountProgramme, 'p')
      .where(`p.anchor_id IN (${ids.map((_, index) => `:id${index}`).join(',')}) AND p.state = 'live'`)
      .setParameters(Object.fromEntries(ids.map((id, index) => [`id${index}`, idBytes(id)])))
      .orderBy('p.id')
      .getMany();
    return {
      items: live.map((row) => {
        const { id, name, curve, floorRate, validFrom, validTo, currency } = row;
        return {
          id,
          anchor: { id: row.anchorId, name: names.get(row.anchorId)?.name ?? '' },
          name,
          currency,
          curve,
          floorRate,
          validFrom,
          validTo,
        };
      }),
    };
  }

  /** A supplier's own asks, or those made to an anchor. */
  async asks(
    party: { readonly supplierId: string } | { readonly anchorId: string },
    state: DiscountAskState | undefined,
    page: PageInput,
  ) {
    const rows = await newestOf(this.dataSource, DiscountAsk, { ...party, state }, page);
    return this.page(rows, page, new Map(rows.map((row) => [row.id, askView(row)])));
  }

  private async viewsOf(rows: readonly Certificate[]): Promise<ReadonlyMap<string, CertificateView>> {
    const anchors = await this.identity.organisations(rows.map(({ anchorOrganisationId }) => anchorOrganisationId));
    return new Map(
      rows.map((row) => {
        const money = (minor: bigint) => moneyToJson({ minor, currency: row.currency });
        const { id, anchorOrganisationId: anchorId, amountMinor, onHoldMinor, paidMinor, dueOn, status, version } = row;
        const free = status === 'held' ? amountMinor - onHoldMinor - paidMinor : 0n;
        return [
          id,
          {
            id,
            anchor: { id: anchorId, name: anchors.get(anchorId)?.name ?? '' },
            amount: money(amountMinor),
            free: money(free),
            paid: money(paidMinor),
            dueOn,
            status,
            version,
          },
        ];
      }),
    );
  }

  private page<Row extends { readonly id: string }, View>(
    rows: readonly Row[],
    page: PageInput,
    views: ReadonlyMap<string, View>,
  ): Page<View> {
    return toPage(
      rows,
      page.limit ?? defaultLimit,
      ({ id }) => [id],
      ({ id }) => views.get(id) as View,
    );
  }
}
