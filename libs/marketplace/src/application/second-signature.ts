import type { IdentityReader } from '#identity';
import { idBytes, type Transaction } from '#platform';

/** How many signatures bind a firm: two where it has two signatories, one (with the second factor) where it has one. */
export const signaturesAtMost = 2;

/**
 * Records that this signatory accepts the offer, and says whether that is enough. Of one person a second signature counts for
 * nothing; of a program's key none counts, because a route that needs a second factor lets no program through.
 */
export async function signAcceptance(
  tx: Transaction,
  identity: IdentityReader,
  enterpriseId: string,
  offerId: string,
  now: Date,
): Promise<{ readonly enough: boolean; readonly signatures: number; readonly needed: number }> {
  await tx.execute('INSERT IGNORE INTO acceptance_signature (offer_id, person_id, signed_at) VALUES (?, ?, ?)', [
    idBytes(offerId),
    idBytes(tx.context.actor.id),
    now,
  ]);
  const signatories = await identity.people(enterpriseId, ['signatory'], tx);
  const needed = Math.min(signaturesAtMost, Math.max(1, signatories.length));
  const rows = await tx.rows<{ person_id: Buffer }>('SELECT person_id FROM acceptance_signature WHERE offer_id = ?', [
    idBytes(offerId),
  ]);
  // Whoever is a signatory no more has not signed for the firm.
  const present = new Set(signatories.map(({ personId }) => idBytes(personId).toString('hex')));
  const signatures = rows.filter(({ person_id }) => present.has(person_id.toString('hex'))).length;
  return { enough: signatures >= needed, signatures, needed };
}
