// size: every way in which one claim is found to be another, under one lock.
import { Injectable, Optional } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { addDays, dayNumber } from '#kernel';
import { notify } from '#notices';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { ReviewCases } from '#review';
import { receivableError } from '../domain/errors.js';
import type { FingerprintFacts } from '../domain/fingerprint.js';
import type { HoldKind } from '../domain/hold.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { splitPartners } from '../domain/split.policy.js';
import { askSoon, inquiriesOf, lienSource, peerSource } from '../persistence/inquiry.store.js';
import { activePeerIds } from '../persistence/peer.store.js';
import {
  heldAgainst,
  holdsOf,
  insertExact,
  insertHolds,
  insertLoose,
  lockPairs,
  looseMatches,
  neighbours,
  removeFingerprints,
} from '../persistence/registry.store.js';
import { type ClaimPrints, Fingerprints, looseKeysOf, looseKind } from './fingerprints.js';
import { LienRegister } from './ports/lien-register.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { Receivables } from './receivables.js';

/** The word under which review keeps the cases of look-alikes. */
export const heldReceivable = 'receivable';

/** Why a receivable cannot be listed or awarded now. */
export interface FinanceObstacle {
  readonly code: 'state' | 'days_left' | 'party_not_verified' | 'on_hold' | 'duplicate' | 'answer_missing';
  readonly message: string;
}

export interface FinanceVerdict {
  readonly receivableId: string;
  readonly financeable: boolean;
  readonly obstacles: readonly FinanceObstacle[];
}

/** What a hold is about, before it is written. */
export interface HoldReason {
  readonly kind: HoldKind;
  readonly against: string;
  readonly otherId: string | null;
}

/**
 * The registry against double financing. The exact key of a confirmed claim is a primary key, so a second one cannot be confirmed. What
 * only looks alike is held: not listed and not awarded until a reviewer has decided its case. Of two look-alikes the one that was registered
 * later is held.
 */
@Injectable()
export class Registry {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly fingerprints: Fingerprints,
    private readonly identity: IdentityReader,
    private readonly receivables: Receivables,
    private readonly cases: ReviewCases,
    private readonly book: ReceivableRuleBook,
    @Optional() private readonly liens?: LienRegister,
  ) {}

  /** Registers a claim in the transaction that confirms it. Refuses with `receivable_registered` where the very same claim stands. */
  async register(tx: Transaction, receivable: ReceivableRecord): Promise<void> {
    await lockPairs(tx, [receivable]);
    const prints = await this.printsOf(tx, receivable);
    const now = await tx.now();
    const owner = await insertExact(tx, prints.exact, receivable.id, now);
    if (owner !== undefined) throw receivableError('receivable_registered', { data: { number: receivable.number } });
    const { issuedOn } = receivable;
    await insertLoose(tx, receivable.id, [
      ...(prints.order ? [{ hash: prints.order.kept, kind: looseKind.order, issuedOn }] : []),
      { hash: prints.number, kind: looseKind.number, issuedOn },
      { hash: prints.groups, kind: looseKind.groups, issuedOn },
      { hash: prints.amount, kind: looseKind.amount, issuedOn },
    ]);
    await this.holdLookAlikes(tx, receivable, prints);
    await askSoon(tx, [receivable.id], await this.sources(tx), now);
  }

  /** Takes a claim out again that was registered and is now rejected or withdrawn. */
  async release(tx: Transaction, receivableId: string): Promise<void> {
    await removeFingerprints(tx, receivableId);
  }

  /** Looks again and opens holds where something has come up; for callers that are not in the middle of an award. */
  async execute(context: CommandContext, receivableIds: readonly string[]): Promise<readonly FinanceVerdict[]> {
    return this.unitOfWork.run(context, (tx) => this.check(tx, receivableIds));
  }

  /** Locks the receivables and says of each whether it may be listed or awarded; opens holds where something has come up. */
  async check(tx: Transaction, receivableIds: readonly string[]): Promise<readonly FinanceVerdict[]> {
    const verdicts: FinanceVerdict[] = [];
    const locked = await this.receivables.lockAll(tx, receivableIds);
    await lockPairs(tx, locked);
    for (const receivable of locked) {
      if (receivable.state === 'confirmed' || receivable.state === 'listed')
        await this.holdLookAlikes(tx, receivable, await this.printsOf(tx, receivable));
      const obstacles = await this.obstacles(tx, receivable);
      verdicts.push({ receivableId: receivable.id, financeable: obstacles.length === 0, obstacles });
    }
    return verdicts;
  }

  /** Refuses with `receivable_not_financeable` unless every one may be listed or awarded; for the moment of listing and award. */
  async assertFinanceable(tx: Transaction, receivableIds: readonly string[]): Promise<void> {
    const refused = (await this.check(tx, receivableIds)).filter(({ financeable }) => !financeable);
    if (refused.length === 0) return;
    throw receivableError('receivable_not_financeable', {
      detail: refused.flatMap(({ obstacles }) => obstacles.map(({ message }) => message)).join(' '),
      data: { receivables: refused },
    });
  }

  /** Writes holds and their case; what is held already is left alone. */
  async hold(tx: Transaction, receivable: ReceivableRecord, reasons: readonly HoldReason[]): Promise<void> {
    const standing = new Set((await holdsOf(tx.rows.bind(tx), receivable.id)).map(({ against }) => against));
    const fresh = reasons.filter(({ against }) => !standing.has(against));
    if (fresh.length === 0) return;
    const now = await tx.now();
    const open = await this.cases.openCaseOf(tx, heldReceivable, receivable.id);
    const caseId =
      open?.id ??
      (
        await this.cases.open(tx, {
          kind: 'registry_hold',
          subjectType: heldReceivable,
          subjectId: receivable.id,
          applicantOrganisationId: receivable.sellerId,
        })
      ).caseId;
    await insertHolds(tx, receivable.id, caseId, fresh, now);
    const kinds = [...new Set(fresh.map(({ kind }) => kind))];
    tx.audit({
      action: 'receivable.hold',
      subjectType: 'receivable',
      subjectId: receivable.id,
      data: { kinds, caseId },
    });
    tx.emit({
      name: 'receivable.held',
      subjectType: 'receivable',
      subjectId: receivable.id,
      version: receivable.version,
      audience: [receivable.sellerId, receivable.anchorId],
      payload: { kinds },
    });
    notify(tx, {
      organisationId: receivable.sellerId,
      template: 'receivable_held',
      parameters: { number: receivable.number },
      link: `/receivables/${receivable.id}`,
    });
  }

  private async holdLookAlikes(tx: Transaction, receivable: ReceivableRecord, prints: ClaimPrints): Promise<void> {
    const newcomers = await heldAgainst(tx, receivable.id);
    const found = await this.lookAlikes(tx, receivable, prints, newcomers);
    if (found.size === 0) return;
    const reasons = [...found]
      .filter(([otherId]) => !newcomers.has(otherId))
      .map(([otherId, kind]) => ({ kind, against: `local:${otherId}`, otherId }));
    await this.hold(tx, receivable, reasons);
  }

  private async lookAlikes(
    tx: Transaction,
    receivable: ReceivableRecord,
    prints: ClaimPrints,
    newcomers: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, HoldKind>> {
    const { numberDays, nearDays, split } = this.book.rules.registry;
    const found = new Map<string, HoldKind>();
    const day = dayNumber(receivable.issuedOn);
    const keys = [...looseKeysOf(prints), ...(prints.order ? [prints.order.asked] : [])];
    for (const match of await looseMatches(tx, receivable.id, keys)) {
      // An order is invoiced whenever it is delivered: no distance in days makes the two different things.
      if (match.kind === looseKind.order) {
        if (!found.has(match.otherId)) found.set(match.otherId, 'order');
        continue;
      }
      const apart = Math.abs(dayNumber(match.issuedOn) - day);
      const kind = match.kind === looseKind.amount ? 'amount' : 'number';
      if (apart <= (kind === 'amount' ? nearDays : numberDays) && found.get(match.otherId) !== 'number')
        found.set(match.otherId, kind);
    }
    const from = addDays(receivable.issuedOn, -split.days);
    const near = await neighbours(tx, receivable, from, addDays(receivable.issuedOn, split.days), split.candidates);
    const claim = { id: receivable.id, number: receivable.number, amountMinor: receivable.faceMinor };
    const partners = splitPartners(claim, near, split);
    // The sum is complete with its last part: that one is held, the others are not held for it.
    if (partners.some((id) => newcomers.has(id))) return found;
    for (const id of partners) if (!found.has(id)) found.set(id, 'split');
    return found;
  }

  private async obstacles(tx: Transaction, receivable: ReceivableRecord): Promise<readonly FinanceObstacle[]> {
    const obstacles: FinanceObstacle[] = [];
    const add = (code: FinanceObstacle['code'], message: string) =>
      obstacles.some((known) => known.code === code) || obstacles.push({ code, message });
    const { id, state, number, dueOn } = receivable;
    // Assigned is what it is called when another part of it was sold; whether this part is free, its certificate says.
    if (state !== 'confirmed' && state !== 'listed' && state !== 'assigned') add('state', `${number} is ${state}.`);
    const now = await tx.now();
    const left = dayNumber(dueOn) - dayNumber(this.book.today(now));
    const needed = state === 'confirmed' ? this.book.rules.listingDays : 1;
    if (left < needed) add('days_left', `${number} is due in ${left} days; at least ${needed} are needed.`);
    for (const party of [receivable.sellerId, receivable.anchorId]) {
      const organisation = await this.identity.organisation(party, tx);
      if (!organisation?.verified || organisation.suspended)
        add('party_not_verified', `A party of ${number} is not verified or is suspended.`);
    }
    for (const hold of await holdsOf(tx.rows.bind(tx), id)) {
      if (hold.state === 'open') add('on_hold', `${number} looks like another claim; a reviewer decides its case.`);
      if (hold.state === 'duplicate') add('duplicate', `${number} was found to be another claim once more.`);
    }
    const sources = await this.sources(tx);
    const fresh = new Date(now.getTime() - this.book.rules.registry.answerHours * 3_600_000);
    const answered = new Set(
      (await inquiriesOf(tx, id))
        .filter(({ verdict, answeredAt }) => verdict !== null && answeredAt !== null && answeredAt > fresh)
        .map(({ source }) => source),
    );
    const missing = sources.filter((source) => !answered.has(source));
    await askSoon(tx, [id], missing, now);
    if (missing.length > 0)
      add('answer_missing', `Another register has not answered about ${number}; it is asked again.`);
    return obstacles;
  }

  /** The registers outside that must have answered. */
  async sources(tx: Transaction): Promise<readonly string[]> {
    const peers = await activePeerIds(tx);
    return [...peers.map(peerSource), ...(this.liens ? [lienSource] : [])];
  }

  async printsOf(tx: Transaction, receivable: ReceivableRecord): Promise<ClaimPrints> {
    const facts = await this.factsOf(tx, receivable);
    return { ...this.fingerprints.of(facts), order: this.fingerprints.ofOrder(facts, receivable) };
  }

  private async factsOf(tx: Transaction, receivable: ReceivableRecord): Promise<FingerprintFacts> {
    const parties = await this.identity.organisationsWithin([receivable.sellerId, receivable.anchorId], tx);
    const seller = parties.get(receivable.sellerId);
    const debtor = parties.get(receivable.anchorId);
    if (!seller || !debtor) throw new Error('a party of a receivable is not registered');
    const { number, issuedOn, currency, faceMinor } = receivable;
    return { seller, debtor, number, issuedOn, currency, amountMinor: faceMinor };
  }
}
