import {
  Accreditations,
  AmendGuarantee,
  ApplyForGuarantee,
  Board,
  Consents,
  Contributions,
  DrawLetters,
  GuaranteeMarket,
  PortfolioAgreements,
  ReviewApplication,
  Schemes,
  schemeTemplates,
} from '#guarantee';
import { permissionsOf } from '#identity';
import { type CommandContext, idBytes, idText } from '#platform';
import { contextOf } from '#platform/testing';
import { type Cast, newRowId, organisation } from './cast.js';
import { claimRecords } from './claim-records.js';
import type { EdgeHouse, Party } from './edge-house.js';

const riyals = (amount: string) => ({ amount, currency: 'SAR' });

function contextFor(
  party: Party,
  kind: 'guarantor' | 'financier' | 'enterprise',
  roles: readonly string[],
): CommandContext {
  return contextOf({
    id: party.personId as string,
    organisationId: party.organisationId as string,
    organisationKind: kind,
    permissions: permissionsOf(kind, roles),
    approvalLimitMinor: 10n ** 15n,
  });
}

/** A scheme of another guarantor, with the first bank as its lender and the first enterprise as its borrower. */
export async function guaranteeRecords(house: EdgeHouse, { sme, bank }: Cast): Promise<Record<string, string>> {
  const fund = await organisation(house, 'Second Fund', 'guarantor', ['maker', 'checker+board']);
  const maker = contextFor(fund.maker, 'guarantor', ['maker']);
  const checker = contextFor(fund['checker+board'], 'guarantor', ['checker', 'board']);
  const lender = contextFor(bank.maker, 'financier', ['maker']);
  const firm = contextFor(sme.signatory, 'enterprise', ['signatory']);
  const names = { en: 'Second scheme', ar: 'البرنامج الثاني', zh: '第二计划' };
  const { id: schemeId, code } = await house.get(Schemes).create(maker, { code: 'SECOND', names, currency: 'SAR' });
  const board = house.get(Board);
  await board.appoint(maker, schemeId, { personId: checker.actor.id, title: 'chair', approvalLimit: null });
  const carry = async (kind: 'version' | 'scheme', subjectId: string) => {
    const motion = await board.propose(maker, schemeId, { kind, subjectId, relatedIds: [], title: kind });
    await board.vote(checker, schemeId, motion.id, 'for', '');
    await board.attachMinutes(maker, schemeId, motion.id, 'minutes.pdf', Buffer.from('%PDF-1.4 minutes'));
    await board.close(checker, schemeId, motion.id);
  };
  const version = await house.get(Schemes).proposeVersion(maker, schemeId, schemeTemplates().get('SA')?.terms, 'first');
  await carry('version', version.id);
  await house.get(Schemes).putInForce(checker, schemeId, version.number);
  await carry('scheme', schemeId);
  await house.get(Schemes).move(checker, schemeId, 'open', 'ready');
  const contributions = house.get(Contributions);
  const payments: string[] = [];
  let contributionId = '';
  for (const [sourceClass, amount] of [
    ['institution', '400000.00'],
    ['government', '600000.00'],
  ] as const) {
    const promise = { sourceName: sourceClass, sourceClass, amount: riyals('9000000.00'), dueOn: '2030-01-01' };
    contributionId = (await contributions.promise(maker, schemeId, promise)).id;
    const paidOn = new Date().toISOString().slice(0, 10);
    const entered = { amount: riyals(amount), paidOn, bankReference: newRowId() };
    const { id } = await contributions.enterPayment(maker, schemeId, contributionId, entered);
    await contributions.decidePayment(checker, schemeId, id, true);
    payments.push(
      (await contributions.enterPayment(maker, schemeId, contributionId, { ...entered, bankReference: newRowId() })).id,
    );
  }
  const lenderId = lender.actor.organisationId;
  const accreditation = { lenderId, validTo: null, reason: 'fit' };
  const { id: accreditationId } = await house.get(Accreditations).propose(maker, schemeId, accreditation);
  await house.get(Accreditations).move(checker, schemeId, accreditationId, 'approve', 'fit');
  const agreement = {
    lenderId,
    name: 'Portfolio',
    clauses: [],
    quota: riyals('100000.00'),
    lossCap: riyals('10000.00'),
    validFrom: '2026-01-01',
    validTo: '2027-01-01',
  };
  const { id: agreementId } = await house.get(PortfolioAgreements).propose(maker, schemeId, agreement);
  const { texts } = await house.get(Consents).textOf(code);
  const consent = { language: 'en', lenderId: null, requestId: null, textSha256: texts[0]?.sha256 ?? '' } as const;
  const { id: consentId } = await house.get(Consents).give(firm, schemeId, consent);
  const loan = {
    schemeId,
    enterpriseId: firm.actor.organisationId,
    agreementId: null,
    note: '',
    amount: riyals('50000.00'),
    coverPercent: '80.00',
    otherCoverPercent: '0.00',
    productKind: 'term_loan',
    tenorMonths: 24,
    graceMonths: 0,
    repayment: 'instalments',
    retainedCollateral: false,
  } as const;
  const apply = house.get(ApplyForGuarantee);
  const { id: decidedId } = await apply.create(lender, loan);
  await apply.submit(lender, decidedId);
  const verdict = { outcome: 'approve', clauses: [], reason: 'fits' } as const;
  await house.get(ReviewApplication).propose(maker, decidedId, verdict);
  await house.get(ReviewApplication).decide(checker, decidedId, verdict);
  const { id: guaranteeId } = await house.get(DrawLetters).execute(lender, decidedId);
  const { certificateCode } = await house.get(GuaranteeMarket).issueOwn(lender, guaranteeId);
  const amendment = { endsOn: null, guaranteed: riyals('30000.00'), reason: 'smaller' };
  const { id: amendmentId } = await house.get(AmendGuarantee).propose(lender, guaranteeId, amendment);
  const [fee] = await house.rows<{ id: Buffer }>('SELECT id FROM guarantee_fee WHERE guarantee_id = ?', [
    idBytes(guaranteeId),
  ]);
  const { id: applicationId } = await apply.create(lender, loan);
  await apply.submit(lender, applicationId);
  const motion = { kind: 'scheme', subjectId: schemeId, relatedIds: [], title: 'close' } as const;
  const claimed = { schemeId, guaranteeId, lenderId, enterpriseId: firm.actor.organisationId };
  return {
    ...(await claimRecords(house, claimed)),
    schemeId,
    schemeCode: code,
    number: String(version.number),
    contributionId,
    paymentId: payments[0] as string,
    accreditationId,
    agreementId,
    consentId,
    applicationId,
    guaranteeId,
    amendmentId,
    feeId: fee ? idText(fee.id) : '',
    motionId: (await board.propose(maker, schemeId, motion)).id,
    code: certificateCode ?? '',
    month: '2026-01',
  };
}
