import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { EnterpriseReader } from '#enterprises';
import { IdentityReader } from '#identity';
import type { DomainError } from '#kernel';
import { idBytes, idText, type Transaction } from '#platform';
import type { AnchorKind } from '../domain/anchor.js';
import { receivableError } from '../domain/errors.js';
import type { RegisteredParty } from '../domain/fingerprint.js';
import type { Side } from '../domain/receivable.js';
import { AnchorProfile, AnchorSupplier } from '../persistence/entities.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';

/** Both parties of a receivable as they were found. */
export interface FoundParties {
  readonly sellerId: string;
  readonly anchorId: string;
  readonly seller: RegisteredParty;
  readonly debtor: RegisteredParty;
  readonly anchorKind: AnchorKind;
}

export type PartyAnswer = FoundParties | { readonly refusal: DomainError };

/** Finds the other party of receivables by the numbers that documents state: registration or tax number, or an anchor's own reference. */
@Injectable()
export class Counterparties {
  constructor(
    private readonly identity: IdentityReader,
    private readonly enterprises: EnterpriseReader,
    private readonly book: ReceivableRuleBook,
  ) {}

  /** The numbers by which documents may name the own firm. */
  async ownNumbers(tx: Transaction, organisationId: string): Promise<ReadonlySet<string>> {
    const own = await this.identity.organisation(organisationId, tx);
    const profile = await tx.manager.findOneBy(AnchorProfile, { id: organisationId });
    const stated = await this.enterprises.identifiersOf(organisationId, tx);
    return new Set(
      [own?.registrationNumber, profile?.taxId, ...stated].filter((value) => value !== undefined && value !== null),
    );
  }

  /** The other parties of receivables that `ownId` uploads on this side, by the number asked for; some statements, however many. */
  async find(
    tx: Transaction,
    ownId: string,
    side: Side,
    numbers: readonly string[],
  ): Promise<ReadonlyMap<string, PartyAnswer>> {
    const asked = [...new Set(numbers)];
    return side === 'seller' ? this.anchors(tx, ownId, asked) : this.suppliers(tx, ownId, asked);
  }

  /** The same for a party that is named by its organisation's id. */
  async findById(tx: Transaction, ownId: string, side: Side, otherId: string): Promise<PartyAnswer> {
    const other = await this.identity.organisation(otherId, tx);
    const unknown = { refusal: receivableError(side === 'seller' ? 'anchor_unknown' : 'supplier_not_listed') };
    if (!other) return unknown;
    return (await this.find(tx, ownId, side, [other.registrationNumber])).get(other.registrationNumber) ?? unknown;
  }

  private async anchors(
    tx: Transaction,
    sellerId: string,
    numbers: readonly string[],
  ): Promise<Map<string, PartyAnswer>> {
    const found = new Map<string, PartyAnswer>();
    const named = await this.identity.organisationsByRegistration(this.book.country, numbers, tx);
    const idOfNumber = new Map(named.map(({ id, registrationNumber }) => [registrationNumber, id]));
    for (const { id, taxId } of numbers.length > 0
      ? await tx.manager.findBy(AnchorProfile, { taxId: In([...numbers]) })
      : [])
      if (taxId !== null && !idOfNumber.has(taxId)) idOfNumber.set(taxId, id);
    const ids = [...new Set(idOfNumber.values())];
    const profiles = new Map(
      (ids.length > 0 ? await tx.manager.findBy(AnchorProfile, { id: In(ids) }) : []).map((profile) => [
        profile.id,
        profile,
      ]),
    );
    const listing = new Set(
      (ids.length > 0
        ? await tx.manager.findBy(AnchorSupplier, { anchorId: In(ids), supplierId: sellerId, status: 'listed' })
        : []
      ).map(({ anchorId }) => anchorId),
    );
    const parties = await this.identity.organisationsWithin([sellerId, ...ids], tx);
    const seller = parties.get(sellerId);
    for (const number of numbers) {
      const id = idOfNumber.get(number) ?? '';
      const profile = profiles.get(id);
      const debtor = parties.get(id);
      const isOpen = profile?.status === 'verified' && (profile.visibility === 'public' || listing.has(id));
      // An anchor that shows itself to its suppliers only is not there for anybody else.
      if (!seller || !debtor || !profile || !isOpen || id === sellerId)
        found.set(number, { refusal: receivableError('anchor_unknown') });
      else found.set(number, { sellerId, anchorId: id, seller, debtor, anchorKind: profile.kind });
    }
    return found;
  }

  private async suppliers(
    tx: Transaction,
    anchorId: string,
    numbers: readonly string[],
  ): Promise<Map<string, PartyAnswer>> {
    const found = new Map<string, PartyAnswer>();
    const profile = await tx.manager.findOneBy(AnchorProfile, { id: anchorId });
    if (profile?.status !== 'verified') {
      const refusal = receivableError(profile ? 'anchor_not_verified' : 'anchor_profile_missing');
      return new Map(numbers.map((number) => [number, { refusal }]));
    }
    const entries = await this.entriesOf(tx, anchorId, numbers);
    const ids = [...entries.values()].flatMap((supplierId) => (supplierId ? [supplierId] : []));
    const parties = await this.identity.organisationsWithin([anchorId, ...ids], tx);
    const debtor = parties.get(anchorId);
    for (const number of numbers) {
      const sellerId = entries.get(number);
      const seller = parties.get(sellerId ?? '');
      if (sellerId === undefined) found.set(number, { refusal: receivableError('supplier_not_listed') });
      else if (sellerId === null || !seller || !debtor)
        found.set(number, { refusal: receivableError('supplier_not_registered') });
      else found.set(number, { sellerId, anchorId, seller, debtor, anchorKind: profile.kind });
    }
    return found;
  }

  /** Number → the supplier's organisation, null where it is not registered here yet; numbers that are not on the list are left out. */
  private async entriesOf(
    tx: Transaction,
    anchorId: string,
    numbers: readonly string[],
  ): Promise<Map<string, string | null>> {
    const entries = new Map<string, string | null>();
    if (numbers.length === 0) return entries;
    const marks = numbers.map(() => '?').join(',');
    const rows = await tx.rows<{ supplier_id: Buffer | null; registration_number: string; reference: string }>(
      `SELECT supplier_id, registration_number, reference FROM anchor_supplier
       WHERE anchor_id = ? AND status = 'listed' AND (registration_number IN (${marks}) OR reference IN (${marks}))`,
      [idBytes(anchorId), ...numbers, ...numbers],
    );
    const asked = new Set(numbers);
    for (const row of rows) {
      const id = row.supplier_id && idText(row.supplier_id);
      if (asked.has(row.reference) && row.reference !== '' && !entries.has(row.reference))
        entries.set(row.reference, id);
      if (asked.has(row.registration_number)) entries.set(row.registration_number, id);
    }
    const left = numbers.filter((number) => !entries.has(number));
    const byTaxNumber = await this.enterprises.byIdentifier(left, tx);
    const ids = [...byTaxNumber.values()];
    if (ids.length === 0) return entries;
    const listed = await tx.manager.findBy(AnchorSupplier, { anchorId, supplierId: In(ids), status: 'listed' });
    for (const [number, id] of byTaxNumber)
      if (listed.some(({ supplierId }) => supplierId === id)) entries.set(number, id);
    return entries;
  }
}
