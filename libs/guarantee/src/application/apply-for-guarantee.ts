// size: one application from its draft to the guarantor's desk.
import { Injectable } from '@nestjs/common';
import { EnterpriseReader } from '#enterprises';
import type { Repayment } from '#finance';
import { InstitutionReader } from '#institutions';
import { type MoneyJson, moneyFromJson, moneyToJson, printAmount, type ProductKind } from '#kernel';
import {
  type CommandContext,
  httpError,
  idBytes,
  isDuplicateKey,
  newId,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { ReviewCases } from '#review';
import {
  type ApplicationAction,
  applicationLifecycle,
  type ApplicationParty,
} from '../domain/application.lifecycle.js';
import { brokenClauses, type BrokenClause, guaranteedPart } from '../domain/clauses.policy.js';
import { guaranteeError } from '../domain/errors.js';
import { feeInputs, feeOf } from '../domain/fee.calculation.js';
import type { ApplicationFacts, GuaranteedLoan, QuotedFee } from '../domain/guarantee.js';
import type { SchemeTerms } from '../domain/scheme-terms.js';
import { GuaranteeApplication } from '../persistence/entities.js';
import { Accreditations } from './accreditations.js';
import { Consents } from './consents.js';
import { recordHistory } from './record-history.js';
import { SchemeBook } from './scheme-book.js';

/** The word under which review keeps an application. */
export const guaranteeApplicationSubject = 'guarantee_application';

export interface LoanInput {
  readonly amount: MoneyJson;
  readonly coverPercent: string;
  readonly otherCoverPercent: string;
  readonly productKind: ProductKind;
  readonly tenorMonths: number;
  readonly graceMonths: number;
  readonly repayment: Repayment;
  readonly retainedCollateral: boolean;
}

export interface ApplicationInput extends LoanInput {
  readonly schemeId: string;
  readonly enterpriseId: string;
  readonly agreementId: string | null;
  readonly note: string;
}

/** What the market knows beside the lender's input: the request and the offer that the guarantee is for. */
export interface MarketOrigin {
  readonly requestId: string;
  readonly offerId: string;
}

/** Applications of lenders, individually or under a portfolio agreement. */
@Injectable()
export class ApplyForGuarantee {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly accreditations: Accreditations,
    private readonly consents: Consents,
    private readonly enterprises: EnterpriseReader,
    private readonly institutions: InstitutionReader,
    private readonly cases: ReviewCases,
  ) {}

  /** Saves a draft with the broken clauses and the fee shown; nothing is refused before it is submitted. */
  async create(context: CommandContext, input: ApplicationInput, origin?: MarketOrigin) {
    return this.unitOfWork.run(context, async (tx) => {
      const made = await this.createWithin(tx, context.actor.organisationId, input, origin);
      return this.view(tx, made);
    });
  }

  /** The same in the market's transaction, for the lender of an offer. One application for each offer and scheme. */
  async createWithin(
    tx: Transaction,
    lenderId: string,
    input: ApplicationInput,
    origin?: MarketOrigin,
  ): Promise<GuaranteeApplication> {
    const { scheme, number, terms } = await this.book.inForce(tx, input.schemeId);
    const amount = moneyFromJson(input.amount);
    if (amount.currency !== scheme.currency || amount.minor <= 0n)
      throw httpError('input_invalid', {
        fields: [{ pointer: '/amount', rule: 'currency', message: `must be above zero, in ${scheme.currency}` }],
      });
    const facts = await this.facts(tx, input.enterpriseId, lenderId);
    const loan: GuaranteedLoan = { ...input, currency: amount.currency, loanMinor: amount.minor };
    const now = await tx.now();
    const row: GuaranteeApplication = {
      id: newId(),
      schemeId: scheme.id,
      schemeVersion: number,
      lenderId,
      enterpriseId: input.enterpriseId,
      requestId: origin?.requestId ?? null,
      offerId: origin?.offerId ?? null,
      agreementId: input.agreementId,
      consentId: null,
      currency: amount.currency,
      loanMinor: amount.minor,
      coverPercent: input.coverPercent,
      otherCoverPercent: input.otherCoverPercent,
      guaranteedMinor: guaranteedPart(amount.minor, input.coverPercent),
      productKind: input.productKind,
      tenorMonths: input.tenorMonths,
      graceMonths: input.graceMonths,
      repayment: input.repayment,
      retainedCollateral: input.retainedCollateral,
      facts,
      fee: this.quoteFee(terms, loan, facts),
      note: input.note,
      status: applicationLifecycle.initial,
      reviewCaseId: null,
      proposal: null,
      proposedBy: null,
      proposalClauses: null,
      proposalReason: null,
      decidedBy: null,
      decidedAt: null,
      citedClauses: null,
      letterUntil: null,
      version: 1,
      createdBy: tx.context.actor.id,
      createdAt: now,
      updatedAt: now,
    };
    if (row.guaranteedMinor <= 0n)
      throw httpError('input_invalid', {
        fields: [{ pointer: '/coverPercent', rule: 'positive', message: 'guarantees nothing of this amount' }],
      });
    await tx.manager.insert(GuaranteeApplication, row).catch((error: unknown) => {
      throw isDuplicateKey(error) ? guaranteeError('application_open_for_offer') : error;
    });
    await recordStep(tx, row, 'create', null, '', now);
    return row;
  }

  /** Hands it in. Refuses a lender without accreditation, an enterprise without consent, and broken clauses, which it cites. */
  async submit(context: CommandContext, id: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const row = await this.lockOwn(tx, id, context.actor.organisationId);
      return this.view(tx, await this.submitWithin(tx, row));
    });
  }

  async submitWithin(tx: Transaction, row: GuaranteeApplication): Promise<GuaranteeApplication> {
    const consentId = await this.assertMayApply(tx, row, await tx.now());
    const submitted = await move(tx, row, 'submit', 'lender', '', { consentId });
    const scheme = await this.book.scheme(tx, row.schemeId);
    const { caseId } = await this.cases.open(tx, {
      kind: 'guarantee_application',
      subjectType: guaranteeApplicationSubject,
      subjectId: row.id,
      applicantOrganisationId: row.lenderId,
      handler: { organisationId: scheme.guarantorId, roles: ['maker'] },
    });
    await tx.manager.update(GuaranteeApplication, { id: row.id }, { reviewCaseId: caseId });
    return { ...submitted, reviewCaseId: caseId };
  }

  /** Everything that an application must meet besides headroom and caps; answers the consent that it rests on. */
  async assertMayApply(tx: Transaction, row: GuaranteeApplication, now: Date): Promise<string> {
    const { scheme, terms, number } = await this.book.inForce(tx, row.schemeId);
    if (scheme.status !== 'active') throw guaranteeError('scheme_not_active');
    await this.accreditations.assertAccredited(tx, scheme.id, row.lenderId, now);
    const consentId = await this.consents.assertGiven(tx, row);
    // The terms of the day it is handed in count: a draft made under older ones is looked at anew.
    if (number !== row.schemeVersion)
      throw guaranteeError('clauses_broken', {
        detail: 'The scheme’s terms have changed since the draft was made; make the application anew.',
      });
    const broken = brokenClauses(terms.clauses, loanOf(row), row.facts);
    if (broken.length > 0) throw guaranteeError('clauses_broken', { data: { clauses: broken } });
    return consentId;
  }

  /** The lender has sent what was asked for. */
  async answer(context: CommandContext, id: string, note: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const row = await this.lockOwn(tx, id, context.actor.organisationId);
      const after = await move(tx, row, 'answer', 'lender', note);
      await this.cases.resume(tx, caseOf(row));
      return this.view(tx, after);
    });
  }

  async withdraw(context: CommandContext, id: string, reason: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const row = await this.lockOwn(tx, id, context.actor.organisationId);
      const after = await move(tx, row, 'withdraw', 'lender', reason, cleared);
      await this.cases.withdraw(tx, caseOf(row));
      return this.view(tx, after);
    });
  }

  /** The fee of a loan by the scheme's rule and the published table. */
  quoteFee(terms: SchemeTerms, loan: GuaranteedLoan, facts: ApplicationFacts): QuotedFee {
    const book = this.book.feeBook(terms.fee.table, terms.fee.bookVersion);
    const guaranteedMinor = guaranteedPart(loan.loanMinor, loan.coverPercent);
    const inputs = feeInputs(terms.fee, book, {
      currency: loan.currency,
      loanMinor: loan.loanMinor,
      guaranteedMinor,
      guaranteedOutstandingMinor: guaranteedMinor,
      months: loan.tenorMonths,
      graceMonths: loan.graceMonths,
      repayment: loan.repayment,
      grade: facts.enterprise.grade,
      collateral: false,
    });
    const minor = feeOf(inputs, loan.currency, this.book.calculate);
    return {
      inputs,
      amount: printAmount({ minor, currency: loan.currency }),
      currency: loan.currency,
      collection: terms.fee.collection,
    };
  }

  /** What is known of the parties now. */
  async facts(tx: Transaction, enterpriseId: string, lenderId: string): Promise<ApplicationFacts> {
    const firm = await this.enterprises.snapshot(enterpriseId, tx);
    if (!firm)
      throw httpError('input_invalid', {
        fields: [{ pointer: '/enterpriseId', rule: 'enterprise', message: 'is not an enterprise of this market' }],
      });
    const lender = await this.institutions.financier(lenderId);
    const { sector, region, sizeClass, ageBand, grade, womenLed, verified, profileVersion } = firm;
    return {
      enterprise: { sector, region, sizeClass, ageBand, grade, womenLed, verified, profileVersion },
      lenderKind: lender?.kind ?? 'unknown',
    };
  }

  async view(tx: Transaction, row: GuaranteeApplication) {
    const terms = await this.book.terms(tx, row.schemeId, row.schemeVersion);
    return applicationView(row, brokenClauses(terms.clauses, loanOf(row), row.facts));
  }

  private async lockOwn(tx: Transaction, id: string, lenderId: string): Promise<GuaranteeApplication> {
    const row = await lockApplication(tx, id);
    if (row?.lenderId !== lenderId) throw httpError('record_unknown');
    return row;
  }
}

/** What is forgotten when an application goes back to its draft. */
const cleared = { reviewCaseId: null, proposal: null, proposedBy: null, proposalClauses: null, proposalReason: null };

export async function lockApplication(tx: Transaction, id: string): Promise<GuaranteeApplication | undefined> {
  const [row] = await tx.rows('SELECT id FROM guarantee_application WHERE id = ? FOR UPDATE', [idBytes(id)]);
  return row && ((await tx.manager.findOneBy(GuaranteeApplication, { id })) ?? undefined);
}

/** Takes one step of an application's life, with history, audit entry and event. */
export async function move(
  tx: Transaction,
  row: GuaranteeApplication,
  action: ApplicationAction,
  party: ApplicationParty,
  reason: string,
  changes: Partial<GuaranteeApplication> = {},
): Promise<GuaranteeApplication> {
  const status = applicationLifecycle.after(row.status, action, party);
  const now = await tx.now();
  const kept = { ...changes, status, version: row.version + 1, updatedAt: now };
  // The JSON columns among the changes are plain lists; the type of a partial update does not see it.
  await tx.manager.update(GuaranteeApplication, { id: row.id }, kept as object);
  const after = { ...row, ...kept };
  await recordStep(tx, after, action, row.status, reason, now);
  return after;
}

/** The return on silence, told by review. A step that came too late changes nothing. */
export async function returnOnSilence(tx: Transaction, id: string): Promise<void> {
  const row = await lockApplication(tx, id);
  if (row?.status === 'information_requested') await move(tx, row, 'return', 'clock', 'silence', cleared);
}

async function recordStep(
  tx: Transaction,
  row: GuaranteeApplication,
  action: string,
  from: string | null,
  reason: string,
  now: Date,
): Promise<void> {
  const { id, schemeId, status, version, lenderId, enterpriseId, requestId, offerId } = row;
  await recordHistory(
    tx,
    [{ subjectType: guaranteeApplicationSubject, subjectId: id, schemeId, action, from, to: status, reason }],
    now,
  );
  tx.audit({
    action: `guarantee_application.${action}`,
    subjectType: guaranteeApplicationSubject,
    subjectId: id,
    data: { status, version, reason },
  });
  tx.emit({
    name: 'guarantee_application.changed',
    subjectType: guaranteeApplicationSubject,
    subjectId: id,
    version,
    audience: [lenderId],
    payload: { schemeId, lenderId, enterpriseId, requestId, offerId, status },
  });
}

export function loanOf(row: GuaranteeApplication): GuaranteedLoan {
  return row;
}

export function caseOf({ reviewCaseId }: GuaranteeApplication): string {
  if (!reviewCaseId) throw new Error('an application under review has no case');
  return reviewCaseId;
}

export function applicationView(row: GuaranteeApplication, broken: readonly BrokenClause[]) {
  const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency: row.currency });
  return {
    id: row.id,
    schemeId: row.schemeId,
    schemeVersion: row.schemeVersion,
    lenderId: row.lenderId,
    enterpriseId: row.enterpriseId,
    requestId: row.requestId,
    offerId: row.offerId,
    agreementId: row.agreementId,
    loan: money(row.loanMinor),
    guaranteed: money(row.guaranteedMinor),
    coverPercent: row.coverPercent,
    otherCoverPercent: row.otherCoverPercent,
    productKind: row.productKind,
    tenorMonths: row.tenorMonths,
    graceMonths: row.graceMonths,
    repayment: row.repayment,
    retainedCollateral: row.retainedCollateral,
    facts: row.facts,
    fee: row.fee,
    note: row.note,
    status: row.status,
    reviewCaseId: row.reviewCaseId,
    proposal: row.proposal,
    proposedBy: row.proposedBy,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    citedClauses: row.citedClauses ?? [],
    letterUntil: row.letterUntil?.toISOString() ?? null,
    brokenClauses: broken,
    version: row.version,
  };
}
