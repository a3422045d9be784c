import { dueAt } from '#finance';
import { RegisterOrganisation, InvitePerson } from '#identity';
import { systemContext, type Environment } from '#platform';
import { businessCalendars } from '#platform/rulebooks';
import { demoPassword } from '../../../../config/demonstration.js';
import { type Hand, MarketAt, SeedFailure } from './market-at.js';
import { seedEnterprises } from './seed-enterprises.js';
import { seedFinanciers } from './seed-financiers.js';
import { GuaranteedRequests } from './seed-guaranteed-requests.js';
import { GuaranteeSeed } from './seed-guarantees.js';
import {
  acceptAndSettle,
  assertWholeBook,
  callBack,
  listedToDecideNow,
  openMarketDaysAgo,
  payWhatIsDue,
  seedAnchors,
  seedDueTomorrow,
  seedEarlyPayment,
  seedFailedBook,
  seedOldBook,
  seedPresentBook,
  sellFailedBook,
  workingHoursLater,
} from './seed-receivables.js';
import { accept, bind, open, payOut, type Requests, reviewSteps, sign, submit } from './seed-stories.js';

const dayMs = 86_400_000;
/** Days ago on which everybody came together: long enough for guaranteed loans to be repaid, and to fail. */
const founded = 200;

/**
 * Makes the demonstration market by living through it: each part of the story runs on an api and a worker whose clock is set
 * to the day on which it happened, so that nothing is written but by the use cases.
 */
export async function seedDemo(environment: Environment, tell: (text: string) => void): Promise<void> {
  const secrets = new Map<string, string>();
  const requests: Requests = new Map();
  const at = async (
    daysAgo: number,
    what: string,
    part: (market: MarketAt, lead: Hand) => Promise<void>,
  ): Promise<void> => {
    tell(what);
    const market = await MarketAt.open(environment, daysAgo, secrets);
    try {
      if (daysAgo === founded) await seedAuthority(market);
      await part(market, await market.as('lead@authority.example', demoPassword));
      await market.settle();
    } finally {
      await market.close();
    }
  };
  const { country } = environment;
  const guarantees = new GuaranteeSeed();
  const guaranteed = new GuaranteedRequests(guarantees);
  const reviewLead = (market: MarketAt) => market.actor('lead@authority.example');
  const longAgo = 32;
  await at(founded, 'the authority, financiers, firms and anchors take part', async (market, lead) => {
    await seedFinanciers(market, lead, market.instant(0).slice(0, 10), tell);
    await seedEnterprises(market, lead, tell);
    await seedAnchors(market, lead, tell);
    await guarantees.found(market);
  });
  await at(founded - 3, 'the first guarantees', (market) => guarantees.issueFirst(market));
  const failedBook = openMarketDaysAgo(country, 125);
  await at(failedBook, 'receivables that will fail', (market) => seedFailedBook(market, tell));
  await at(workingHoursLater(country, failedBook, 9), 'they are sold', (market) => sellFailedBook(market));
  await at(95, 'loans are repaid, some late', async (market) => {
    await guarantees.report(market, 3);
    await guarantees.repay(market);
  });
  const oldBook = openMarketDaysAgo(country, 58);
  await at(oldBook, 'the first receivables', (market) => seedOldBook(market, tell));
  await at(workingHoursLater(country, oldBook, 9), 'they are sold, and some paid early', async (market) => {
    await acceptAndSettle(market, tell);
    await seedEarlyPayment(market, tell);
  });
  await at(40, 'two defaults and their claims', async (market) => {
    await guarantees.report(market, 2);
    await guarantees.claim(market);
  });
  await at(36.3, 'receivables fall due', (market) => payWhatIsDue(market, true, 7, tell));
  await at(longAgo - 1, 'the first requests', async (market, lead) => {
    await submit(market, requests, 'disbursed', 'expired', 'returned');
    await open(market, lead, requests, 'disbursed', 'expired');
    await bind(market, requests, 'disbursed');
    await reviewSteps(market, lead, requests, 'returned');
    await guaranteed.offer(market, await reviewLead(market), 'in_force');
  });
  await at(decidingDay(country, longAgo - 1), 'their offers are accepted and paid out', async (market) => {
    await accept(market, requests, 'disbursed');
    await sign(market, requests, 'disbursed');
    await payOut(market, requests, 'disbursed');
    await guaranteed.award(market, 'in_force');
    await guaranteed.payOut(market, 'in_force');
    await payWhatIsDue(market, false, 12, tell);
  });
  await at(openedToDecideNow(country), 'requests whose bidding is over by today', async (market, lead) => {
    await submit(market, requests, 'deciding', 'awarded', 'agreed');
    await open(market, lead, requests, 'deciding', 'awarded', 'agreed');
    await bind(market, requests, 'deciding', 'awarded', 'agreed');
    await guaranteed.offer(market, await reviewLead(market), 'issued');
  });
  await at(listedToDecideNow(country), 'receivables to decide on today', async (market) => {
    await seedPresentBook(market, tell);
  });
  await at(1, 'yesterday’s requests', async (market, lead) => {
    await guarantees.report(market, 1);
    await guarantees.issueLater(market, 'letter');
    await guarantees.recover(market);
    await seedDueTomorrow(market, tell);
    await submit(market, requests, 'open', 'information_requested', 'rejected', 'withdrawn', 'in_review');
    await reviewSteps(market, lead, requests, 'information_requested', 'rejected', 'withdrawn', 'in_review');
    await open(market, lead, requests, 'open');
  });
  await at(0, 'today', async (market) => {
    await submit(market, requests, 'submitted', 'draft');
    await callBack(market, tell);
    await acceptAndSettle(market, tell, { atMost: 1, pay: false });
    await accept(market, requests, 'awarded', 'agreed');
    await sign(market, requests, 'agreed');
    await guaranteed.award(market, 'issued');
    await assertWholeBook(market, tell);
  });
}

/** Whether the decision window of a request opened `openedDaysAgo` contains the moment `daysAgo`, with an hour to spare. */
function decides(country: string, openedDaysAgo: number, daysAgo: number): boolean {
  const calendar = businessCalendars().get(country);
  if (!calendar) throw new SeedFailure(`there is no business calendar for ${country}`);
  const closes = dueAt(calendar, Date.now() - openedDaysAgo * dayMs, 5).dueAt;
  const decideBy = dueAt(calendar, closes + 1, 5).dueAt;
  const moment = Date.now() - daysAgo * dayMs;
  return closes + 3_600_000 < moment && moment < decideBy - 24 * 3_600_000;
}

/** The latest day before today on which a request that opened then could be decided. */
function decidingDay(country: string, openedDaysAgo: number): number {
  for (let daysAgo = 2; daysAgo < openedDaysAgo; daysAgo++)
    if (decides(country, openedDaysAgo, daysAgo)) return daysAgo;
  throw new SeedFailure('no day was found on which the first requests could be decided');
}

/** How long ago a request must have opened for its enterprise to decide today; holidays make it longer. */
function openedToDecideNow(country: string): number {
  for (let daysAgo = 5; daysAgo < 40; daysAgo++) if (decides(country, daysAgo, 0)) return daysAgo;
  throw new SeedFailure('no day was found from which requests would be decided today');
}

async function seedAuthority(market: MarketAt): Promise<void> {
  const register = market.get(RegisterOrganisation);
  const invite = market.get(InvitePerson);
  const people = async (
    kind: 'operator' | 'guarantor' | 'supervisor' | 'anchor',
    name: string,
    localName: string,
    domain: string,
    number: string,
    roles: readonly (readonly [string, string, bigint?])[],
  ) => {
    const context = systemContext('seed demo');
    const [first, ...others] = roles.map(([local, role, approvalLimitMinor]) => ({
      email: `${local}@${domain}.example`,
      name: `${name} ${local}`,
      password: demoPassword,
      locale: 'en',
      roles: [role],
      approvalLimitMinor,
    }));
    if (!first) throw new SeedFailure('an organisation needs a person');
    const { organisationId } = await register.execute(
      context,
      { kind, name, localName, country: 'SA', registrationNumber: number, contactEmail: first.email },
      first,
    );
    for (const person of others)
      await invite.execute({ ...context, actor: { ...context.actor, organisationId, organisationKind: kind } }, person);
  };
  await people('operator', 'SME Authority', 'هيئة المنشآت', 'authority', '7000000001', [
    ['admin', 'administrator'],
    ['lead', 'review_lead'],
    ['reviewer1', 'reviewer'],
    ['reviewer2', 'reviewer'],
    ['reviewer3', 'reviewer'],
    ['registry', 'registry_officer'],
  ]);
  await people('supervisor', 'Central Supervisor', 'جهة الإشراف', 'supervisor', '7000000002', [['reader', 'reader']]);
  const limit = 500_000_000n;
  await people('guarantor', 'National Guarantee Fund', 'صندوق الضمان الوطني', 'guarantee-fund', '7000000003', [
    ['admin', 'administrator'],
    ['maker', 'maker'],
    ['maker2', 'maker'],
    ['checker', 'checker', limit],
    ['checker2', 'checker', limit],
    ['board1', 'board'],
    ['board2', 'board'],
    ['board3', 'board'],
  ]);
  await people('guarantor', 'National Reguarantee Fund', 'صندوق إعادة الضمان', 'reguarantee-fund', '7000000007', [
    ['maker', 'maker'],
    ['checker', 'checker', limit],
  ]);
  await people('guarantor', 'Riyadh Guarantee Company', 'شركة ضمان الرياض', 'riyadh-guarantee', '7000000008', [
    ['maker', 'maker'],
    ['checker', 'checker', limit],
  ]);
  await people('anchor', 'Gulf Retail Group', 'مجموعة الخليج للتجزئة', 'gulf-retail', '7000000004', [
    ['admin', 'administrator'],
    ['maker', 'maker'],
    ['checker', 'checker'],
  ]);
  await people('anchor', 'Sarawat Energy', 'سروات للطاقة', 'sarawat-energy', '7000000005', [
    ['admin', 'administrator'],
    ['maker', 'maker'],
    ['checker', 'checker'],
  ]);
  await people('anchor', 'Diriyah Hospitals', 'مستشفيات الدرعية', 'diriyah-hospitals', '7000000006', [
    ['admin', 'administrator'],
    ['maker', 'maker'],
    ['checker', 'checker'],
  ]);
}
