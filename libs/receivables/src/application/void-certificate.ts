import { Injectable } from '@nestjs/common';
import { idBytes, type Transaction } from '#platform';
import { receivableError } from '../domain/errors.js';

/** Takes the certificate of the whole back when a credit note lowers a confirmed receivable that its seller still holds undivided. */
@Injectable()
export class VoidCertificate {
  /** Refuses with `certificate_moved` when any part of it was passed on, offered or sold. */
  async within(tx: Transaction, receivableId: string, holderOrganisationId: string): Promise<void> {
    const rows = await tx.rows<{ id: Buffer; holder_organisation_id: Buffer; status: string }>(
      'SELECT id, holder_organisation_id, status FROM certificate WHERE receivable_id = ? ORDER BY id FOR UPDATE',
      [idBytes(receivableId)],
    );
    const live = rows.filter(({ status }) => status !== 'void');
    const [only] = live;
    const isWhole =
      live.length === 1 && only?.status === 'live' && only.holder_organisation_id.equals(idBytes(holderOrganisationId));
    if (!only || !isWhole) throw receivableError('certificate_moved');
    await tx.execute("UPDATE certificate SET status = 'void', version = version + 1 WHERE id = ?", [only.id]);
  }
}
