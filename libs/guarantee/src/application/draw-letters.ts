// size: one transaction for many letters; cut apart, its order of locks could not be read.
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, moneyToJson, printAmount } from '#kernel';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  GroupCommit,
  type GroupMember,
  type GroupOutcome,
  httpError,
  idBytes,
  idText,
  newId,
  setTimers,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { DataSource, In } from 'typeorm';
import { applicationLifecycle } from '../domain/application.lifecycle.js';
import { brokenClauses } from '../domain/clauses.policy.js';
import { guaranteeError } from '../domain/errors.js';
import { guaranteeNumber } from '../domain/guarantee-number.js';
import { guaranteeTimers } from '../domain/guarantee-timers.js';
import {
  decideReservation,
  exposureName,
  grantedCapacity,
  type HeadroomState,
  type ReservationAsk,
  tightestCap,
} from '../domain/reservation.policy.js';
import { capScopes, type Clause, readClauses } from '../domain/scheme-terms.js';
import { foldMovements, lockCapacity } from '../persistence/capacity.store.js';
import { GuaranteeApplication } from '../persistence/entities.js';
import {
  addToAgreements,
  approveByAgreement,
  type HeldAgreement,
  insertLetters,
  type LiveReservation,
  lockAgreements,
  lockApplications,
  lockReservations,
  type NewLetter,
  type NewReservation,
  readExposures,
  withLetters,
  writeHeadroom,
  writeReservations,
} from '../persistence/letter.store.js';
import { Accreditations } from './accreditations.js';
import { loanOf } from './apply-for-guarantee.js';
import { Consents } from './consents.js';
import { type GuaranteeStep, recordHistory } from './record-history.js';
import { capsOf, refusedHeadroom } from './refused-headroom.js';
import { SchemeBook, type SchemeInForce } from './scheme-book.js';

export interface LetterAsk {
  readonly schemeId: string;
  readonly applicationId: string;
}

export interface DrawnLetter {
  readonly id: string;
  readonly number: string;
  readonly state: 'offered';
  readonly guaranteed: { readonly amount: string; readonly currency: string };
  readonly until: string;
}

type Member = GroupMember<LetterAsk>;
type Outcome = GroupOutcome<DrawnLetter>;
interface Candidate {
  readonly member: Member;
  readonly application: GuaranteeApplication;
  readonly ask: ReservationAsk;
  /** The consent that an automatic approval rests on; undefined for one that was decided by people. */
  readonly consentId: string | undefined;
}

const dayMs = 86_400_000;
const everywhere = '-';

/**
 * Draws letters of intent: each reserves headroom for its request, once per request and scheme, until its day. Those that wait
 * in this process at the same moment take the scheme's row together, are decided in their order, and commit together;
 * one that is refused does not touch the others. Locks: applications, agreements, capacity, reservations.
 */
@Injectable()
export class DrawLetters {
  private readonly group: GroupCommit<LetterAsk, DrawnLetter>;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly book: SchemeBook,
    private readonly accreditations: Accreditations,
    private readonly consents: Consents,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {
    this.group = new GroupCommit(
      unitOfWork,
      ({ schemeId }) => schemeId,
      (tx, members) => this.within(tx, members),
    );
  }

  /** Draws one letter for the caller's application, together with whoever asks at the same moment. */
  async execute(context: CommandContext, applicationId: string): Promise<DrawnLetter> {
    const schemeId = await this.schemeOf(context, applicationId);
    return this.group.submit(context, { schemeId, applicationId });
  }

  /** The same in a transaction of its own: what the group is measured against. */
  async alone(context: CommandContext, ask: LetterAsk): Promise<DrawnLetter> {
    const [outcome] = await this.unitOfWork.runTogether([{ context, input: ask }], (tx, members) =>
      this.within(tx, members),
    );
    if (outcome && 'result' in outcome) return outcome.result;
    throw outcome?.error;
  }

  /** One statement outside of any transaction: which row the command will wait for. Everything is judged again under lock. */
  private async schemeOf({ actor }: CommandContext, applicationId: string): Promise<string> {
    const [row] = await this.dataSource.query<{ scheme_id: Buffer }[]>(
      'SELECT scheme_id FROM guarantee_application WHERE id = ? AND lender_id = ?',
      [idBytes(applicationId), idBytes(actor.organisationId)],
    );
    if (!row) throw httpError('record_unknown');
    return idText(row.scheme_id);
  }

  /** Decides a group of one scheme. */
  async within(tx: Transaction, members: readonly Member[]): Promise<readonly Outcome[]> {
    const outcomes: (Outcome | undefined)[] = members.map(() => undefined);
    const refuse = (member: Member, error: unknown): void => {
      outcomes[members.indexOf(member)] = { error };
    };
    const schemeId = (members[0] as Member).input.schemeId;
    const ids = [...new Set(members.map(({ input }) => input.applicationId))].sort();
    await lockApplications(tx, ids);
    const rows = await tx.manager.findBy(GuaranteeApplication, { id: In(ids) });
    const applications = new Map(rows.map((row) => [row.id, row]));
    const scheme = await this.book.inForce(tx, schemeId);
    const candidates = await this.candidates(tx, scheme, members, applications, refuse);
    if (candidates.length > 0) {
      const granted = await this.reserve(tx, scheme, candidates, refuse);
      for (const { member, letter } of granted) outcomes[members.indexOf(member)] = { result: letterView(letter) };
    }
    return outcomes.map((outcome) => outcome ?? { error: guaranteeError('application_not_approved') });
  }

  /** Those whose own conditions hold; the others are refused with their reason. */
  private async candidates(
    tx: Transaction,
    scheme: SchemeInForce,
    members: readonly Member[],
    applications: ReadonlyMap<string, GuaranteeApplication>,
    refuse: (member: Member, error: unknown) => void,
  ): Promise<readonly Candidate[]> {
    const now = await tx.now();
    const found = [...applications.values()];
    const accredited = await this.accreditations.accredited(
      tx,
      scheme.scheme.id,
      found.map(({ lenderId }) => lenderId),
      now,
    );
    const automatic = found.filter(({ status, agreementId }) => status === 'draft' && agreementId !== null);
    const day = countryDate(this.environment.country, now);
    const agreements = await lockAgreements(
      tx,
      scheme.scheme.id,
      [...new Set(automatic.map(({ agreementId }) => agreementId as string))].sort(),
      day,
    );
    const left = new Map([...agreements].map(([id, { quotaMinor, usedMinor }]) => [id, quotaMinor - usedMinor]));
    const taken = new Set(await withLetters(tx, [...applications.keys()]));
    const candidates: Candidate[] = [];
    for (const member of members) {
      try {
        const application = applications.get(member.input.applicationId);
        if (application?.lenderId !== member.tx.context.actor.organisationId) throw httpError('record_unknown');
        if (scheme.scheme.status !== 'active') throw guaranteeError('scheme_not_active');
        if (!accredited.has(application.lenderId)) throw guaranteeError('lender_not_accredited');
        if (taken.has(application.id)) throw guaranteeError('letter_exists');
        const consentId = await this.standing(tx, scheme, application, agreements, left, now);
        taken.add(application.id);
        candidates.push({ member, application, ask: askOf(application, day), consentId });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        refuse(member, error);
      }
    }
    return candidates;
  }

  /** Approved by people and still within its days; or approved now by the rules of its agreement. */
  private async standing(
    tx: Transaction,
    scheme: SchemeInForce,
    application: GuaranteeApplication,
    agreements: ReadonlyMap<string, HeldAgreement>,
    left: Map<string, bigint>,
    now: Date,
  ): Promise<string | undefined> {
    if (application.status === 'approved') {
      if (application.letterUntil && application.letterUntil <= now)
        throw guaranteeError('application_not_approved', { detail: 'The approval’s days are over; apply anew.' });
      return undefined;
    }
    if (application.status !== 'draft' || application.agreementId === null)
      throw guaranteeError('application_not_approved');
    const agreement = agreements.get(application.agreementId);
    if (agreement?.lenderId !== application.lenderId) throw guaranteeError('agreement_unknown');
    if (application.schemeVersion !== scheme.number)
      throw guaranteeError('clauses_broken', { detail: 'The scheme’s terms have changed; make the application anew.' });
    const clauses = [...scheme.terms.clauses, ...readClauses(JSON.parse(agreement.clauses))];
    const broken = brokenClauses(clauses, loanOf(application), application.facts);
    if (broken.length > 0) throw guaranteeError('clauses_broken', { data: { clauses: broken } });
    const quota = left.get(agreement.id) ?? 0n;
    if (application.guaranteedMinor > quota)
      throw guaranteeError('agreement_quota', {
        data: { left: printAmount({ minor: quota, currency: application.currency }) },
      });
    const consentId = await this.consents.assertGiven(tx, application);
    left.set(agreement.id, quota - application.guaranteedMinor);
    return consentId;
  }

  private async reserve(
    tx: Transaction,
    scheme: SchemeInForce,
    candidates: readonly Candidate[],
    refuse: (member: Member, error: unknown) => void,
  ): Promise<readonly { readonly member: Member; readonly letter: NewLetter }[]> {
    const schemeId = scheme.scheme.id;
    const live = await this.liveReservations(tx, schemeId, candidates);
    const caps = capsOf(scheme);
    let state = await this.headroom(tx, schemeId, caps, candidates, live);
    let verdicts = candidates.map(({ ask }) => decideReservation(state, ask));
    // Somebody would be refused: what was given back beside the row may be enough.
    if (verdicts.some((verdict) => 'refused' in verdict) && (await foldMovements(tx, schemeId)) > 0) {
      while ((await foldMovements(tx, schemeId)) > 0);
      state = await this.headroom(tx, schemeId, caps, candidates, live);
      verdicts = candidates.map(({ ask }) => decideReservation(state, ask));
    }
    const granted = candidates.flatMap((candidate, index) => {
      const verdict = verdicts[index] as (typeof verdicts)[number];
      if (!('refused' in verdict)) return [{ ...candidate, growthMinor: verdict.growthMinor }];
      refuse(candidate.member, refusedHeadroom(verdict, scheme, candidate.ask.amountMinor));
      return [];
    });
    if (granted.length === 0) return [];
    // Read after the locks: the day of a letter is judged by it.
    const now = await tx.now();
    const until = new Date(now.getTime() + scheme.terms.letterDays * dayMs);
    const reservations = new Map(live.map((each) => [each.subjectId, each.id]));
    const letters = granted.map((each) => this.letter(scheme, each.application, reservations, until, now));
    await writeHeadroom(
      tx,
      schemeId,
      granted.reduce((sum, { growthMinor }) => sum + growthMinor, 0n),
      state,
      exposureGrowth(granted, state),
    );
    await writeReservations(tx, schemeId, reservationsOf(granted, letters, state, until), now);
    await insertLetters(tx, letters, now);
    await setTimers(
      tx,
      letters.map(({ id }) => ({ kind: guaranteeTimers.letterEnd, subjectId: id, dueAt: until })),
    );
    await this.record(tx, scheme, granted, letters, now);
    return granted.map(({ member }, index) => ({ member, letter: letters[index] as NewLetter }));
  }

  private async liveReservations(
    tx: Transaction,
    schemeId: string,
    candidates: readonly Candidate[],
  ): Promise<readonly LiveReservation[]> {
    const held = await lockCapacity(tx, schemeId);
    if (!held) throw guaranteeError('scheme_unknown');
    return lockReservations(tx, schemeId, [...new Set(candidates.map(({ ask }) => ask.subjectId))].sort());
  }

  private async headroom(
    tx: Transaction,
    schemeId: string,
    caps: readonly (Clause & { kind: 'cap' })[],
    candidates: readonly Candidate[],
    live: readonly LiveReservation[],
  ): Promise<HeadroomState> {
    const row = await lockCapacity(tx, schemeId);
    if (!row) throw guaranteeError('scheme_unknown');
    const scopes = new Set(caps.map(({ scope }) => scope));
    const named = new Map(
      candidates.flatMap(({ ask }) =>
        [...scopes].map((scope) => [exposureName(scope, ask[scope]), { scope, key: ask[scope] }] as const),
      ),
    );
    return {
      currency: row.currency,
      grantedMinor: grantedCapacity(row.baseMinor, row.leverageHundredths),
      usedMinor: row.usedMinor,
      stopped: row.stopped,
      caps,
      exposures: await readExposures(tx, schemeId, [...named.values()]),
      reserved: new Map(live.map(({ subjectId, amountMinor }) => [subjectId, amountMinor])),
    };
  }

  private letter(
    { scheme }: SchemeInForce,
    application: GuaranteeApplication,
    reservations: Map<string, string>,
    until: Date,
    now: Date,
  ): NewLetter {
    const id = newId();
    const subjectId = application.requestId ?? application.id;
    const reservationId = reservations.get(subjectId) ?? newId();
    reservations.set(subjectId, reservationId);
    const vintage = countryDate(this.environment.country, now).slice(0, 4);
    return {
      id,
      number: guaranteeNumber(scheme.code, vintage, id),
      reservationId,
      letterUntil: until,
      sector: application.facts.enterprise.sector ?? everywhere,
      region: application.facts.enterprise.region ?? everywhere,
      vintage,
      application,
    };
  }

  private async record(
    tx: Transaction,
    { scheme, terms }: SchemeInForce,
    granted: readonly Candidate[],
    letters: readonly NewLetter[],
    now: Date,
  ): Promise<void> {
    const automatic = granted.filter(({ consentId }) => consentId !== undefined);
    const used = new Map<string, bigint>();
    for (const { application } of automatic) {
      const id = application.agreementId as string;
      used.set(id, (used.get(id) ?? 0n) + application.guaranteedMinor);
    }
    await addToAgreements(tx, used);
    await approveByAgreement(
      tx,
      automatic.map(({ application, consentId }) => ({ id: application.id, consentId: consentId as string })),
      new Date(now.getTime() + terms.approvalDays * dayMs),
      now,
    );
    const steps: GuaranteeStep[] = [];
    granted.forEach(({ member, application, consentId }, index) => {
      const letter = letters[index] as NewLetter;
      const { actor } = member.tx.context;
      const of = { schemeId: scheme.id, actor };
      if (consentId !== undefined) {
        const subject = { ...of, subjectType: 'guarantee_application', subjectId: application.id };
        const submitted = applicationLifecycle.after('draft', 'submit', 'lender');
        const approved = applicationLifecycle.after(submitted, 'approve', 'agreement');
        steps.push(
          { ...subject, action: 'submit', from: 'draft', to: submitted, reason: '' },
          {
            ...subject,
            action: 'approve',
            from: submitted,
            to: approved,
            reason: `agreement ${application.agreementId}`,
          },
        );
      }
      steps.push({
        ...of,
        subjectType: 'guarantee',
        subjectId: letter.id,
        action: 'offer',
        from: null,
        to: 'offered',
        reason: '',
      });
      const { lenderId, enterpriseId, requestId, offerId } = application;
      member.tx.audit({
        action: 'guarantee.offer',
        subjectType: 'guarantee',
        subjectId: letter.id,
        data: {
          applicationId: application.id,
          amountMinor: application.guaranteedMinor.toString(),
          number: letter.number,
        },
      });
      member.tx.emit({
        name: 'guarantee.offered',
        subjectType: 'guarantee',
        subjectId: letter.id,
        version: 1,
        audience: [lenderId, enterpriseId],
        payload: { schemeId: scheme.id, lenderId, enterpriseId, requestId, offerId, state: 'offered' },
      });
    });
    await recordHistory(tx, steps, now);
  }
}

function askOf(application: GuaranteeApplication, day: string): ReservationAsk {
  const { enterprise } = application.facts;
  return {
    subjectId: application.requestId ?? application.id,
    amountMinor: application.guaranteedMinor,
    enterprise: application.enterpriseId,
    lender: application.lenderId,
    sector: enterprise.sector ?? everywhere,
    region: enterprise.region ?? everywhere,
    vintage: day.slice(0, 4),
  };
}

/** What each exposure grows by, with the tightest of the caps that count it. */
function exposureGrowth(granted: readonly (Candidate & { readonly growthMinor: bigint })[], state: HeadroomState) {
  const sums = new Map<string, { scope: (typeof capScopes)[number]; key: string; growthMinor: bigint }>();
  for (const { ask, growthMinor } of granted)
    for (const scope of capScopes) {
      const name = exposureName(scope, ask[scope]);
      const before = sums.get(name)?.growthMinor ?? 0n;
      const grows = scope === 'lender' ? ask.amountMinor : growthMinor;
      sums.set(name, { scope, key: ask[scope], growthMinor: before + grows });
    }
  return [...sums.values()]
    .sort((a, b) => (exposureName(a.scope, a.key) < exposureName(b.scope, b.key) ? -1 : 1))
    .map((each) => ({ ...each, limitMinor: tightestCap(state, each.scope, each.key) }));
}

/** One row for each subject, as large as the state says after all were decided. */
function reservationsOf(
  granted: readonly Candidate[],
  letters: readonly NewLetter[],
  state: HeadroomState,
  until: Date,
): readonly NewReservation[] {
  const rows = new Map<string, NewReservation>();
  granted.forEach(({ application, ask }, index) => {
    const letter = letters[index] as NewLetter;
    const { sector, region, vintage, reservationId } = letter;
    rows.set(ask.subjectId, {
      id: reservationId,
      subjectId: ask.subjectId,
      currency: application.currency,
      enterpriseId: application.enterpriseId,
      sector,
      region,
      vintage,
      amountMinor: state.reserved.get(ask.subjectId) as bigint,
      expiresAt: until,
    });
  });
  return [...rows.values()];
}

function letterView({ id, number, letterUntil, application }: NewLetter): DrawnLetter {
  return {
    id,
    number,
    state: 'offered',
    guaranteed: moneyToJson({ minor: application.guaranteedMinor, currency: application.currency }),
    until: letterUntil.toISOString(),
  };
}
