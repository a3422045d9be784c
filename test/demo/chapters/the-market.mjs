import { address, signIn, StoryBroken, visit } from '../client.mjs';
import { WorkingTime } from '../figures.mjs';
import { chapter, check, tell } from '../teller.mjs';

/** Who is there, and by which rules. Answers what the other chapters need. */
export async function theMarket() {
  chapter('1. The market');
  const { items: logins } = await visit('GET', '/v1/demo/logins');
  if (logins.length === 0) throw new StoryBroken('this market has no demonstration people');
  const password = logins[0].password;
  // Everybody signs in once: a market slows down whoever signs in again and again.
  const sessions = new Map();
  const as = (email) => {
    if (!sessions.has(email)) sessions.set(email, signIn(email, password));
    return sessions.get(email);
  };
  const bound = new Map();
  /** The same person with the second factor shown, once: who has none yet sets one up. */
  const withSecondFactor = (email) => {
    if (!bound.has(email)) bound.set(email, bind(email));
    return bound.get(email);
  };
  const bind = async (email) => {
    const person = await as(email);
    const known = logins.find((login) => login.email === email)?.totpSecret;
    await person.stepUp(known ?? (await person.post('/v1/second-factors/totp')).secret);
    return person;
  };
  const [rules, calendar, maker] = await Promise.all([
    visit('GET', '/v1/market/rules'),
    visit('GET', '/v1/business-calendar'),
    as('maker@wadi-bank.example'),
  ]);
  const { items: institutions } = await maker.get('/v1/institutions?limit=200');
  const kinds = new Set(institutions.map(({ kind }) => kind));
  tell(`The portal at ${address} brings small firms and ${institutions.length} institutions together.`);
  check(
    `The institutions are of the five kinds: ${[...kinds].join(', ').replaceAll('_', ' ')}.`,
    kinds.size === 5 && institutions.length >= 25,
  );
  tell(
    `A request is reviewed within three working days; then institutions have ${rules.biddingWorkingDays} working days to offer, and the firm has ${rules.decideWorkingDays} to decide.`,
  );
  tell(
    `A working day lasts from ${calendar.opens} to ${calendar.closes}; nobody works on ${calendar.weekend.join(' and ')}.`,
  );
  const desks = new Map(institutions.map(({ id, name }) => [id, slugOf(name)]));
  return {
    rules,
    as,
    withSecondFactor,
    logins,
    password,
    institutions,
    time: new WorkingTime(calendar),
    /** Somebody of an institution: maker, checker or admin. */
    deskOf: (financierId, role) => as(`${role}@${desks.get(financierId)}.example`),
    institution: (id) => institutions.find((institution) => institution.id === id),
  };
}

/** The demonstration people of an institution have addresses made of its name. */
function slugOf(name) {
  const short = { 'Hejaz Trust Bank': 'hejaz-trust', 'Qasim Agricultural Bank': 'qasim-bank' };
  const also = {
    'Masar Digital Lending': 'masar-lending',
    'Dana Women’s Finance': 'dana-finance',
    'Silsila Supply Chain': 'silsila-capital',
    'Mina Trade Finance': 'mina-trade',
    'Sanabil SME Fund': 'sanabil-fund',
    'Reef Rural Fund': 'reef-fund',
    'Industry Growth Fund': 'industry-fund',
    'Women in Business Fund': 'women-fund',
    'Tech Seed Fund': 'tech-seed',
  };
  return short[name] ?? also[name] ?? name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
