import { signIn, totp, visit } from '../client.mjs';
import { chapter, check, checkEqual, tell } from '../teller.mjs';

/** A firm that never borrowed takes part: it registers, says what it is, and is verified. */
export async function theFirm(market) {
  chapter('2. A new firm takes part');
  const tag = String(Date.now()).slice(-8);
  const email = `owner-${tag}@dawn-ceramics.example`;
  const name = `Dawn Ceramics ${tag}`;
  await visit('POST', '/v1/registrations', {
    kind: 'enterprise',
    email,
    name: 'Hanan Alotaibi',
    password: market.password,
    locale: 'en',
    organisationName: name,
    organisationLocalName: `خزف الفجر ${tag}`,
    registrationNumber: `10${tag}`,
  });
  tell(`Hanan registers her firm, ${name}. It makes tiles in Riyadh, has 38 people and never had a loan.`);
  const owner = await signIn(email, market.password);
  const secret = (await owner.post('/v1/second-factors/totp')).secret;
  await owner.stepUp(secret);
  tell(`She protects her account with a second factor; the code of this half minute is ${totp(secret)}.`);

  await owner.patch(
    '/v1/enterprise',
    {
      legalForm: 'llc',
      sector: 'C',
      isicClass: '2392',
      region: 'SA-01',
      foundedOn: '2017-04-01',
      staff: 38,
      womenLed: false,
      identifiers: [{ scheme: 'sa_unified_number', value: `70${tag}` }],
      owners: [
        {
          kind: 'person',
          name: 'Hanan Alotaibi',
          localName: 'حنان العتيبي',
          country: 'SA',
          bornOn: '1986-02-11',
          sharePercent: '100',
          isWoman: true,
          politicallyExposed: false,
        },
      ],
    },
    { ifMatch: 0 },
  );
  const sar = (amount) => ({ amount, currency: 'SAR' });
  const year = new Date().getUTCFullYear() - 1;
  await owner.put(
    `/v1/enterprise/statements/${year}`,
    {
      periodEnd: `${year}-12-31`,
      audited: true,
      staff: 38,
      revenue: sar('16200000.00'),
      totalAssets: sar('11000000.00'),
      currentAssets: sar('4800000.00'),
      totalLiabilities: sar('5200000.00'),
      currentLiabilities: sar('3000000.00'),
      equity: sar('5800000.00'),
      operatingProfit: sar('1900000.00'),
      interestExpense: sar('120000.00'),
      netProfit: sar('1400000.00'),
      documentId: null,
    },
    { ifMatch: 0 },
  );
  const draft = await owner.post('/v1/requests', { productKind: 'term_loan', amount: sar('1500000.00') });
  const early = await owner.refusal('POST', `/v1/requests/${draft.id}/submit`);
  check('Before her firm is verified she can write a request, but not submit it.', early !== null);
  await owner.post(`/v1/requests/${draft.id}/withdraw`, { reason: 'written too early' });

  await owner.upload('registration', `Commercial registration of ${name}`);
  await owner.upload('bank_letter', `Bank letter of ${name}`);
  const { version } = await owner.get('/v1/enterprise');
  await owner.put(
    '/v1/enterprise/bank-account',
    { accountNumber: saudiIban(Number(tag)), bankName: 'Wadi Bank', holderName: name },
    { ifMatch: version },
  );
  await owner.post('/v1/enterprise/verification');
  const profile = await owner.get('/v1/enterprise');
  checkEqual(
    'With 16.2 million riyals a year the firm is small (more than 3, at most 40 million).',
    profile.sizeClass,
    'small',
  );
  const organisationId = profile.organisationId ?? (await owner.get('/v1/organisation')).id;
  await verify(market, organisationId);
  checkEqual('The firm is verified.', (await owner.get('/v1/enterprise')).status, 'verified');
  return { owner, secret, name, organisationId };
}

/** The verification is a case with an owner and a clock; whoever got it decides it. */
async function verify(market, organisationId) {
  const lead = await market.as('lead@authority.example');
  const found = await caseOf(lead, organisationId);
  const reviewer = await reviewerOf(market, found);
  tell(
    `The verification went to ${found.assignee.name}, who has least to do. ${found.clock.left.workingDays} working days are left.`,
  );
  await reviewer.post(`/v1/operator/enterprises/${organisationId}/decision`, {
    verified: true,
    accountOwnershipConfirmed: true,
    screeningCleared: true,
    reasons: [],
  });
}

/** The open case about a subject, as the operator's queue shows it. */
export async function caseOf(person, subjectId, state = 'open') {
  for (let cursor = ''; ;) {
    const page = await person.get(`/v1/review-cases?state=${state}&limit=100${cursor && `&cursor=${cursor}`}`);
    const found = page.items.find((item) => item.subjectId === subjectId);
    if (found || !page.nextCursor) return found;
    cursor = page.nextCursor;
  }
}

/** The reviewer who has a case: the last word of the name is the first of the address. */
export function reviewerOf(market, { assignee }) {
  return market.as(`${assignee.name.split(' ').at(-1)}@authority.example`);
}

/** A Saudi IBAN with right check digits (ISO 13616: with country and 00 behind it, the number leaves 1 modulo 97). */
function saudiIban(account) {
  const basic = `80${String(account).padStart(18, '0')}`;
  return `SA${String(98n - (BigInt(`${basic}281000`) % 97n)).padStart(2, '0')}${basic}`;
}
