// The story's own arithmetic: nothing here comes from the product, so that an equal figure means something.

/** Minor units (halalas) of a money value of two decimals. */
export const minor = ({ amount }) =>
  BigInt(amount.replace('.', '').padEnd(amount.includes('.') ? 0 : amount.length + 2, '0'));
export const sum = (values) => values.reduce((total, value) => total + value, 0n);

/** Years from one date to a later one as the European Union counts them: whole months are twelfths, what is left are days of 365. */
function years(from, to) {
  const [a, b] = [new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)];
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  const lastDay = new Date(Date.UTC(b.getUTCFullYear(), b.getUTCMonth() + 1, 0)).getUTCDate();
  const sameDay = b.getUTCDate() === Math.min(a.getUTCDate(), lastDay);
  return sameDay ? months / 12 : (b - a) / 86_400_000 / 365;
}

/** The rate in percent at which what is paid back, discounted to the first day, is what was received: by halving an interval. */
export function aprOf(received, start, payments) {
  const worth = (rate) =>
    payments.reduce((total, { due, total: paid }) => total + Number(minor(paid)) * (1 + rate) ** -years(start, due), 0);
  let [low, high] = [0, 10];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (worth(middle) > Number(minor(received))) low = middle;
    else high = middle;
  }
  return low * 100;
}

/** What is wrong with an offer's figures; an empty list when nothing is. */
export function faultsOf(offer) {
  const { schedule, cost, amount, received, totalCost, terms, placedAt } = offer;
  const faults = [];
  const same = (what, got, expected) => got === expected || faults.push(`${what}: ${got} instead of ${expected}`);
  const part = (name) => sum(schedule.map((row) => minor(row[name])));
  same('principal paid back', part('principal'), minor(amount));
  same('interest', part('interest'), minor(cost.interest));
  same('total of the instalments', part('principal') + part('interest') + part('fees'), part('total'));
  same('repaid', part('total'), minor(cost.repaid));
  same('total cost', minor(cost.repaid) - minor(received), minor(totalCost));
  same('last balance', minor(schedule.at(-1).balance), 0n);
  const upfront = terms.fees
    .filter(({ compulsory, when }) => compulsory && when === 'upfront')
    .map((fee) =>
      fee.percent === undefined
        ? minor({ amount: fee.amount })
        : BigInt(Math.round((Number(minor(amount)) * Number(fee.percent)) / 100)),
    );
  same('amount received', minor(received), minor(amount) - sum(upfront));
  let owed = minor(amount);
  for (const { n, interest, principal, balance } of schedule) {
    const due = (Number(owed) * Number(terms.price.annualRate)) / 1200;
    if (terms.price.kind === 'fixed' && Math.abs(due - Number(minor(interest))) > 1 && n < schedule.length)
      faults.push(`interest of instalment ${n}: ${minor(interest)} instead of ${due}`);
    owed -= minor(principal);
    same(`balance after instalment ${n}`, minor(balance), owed);
  }
  const apr = aprOf(received, placedAt.slice(0, 10), schedule);
  if (Math.abs(apr - Number(offer.apr)) > 0.000_002) faults.push(`APR: ${offer.apr} instead of ${apr.toFixed(6)}`);
  return faults;
}

/** The published rule of the ranking: like amounts, like tenors, annual rate, total cost, who came first. */
export function ranked(offers, asked) {
  const share = ({ amount }) => {
    const percent = (minor(amount) * 100n) / minor(asked.amount);
    return percent >= 100n ? 0 : percent >= 75n ? 1 : percent >= 50n ? 2 : 3;
  };
  const distance = ({ tenorMonths }) => {
    const off = Math.abs(tenorMonths - asked.tenorMonths) * 100;
    return off <= asked.tenorMonths * 10 ? 0 : off <= asked.tenorMonths * 25 ? 1 : 2;
  };
  return [...offers].sort(
    (a, b) =>
      share(a) - share(b) ||
      distance(a) - distance(b) ||
      Number(a.apr) - Number(b.apr) ||
      Number(minor(a.totalCost) - minor(b.totalCost)) ||
      a.placedAt.localeCompare(b.placedAt) ||
      a.id.localeCompare(b.id),
  );
}

/** Working time by the calendar that GET /v1/business-calendar publishes. */
export class WorkingTime {
  constructor(calendar) {
    this.calendar = calendar;
    this.opens = calendar.opens;
    this.closes = calendar.closes;
    // Saudi Arabia has one offset all the year; a country that changes its clocks would need more than this.
    this.offset =
      new Date(`2026-01-01T00:00Z`).toLocaleString('en', {
        timeZone: calendar.timeZone,
        hour: 'numeric',
        hour12: false,
      }) * 3_600_000;
  }

  local(instant) {
    return new Date(new Date(instant).getTime() + this.offset).toISOString();
  }

  instant(day, time) {
    return new Date(`${day}T${time}:00Z`).getTime() - this.offset;
  }

  works(day) {
    const year = this.calendar.years.find(({ year }) => year === Number(day.slice(0, 4)));
    const within = ({ from, to = from }) => from <= day && day <= to;
    const name = new Date(`${day}T00:00Z`).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();
    if ((year?.workingDays ?? []).includes(day)) return true;
    return !this.calendar.weekend.includes(name) && !(year?.holidays ?? []).some(within);
  }

  next(day) {
    let found = day;
    do found = new Date(Date.parse(`${found}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    while (!this.works(found));
    return found;
  }

  /** Rule L: a working day counts as the first when something comes in by closing time; due at closing time of the n-th. */
  due(instant, days) {
    const local = this.local(instant);
    let day = local.slice(0, 10);
    if (!this.works(day) || local.slice(11, 23) > `${this.closes}:00.000`) day = this.next(day);
    for (let n = 1; n < days; n++) day = this.next(day);
    return new Date(this.instant(day, this.closes)).toISOString();
  }

  /** Working seconds from one instant to a later one. */
  between(from, to) {
    const [start, end] = [new Date(from).getTime(), new Date(to).getTime()];
    let total = 0;
    for (let day = this.local(start).slice(0, 10); this.instant(day, '00:00') < end;) {
      if (this.works(day))
        total += Math.max(
          0,
          Math.min(end, this.instant(day, this.closes)) - Math.max(start, this.instant(day, this.opens)),
        );
      day = new Date(Date.parse(`${day}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    }
    return Math.round(total / 1000);
  }
}
