// size: everything that the market calls, in one place.
import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  addDays,
  addMonths,
  type CalendarDate,
  moneyFromJson,
  type MoneyJson,
  moneyToJson,
  printAmount,
} from '#kernel';
import { notify } from '#notices';
import {
  clearTimers,
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  setTimer,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { startOfCountryDay } from '#platform/rulebooks';
import { type BrokenClause, brokenClauses, guaranteedPart, maximumCover } from '../domain/clauses.policy.js';
import { guaranteeError } from '../domain/errors.js';
import { groupedCode } from '../domain/guarantee-number.js';
import { guaranteeTimers } from '../domain/guarantee-timers.js';
import type { ApplicationFacts, GuaranteedLoan, QuotedFee } from '../domain/guarantee.js';
import type { GuaranteeState } from '../domain/guarantee.lifecycle.js';
import {
  decideSecondAward,
  exposureName,
  grantedCapacity,
  type HeadroomState,
  headroomOf,
  tightestCap,
} from '../domain/reservation.policy.js';
import { capScopes } from '../domain/scheme-terms.js';
import { Guarantee, GuaranteeReservation, GuaranteeScheme } from '../persistence/entities.js';
import { readExposures, writeHeadroom } from '../persistence/letter.store.js';
import { resourcesOf } from '../persistence/risk.query.js';
import { Accreditations } from './accreditations.js';
import { type ApplicationInput, ApplyForGuarantee, type LoanInput, type MarketOrigin } from './apply-for-guarantee.js';
import { Capacity } from './capacity.js';
import { type DrawnLetter, DrawLetters } from './draw-letters.js';
import { EndGuarantee } from './end-guarantee.js';
import { EndLetters } from './end-letters.js';
import { Fees } from './fees.js';
import { type GuaranteeView, guaranteeView } from './guarantee-view.js';
import { Guarantees } from './guarantees.js';
import { capsOf, refusedHeadroom } from './refused-headroom.js';
import { SchemeBook } from './scheme-book.js';

/** What a scheme would do for a loan, reserved nowhere. */
export interface GuaranteeQuote {
  readonly schemeId: string;
  readonly schemeCode: string;
  readonly schemeNames: GuaranteeScheme['names'];
  /** Every clause holds, the lender is accredited and the scheme is open. */
  readonly eligible: boolean;
  readonly accredited: boolean;
  readonly brokenClauses: readonly BrokenClause[];
  /** The highest cover that the mandate allows, and the cover that was asked for (the highest where none was). */
  readonly maximumCoverPercent: string | null;
  readonly coverPercent: string | null;
  readonly guaranteed: MoneyJson | null;
  readonly fee: QuotedFee | null;
  /** Headroom would do at this moment; only a letter of intent holds it. */
  readonly headroom: boolean;
}

export type QuoteInput = Omit<LoanInput, 'coverPercent'> & {
  readonly enterpriseId: string;
  readonly lenderId: string;
  readonly coverPercent?: string | undefined;
  /** Only this scheme. */
  readonly schemeId?: string | undefined;
};

/** The guarantee of an offer, as the market reads it before an award. */
export interface OfferGuarantee {
  readonly guaranteeId: string;
  readonly schemeId: string;
  readonly number: string;
  readonly state: GuaranteeState;
  readonly loan: MoneyJson;
  readonly guaranteed: MoneyJson;
  readonly coverPercent: string;
  readonly fee: QuotedFee;
  readonly until: string;
}

export interface AwardedGuarantee {
  readonly requestId: string;
  readonly offerId: string;
  /** Of the offer, to be found equal to the letter's loan. */
  readonly amountMinor: bigint;
  /** No further offer of this request will be awarded: the other letters are void. */
  readonly final: boolean;
}

/**
 * Guarantees in the market. An indicative quote promises nothing; a letter of intent reserves; an award turns the letter into
 * the guarantee in the market's own transaction and without the scheme's hot row, or everything fails as one.
 */
@Injectable()
export class GuaranteeMarket {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
    private readonly accreditations: Accreditations,
    private readonly applications: ApplyForGuarantee,
    private readonly letters: DrawLetters,
    private readonly ending: EndLetters,
    private readonly ends: EndGuarantee,
    private readonly guarantees: Guarantees,
    private readonly fees: Fees,
    private readonly capacity: Capacity,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** What each open scheme (or the one named) would do for this loan, with the clauses that stand in the way. */
  async quote(tx: Transaction, input: QuoteInput): Promise<readonly GuaranteeQuote[]> {
    const amount = moneyFromJson(input.amount);
    const schemes = await this.openSchemes(tx, amount.currency, input.schemeId);
    if (schemes.length === 0) return [];
    const facts = await this.applications.facts(tx, input.enterpriseId, input.lenderId);
    const quotes: GuaranteeQuote[] = [];
    for (const scheme of schemes) quotes.push(await this.quoteOf(tx, scheme, input, amount.minor, facts));
    return quotes;
  }

  /** An application for the guarantee of an offer: at once by its agreement's rules when the letter is drawn, else to review. */
  async apply(
    tx: Transaction,
    lenderId: string,
    input: ApplicationInput,
    origin: MarketOrigin,
  ): Promise<{ readonly applicationId: string; readonly status: string }> {
    const made = await this.applications.createWithin(tx, lenderId, input, origin);
    const row = input.agreementId === null ? await this.applications.submitWithin(tx, made) : made;
    return { applicationId: row.id, status: row.status };
  }

  /** Reserves: draws the letter of intent, in one transaction with all who ask at the same moment. */
  async reserve(context: CommandContext, applicationId: string): Promise<DrawnLetter> {
    return this.letters.execute(context, applicationId);
  }

  /** The live letter or guarantee of an offer; undefined while its guarantee is only indicative. */
  async ofOffer(tx: Transaction, requestId: string, offerId: string): Promise<OfferGuarantee | undefined> {
    const [row] = await tx.rows<{ id: Buffer; fee: string | object }>(
      `SELECT g.id, a.fee FROM guarantee g JOIN guarantee_application a ON a.id = g.application_id
       WHERE g.request_id = ? AND g.offer_id = ? AND g.state NOT IN ('lapsed', 'released') ORDER BY g.id DESC LIMIT 1`,
      [idBytes(requestId), idBytes(offerId)],
    );
    if (!row) return undefined;
    const found = await tx.manager.findOneByOrFail(Guarantee, { id: idText(row.id) });
    const money = (minor: bigint): MoneyJson => moneyToJson({ minor, currency: found.currency });
    return {
      guaranteeId: found.id,
      schemeId: found.schemeId,
      number: found.number,
      state: found.state,
      loan: money(found.loanMinor),
      guaranteed: money(found.guaranteedMinor),
      coverPercent: found.coverPercent,
      fee: (typeof row.fee === 'string' ? JSON.parse(row.fee) : row.fee) as QuotedFee,
      until: found.letterUntil.toISOString(),
    };
  }

  /**
   * The award of an offer: its letter becomes the guarantee, the certificate's code and the first fee come into being, and
   * with the last award of the request the rest is given back. Refuses with `letter_missing` or `letter_amount_differs`,
   * so that the whole award fails; `scheme_headroom`, `scheme_cap_reached` or `scheme_stopped` for a second award of one request. The
   * scheme's hot row is touched only there.
   */
  async turnIntoGuarantee(tx: Transaction, award: AwardedGuarantee): Promise<Guarantee> {
    const [found] = await tx.rows<{ id: Buffer; reservation_id: Buffer }>(
      "SELECT id, reservation_id FROM guarantee WHERE request_id = ? AND offer_id = ? AND state = 'offered' ORDER BY id DESC LIMIT 1",
      [idBytes(award.requestId), idBytes(award.offerId)],
    );
    if (!found) throw guaranteeError('letter_missing');
    const issued = await this.issue(tx, idText(found.reservation_id), idText(found.id), award.amountMinor);
    if (award.final) await this.release(tx, award.requestId, 'Another offer was awarded.');
    return this.billed(tx, issued);
  }

  /** A loan outside the market: the lender says that the enterprise has accepted. */
  async issueOwn(context: CommandContext, guaranteeId: string): Promise<GuaranteeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const [found] = await tx.rows<{ reservation_id: Buffer; loan_minor: string; offer_id: Buffer | null }>(
        'SELECT reservation_id, loan_minor, offer_id FROM guarantee WHERE id = ? AND lender_id = ?',
        [idBytes(guaranteeId), idBytes(context.actor.organisationId)],
      );
      if (!found) throw guaranteeError('guarantee_unknown');
      if (found.offer_id !== null)
        throw guaranteeError('letter_missing', { detail: 'The guarantee of an offer is issued by the offer’s award.' });
      const issued = await this.issue(tx, idText(found.reservation_id), guaranteeId, BigInt(found.loan_minor));
      return guaranteeView(await this.billed(tx, issued));
    });
  }

  /** The request ended, or its last award was made: every live letter of it is void and its headroom free. */
  async release(tx: Transaction, requestId: string, reason: string): Promise<void> {
    const rows = await tx.rows<{ id: Buffer }>(
      "SELECT id FROM guarantee_reservation WHERE subject_id = ? AND status = 'live' ORDER BY id",
      [idBytes(requestId)],
    );
    for (const { id } of rows) {
      const reservationId = idText(id);
      const { reservation, live } = await this.ending.lock(tx, reservationId);
      if (live.length === 0) await this.ending.shrink(tx, reservation, []);
      await this.ending.end(tx, reservationId, live, 'void', 'market', reason);
      for (const letter of live) await clearTimers(tx, letter.id, [guaranteeTimers.letterEnd]);
    }
  }

  /** One offer is withdrawn or lost: its letter is void. */
  async releaseOffer(tx: Transaction, requestId: string, offerId: string, reason: string): Promise<void> {
    const rows = await tx.rows<{ id: Buffer; reservation_id: Buffer }>(
      "SELECT id, reservation_id FROM guarantee WHERE request_id = ? AND offer_id = ? AND state = 'offered' ORDER BY reservation_id, id",
      [idBytes(requestId), idBytes(offerId)],
    );
    for (const row of rows) {
      const reservationId = idText(row.reservation_id);
      const { live } = await this.ending.lock(tx, reservationId);
      const id = idText(row.id);
      await this.ending.end(
        tx,
        reservationId,
        live.filter((letter) => letter.id === id),
        'void',
        'market',
        reason,
      );
      await clearTimers(tx, id, [guaranteeTimers.letterEnd]);
    }
  }

  /**
   * An award fell: its guarantee is void, its headroom free, its fee taken back. One that was in force already, because the bank took
   * the money back later, is released, and its unused months come back.
   */
  async voidAward(tx: Transaction, requestId: string, offerId: string, reason: string): Promise<void> {
    const rows = await tx.rows<{ id: Buffer }>(
      "SELECT id FROM guarantee WHERE request_id = ? AND offer_id = ? AND state IN ('issued', 'in_force') ORDER BY id",
      [idBytes(requestId), idBytes(offerId)],
    );
    for (const { id } of rows) {
      const guarantee = await this.guarantees.lock(tx, idText(id));
      if (guarantee.state === 'in_force') await this.ends.releaseWithin(tx, guarantee, 'market', reason);
      if (guarantee.state !== 'issued') continue;
      await this.guarantees.move(tx, guarantee, 'void', 'market', reason, { balanceMinor: 0n });
      await this.capacity.giveBack(tx, guarantee, guarantee.balanceMinor);
      await this.fees.takeBack(tx, guarantee);
    }
  }

  /** The loan was disbursed. In force now, or when the first fee is paid. Nothing happens to an offer without a guarantee. */
  async markInForce(
    tx: Transaction,
    of: { readonly requestId: string; readonly offerId: string; readonly disbursedOn: CalendarDate },
  ): Promise<Guarantee | undefined> {
    const [row] = await tx.rows<{ id: Buffer }>(
      "SELECT id FROM guarantee WHERE request_id = ? AND offer_id = ? AND state = 'issued' LIMIT 1",
      [idBytes(of.requestId), idBytes(of.offerId)],
    );
    return row && this.disbursed(tx, await this.guarantees.lock(tx, idText(row.id)), of.disbursedOn);
  }

  /** The lender of a loan outside the market tells of its disbursement. */
  async disburseOwn(context: CommandContext, guaranteeId: string, disbursedOn: CalendarDate): Promise<GuaranteeView> {
    return this.unitOfWork.run(context, async (tx) => {
      const guarantee = await this.guarantees.lock(tx, guaranteeId, context.actor);
      if (guarantee.offerId !== null)
        throw guaranteeError('guarantee_unknown', { detail: 'The market tells of the disbursement of an offer.' });
      return guaranteeView(await this.disbursed(tx, guarantee, disbursedOn));
    });
  }

  /**
   * Which of these requests some open scheme's mandate would guarantee for this lender, with the highest cover: what an unbid
   * request is shown with. Headroom and the lender's own clauses are looked at; nothing is reserved.
   */
  async candidates(
    tx: Transaction,
    lenderId: string,
    requests: readonly (Omit<QuoteInput, 'lenderId'> & { readonly requestId: string })[],
  ): Promise<ReadonlyMap<string, readonly GuaranteeQuote[]>> {
    const found = new Map<string, readonly GuaranteeQuote[]>();
    for (const { requestId, ...request } of requests) {
      const quotes = await this.quote(tx, { ...request, lenderId });
      const eligible = quotes.filter((quote) => quote.eligible && quote.headroom);
      if (eligible.length > 0) found.set(requestId, eligible);
    }
    return found;
  }

  private async openSchemes(tx: Transaction, currency: string, schemeId?: string): Promise<readonly GuaranteeScheme[]> {
    return tx.manager.findBy(GuaranteeScheme, { status: 'active', currency, ...(schemeId ? { id: schemeId } : {}) });
  }

  private async quoteOf(
    tx: Transaction,
    scheme: GuaranteeScheme,
    input: QuoteInput,
    loanMinor: bigint,
    facts: ApplicationFacts,
  ): Promise<GuaranteeQuote> {
    const { terms } = await this.book.inForce(tx, scheme.id);
    const { currency } = scheme;
    const highest = maximumCover(terms.clauses, { loanMinor, currency }, facts);
    const coverPercent = input.coverPercent ?? highest?.percent.minus(input.otherCoverPercent).toFixed(2) ?? null;
    const accredited = await this.accreditations.accredited(tx, scheme.id, [input.lenderId], await tx.now());
    const common = {
      schemeId: scheme.id,
      schemeCode: scheme.code,
      schemeNames: scheme.names,
      accredited: accredited.has(input.lenderId),
      maximumCoverPercent: highest?.percent.toFixed(2) ?? null,
    };
    const positive = coverPercent !== null && Number(coverPercent) > 0;
    const loan: GuaranteedLoan = { ...input, currency, loanMinor, coverPercent: positive ? coverPercent : '0.01' };
    const broken = brokenClauses(terms.clauses, loan, facts);
    if (!positive || !highest)
      return {
        ...common,
        eligible: false,
        brokenClauses: broken,
        coverPercent: null,
        guaranteed: null,
        fee: null,
        headroom: false,
      };
    const guaranteedMinor = guaranteedPart(loanMinor, loan.coverPercent);
    return {
      ...common,
      eligible: broken.length === 0 && common.accredited,
      brokenClauses: broken,
      coverPercent: loan.coverPercent,
      guaranteed: moneyToJson({ minor: guaranteedMinor, currency }),
      fee: broken.length === 0 ? this.applications.quoteFee(terms, loan, facts) : null,
      headroom: (await this.headroom(tx, scheme.id)) >= guaranteedMinor,
    };
  }

  private async headroom(tx: Transaction, schemeId: string): Promise<bigint> {
    const { baseMinor, leverageHundredths, usedMinor, stopped } = await resourcesOf(tx.rows.bind(tx), schemeId);
    return stopped === null ? headroomOf(baseMinor, leverageHundredths, usedMinor) : 0n;
  }

  /**
   * Moves what the reservation holds to the guarantee; the sum of both is the same before and after. A second award of one request needs
   * more than its reservation has left: then the hot row is taken before the reservation, as everybody does who takes both.
   */
  private async issue(
    tx: Transaction,
    reservationId: string,
    letterId: string,
    amountMinor: bigint,
  ): Promise<Guarantee> {
    const [seen] = await tx.rows<{ scheme_id: Buffer; short: string }>(
      `SELECT g.scheme_id, g.guaranteed_minor - r.amount_minor AS short FROM guarantee g
       JOIN guarantee_reservation r ON r.id = g.reservation_id WHERE g.id = ?`,
      [idBytes(letterId)],
    );
    if (seen && BigInt(seen.short) > 0n) await this.capacity.lock(tx, idText(seen.scheme_id));
    const { reservation, live } = await this.ending.lock(tx, reservationId);
    const letter = live.find(({ id }) => id === letterId);
    const now = await tx.now();
    if (!letter || letter.letterUntil <= now) throw guaranteeError('letter_missing');
    if (letter.loanMinor !== amountMinor)
      throw guaranteeError('letter_amount_differs', {
        data: { letter: printAmount({ minor: letter.loanMinor, currency: letter.currency }) },
      });
    const short = letter.guaranteedMinor - reservation.amountMinor;
    if (short > 0n) await this.grow(tx, letter, short);
    const left = short > 0n ? 0n : -short;
    const others = live.filter(({ id }) => id !== letterId);
    const after = { ...reservation, amountMinor: left };
    await tx.manager.update(
      GuaranteeReservation,
      { id: reservationId },
      { amountMinor: left, status: others.length === 0 ? 'turned' : 'live', updatedAt: now },
    );
    if (others.length === 0) await this.ending.free(tx, after, left);
    await clearTimers(tx, letterId, [guaranteeTimers.letterEnd]);
    return this.guarantees.move(tx, letter, 'issue', letter.offerId === null ? 'lender' : 'market', '', {
      issuedAt: now,
      balanceMinor: letter.guaranteedMinor,
      certificateCode: groupedCode(randomBytes(16)),
    });
  }

  /**
   * A second offer of the same request was awarded beside the first: it needs headroom of its own, from the hot row, and every cap of the
   * mandate in force is judged again for it.
   */
  private async grow(tx: Transaction, letter: Guarantee, short: bigint): Promise<void> {
    const scheme = await this.book.inForce(tx, letter.schemeId);
    const row = await this.capacity.lock(tx, letter.schemeId);
    const { enterpriseId: enterprise, lenderId: lender, sector, region, vintage } = letter;
    const keys = { enterprise, lender, sector, region, vintage };
    const named = capScopes.map((scope) => ({ scope, key: keys[scope] }));
    const state: HeadroomState = {
      currency: row.currency,
      grantedMinor: grantedCapacity(row.baseMinor, row.leverageHundredths),
      usedMinor: row.usedMinor,
      stopped: row.stopped,
      caps: capsOf(scheme),
      exposures: await readExposures(tx, letter.schemeId, named),
      reserved: new Map(),
    };
    const verdict = decideSecondAward(state, keys, short);
    // The enterprise reads this: what the lender takes of its cap is not for it.
    if ('refused' in verdict)
      throw refusedHeadroom(verdict, scheme, short, verdict.refused !== 'cap' || verdict.scope !== 'lender');
    const grown = named
      .filter(({ scope }) => scope !== 'lender')
      .map(({ scope, key }) => ({ scope, key, growthMinor: short, limitMinor: tightestCap(state, scope, key) }))
      .sort((a, b) => (exposureName(a.scope, a.key) < exposureName(b.scope, b.key) ? -1 : 1));
    await writeHeadroom(tx, letter.schemeId, short, state, grown);
  }

  private async billed(tx: Transaction, issued: Guarantee): Promise<Guarantee> {
    const fee = await this.fees.billFirst(tx, issued);
    const parameters = { number: issued.number };
    for (const organisationId of [issued.lenderId, issued.enterpriseId])
      notify(tx, { organisationId, template: 'guarantee_issued', parameters, link: `/guarantees/${issued.id}` });
    if (!fee) return issued;
    await tx.manager.update(Guarantee, { id: issued.id }, { feeDue: true });
    return { ...issued, feeDue: true };
  }

  private async disbursed(tx: Transaction, guarantee: Guarantee, disbursedOn: CalendarDate): Promise<Guarantee> {
    if (guarantee.state !== 'issued') return guarantee;
    const { fee, claimDays } = await this.book.terms(tx, guarantee.schemeId, guarantee.schemeVersion);
    const endsOn = addMonths(disbursedOn, guarantee.tenorMonths);
    const next = addMonths(disbursedOn, 12);
    const nextFeeOn = fee.collection === 'annual' && next < endsOn ? next : null;
    const changes = { disbursedOn, endsOn, nextFeeOn };
    const lastDay = startOfCountryDay(this.environment.country, addDays(endsOn, claimDays));
    await setTimer(tx, guaranteeTimers.termEnd, guarantee.id, lastDay);
    await this.fees.beginEarning(tx, guarantee.id, disbursedOn);
    if (guarantee.feeDue) return this.guarantees.change(tx, guarantee, 'disburse', '', changes);
    const inForce = await this.guarantees.move(tx, guarantee, 'begin', 'market', '', {
      ...changes,
      inForceAt: await tx.now(),
    });
    for (const organisationId of [guarantee.lenderId, guarantee.enterpriseId])
      notify(tx, {
        organisationId,
        template: 'guarantee_in_force',
        parameters: { number: guarantee.number },
        link: `/guarantees/${guarantee.id}`,
      });
    return inForce;
  }
}
