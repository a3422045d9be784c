import { Injectable } from '@nestjs/common';
import { Ledger, organisationAccount } from '#ledger';
import { idBytes, type Transaction } from '#platform';
import { receivableError } from '../domain/errors.js';
import { lockCertificatesOf, moveCertificate } from './certificate-records.js';
import { recordSettlementSteps } from './record-settlement-steps.js';

/** Takes the certificate of the whole back when a credit note lowers a confirmed receivable that its seller still holds undivided. */
@Injectable()
export class VoidCertificate {
  constructor(private readonly ledger: Ledger) {}

  /** Refuses with `certificate_moved` when any part of it was passed on, offered or sold. Call it last: it ends with the ledger's locks. */
  async within(tx: Transaction, receivableId: string, holderOrganisationId: string): Promise<void> {
    const live = (await lockCertificatesOf(tx, [receivableId])).filter(({ status }) => status !== 'void');
    const [only] = live;
    const isWhole =
      live.length === 1 &&
      only?.status === 'held' &&
      only.onHoldMinor === 0n &&
      only.paidMinor === 0n &&
      only.holderOrganisationId === holderOrganisationId;
    if (!only || !isWhole) throw receivableError('certificate_moved');
    await tx.execute(
      "UPDATE discount_ask SET state = 'withdrawn', live = NULL, version = version + 1 WHERE certificate_id = ? AND state = 'asked'",
      [idBytes(only.id)],
    );
    const { step } = await moveCertificate(tx, only, 'void', 'anchor');
    await tx.execute(
      "UPDATE settlement_obligation SET state = 'cancelled', version = version + 1 WHERE subject_id = ? AND kind = 'maturity' AND state = 'open'",
      [idBytes(receivableId)],
    );
    await recordSettlementSteps(tx, [step]);
    await this.ledger.post(tx, {
      reference: `certificate.void:${only.id}`,
      description: 'Certificate taken back after a credit note',
      subject: { type: 'certificate', id: only.id },
      postings: [
        {
          debit: organisationAccount(holderOrganisationId, 'receivable_held'),
          credit: organisationAccount(only.anchorOrganisationId, 'receivable_owed'),
          amount: only.amountMinor,
          currency: only.currency,
        },
      ],
    });
  }
}
