import type { FieldError, Money, ProductKind } from '#kernel';
import type { AskedTerms } from './offer-terms.js';
import { isReceivableProduct } from './receivable-request.policy.js';

/** What of a request an offer must suit. */
export interface OfferedRequest {
  readonly productKind: ProductKind;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly awardedMinor: bigint;
  readonly shariahOnly: boolean;
  readonly closesAt: Date;
  readonly decideBy: Date | null;
}

export interface ProposedOffer {
  readonly binding: boolean;
  readonly amount: Money;
  readonly tenorMonths: number;
  readonly expiresAt: Date;
  readonly terms: AskedTerms;
}

/** A rule of fitting: a fault, or undefined. */
type Fault = FieldError | undefined;

const fault = (when: boolean, pointer: string, rule: string, message: string): Fault =>
  when ? { pointer, rule, message } : undefined;

/** Everything in which the offer does not suit the request; an empty list means that it does. */
export function misfits(request: OfferedRequest, offer: ProposedOffer, now: Date): FieldError[] {
  return [
    ...amountFaults(request, offer),
    ...contractFaults(request, offer),
    ...receivableFaults(request, offer),
    ...timeFaults(request, offer, now),
    ...bindingFaults(offer),
    ...guaranteeFaults(request, offer),
  ].filter((found) => found !== undefined);
}

function amountFaults(request: OfferedRequest, { amount }: ProposedOffer): Fault[] {
  const sameCurrency = amount.currency === request.currency;
  const fits = amount.minor > 0n && amount.minor <= request.amountMinor - request.awardedMinor;
  return [
    fault(!sameCurrency, '/amount/currency', 'currency', `the request is in ${request.currency}`),
    fault(sameCurrency && !fits, '/amount/amount', 'range', 'must be above zero and at most what is still asked for'),
  ];
}

/** Receivables are bid for as a whole, at a discount rate; nothing else is. */
function receivableFaults({ productKind, amountMinor }: OfferedRequest, { amount, terms }: ProposedOffer): Fault[] {
  const receivable = isReceivableProduct(productKind);
  return [
    fault(
      receivable && !terms.discount,
      '/terms/contract',
      'receivable',
      'receivables are bid for with POST /v1/market/requests/{requestId}/bids',
    ),
    fault(receivable && amount.minor !== amountMinor, '/amount/amount', 'whole', 'receivables are bought as a whole'),
  ];
}

/** A murabaha is a sale: its profit is fixed, it follows no reference rate, and it is paid in instalments. */
function contractFaults({ shariahOnly }: OfferedRequest, { terms }: ProposedOffer): Fault[] {
  const { contract, price, interest, amortization } = terms;
  const murabaha = contract === 'murabaha';
  const compliant = murabaha || contract === 'lease';
  return [
    fault(
      shariahOnly && !compliant,
      '/terms/contract',
      'shariah',
      'the enterprise accepts Shariah-compliant contracts only: murabaha or lease',
    ),
    fault(
      murabaha && price.kind !== 'fixed',
      '/terms/price/kind',
      'murabaha',
      'the profit of a murabaha is fixed at the sale; it follows no reference rate',
    ),
    fault(
      murabaha && interest !== 'flat' && amortization === 'bullet',
      '/terms/amortization',
      'murabaha',
      'a murabaha is paid in instalments',
    ),
  ];
}

function timeFaults(
  request: OfferedRequest,
  { binding, tenorMonths, terms, expiresAt }: ProposedOffer,
  now: Date,
): Fault[] {
  const { everyMonths, graceInstalments } = terms;
  const whole = tenorMonths % everyMonths === 0;
  const decideBy = request.decideBy ?? request.closesAt;
  const future = expiresAt > now;
  return [
    fault(!whole, '/terms/everyMonths', 'divides', 'the tenor must be a whole number of instalment periods'),
    fault(
      whole && graceInstalments >= tenorMonths / everyMonths,
      '/terms/graceInstalments',
      'range',
      'must leave at least one instalment that repays principal',
    ),
    fault(!future, '/expiresAt', 'future', 'must be in the future'),
    fault(
      future && binding && expiresAt < decideBy,
      '/expiresAt',
      'decide_by',
      `a binding offer stands at least until the enterprise has to decide, ${decideBy.toISOString()}`,
    ),
  ];
}

function bindingFaults({ binding, terms }: ProposedOffer): Fault[] {
  const open = terms.conditions.some(({ closed }) => !closed);
  return [
    fault(binding && open, '/terms/conditions', 'closed', 'a binding offer has no open condition'),
    fault(
      // Of a receivable the anchor is the risk; the operator has verified the seller, who stays unnamed.
      binding && !terms.discount && terms.customerChecks.length === 0,
      '/terms/customerChecks',
      'required',
      'a binding offer records the customer checks that were made',
    ),
  ];
}

/** Who asked for a guarantee alone has the loan already. */
function guaranteeFaults({ productKind }: OfferedRequest, { terms }: ProposedOffer): Fault[] {
  return [
    fault(
      productKind === 'guarantee_only' && !terms.guarantee,
      '/terms/guarantee',
      'required',
      'the enterprise asks for a guarantee on the loan that it has with you',
    ),
  ];
}
