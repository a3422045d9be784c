import { idBytes } from '#platform';
import { type Cast, newRowId, organisation } from './cast.js';
import type { EdgeHouse } from './edge-house.js';

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** One record of every kind between the first enterprise and an anchor that nobody else of the cast deals with. */
export async function receivableRecords(house: EdgeHouse, { sme, operator }: Cast): Promise<Record<string, string>> {
  const anchor = await organisation(house, 'Quiet Anchor', 'anchor', ['administrator', 'maker', 'checker']);
  const anchorId = anchor.maker.organisationId as string;
  await house.rows(
    `INSERT INTO anchor_profile (id, kind, visibility, tax_id, about, website, status, version, created_at, updated_at)
     VALUES (?, 'company', 'suppliers', 'T-1', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(anchorId)],
  );
  const branch = await house.done(anchor.administrator, 'POST', '/v1/anchor/branches', {
    body: { code: 'EAST', name: 'East' },
  });
  const entry = await house.done(anchor.maker, 'POST', '/v1/anchor/suppliers', {
    body: { organisationId: sme.signatory.organisationId },
  });
  const receivable = await house.done(sme.signatory, 'POST', '/v1/receivables', {
    body: {
      kind: 'invoice',
      otherPartyId: anchorId,
      number: 'INV-1',
      issuedOn: day(-3),
      dueOn: day(60),
      amount: { amount: '1000.00', currency: 'SAR' },
      submit: true,
    },
  });
  const { version } = await house.done(sme.signatory, 'GET', '/v1/undertaking');
  const proposal = await house.done(anchor.maker, 'POST', '/v1/receivable-proposals', {
    body: { action: 'confirm', receivableIds: [receivable['id']], undertaking: { version, language: 'en' } },
  });
  const peer = await house.done(operator.registry_officer, 'POST', '/v1/operator/registry-peers', {
    body: { name: 'other', url: 'https://registry.example' },
  });
  // Switched off, so that nothing waits for its answer.
  await house.rows('UPDATE registry_peer SET active = 0');
  const batchId = newRowId();
  await house.rows(
    `INSERT INTO receivable_batch (id, organisation_id, checksum, side, kind, submit, file_name, size_bytes, state, uploaded_by, actor_kind, version, created_at)
     VALUES (?, ?, ?, 'seller', 'invoice', 1, '', 1, 'done', 'cast', 'person', 1, UTC_TIMESTAMP(6))`,
    [idBytes(batchId), idBytes(sme.signatory.organisationId as string), '0'.repeat(64)],
  );
  return {
    anchorId,
    branchId: String(branch['id']),
    entryId: String(entry['id']),
    receivableId: String(receivable['id']),
    proposalId: String(proposal['id']),
    peerId: String(peer['id']),
    batchId,
  };
}
