import { demoPassword } from '../../../../config/demonstration.js';
import { type EnterpriseRole, enterpriseCast } from './cast-enterprises.js';
import type { Hand, MarketAt } from './market-at.js';

/** The address of a firm's signatory. */
export const ownerOf = ({ slug }: EnterpriseRole): string => `owner@${slug}.example`;

/** A Saudi IBAN with right check digits (ISO 13616: the number with country and 00 behind it leaves 1 modulo 97). */
export function saudiIban(account: number): string {
  const basic = `80${String(account).padStart(18, '0')}`;
  const remainder = BigInt(`${basic}281000`) % 97n;
  return `SA${String(98n - remainder).padStart(2, '0')}${basic}`;
}

/** Registers the firms with profile, owners, statement, documents and account, and has them verified. */
export async function seedEnterprises(market: MarketAt, reviewLead: Hand, tell: (text: string) => void): Promise<void> {
  for (const [n, firm] of enterpriseCast.entries()) await enrol(market, firm, n);
  await market.settle();
  let verified = 0;
  for (let more = true; more;) {
    const { items } = await reviewLead.get('/v1/operator/enterprises?status=in_review&limit=200');
    for (const firm of items) {
      await reviewLead.post(`/v1/operator/enterprises/${firm.id}/decision`, {
        verified: true,
        accountOwnershipConfirmed: true,
        screeningCleared: true,
        reasons: [],
      });
      verified += 1;
    }
    more = items.length > 0;
  }
  await market.settle();
  tell(`${verified} enterprises verified`);
}

async function enrol(market: MarketAt, firm: EnterpriseRole, n: number): Promise<void> {
  const email = ownerOf(firm);
  await market.register({
    kind: 'enterprise',
    email,
    name: `Owner of ${firm.name}`,
    password: demoPassword,
    locale: n % 3 === 0 ? 'ar' : 'en',
    organisationName: firm.name,
    organisationLocalName: firm.localName,
    registrationNumber: `10${String(10_000_000 + n)}`,
  });
  const owner = await market.withSecondFactor(email, demoPassword);
  await owner.patch('/v1/enterprise', {
    ifMatch: 0,
    legalForm: 'llc',
    sector: firm.sector,
    isicClass: firm.isicClass,
    region: firm.region,
    foundedOn: firm.founded,
    staff: firm.staff,
    womenLed: firm.flags.includes('women'),
    rural: firm.flags.includes('rural'),
    exporter: firm.flags.includes('exporter'),
    leastDeveloped: firm.flags.includes('least'),
    identifiers: [{ scheme: 'sa_unified_number', value: `70${String(10_000_000 + n)}` }],
    owners: [
      {
        kind: 'person',
        name: `Owner of ${firm.name}`,
        localName: `مالك ${firm.localName}`,
        country: 'SA',
        bornOn: '1985-05-05',
        sharePercent: '100',
        isWoman: firm.flags.includes('women'),
        politicallyExposed: false,
      },
    ],
  });
  const sar = (amount: number) => ({ amount: amount.toFixed(2), currency: 'SAR' });
  const year = new Date(market.instant(0)).getUTCFullYear() - 1;
  await owner.put(`/v1/enterprise/statements/${year}`, {
    ifMatch: 0,
    periodEnd: `${year}-12-31`,
    audited: firm.revenue > 10_000_000,
    staff: firm.staff,
    revenue: sar(firm.revenue),
    totalAssets: sar(firm.revenue * 0.7),
    currentAssets: sar(firm.revenue * 0.3),
    totalLiabilities: sar(firm.revenue * 0.35),
    currentLiabilities: sar(firm.revenue * 0.2),
    equity: sar(firm.revenue * 0.35),
    operatingProfit: sar(firm.revenue * 0.11),
    interestExpense: sar(firm.revenue * 0.01),
    netProfit: sar(firm.revenue * 0.08),
    documentId: null,
  });
  await market.upload(owner, 'registration', `Commercial registration of ${firm.name}`);
  await market.upload(owner, 'bank_letter', `Bank letter of ${firm.name}`);
  const profile = await owner.get('/v1/enterprise');
  await owner.put('/v1/enterprise/bank-account', {
    ifMatch: profile.version,
    accountNumber: saudiIban(60_801_000 + n),
    bankName: 'Wadi Bank',
    holderName: firm.name,
  });
  await owner.post('/v1/enterprise/verification');
}
