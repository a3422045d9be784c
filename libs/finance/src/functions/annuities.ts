import { Exact } from '../exact-decimal.js';
import { noValue } from './errors.js';

/** The terms of an annuity in a spreadsheet's words; `due` is 1 for payments at the beginning of each period. */
export interface Annuity {
  readonly rate: Exact;
  readonly nper: Exact;
  readonly due: 0 | 1;
}

const one = new Exact(1);
/** Below so much growth the quotient loses its digits; three terms of its series have them. */
const slight = new Exact('1e-16');

/** (1+rate)^n. */
export function growth(rate: Exact, periods: Exact): Exact {
  if (rate.lte(-1)) noValue(0, 'the rate must be above -1');
  return rate.add(one).pow(periods);
}

/** What one payment a period grows to: ((1+r)^n − 1) / r, times 1+r for payments in advance. */
export function annuityFactor({ rate, nper, due }: Annuity): Exact {
  const ordinary = rate.mul(nper).abs().lt(slight)
    ? nper.mul(nper.sub(2).mul(rate).div(3).add(1).mul(nper.sub(1)).mul(rate).div(2).add(1))
    : growth(rate, nper).sub(one).div(rate);
  return due === 1 ? ordinary.mul(rate.add(one)) : ordinary;
}

export function pmt(annuity: Annuity, pv: Exact, fv: Exact): Exact {
  const factor = annuityFactor(annuity);
  if (factor.isZero()) noValue(1, 'there must be at least one period');
  return pv.mul(growth(annuity.rate, annuity.nper)).add(fv).div(factor).neg();
}

export function futureValue(annuity: Annuity, payment: Exact, pv: Exact): Exact {
  return pv
    .mul(growth(annuity.rate, annuity.nper))
    .add(payment.mul(annuityFactor(annuity)))
    .neg();
}

export function presentValue(annuity: Annuity, payment: Exact, fv: Exact): Exact {
  return fv
    .add(payment.mul(annuityFactor(annuity)))
    .div(growth(annuity.rate, annuity.nper))
    .neg();
}

export function nper(rate: Exact, payment: Exact, pv: Exact, fv: Exact, due: 0 | 1): Exact {
  if (rate.isZero()) {
    if (payment.isZero()) noValue(1, 'without a rate the payment must not be zero');
    return pv.add(fv).div(payment).neg();
  }
  const paid = payment.mul(due === 1 ? rate.add(one) : one).div(rate);
  const [above, below] = [paid.sub(fv), paid.add(pv)];
  if (rate.lte(-1) || below.isZero() || above.div(below).lte(0))
    noValue(1, 'these payments never reach the future value');
  return above.div(below).ln().div(rate.add(one).ln());
}

/** Principal owed after payment `k`; before the first payment it is `pv`. */
function balanceAfter({ rate, due }: Annuity, payment: Exact, pv: Exact, k: Exact): Exact {
  if (k.lte(0)) return pv;
  const grown = pv.mul(growth(rate, due === 1 ? k.sub(one) : k));
  return grown.add(payment.mul(annuityFactor({ rate, nper: k, due: 0 })));
}

/** The principal in payments `first` to `last` together: the change of the balance. */
export function principalPaid(annuity: Annuity, pv: Exact, fv: Exact, first: Exact, last: Exact): Exact {
  const payment = pmt(annuity, pv, fv);
  return balanceAfter(annuity, payment, pv, last).sub(balanceAfter(annuity, payment, pv, first.sub(one)));
}

/** The interest in payments `first` to `last` together: what is paid and is not principal. */
export function interestPaid(annuity: Annuity, pv: Exact, fv: Exact, first: Exact, last: Exact): Exact {
  const paid = pmt(annuity, pv, fv).mul(last.sub(first).add(one));
  return paid.sub(principalPaid(annuity, pv, fv, first, last));
}
