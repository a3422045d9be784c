import type { FieldError } from '#kernel';
import { httpError } from '#platform';
import type { AskedTerms, OfferFee, OfferTerms } from '../domain/offer-terms.js';
import type { FeeBody, OfferTermsBody, PriceBody } from './requests.js';

/** A price of a bid on receivables, with every fault named. */
export function priceOf(
  body: PriceBody,
  pointer: string,
  referenceRates: Readonly<Record<string, string>>,
): OfferTerms['price'] {
  const faults: FieldError[] = [];
  const price = readPrice(body, pointer, referenceRates, faults);
  refuse(faults);
  return price;
}

function refuse(faults: readonly FieldError[]): void {
  if (faults.length > 0)
    throw httpError('input_invalid', { detail: `${faults[0]?.pointer}: ${faults[0]?.message}`, fields: [...faults] });
}

/** Turns the body into terms; what only makes sense together is checked here, and every fault named. */
export function termsOf(body: OfferTermsBody, referenceRates: Readonly<Record<string, string>>): AskedTerms {
  const faults: FieldError[] = [];
  const price = readPrice(body.price, '/terms/price', referenceRates, faults);
  const fees = body.fees.map((fee, index) => feeOf(fee, `/terms/fees/${index}`, faults));
  refuse(faults);
  const { guarantee, price: _price, fees: _fees, ...rest } = body;
  return { ...rest, price, fees, ...(guarantee ? { guarantee } : {}) };
}

function readPrice(
  { kind, annualRate, reference, margin }: PriceBody,
  pointer: string,
  referenceRates: Readonly<Record<string, string>>,
  faults: FieldError[],
): OfferTerms['price'] {
  const need = (field: string, value: string | undefined): string => {
    if (value === undefined)
      faults.push({ pointer: `${pointer}/${field}`, rule: 'required', message: `is needed for a ${kind} price` });
    return value ?? '0';
  };
  // The market sets the reference, not the bidder: all floating offers are compared on the same day's rate.
  const rateOf = (name: string | undefined): string => {
    const rate = name === undefined ? undefined : referenceRates[name];
    if (name !== undefined && rate === undefined)
      faults.push({
        pointer: `${pointer}/reference`,
        rule: 'known',
        message: `must be one of ${Object.keys(referenceRates).join(', ')}`,
      });
    return rate ?? '0';
  };
  return kind === 'fixed'
    ? { kind, annualRate: need('annualRate', annualRate) }
    : {
        kind,
        reference: need('reference', reference),
        referenceRate: rateOf(reference),
        margin: need('margin', margin),
      };
}

function feeOf(fee: FeeBody, pointer: string, faults: FieldError[]): OfferFee {
  if ((fee.amount === undefined) === (fee.percent === undefined))
    faults.push({ pointer, rule: 'one_of', message: 'give either amount or percent' });
  const { name, when, compulsory, amount, percent } = fee;
  return {
    name,
    when,
    compulsory,
    ...(amount === undefined ? {} : { amount }),
    ...(percent === undefined ? {} : { percent }),
  };
}
