import { Exact } from '#finance';
import type { FieldError } from '#kernel';
import type { Product } from './product.js';

export type ProductTerms = Omit<Product, 'id' | 'financierId' | 'status' | 'version'>;

/** What does not fit together in a product's terms, by field. */
export function productFaults(terms: ProductTerms): readonly FieldError[] {
  const faults: FieldError[] = [];
  const fault = (pointer: string, rule: string, message: string): void => void faults.push({ pointer, rule, message });
  if (terms.amountMax < terms.amountMin) fault('/amountMax', 'order', 'must not be below amountMin');
  if (terms.tenorMax < terms.tenorMin) fault('/tenorMax', 'order', 'must not be below tenorMin');
  if (new Exact(terms.priceMax).lt(terms.priceMin)) fault('/priceMax', 'order', 'must not be below priceMin');
  if ((terms.priceBasis === 'margin_over_reference') !== (terms.referenceRate !== null))
    fault('/referenceRate', 'with_margin', 'is given where the price is a margin, and only there');
  if (terms.kind === 'murabaha' && terms.priceBasis !== 'profit_rate')
    fault('/priceBasis', 'shariah', 'must be profit_rate: a murabaha’s profit is fixed and follows no reference');
  if (terms.kind === 'equity' && terms.priceBasis !== 'equity_share')
    fault('/priceBasis', 'kind', 'must be equity_share');
  return faults;
}
