import { addMonths, type CalendarDate, type ProductKind } from '#kernel';

/** The products whose request stands on receivables that an anchor confirmed. */
export const receivableProducts = [
  'invoice_discounting',
  'receivables_pool',
  'order_finance',
  'tax_refund_advance',
] as const satisfies readonly ProductKind[];

const onReceivables: ReadonlySet<string> = new Set(receivableProducts);

export function isReceivableProduct(product: ProductKind): boolean {
  return onReceivables.has(product);
}

/** The days left as months, rounded up: what a mandate's tenor is compared with. */
export function tenorMonthsOf(today: CalendarDate, dueOn: CalendarDate): number {
  let months = 1;
  while (addMonths(today, months) < dueOn) months += 1;
  return months;
}

/** What kind of request certificates make: one is discounted or advanced by what it stands for, several are a pool. */
export function productOf(kinds: readonly ('invoice' | 'purchase_order' | 'tax_refund')[]): ProductKind | undefined {
  const [kind, ...others] = kinds;
  if (!kind || others.some((other) => other !== kind)) return undefined;
  if (kind === 'purchase_order') return 'order_finance';
  if (kind === 'tax_refund') return 'tax_refund_advance';
  return others.length > 0 ? 'receivables_pool' : 'invoice_discounting';
}

/** An invoice that was confirmed opens at once; a promise that may still fail is reviewed first. */
export function isReviewedFirst(product: ProductKind): boolean {
  return product === 'order_finance' || product === 'tax_refund_advance';
}
