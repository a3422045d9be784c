// size: every step of one sale, which share its lock, its history and its view
import { Inject, Injectable } from '@nestjs/common';
import { identityError } from '#identity';
import { type CalendarDate, moneyFromJson, type MoneyJson, moneyToJson } from '#kernel';
import {
  clearTimers,
  type CommandContext,
  DocumentStore,
  ENVIRONMENT,
  type Environment,
  httpError,
  newId,
  sniffMediaType,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import {
  type EvidenceKind,
  type SaleAction,
  type SaleRole,
  murabahaSaleLifecycle,
} from '../domain/murabaha-sale.lifecycle.js';
import { salePrice } from '../domain/murabaha-price.calculation.js';
import { type Award, Offer } from '../persistence/entities.js';
import {
  type Evidence,
  evidenceOf,
  insertEvidence,
  insertSale,
  type MurabahaSale,
  saleOf,
  updateSale,
} from '../persistence/murabaha.store.js';
import { lockForParty } from './award-access.js';
import { announce, writeHistory } from './records.js';

const subjectType = 'murabaha_sale';
const mostEvidence = 20;

export interface Purchase {
  readonly asset: string;
  readonly supplier: string;
  readonly cost: MoneyJson;
  readonly boughtOn: CalendarDate;
}

/** A sale as its two parties see it. */
export type MurabahaSaleView = ReturnType<typeof saleView>;

/** The sale under a murabaha: bought and held by the financier before it is sold, sold before anything counts as paid out. */
@Injectable()
export class MurabahaSales {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly store: DocumentStore,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The award is signed by both: where its contract is a murabaha, the promise stands. */
  async promise(tx: Transaction, award: Award, now: Date): Promise<void> {
    const { terms } = await tx.manager.findOneByOrFail(Offer, { id: award.offerId });
    if (terms.contract !== 'murabaha') return;
    const { id: awardId, requestId, enterpriseId, financierId, currency } = award;
    const state = murabahaSaleLifecycle.initial;
    const { lateChargePercent } = terms;
    const sale = { awardId, requestId, enterpriseId, financierId, currency, lateChargePercent, state };
    const subjectId = await insertSale(tx, sale);
    await writeHistory(tx, { subjectType, subjectId, requestId, action: 'promise', from: null, to: state, at: now });
    announce(tx, subjectType, subjectId, 1, 'promise', state, {
      audience: [enterpriseId, financierId],
      payload: { awardId, requestId },
    });
  }

  /** Keeps a document that proves the purchase or the possession; before the sale only. */
  async attach(
    context: CommandContext,
    awardId: string,
    document: { readonly kind: EvidenceKind; readonly name: string; readonly content: Buffer },
  ): Promise<MurabahaSaleView> {
    const { kind, name, content } = document;
    const mediaType = Buffer.isBuffer(content) ? sniffMediaType(content) : undefined;
    const checksum = mediaType ? await this.store.put(content) : '';
    return this.unitOfWork.run(context, async (tx) => {
      const { sale } = await this.locked(tx, awardId);
      if (!mediaType) throw marketplaceError('evidence_unreadable');
      const step = kind === 'purchase' ? 'buy' : 'possess';
      // A document of a step can come until the step is taken; then it stands.
      if (kind === 'purchase' || sale.state !== 'promised') murabahaSaleLifecycle.after(sale.state, step, 'financier');
      const kept = await evidenceOf(tx, sale.id);
      if (kept.length >= mostEvidence) throw marketplaceError('evidence_too_many', { data: { most: mostEvidence } });
      const evidence = {
        id: newId(),
        kind,
        name,
        mediaType,
        sizeBytes: content.length,
        checksum,
        addedAt: await tx.now(),
      };
      await insertEvidence(tx, sale.id, evidence);
      tx.audit({ action: 'murabaha_sale.attach', subjectType, subjectId: sale.id, data: { kind, name, checksum } });
      return saleView(sale, await evidenceOf(tx, sale.id));
    });
  }

  /** The financier has bought the asset. Its cost is at most what was awarded: the enterprise promised to buy for no more. */
  async buy(context: CommandContext, awardId: string, purchase: Purchase): Promise<MurabahaSaleView> {
    const cost = moneyFromJson(purchase.cost);
    return this.step(context, awardId, 'buy', async (tx, sale, award) => {
      if (cost.currency !== award.currency || cost.minor <= 0n || cost.minor > award.amountMinor)
        throw marketplaceError('purchase_exceeds_award', {
          data: { awarded: moneyToJson({ minor: award.amountMinor, currency: award.currency }) },
          fields: [{ pointer: '/cost', rule: 'award', message: 'must be above zero and at most the amount awarded' }],
        });
      const now = await tx.now();
      if (purchase.boughtOn > countryDate(this.environment.country, now))
        throw httpError('input_invalid', {
          fields: [{ pointer: '/boughtOn', rule: 'past', message: 'must not be after today' }],
        });
      await this.assertEvidence(tx, sale, 'purchase');
      const { asset, supplier, boughtOn } = purchase;
      return { asset, supplier, costMinor: cost.minor, boughtOn, boughtBy: context.actor.id };
    });
  }

  /** The asset was delivered to the financier, or to who holds it for the financier: from now on the risk is the financier's. */
  async possess(context: CommandContext, awardId: string, place: string): Promise<MurabahaSaleView> {
    return this.step(context, awardId, 'possess', async (tx, sale) => {
      await this.assertEvidence(tx, sale, 'possession');
      return { place, possessedAt: await tx.now() };
    });
  }

  /** Sells to the enterprise: cost, profit and instalments are fixed, whatever any reference rate does and however late a payment is. */
  async sell(context: CommandContext, awardId: string): Promise<MurabahaSaleView> {
    return this.step(context, awardId, 'sell', async (tx, sale, award) => {
      if (sale.boughtBy === context.actor.id) throw identityError('maker_is_checker');
      const offer = await tx.manager.findOneByOrFail(Offer, { id: award.offerId });
      const now = await tx.now();
      const cost = { minor: sale.costMinor as bigint, currency: sale.currency };
      const { profitMinor, priceMinor, instalments } = salePrice(offer.terms, cost, offer.tenorMonths, now);
      // Sold in time: the deadline for paying out was for this.
      await clearTimers(tx, award.id, [marketTimers.award]);
      return {
        profitMinor,
        priceMinor,
        instalments: instalments.map((each) => ({ ...each, totalMinor: each.totalMinor.toString() })),
        soldAt: now,
        soldBy: context.actor.id,
      };
    });
  }

  /** Called by servicing, in its transaction, when the last instalment is paid. */
  async settle(tx: Transaction, awardId: string): Promise<void> {
    const sale = await saleOf(tx, awardId);
    if (sale) await this.move(tx, sale, 'pay', 'servicing');
  }

  /** The award lapses: what was not sold is not sold any more. */
  async cancel(tx: Transaction, awardId: string): Promise<void> {
    const sale = await saleOf(tx, awardId);
    if (sale) await this.move(tx, sale, 'cancel', 'market');
  }

  /** Under a murabaha nothing was paid out before the asset was sold. */
  async assertSold(tx: Transaction, awardId: string): Promise<void> {
    const sale = await saleOf(tx, awardId);
    if (sale && sale.state !== 'sold' && sale.state !== 'paid')
      throw marketplaceError('murabaha_not_sold', { data: { state: sale.state } });
  }

  /** Whether the sale has taken place, so that no deadline undoes it. */
  async isSold(tx: Transaction, awardId: string): Promise<boolean> {
    const state = (await saleOf(tx, awardId))?.state;
    return state === 'sold' || state === 'paid';
  }

  /** The sale for one of its two parties. */
  async show(context: CommandContext, awardId: string): Promise<MurabahaSaleView> {
    return this.unitOfWork.run(context, async (tx) => {
      const sale = await this.ownSale(tx, awardId);
      return saleView(sale, await evidenceOf(tx, sale.id));
    });
  }

  /** The bytes of a document, checked against its checksum. */
  async read(
    context: CommandContext,
    awardId: string,
    evidenceId: string,
  ): Promise<{ readonly name: string; readonly mediaType: string; readonly content: Buffer }> {
    const found = await this.unitOfWork.run(context, async (tx) => {
      const sale = await this.ownSale(tx, awardId);
      return (await evidenceOf(tx, sale.id)).find(({ id }) => id === evidenceId);
    });
    if (!found) throw httpError('record_unknown');
    const { name, mediaType, checksum } = found;
    return { name, mediaType, content: await this.store.get(checksum) };
  }

  private async ownSale(tx: Transaction, awardId: string): Promise<MurabahaSale> {
    const sale = await saleOf(tx, awardId);
    const { organisationId } = tx.context.actor;
    if (!sale || (sale.enterpriseId !== organisationId && sale.financierId !== organisationId))
      throw httpError('record_unknown');
    return sale;
  }

  /** The award under lock and its sale, for the financier; the enterprise only looks. */
  private async locked(tx: Transaction, awardId: string): Promise<{ award: Award; sale: MurabahaSale }> {
    const { award, side } = await lockForParty(tx, awardId);
    const sale = await saleOf(tx, awardId);
    if (side !== 'financier' || !sale) throw httpError('record_unknown');
    return { award, sale };
  }

  private async step(
    context: CommandContext,
    awardId: string,
    action: SaleAction,
    change: (tx: Transaction, sale: MurabahaSale, award: Award) => Promise<Partial<MurabahaSale>>,
  ): Promise<MurabahaSaleView> {
    return this.unitOfWork.run(context, async (tx) => {
      const { award, sale } = await this.locked(tx, awardId);
      murabahaSaleLifecycle.after(sale.state, action, 'financier');
      const moved = await this.move(tx, sale, action, 'financier', await change(tx, sale, award));
      return saleView(moved, await evidenceOf(tx, sale.id));
    });
  }

  private async move(
    tx: Transaction,
    sale: MurabahaSale,
    action: SaleAction,
    role: SaleRole,
    changes: Partial<MurabahaSale> = {},
  ): Promise<MurabahaSale> {
    const state = murabahaSaleLifecycle.after(sale.state, action, role);
    const after = { ...sale, ...changes, state, version: sale.version + 1 };
    await updateSale(tx, after);
    const { id: subjectId, requestId, awardId } = sale;
    const at = await tx.time();
    await writeHistory(tx, { subjectType, subjectId, requestId, action, from: sale.state, to: state, at });
    announce(tx, subjectType, subjectId, after.version, action, state, {
      audience: [sale.enterpriseId, sale.financierId],
      payload: { awardId, requestId },
    });
    return after;
  }

  private async assertEvidence(tx: Transaction, sale: MurabahaSale, kind: EvidenceKind): Promise<void> {
    if (!(await evidenceOf(tx, sale.id)).some((evidence) => evidence.kind === kind))
      throw marketplaceError('evidence_missing', { data: { kind } });
  }
}

function saleView(sale: MurabahaSale, evidence: readonly Evidence[]) {
  const { id, awardId, requestId, state, version, currency, asset, supplier, boughtOn, place, possessedAt, soldAt } =
    sale;
  const money = (minor: bigint | null) => (minor === null ? null : moneyToJson({ minor, currency }));
  return {
    id,
    awardId,
    requestId,
    state,
    version,
    asset,
    supplier,
    boughtOn,
    cost: money(sale.costMinor),
    place,
    possessedAt,
    profit: money(sale.profitMinor),
    price: money(sale.priceMinor),
    instalments: (sale.instalments ?? []).map(({ n, due, totalMinor }) => ({
      n,
      due,
      total: money(BigInt(totalMinor)),
    })),
    soldAt,
    /** Apart from the price, and nobody's income. */
    lateCharge: { percentAYear: sale.lateChargePercent, goesTo: 'charity' as const },
    evidence,
  };
}
