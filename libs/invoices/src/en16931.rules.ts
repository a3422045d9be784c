import { Exact } from '#finance';
import { type Invoice, type InvoiceTotals, type TaxSubtotal, type TaxTotal, taxTotalOf } from './invoice.js';

/** A rule of EN 16931 that a document breaks, by the rule's published number. */
export interface InvoiceProblem {
  readonly rule: string;
  readonly message: string;
}

/**
 * Computes the totals of a document again, in exact decimals, and names each rule that fails. The rules, their
 * rounding to two decimals (halves up) and their tolerances are those of the validation artefacts published for
 * EN 16931-1 by the European Commission (eInvoicing-EN16931): a difference that they let pass is no problem here.
 */
export function checkInvoice(invoice: Invoice): readonly InvoiceProblem[] {
  if (invoice.syntax === 'table') return tableRules(invoice);
  return [...missingFields(invoice), ...totalRules(invoice), ...taxRules(invoice), ...breakdownRules(invoice)];
}

/** A row of a table has totals only, and may leave some out: what it states must fit together. */
function tableRules(invoice: Invoice): InvoiceProblem[] {
  const { taxExclusive } = invoice.totals;
  const tax = taxTotalOf(invoice);
  return [...(taxExclusive && tax ? totalWithTax(invoice, invoice.totals, tax) : []), ...amountDueRule(invoice.totals)];
}

function missingFields({
  id,
  issueDate,
  currency,
  seller,
  buyer,
  isSimplified,
  totals,
  lines,
}: Invoice): InvoiceProblem[] {
  const rules: readonly [boolean, string, string][] = [
    [id !== null, 'BR-02', 'The invoice number (BT-1) is missing.'],
    [issueDate !== null, 'BR-03', 'The issue date (BT-2) is missing.'],
    [currency !== null, 'BR-05', 'The invoice currency code (BT-5) is missing.'],
    [seller.name !== null, 'BR-06', 'The name of the seller (BT-27) is missing.'],
    [buyer.name !== null || isSimplified, 'BR-07', 'The name of the buyer (BT-44) is missing.'],
    [totals.lines !== null, 'BR-12', 'The sum of line net amounts (BT-106) is missing.'],
    [totals.taxExclusive !== null, 'BR-13', 'The total without VAT (BT-109) is missing.'],
    [totals.taxInclusive !== null, 'BR-14', 'The total with VAT (BT-112) is missing.'],
    [totals.payable !== null, 'BR-15', 'The amount due for payment (BT-115) is missing.'],
    [lines.length > 0, 'BR-16', 'The document has no line (BG-25).'],
  ];
  return rules.flatMap(([holds, rule, message]) => (holds ? [] : [{ rule, message }]));
}

/** BR-CO-10 to BR-CO-13 and BR-CO-16: the totals follow from the lines and from each other. */
function totalRules({ totals, lines, adjustments }: Invoice): InvoiceProblem[] {
  const { allowances, charges, taxExclusive } = totals;
  const adjusted = (isCharge: boolean) =>
    adjustments.filter((each) => each.isCharge === isCharge).map(({ amount }) => amount);
  return [
    ...expectTotal('BR-CO-10', 'The sum of line net amounts (BT-106)', totals.lines, sum(lines.map(({ net }) => net))),
    ...expectSum('BR-CO-11', 'The sum of allowances (BT-107)', allowances, adjusted(false)),
    ...expectSum('BR-CO-12', 'The sum of charges (BT-108)', charges, adjusted(true)),
    ...(totals.lines
      ? expectTotal(
          'BR-CO-13',
          'The total without VAT (BT-109)',
          taxExclusive,
          totals.lines.minus(allowances ?? 0).plus(charges ?? 0),
        )
      : []),
    ...amountDueRule(totals),
  ];
}

function amountDueRule({ taxInclusive, prepaid, rounding, payable }: InvoiceTotals): InvoiceProblem[] {
  if (!taxInclusive) return [];
  const due = taxInclusive.minus(prepaid ?? 0).plus(rounding ?? 0);
  return expectTotal('BR-CO-16', 'The amount due (BT-115)', payable, due);
}

/** BR-CO-14, BR-CO-15 and BR-CO-17: the tax follows from its breakdown, and the total with it. */
function taxRules(invoice: Invoice): InvoiceProblem[] {
  const { totals } = invoice;
  const total = taxTotalOf(invoice);
  return [
    ...(total && total.subtotals.length > 0
      ? expectTotal(
          'BR-CO-14',
          'The total VAT amount (BT-110)',
          total.amount,
          sum(total.subtotals.map(({ tax }) => tax)),
        )
      : []),
    ...totalWithTax(invoice, totals, total),
    ...(total?.subtotals ?? []).flatMap((subtotal) => (subtotal.isVat ? taxOfCategory(subtotal) : [])),
  ];
}

function totalWithTax(invoice: Invoice, { taxExclusive, taxInclusive }: InvoiceTotals, total: TaxTotal | undefined) {
  const name = 'The total with VAT (BT-112)';
  if (!total || total.amount === null) {
    // CII may leave out a VAT total of zero; UBL may not.
    if (invoice.syntax === 'cii' && taxExclusive && taxInclusive?.eq(taxExclusive)) return [];
    return problem(
      'BR-CO-15',
      `${name} cannot be followed: no total VAT amount in ${invoice.currency ?? 'its currency'}.`,
    );
  }
  const differing = invoice.taxTotals.some(
    ({ currency, amount }) => currency === total.currency && amount !== null && total.amount?.eq(amount) === false,
  );
  if (differing)
    return problem('BR-CO-15', `There are several total VAT amounts in ${invoice.currency ?? 'one currency'}.`);
  return taxExclusive ? expectTotal('BR-CO-15', name, taxInclusive, taxExclusive.plus(total.amount)) : [];
}

function taxOfCategory({ category, rate, basis, tax }: TaxSubtotal): InvoiceProblem[] {
  if (!tax) return [];
  const name = `The tax of category ${category ?? '(none)'}`;
  if (rate === null || wholeUnits(rate).isZero()) {
    return wholeUnits(tax).isZero() ? [] : problem('BR-CO-17', `${name} is ${tax.toFixed()}, but its rate is zero.`);
  }
  return basis ? nearTax('BR-CO-17', name, basis, rate, tax) : [];
}

/** Tax = basis × rate, as far apart as less than one whole unit of currency (lines may have been rounded singly). */
function nearTax(rule: string, name: string, basis: Exact, rate: Exact, tax: Exact): InvoiceProblem[] {
  const due = cents(basis.abs().times(rate).div(100));
  if (tax.abs().minus(due).abs().lt(1)) return [];
  return problem(rule, `${name} is ${tax.toFixed()}; ${basis.toFixed()} at ${rate.toFixed()} % is ${due.toFixed()}.`);
}

/** The family of rules for a VAT category, and whether its lines are told apart by rate. */
const categoryRules: Readonly<Record<string, { readonly rules: string; readonly byRate: boolean }>> = {
  S: { rules: 'BR-S', byRate: true },
  L: { rules: 'BR-AF', byRate: true },
  M: { rules: 'BR-AG', byRate: true },
  Z: { rules: 'BR-Z', byRate: false },
  E: { rules: 'BR-E', byRate: false },
  AE: { rules: 'BR-AE', byRate: false },
  K: { rules: 'BR-IC', byRate: false },
  G: { rules: 'BR-G', byRate: false },
  O: { rules: 'BR-O', byRate: false },
};

/** BR-S-08, BR-S-09 and their kin: each line of the breakdown follows from the lines, allowances and charges. */
function breakdownRules(invoice: Invoice): InvoiceProblem[] {
  const subtotals = taxTotalOf(invoice)?.subtotals ?? [];
  const done = new Set<string>();
  return subtotals.flatMap((subtotal) => {
    const { category, rate, tax, basis } = subtotal;
    const found = category === null || !subtotal.isVat ? undefined : categoryRules[category];
    if (!found) return [];
    const key = `${category} ${found.byRate ? (rate?.toFixed() ?? '') : ''}`;
    const basisProblems = done.has(key) ? [] : basisRule(invoice, subtotals, subtotal, found);
    done.add(key);
    const name = `The tax of category ${category}`;
    if (found.byRate)
      return [...basisProblems, ...(basis && rate && tax ? nearTax(`${found.rules}-09`, name, basis, rate, tax) : [])];
    return [
      ...basisProblems,
      ...(tax && !tax.isZero() ? problem(`${found.rules}-09`, `${name} is ${tax.toFixed()}, not zero.`) : []),
    ];
  });
}

/**
 * The taxable amount of a category (and rate) against its lines. The published artefacts allow a difference below one
 * unit for categories by rate in UBL and for the others in CII; several breakdowns of one category count together.
 */
function basisRule(
  { lines, adjustments, syntax }: Invoice,
  subtotals: readonly TaxSubtotal[],
  { category, rate }: TaxSubtotal,
  { rules, byRate }: { readonly rules: string; readonly byRate: boolean },
): InvoiceProblem[] {
  const belongs = (each: { readonly category: string | null; readonly rate: Exact | null }) =>
    each.category === category && (!byRate || (rate === null ? each.rate === null : each.rate?.eq(rate) === true));
  const stated = sum(subtotals.filter((each) => each.isVat && belongs(each)).map(({ basis }) => basis));
  const due = sum([
    ...lines.filter(belongs).map(({ net }) => net),
    ...adjustments.filter(belongs).map(({ isCharge, amount }) => (isCharge ? amount : (amount?.neg() ?? null))),
  ]);
  const difference = cents(stated).minus(cents(due)).abs();
  const tolerant = byRate === (syntax === 'ubl');
  if (tolerant ? difference.lt(1) : difference.isZero()) return [];
  const at = byRate ? ` at ${rate?.toFixed() ?? 'no'} %` : '';
  return problem(
    `${rules}-08`,
    `The taxable amount of category ${category ?? ''}${at} is ${stated.toFixed()}; its lines, charges and allowances make ${due.toFixed()}.`,
  );
}

function expectSum(
  rule: string,
  name: string,
  stated: Exact | null,
  parts: readonly (Exact | null)[],
): InvoiceProblem[] {
  if (stated === null)
    return parts.length === 0 ? [] : problem(rule, `${name} is missing; it should be ${sum(parts).toFixed()}.`);
  return expectTotal(rule, name, stated, sum(parts));
}

/** A total that is missing has a rule of its own (BR-12 to BR-15). */
function expectTotal(rule: string, name: string, stated: Exact | null, due: Exact): InvoiceProblem[] {
  if (stated === null || stated.eq(cents(due))) return [];
  return problem(rule, `${name} is ${stated.toFixed()}; it should be ${cents(due).toFixed()}.`);
}

function problem(rule: string, message: string): InvoiceProblem[] {
  return [{ rule, message }];
}

function sum(amounts: readonly (Exact | null)[]): Exact {
  return amounts.reduce<Exact>((total, amount) => (amount ? total.plus(amount) : total), new Exact(0));
}

/** Rounded to two decimals, halves towards the larger number, as XPath's round() does. */
function cents(amount: Exact): Exact {
  return amount.toDecimalPlaces(2, Exact.ROUND_HALF_CEIL);
}

function wholeUnits(amount: Exact): Exact {
  return amount.toDecimalPlaces(0, Exact.ROUND_HALF_CEIL);
}
