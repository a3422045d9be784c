import { demoPassword } from '../../../../config/demonstration.js';
import { financierCast } from './cast-financiers.js';
import { collateralOf, type EnterpriseRole, enterpriseCast, type RequestStory } from './cast-enterprises.js';
import { type Answer, type Hand, type MarketAt, SeedFailure } from './market-at.js';
import { ownerOf } from './seed-enterprises.js';
import { emailOf } from './seed-financiers.js';

/** Requests by firm, kept from one moment of the story to the next. */
export type Requests = Map<string, string>;

const byStory = (...stories: readonly RequestStory[]): readonly EnterpriseRole[] =>
  enterpriseCast.filter(({ story }) => stories.includes(story));

/** Financiers who bind themselves in the stories, best known first. */
const binders = [
  'wadi-bank',
  'sanabil-fund',
  'industry-fund',
  'sahel-bank',
  'rimal-finance',
  'dana-finance',
  'nakhla-bank',
  'taysir-finance',
];

/** Writes a request of a firm and attaches what its checklist asks for; it stays a draft. */
async function draft(firm: EnterpriseRole, owner: Hand): Promise<string> {
  const request = await owner.post('/v1/requests', {
    productKind: firm.product,
    amount: { amount: firm.amount.toFixed(2), currency: 'SAR' },
    tenorMonths: firm.tenor,
    purpose: `${firm.name} needs money for ${firm.plan}.`,
    anonymousText: `The firm plans ${firm.plan} and pays back from its running business.`,
    shariahOnly: firm.product === 'murabaha',
    collateral: collateralOf(firm),
    mode: firm.story === 'open' && firm.amount >= 2_000_000 ? 'sealed' : 'ranked',
  });
  return request.id;
}

async function attachAll(market: MarketAt, owner: Hand, requestId: string): Promise<void> {
  const { items } = await owner.get(`/v1/requests/${requestId}/checklist`);
  for (const { what, done } of items as unknown as readonly { what: string; done: boolean }[]) {
    const kind = what.split(':')[1];
    if (done || !kind) continue;
    const document = await market.upload(owner, 'other', kind.replaceAll('_', ' '));
    await owner.post(`/v1/requests/${requestId}/documents`, { kind, documentId: document.id });
  }
}

/** Submits the requests of these stories. */
export async function submit(market: MarketAt, requests: Requests, ...stories: readonly RequestStory[]): Promise<void> {
  for (const firm of byStory(...stories)) {
    const owner = await market.as(ownerOf(firm), demoPassword);
    const id = await draft(firm, owner);
    requests.set(firm.slug, id);
    if (firm.story === 'draft') continue;
    await attachAll(market, owner, id);
    await owner.post(`/v1/requests/${id}/submit`);
  }
}

/** Opens the requests of these stories; the worker matches them and the auto-bids come in. */
export async function open(
  market: MarketAt,
  lead: Hand,
  requests: Requests,
  ...stories: readonly RequestStory[]
): Promise<void> {
  for (const { slug } of byStory(...stories)) await lead.post(`/v1/review/requests/${requests.get(slug)}/open`);
  await market.settle();
}

/** Shows the firms of these stories to some matched financiers, who then bind themselves. */
export async function bind(market: MarketAt, requests: Requests, ...stories: readonly RequestStory[]): Promise<void> {
  for (const firm of byStory(...stories)) {
    const id = requests.get(firm.slug) as string;
    const owner = await market.as(ownerOf(firm), demoPassword);
    const { items } = await owner.get(`/v1/requests/${id}/matches`);
    const matched = new Map(
      (items as unknown as readonly { financier: { id: string; name: string } }[]).map(({ financier }) => [
        slugOf(financier.name),
        financier.id,
      ]),
    );
    const chosen = binders.filter((slug) => matched.has(slug)).slice(0, 3);
    if (chosen.length === 0)
      throw new SeedFailure(`${firm.slug}: none of the financiers who bind themselves was matched`);
    for (const slug of chosen) {
      await owner.post(`/v1/requests/${id}/disclosures`, { financierId: matched.get(slug) });
      await offer(market, slug, id, firm);
    }
  }
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '-')
    .replace('sanabil-sme-fund', 'sanabil-fund')
    .replace('industry-growth-fund', 'industry-fund')
    .replace('dana-women-s-finance', 'dana-finance');
}

/** A financier that knows its customer asks a little less than its price list. */
function bindingRate(slug: string): string {
  const listed = financierCast.find((financier) => financier.slug === slug)?.rate ?? 0;
  return (listed - 0.4).toFixed(2);
}

async function offer(market: MarketAt, slug: string, requestId: string, firm: EnterpriseRole): Promise<void> {
  const maker = await market.as(emailOf('maker', slug), demoPassword);
  const placed = await maker.post(`/v1/market/requests/${requestId}/offers`, {
    binding: true,
    amount: { amount: firm.amount.toFixed(2), currency: 'SAR' },
    tenorMonths: firm.tenor,
    expiresAt: market.instant(60),
    terms: {
      contract: firm.product === 'murabaha' ? 'murabaha' : 'conventional',
      price: { kind: 'fixed', annualRate: bindingRate(slug) },
      interest: 'declining',
      amortization: 'equal_instalments',
      everyMonths: 1,
      graceInstalments: 0,
      fees: [{ name: 'arrangement', when: 'upfront', percent: '0.5', compulsory: true }],
      collateral: collateralOf(firm).slice(0, 1),
      conditions: [{ text: 'Licence valid', closed: true }],
      customerChecks: ['registration', 'beneficial owners', 'sanctions'],
      recourse: true,
      earlySettlementPercent: '1',
      lateChargePercent: '0',
    },
  });
  if (placed['state'] !== 'pending_approval') return;
  const checker = await market.as(emailOf('checker', slug), demoPassword);
  await checker.post(`/v1/offers/${placed.id}/approve`);
}

/** The firms of these stories accept the best binding offer, as their signatories with the second factor. */
export async function accept(market: MarketAt, requests: Requests, ...stories: readonly RequestStory[]): Promise<void> {
  for (const firm of byStory(...stories)) {
    const owner = await market.withSecondFactor(ownerOf(firm), demoPassword);
    const { items } = await owner.get(`/v1/requests/${requests.get(firm.slug)}/comparison`);
    const best = (items as unknown as readonly (Answer & { binding: boolean })[]).find(({ binding }) => binding);
    if (!best) throw new SeedFailure(`${firm.slug} has no binding offer to accept`);
    await owner.post(`/v1/offers/${best.id}/accept`, {});
  }
  await market.settle();
}

/** Both sides sign the awards of these stories. */
export async function sign(market: MarketAt, requests: Requests, ...stories: readonly RequestStory[]): Promise<void> {
  await eachAward(market, requests, stories, async (award, owner, _maker, checker) => {
    await owner.post(`/v1/awards/${award.id}/enterprise-signature`);
    await checker.post(`/v1/awards/${award.id}/financier-signature`);
  });
}

/** The financiers pay out, and the firms say that the money has arrived. */
export async function payOut(market: MarketAt, requests: Requests, ...stories: readonly RequestStory[]): Promise<void> {
  await eachAward(market, requests, stories, async (award, owner, maker) => {
    await maker.post(`/v1/awards/${award.id}/disbursement`, {
      net: award['net'],
      bankReference: `SARIE-${award.id.slice(-12)}`,
    });
    await owner.post(`/v1/awards/${award.id}/receipt`, { received: award['net'] });
  });
}

async function eachAward(
  market: MarketAt,
  requests: Requests,
  stories: readonly RequestStory[],
  act: (award: Answer, owner: Hand, maker: Hand, checker: Hand) => Promise<void>,
): Promise<void> {
  const { items: institutions } = await (
    await market.as(emailOf('maker', 'wadi-bank'), demoPassword)
  ).get('/v1/institutions?limit=200');
  const names = new Map(
    (institutions as unknown as readonly { id: string; name: string }[]).map(({ id, name }) => [id, slugOf(name)]),
  );
  for (const firm of byStory(...stories)) {
    const owner = await market.as(ownerOf(firm), demoPassword);
    const { items } = await owner.get(`/v1/requests/${requests.get(firm.slug)}/awards`);
    for (const award of items) {
      const slug = names.get(String(award['financierId'])) as string;
      await act(
        award,
        owner,
        await market.as(emailOf('maker', slug), demoPassword),
        await market.as(emailOf('checker', slug), demoPassword),
      );
    }
  }
  await market.settle();
}

/** The steps of review that do not open a request. */
export async function reviewSteps(
  market: MarketAt,
  lead: Hand,
  requests: Requests,
  ...stories: readonly RequestStory[]
): Promise<void> {
  for (const firm of byStory(...stories)) {
    const path = `/v1/review/requests/${requests.get(firm.slug)}`;
    const owner = await market.as(ownerOf(firm), demoPassword);
    if (firm.story === 'in_review') await lead.post(`${path}/begin`);
    if (firm.story === 'rejected') {
      await lead.post(`${path}/reject`, {
        reasons: [
          {
            code: 'amount_not_supported',
            message: 'The turnover does not carry this amount. Ask for less, or show the contracts behind the plan.',
          },
        ],
      });
    }
    if (firm.story === 'withdrawn')
      await owner.post(`/v1/requests/${requests.get(firm.slug)}/withdraw`, { reason: 'financed from own means' });
    if (firm.story === 'information_requested' || firm.story === 'returned') {
      await lead.post(`${path}/request-information`, {
        reasons: [{ code: 'bank_statements', message: 'Please add the bank statements of the last six months.' }],
      });
    }
  }
  await market.settle();
}
