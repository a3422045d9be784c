import { demoPassword } from '../../../../config/demonstration.js';
import { type FinancierRole, financierCast, mandatesOf, type MandateTerms } from './cast-financiers.js';
import type { Answer, Hand, MarketAt } from './market-at.js';

interface Desk {
  readonly admin: Hand;
  readonly maker: Hand;
  readonly checker: Hand;
}

/** Registers the financiers, has them verified, and lets each publish products and mandates with limits and an auto-bid rule. */
export async function seedFinanciers(
  market: MarketAt,
  reviewLead: Hand,
  today: string,
  tell: (text: string) => void,
): Promise<void> {
  const desks = new Map<string, Desk>();
  for (const [n, financier] of financierCast.entries()) desks.set(financier.slug, await enrol(market, financier, n));
  await market.settle();
  const { items } = await reviewLead.get('/v1/operator/institutions?status=in_review&limit=200');
  for (const institution of items)
    await reviewLead.post(`/v1/operator/institutions/${institution.id}/decision`, { verified: true, reasons: [] });
  await market.settle();
  tell(`${items.length} financiers verified`);
  let mandates = 0;
  for (const [n, financier] of financierCast.entries()) {
    const desk = desks.get(financier.slug) as Desk;
    for (const [m, terms] of mandatesOf(financier, n).entries()) {
      await publishMandate(desk, financier, terms, m, today);
      mandates += 1;
    }
  }
  tell(`${mandates} mandates published`);
}

export const emailOf = (role: string, slug: string): string => `${role}@${slug}.example`;

async function enrol(market: MarketAt, financier: FinancierRole, n: number): Promise<Desk> {
  const { slug, name, localName, kind } = financier;
  await market.register({
    kind: 'financier',
    email: emailOf('admin', slug),
    name: `${name} administrator`,
    password: demoPassword,
    locale: 'en',
    organisationName: name,
    organisationLocalName: localName,
    registrationNumber: `10${String(30_000_000 + n)}`,
  });
  const admin = await market.as(emailOf('admin', slug), demoPassword);
  const person = (role: string, locale: string, limit?: string) => ({
    email: emailOf(role, slug),
    name: `${name} ${role}`,
    password: demoPassword,
    locale,
    roles: [role],
    ...(limit ? { approvalLimit: { amount: limit, currency: 'SAR' } } : {}),
  });
  await admin.post('/v1/people', person('maker', 'ar', '1000000.00'));
  await admin.post('/v1/people', person('checker', 'en'));
  const maker = await market.as(emailOf('maker', slug), demoPassword);
  const checker = await market.as(emailOf('checker', slug), demoPassword);
  const profile = await maker.get('/v1/institution').catch((): Answer | undefined => undefined);
  await maker.patch('/v1/institution', {
    ifMatch: profile?.version ?? 0,
    kind,
    licenceNumber: `L-${1000 + n}`,
    regulator: kind === 'investor' ? 'Capital Market Authority' : 'Saudi Central Bank',
    about: `${name} finances small and medium firms.`,
    website: `https://www.${slug}.example`,
  });
  await maker.post('/v1/institution/verification');
  return { admin, maker, checker };
}

async function publishMandate(
  { maker, checker }: Desk,
  financier: FinancierRole,
  terms: MandateTerms,
  m: number,
  today: string,
): Promise<void> {
  const { amountMin, amountMax, ...rest } = terms;
  const sar = (amount: string) => ({ amount, currency: 'SAR' });
  const mandate = await maker.post('/v1/institution/mandates', {
    ...rest,
    reference: `${financier.slug}-${m + 1}`,
    amountMin: sar(amountMin),
    amountMax: sar(amountMax),
    ageBands: [],
    offersShariah: financier.shariahOnly === true || financier.kind === 'bank' || financier.kind === 'development_fund',
    shariahOnly: false,
    validFrom: today,
    validTo: null,
  });
  const limits = await maker.post(`/v1/institution/mandates/${mandate.id}/limit-changes`, {
    perEnterprise: sar(amountMax),
    perAnchor: null,
    monthlyAppetite: sar((Number(amountMax) * 4).toFixed(2)),
    reason: 'credit committee of the year',
  });
  await checker.post(`/v1/institution/limit-changes/${limits.id}/approve`, { reason: 'as decided by the committee' });
  const current = await maker.get(`/v1/institution/mandates/${mandate.id}`);
  await maker.post(`/v1/institution/mandates/${mandate.id}/publish`, { ifMatch: current.version });
  if (m > 0 || financier.kind === 'supply_chain_financier' || financier.kind === 'investor') return;
  const rule = await maker.post('/v1/institution/auto-bid-rules', {
    mandateId: mandate.id,
    name: 'Standard price',
    pricing: financier.shariahOnly ? 'murabaha' : 'fixed',
    annualRate: financier.rate.toFixed(2),
    referenceRate: null,
    feePercent: financier.kind === 'bank' ? '1' : '0.5',
    feeFixed: null,
    tenorMax: terms.tenorMax,
    graceMonths: 0,
    sharePercent: '100',
    validityDays: 30,
  });
  await checker.post(`/v1/institution/auto-bid-rules/${rule.id}/approve`, { reason: 'price list of the quarter' });
}
