import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount } from '#ledger';
import type { CalendarDate } from '#kernel';
import { idBytes, newId, type Transaction } from '#platform';
import { creditorReference } from '../domain/settlement-reference.js';
import { insertCertificates } from './certificate-records.js';
import { recordSettlementSteps } from './record-settlement-steps.js';
import { SettlementBook } from './settlement-book.js';

/** What a confirmation promises, and to whom first. */
export interface ConfirmedAmount {
  readonly receivableId: string;
  readonly holderOrganisationId: string;
  readonly anchorOrganisationId: string;
  /** Minor units of `currency`. */
  readonly amount: bigint;
  readonly currency: string;
  readonly dueOn: CalendarDate;
}

/**
 * Makes the one certificate of the whole for each receivable that is confirmed, in the confirmation's transaction: the certificate, what
 * the anchor is to pay and under which reference, and the position in the books. Call it last: it ends with the ledger's locks.
 */
@Injectable()
export class IssueCertificate {
  constructor(
    private readonly ledger: Ledger,
    private readonly book: SettlementBook,
  ) {}

  /** Thousands at once, with a fixed number of statements; the ids come in the order of the input. */
  async within(tx: Transaction, confirmed: readonly ConfirmedAmount[]): Promise<readonly string[]> {
    if (confirmed.length === 0) return [];
    const now = await tx.time();
    const payDays = await this.book.workingDaysFrom(
      tx,
      confirmed.map(({ dueOn }) => dueOn),
    );
    const made = confirmed.map((each) => ({ ...each, id: newId(), obligationId: newId() }));
    await insertCertificates(
      tx,
      made.map(({ amount, ...each }) => ({ ...each, parentId: null, rootId: each.id, amountMinor: amount, tier: 1 })),
      now,
    );
    await tx.insertRows(
      'settlement_obligation',
      [
        'id',
        'kind',
        'subject_id',
        'payer_id',
        'currency',
        'amount_minor',
        'due_on',
        'reference',
        'state',
        'version',
        'created_at',
      ],
      made.map((each) => [
        idBytes(each.obligationId),
        'maturity',
        idBytes(each.receivableId),
        idBytes(each.anchorOrganisationId),
        each.currency,
        each.amount,
        payDays.get(each.dueOn),
        creditorReference(each.obligationId),
        'open',
        1,
        now,
      ]),
    );
    await recordSettlementSteps(
      tx,
      made.map((each) => ({
        subjectType: 'certificate',
        subjectId: each.id,
        action: 'issue',
        from: null,
        to: 'held',
        version: 1,
        audience: [each.holderOrganisationId, each.anchorOrganisationId],
        payload: { receivableId: each.receivableId },
      })),
    );
    await this.ledger.postAll(
      tx,
      made.map((each) => ({
        reference: `certificate.issue:${each.id}`,
        description: 'Certificate of a confirmed receivable',
        subject: { type: 'certificate', id: each.id },
        postings: [
          {
            debit: organisationAccount(each.anchorOrganisationId, 'receivable_owed'),
            credit: organisationAccount(each.holderOrganisationId, 'receivable_held'),
            amount: each.amount,
            currency: each.currency,
          },
        ],
      })),
    );
    return made.map(({ id }) => id);
  }
}
