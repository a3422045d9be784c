import { randomUUID } from 'node:crypto';
import { InvitePerson, RegisterOrganisation } from '#identity';
import { systemContext } from '#platform';
import type { Desk, Firm } from './parties.js';
import { type Json, password, type Person } from './person.js';
import { money, offerOf } from './requests.js';
import type { RunningMarket } from './running-market.js';

export interface Fund {
  readonly schemeId: string;
  readonly maker: Person;
  readonly checker: Person;
  readonly chair: Person;
}

const limit = 100_000_000_000n;

/** A guarantor with one open scheme on the country's filed terms, with its capital paid in by two sources: all by HTTP. */
export async function makeFund(market: RunningMarket): Promise<Fund> {
  const people = await makeGuarantor(market);
  const { maker, checker, chair, member } = people;
  const names = { en: 'Growth guarantee', ar: 'ضمان النمو', zh: '成长担保' };
  const { id } = await maker.post('/v1/guarantee-schemes', { code: 'GROW', names, currency: 'SAR' });
  const path = `/v1/guarantee-schemes/${id}`;
  for (const seat of [chair, member])
    await maker.post(`${path}/board`, { personId: await personIdOf(seat), title: 'member' });
  const carry = async (kind: string, subjectId: string) => {
    const motion = await maker.post(`${path}/motions`, { kind, subjectId, relatedIds: [], title: `About the ${kind}` });
    for (const seat of [chair, member])
      await seat.post(`${path}/motions/${motion.id}/vote`, { vote: 'for', reason: '' });
    const minutes = Buffer.from(`%PDF-1.4\n% ${randomUUID()}\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n`, 'latin1');
    await maker.must('PUT', `${path}/motions/${motion.id}/minutes?name=minutes.pdf`, minutes);
    await chair.post(`${path}/motions/${motion.id}/close`);
  };
  const { items } = await maker.get('/v1/guarantee-scheme-templates');
  const filed = items.find((each) => each['currency'] === 'SAR');
  const version = await maker.post(`${path}/versions`, { terms: filed?.['terms'], reason: 'first terms' });
  await carry('version', version.id);
  await chair.post(`${path}/versions/1/in-force`);
  await carry('scheme', id);
  await chair.post(`${path}/status`, { action: 'open', reason: 'ready' });
  for (const [sourceClass, amount] of [
    ['institution', '8000000.00'],
    ['government', '12000000.00'],
  ] as const) {
    const today = market.instant().slice(0, 10);
    const source = { sourceName: sourceClass, sourceClass, amount: money(amount), dueOn: today };
    const promise = await maker.post(`${path}/contributions`, source);
    const paid = { amount: money(amount), paidOn: today, bankReference: `B-${sourceClass}` };
    const payment = await maker.post(`${path}/contributions/${promise.id}/payments`, paid);
    await chair.post(`${path}/payments/${payment.id}/decision`, { confirmed: true });
  }
  return { schemeId: id, maker, checker, chair };
}

export async function accredit(fund: Fund, { id: lenderId }: Desk): Promise<void> {
  const path = `/v1/guarantee-schemes/${fund.schemeId}/accreditations`;
  const { id } = await fund.maker.post(path, { lenderId, validTo: null, reason: 'fit' });
  await fund.chair.post(`${path}/${id}/status`, { action: 'approve', reason: 'fit' });
}

async function personIdOf(person: Person): Promise<string> {
  return ((await person.get('/v1/session'))['person'] as { personId: string }).personId;
}

/** A plain loan with a guarantee of the scheme. */
export function guaranteedOffer(market: RunningMarket, fund: Fund, rate: string, coverPercent = '80'): object {
  const offer = offerOf(market, rate) as { terms: object };
  return { ...offer, terms: { ...offer.terms, guarantee: { schemeId: fund.schemeId, coverPercent } } };
}

/** The firm consents to the guarantee of this offer; it has shown its second factor. */
export async function consent({ owner }: Firm, offerId: string): Promise<void> {
  const { texts } = (await owner.get('/v1/public/guarantee-schemes/GROW/consent-text')) as unknown as {
    texts: readonly { language: string; sha256: string }[];
  };
  const textSha256 = texts.find(({ language }) => language === 'en')?.sha256;
  await owner.post(`/v1/offers/${offerId}/guarantee-consent`, { language: 'en', textSha256 });
}

/** From the firm's consent to the letter of intent. */
export async function reserve(fund: Fund, firm: Firm, desk: Desk, offerId: string): Promise<Json> {
  await consent(firm, offerId);
  const { applicationId } = await desk.maker.post(`/v1/offers/${offerId}/guarantee-application`, {});
  return decideAndDraw(fund, desk, String(applicationId));
}

export async function decideAndDraw(fund: Fund, desk: Desk, applicationId: string): Promise<Json> {
  const path = `/v1/guarantee-applications/${applicationId}`;
  const decision = { outcome: 'approve', clauses: [], reason: 'Every clause holds.' };
  await fund.maker.post(`${path}/proposal`, decision);
  await fund.checker.post(`${path}/decision`, decision);
  return desk.maker.post(`${path}/letter`);
}

async function makeGuarantor(market: RunningMarket) {
  const unitOfWork = market.unitOfWork();
  const person = (name: string, role: string) => ({
    email: `${name}@fund.example`,
    name,
    password,
    locale: 'en',
    roles: [role],
    approvalLimitMinor: limit,
  });
  const context = systemContext('test');
  const { organisationId } = await new RegisterOrganisation(unitOfWork).execute(
    context,
    {
      kind: 'guarantor',
      name: 'Guarantee Fund',
      localName: 'صندوق الضمان',
      country: 'SA',
      registrationNumber: '7000000003',
      contactEmail: 'maker@fund.example',
    },
    person('maker', 'maker'),
  );
  const within = { ...context, actor: { ...context.actor, organisationId, organisationKind: 'guarantor' } };
  for (const [name, role] of [
    ['checker', 'checker'],
    ['chair', 'board'],
    ['member', 'board'],
  ] as const)
    await new InvitePerson(unitOfWork).execute(within, person(name, role));
  const of = (name: string) => market.person(`${name}@fund.example`);
  const [maker, checker, chair, member] = [
    await of('maker'),
    await of('checker'),
    await of('chair'),
    await of('member'),
  ];
  return { maker, checker, chair, member };
}
