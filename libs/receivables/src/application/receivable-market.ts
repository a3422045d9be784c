// size: list, unlist and assign with what they check under lock; the marketplace calls nothing else.
import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { allocate, type CalendarDate } from '#kernel';
import { Ledger, organisationAccount } from '#ledger';
import { notify } from '#notices';
import { idBytes, idText, isDuplicateKey, newId, setTimer, setTimers, type Transaction } from '#platform';
import { settlementError } from '../domain/settlement-errors.js';
import { Assignment, type Certificate } from '../persistence/certificate.entities.js';
import { lockCertificates, lockCertificatesOf, moveCertificate } from './certificate-records.js';
import { Financeability } from './financeability.js';
import { FollowCertificates } from './follow-certificates.js';
import { Receivables } from './receivables.js';
import { recordSettlementSteps, type SettlementStep } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';
import { openObligation } from './settlement-records.js';
import { settlementTimers } from './settlement-timers.js';

export interface ListInput {
  readonly certificateIds: readonly string[];
  /** Whose request it is; it must hold every certificate. */
  readonly sellerId: string;
  /** The marketplace's own word for the listing, such as its request's id; at most 80 characters. */
  readonly reference: string;
}

export interface AssignInput extends ListInput {
  readonly assigneeOrganisationId: string;
  /** The award's own word: an assignment is made once under it. */
  readonly awardReference: string;
  /** What the seller gets in all, in minor units: the first leg, and the holdback when the anchor has paid. */
  readonly priceMinor: bigint;
  readonly holdbackMinor: bigint;
  /** With recourse the debtor's non-payment obliges the seller too; fraud, double assignment and non-delivery always do. */
  readonly withRecourse: boolean;
}

export interface MadeAssignment {
  readonly assignmentId: string;
  /** Under this reference (ISO 11649) the assignee pays the first leg. */
  readonly firstLegReference: string;
  readonly firstLegMinor: bigint;
  readonly payOn: CalendarDate;
}

/**
 * What the marketplace calls in its own transaction. Everything is checked again under lock: receivables by id, then
 * certificates by id, then the ledger; so call it after the marketplace's own locks, and post nothing before it.
 */
@Injectable()
export class ReceivableMarket {
  constructor(
    private readonly receivables: Receivables,
    private readonly financeability: Financeability,
    private readonly follow: FollowCertificates,
    private readonly identity: IdentityReader,
    private readonly ledger: Ledger,
    private readonly book: SettlementBook,
  ) {}

  /** Puts certificates on the market. Refuses what is not its seller's, not free, on hold, encumbered, too near its day, or of an anchor that is not sound. */
  async list(tx: Transaction, { certificateIds, sellerId, reference }: ListInput): Promise<void> {
    const { receivables, certificates } = await this.lock(tx, certificateIds);
    assertOffered(certificates, sellerId, 'held', undefined);
    await this.financeability.assertListable(tx, certificates);
    const steps: SettlementStep[] = [];
    const after = new Map(certificates.map((each) => [each.id, each]));
    for (const certificate of certificates) {
      const moved = await moveCertificate(tx, certificate, 'list', 'market', { listedFor: reference });
      after.set(certificate.id, moved.after);
      steps.push(moved.step);
    }
    await this.followAll(tx, receivables, after);
    await recordSettlementSteps(tx, steps);
  }

  /** Takes certificates off the market; those that are not listed under this reference are left alone. */
  async unlist(
    tx: Transaction,
    { certificateIds, reference }: Pick<ListInput, 'certificateIds' | 'reference'>,
  ): Promise<void> {
    const { receivables, certificates } = await this.lock(tx, certificateIds);
    const steps: SettlementStep[] = [];
    const after = new Map(certificates.map((each) => [each.id, each]));
    for (const certificate of certificates) {
      if (certificate.status !== 'listed' || certificate.listedFor !== reference) continue;
      const moved = await moveCertificate(tx, certificate, 'unlist', 'market', { listedFor: null });
      after.set(certificate.id, moved.after);
      steps.push(moved.step);
    }
    if (steps.length === 0) return;
    await this.followAll(tx, receivables, after);
    await recordSettlementSteps(tx, steps);
  }

  /**
   * Sells listed certificates to a financier: entered in the register, the anchors told, the first leg instructed for T+1 in working days, the
   * position moved in the books. The certificates are the assignee's from this moment; when the first leg fails, `assignment.undone` says so.
   */
  async assign(tx: Transaction, input: AssignInput): Promise<MadeAssignment> {
    const {
      certificateIds,
      sellerId,
      reference,
      assigneeOrganisationId: assigneeId,
      priceMinor,
      holdbackMinor,
    } = input;
    const { receivables, certificates } = await this.lock(tx, certificateIds);
    assertOffered(certificates, sellerId, 'listed', reference);
    const currency = (certificates[0] as Certificate).currency;
    const faces = certificates.map(({ amountMinor }) => amountMinor);
    const faceMinor = faces.reduce((sum, each) => sum + each, 0n);
    assertSums(
      faceMinor,
      priceMinor,
      holdbackMinor,
      certificates.some((each) => each.currency !== currency),
    );
    const now = await tx.now();
    const today = this.book.day(now);
    const { rules } = this.book;
    const payOn = await this.book.workingDayAfter(tx, today, rules.firstLegWorkingDays);
    const lastDay = await this.book.workingDayAfter(tx, payOn, rules.firstLegGraceWorkingDays);
    await this.financeability.assertAwardable(tx, certificates, lastDay);
    const id = newId();
    const transferReference = `assignment.register:${id}`;
    const assignment: Assignment = {
      id,
      reference: input.awardReference,
      sellerId,
      assigneeId,
      currency,
      faceMinor,
      priceMinor,
      holdbackMinor,
      withRecourse: input.withRecourse,
      positionTransferId: null,
      state: 'registered',
      payOn,
      undoReason: null,
      version: 1,
      createdAt: now,
      endedAt: null,
    };
    await tx.manager.insert(Assignment, assignment).catch((error: unknown) => {
      throw isDuplicateKey(error)
        ? settlementError('assignment_reference_taken', { data: { reference: input.awardReference } })
        : error;
    });
    const items = await this.insertItems(tx, assignment, certificates, faces, now);
    const firstLegMinor = priceMinor - holdbackMinor;
    const firstLeg = await openObligation(tx, {
      kind: 'first_leg',
      subjectId: id,
      payerId: assigneeId,
      currency,
      amountMinor: firstLegMinor,
      dueOn: payOn,
    });
    const steps: SettlementStep[] = [
      {
        subjectType: 'assignment',
        subjectId: id,
        action: 'register',
        from: null,
        to: 'registered',
        version: 1,
        audience: [sellerId, assigneeId],
        payload: { reference: input.awardReference, sellerId, assigneeId },
      },
    ];
    const after = new Map(certificates.map((each) => [each.id, each]));
    for (const certificate of certificates) {
      const moved = await moveCertificate(tx, certificate, 'assign', 'market', {
        listedFor: null,
        holderOrganisationId: assigneeId,
      });
      after.set(certificate.id, moved.after);
      steps.push(moved.step);
    }
    await this.followAll(tx, receivables, after);
    await recordSettlementSteps(tx, steps);
    await setTimer(
      tx,
      settlementTimers.firstLegFailure,
      id,
      new Date(this.book.startOf(lastDay).getTime() + 86_400_000),
    );
    await this.giveNotice(tx, assignment, certificates, items, today);
    const { transferId } = await this.ledger.post(tx, {
      reference: transferReference,
      description: 'Certificates sold',
      subject: { type: 'assignment', id },
      postings: [
        {
          debit: organisationAccount(sellerId, 'receivable_held'),
          credit: organisationAccount(assigneeId, 'receivable_held'),
          amount: faceMinor,
          currency,
        },
      ],
    });
    await tx.execute('UPDATE assignment SET position_transfer_id = ? WHERE id = ?', [idBytes(transferId), idBytes(id)]);
    return { assignmentId: id, firstLegReference: firstLeg.reference, firstLegMinor, payOn };
  }

  private async lock(tx: Transaction, certificateIds: readonly string[]) {
    const found = await tx.rows<{ receivable_id: Buffer }>(
      `SELECT DISTINCT receivable_id FROM certificate WHERE id IN (${certificateIds.map(() => '?').join(',')})`,
      certificateIds.map(idBytes),
    );
    const receivables = await this.receivables.lockAll(
      tx,
      found.map(({ receivable_id }) => idText(receivable_id)),
    );
    return { receivables, certificates: await lockCertificates(tx, certificateIds) };
  }

  private async insertItems(
    tx: Transaction,
    assignment: Assignment,
    certificates: readonly Certificate[],
    faces: readonly bigint[],
    now: Date,
  ): Promise<readonly string[]> {
    // Rounding never takes an item's price above its face: the discount is what is spread.
    const discounts =
      assignment.faceMinor === assignment.priceMinor
        ? faces.map(() => 0n)
        : allocate(assignment.faceMinor - assignment.priceMinor, faces);
    const holdbacks = assignment.holdbackMinor === 0n ? faces.map(() => 0n) : allocate(assignment.holdbackMinor, faces);
    const ids = certificates.map(() => newId());
    await tx.insertRows(
      'assignment_item',
      [
        'id',
        'assignment_id',
        'certificate_id',
        'receivable_id',
        'anchor_id',
        'face_minor',
        'price_minor',
        'holdback_minor',
        'notice_at',
        'register_due',
        'live',
      ],
      certificates.map((each, index) => [
        idBytes(ids[index] as string),
        idBytes(assignment.id),
        idBytes(each.id),
        idBytes(each.receivableId),
        idBytes(each.anchorOrganisationId),
        faces[index],
        (faces[index] as bigint) - (discounts[index] as bigint),
        holdbacks[index],
        now,
        1,
        1,
      ]),
    );
    return ids;
  }

  /** The anchors learn to whom they owe now; who stays silent is reminded. */
  private async giveNotice(
    tx: Transaction,
    assignment: Assignment,
    certificates: readonly Certificate[],
    itemIds: readonly string[],
    today: CalendarDate,
  ): Promise<void> {
    const assignee = await this.identity.organisation(assignment.assigneeId, tx);
    for (const organisationId of new Set(certificates.map(({ anchorOrganisationId }) => anchorOrganisationId)))
      notify(tx, {
        organisationId,
        roles: ['maker', 'checker'],
        template: 'assignment_notice',
        parameters: { assignee: assignee?.name ?? '' },
        link: '/anchor/assignments',
      });
    const [first] = this.book.rules.noticeReminders;
    if (first === undefined) return;
    const dueAt = this.book.startOf(await this.book.workingDayAfter(tx, today, first));
    await setTimers(
      tx,
      itemIds.map((subjectId) => ({ kind: settlementTimers.noticeReminder, subjectId, dueAt })),
    );
  }

  private async followAll(
    tx: Transaction,
    receivables: Awaited<ReturnType<Receivables['lockAll']>>,
    after: ReadonlyMap<string, Certificate>,
  ): Promise<void> {
    for (const receivable of receivables) {
      const all = await lockCertificatesOf(tx, [receivable.id]);
      await this.follow.within(
        tx,
        receivable,
        all.map((each) => after.get(each.id) ?? each),
      );
    }
  }
}

/** Refuses what is not its seller's, not in the state, not whole, or listed under another reference. */
function assertOffered(
  certificates: readonly Certificate[],
  sellerId: string,
  status: 'held' | 'listed',
  reference: string | undefined,
): void {
  for (const certificate of certificates) {
    const data = { certificateId: certificate.id, status: certificate.status };
    if (certificate.holderOrganisationId !== sellerId) throw settlementError('certificate_not_sellers', { data });
    if (certificate.status !== status) throw settlementError('certificate_not_free', { data });
    if (certificate.onHoldMinor > 0n || certificate.paidMinor > 0n)
      throw settlementError('certificate_not_whole', { data });
    if (reference !== undefined && certificate.listedFor !== reference)
      throw settlementError('certificate_on_sale_by_others', { data });
  }
}

function assertSums(faceMinor: bigint, priceMinor: bigint, holdbackMinor: bigint, mixed: boolean): void {
  const fault = mixed
    ? ['/certificateIds', 'are of different currencies']
    : priceMinor <= 0n || priceMinor > faceMinor
      ? ['/price', 'must be above zero and at most the face of the certificates']
      : holdbackMinor < 0n || holdbackMinor >= priceMinor
        ? ['/holdback', 'must be below the price']
        : undefined;
  if (!fault) return;
  const [pointer, message] = fault as [string, string];
  throw settlementError('settlement_amounts_incoherent', {
    detail: `${pointer} ${message}.`,
    fields: [{ pointer, rule: 'sums', message }],
  });
}
