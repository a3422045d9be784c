import { Injectable } from '@nestjs/common';
import { type FieldError, type MoneyJson, moneyFromJson, type ProductKind } from '#kernel';
import { type CommandContext, httpError, newId, type Transaction, UnitOfWork } from '#platform';
import { institutionError } from '../domain/errors.js';
import type { PriceBasis } from '../domain/product.js';
import { type ProductAction, productLifecycle } from '../domain/product.lifecycle.js';
import { type ProductTerms, productFaults } from '../domain/product.policy.js';
import { FinancierProduct } from '../persistence/entities.js';
import { assertVerified, assertVersion, lockFinancier } from './financiers.js';
import { recordHistory } from './institution-history.js';
import { productView } from './views.js';

export interface ProductInput {
  readonly kind: ProductKind;
  readonly name: string;
  readonly localName: string;
  readonly amountMin: MoneyJson;
  readonly amountMax: MoneyJson;
  readonly tenorMin: number;
  readonly tenorMax: number;
  readonly priceBasis: PriceBasis;
  readonly priceMin: string;
  readonly priceMax: string;
  readonly referenceRate: string | null;
  readonly conditions: readonly string[];
  readonly documents: readonly string[];
}

export type ProductView = ReturnType<typeof productView>;

/** Makes a product as a draft, changes one, publishes it or takes it back. */
@Injectable()
export class ManageProducts {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async create(context: CommandContext, input: ProductInput): Promise<ProductView> {
    return this.unitOfWork.run(context, (tx) => this.createWithin(tx, input));
  }

  async createWithin(tx: Transaction, input: ProductInput): Promise<ProductView> {
    const terms = readTerms(input);
    const financierId = tx.context.actor.organisationId;
    await lockFinancier(tx, financierId);
    const now = await tx.now();
    const status = productLifecycle.initial;
    const product = { ...terms, id: newId(), financierId, status, version: 1, createdAt: now, updatedAt: now };
    await tx.manager.insert(FinancierProduct, mutable(product));
    await record(tx, product, 'create', null, now);
    return productView(product);
  }

  /** Refuses another version than `version` (412). A published product changes for everybody at once. */
  async change(context: CommandContext, id: string, version: number, input: ProductInput): Promise<ProductView> {
    return this.unitOfWork.run(context, async (tx) => {
      const terms = readTerms(input);
      const before = await lockProduct(tx, id);
      assertVersion(before.version, version);
      const now = await tx.now();
      const after = { ...before, ...terms, version: version + 1, updatedAt: now };
      const { id: _id, financierId: _financier, ...columns } = mutable(after);
      await tx.manager.update(FinancierProduct, { id }, columns);
      await record(tx, after, 'change', before.status, now);
      return productView(after);
    });
  }

  async move(context: CommandContext, id: string, action: ProductAction): Promise<ProductView> {
    return this.unitOfWork.run(context, (tx) => this.moveWithin(tx, id, action));
  }

  async moveWithin(tx: Transaction, id: string, action: ProductAction): Promise<ProductView> {
    if (action === 'publish') await assertVerified(tx, tx.context.actor.organisationId);
    const before = await lockProduct(tx, id);
    const status = productLifecycle.after(before.status, action, 'maker');
    const now = await tx.now();
    const after = { ...before, status, version: before.version + 1, updatedAt: now };
    await tx.manager.update(FinancierProduct, { id }, { status, version: after.version, updatedAt: now });
    await record(tx, after, action, before.status, now);
    return productView(after);
  }
}

async function lockProduct(tx: Transaction, id: string): Promise<FinancierProduct> {
  const product = await tx.manager.findOne(FinancierProduct, {
    where: { id, financierId: tx.context.actor.organisationId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!product) throw httpError('record_unknown');
  return product;
}

function readTerms(input: ProductInput): ProductTerms {
  const [least, most] = [moneyFromJson(input.amountMin), moneyFromJson(input.amountMax)];
  const terms = { ...input, currency: most.currency, amountMin: least.minor, amountMax: most.minor };
  const faults: FieldError[] = [...productFaults(terms)];
  if (least.currency !== most.currency)
    faults.push({ pointer: '/amountMin/currency', rule: 'same', message: 'must be the currency of amountMax' });
  if (faults.length > 0)
    throw institutionError('product_incoherent', {
      fields: faults,
      detail: `${faults[0]?.pointer}: ${faults[0]?.message}`,
    });
  return terms;
}

async function record(
  tx: Transaction,
  { id, financierId, status, version }: Pick<FinancierProduct, 'id' | 'financierId' | 'status' | 'version'>,
  action: string,
  from: string | null,
  now: Date,
): Promise<void> {
  await recordHistory(
    tx,
    [{ subjectType: 'product', subjectId: id, financierId, action, from, to: status, reason: '' }],
    now,
  );
  tx.audit({ action: `product.${action}`, subjectType: 'product', subjectId: id, data: { status, version } });
  tx.emit({
    name: 'product.changed',
    subjectType: 'product',
    subjectId: id,
    version,
    audience: [financierId],
    payload: { financierId, status },
  });
}

function mutable<T extends ProductTerms>(product: T) {
  return { ...product, conditions: [...product.conditions], documents: [...product.documents] };
}
