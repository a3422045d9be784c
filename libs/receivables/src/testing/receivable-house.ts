import { randomInt } from 'node:crypto';
import { enterprisePersistence } from '#enterprises';
import { identityPersistence, type OrganisationKind } from '#identity';
import { ContextHouse, wire } from '#identity/testing';
import { addDays, type CalendarDate, type FieldError } from '#kernel';
import { type CommandContext, idBytes, newId, type Persistence, platformPersistence } from '#platform';
import { ledgerPersistence } from '#ledger';
import { reviewPersistence, reviewTimerHandlers } from '#review';
import {
  DecideProposal,
  ProposeSteps,
  receivableEventHandlers,
  receivablePersistence,
  receivableTimerHandlers,
  ReceivableRuleBook,
  ReceivablesModule,
  SaveAnchor,
  Suppliers,
  UploadReceivable,
  type UploadInput,
  VerifyAnchor,
} from '../index.js';

/** A firm of the tests; its people have one role each. */
export interface TestParty {
  readonly id: string;
  readonly registrationNumber: string;
  readonly maker: CommandContext;
  readonly otherMaker: CommandContext;
  readonly checker: CommandContext;
  readonly administrator: CommandContext;
}

export const sar = (amount: string) => ({ amount, currency: 'SAR' });

let nextNumber = 7_000_000_000;

const contexts: readonly Persistence[] = [
  platformPersistence,
  identityPersistence,
  ledgerPersistence,
  reviewPersistence,
  enterprisePersistence,
  receivablePersistence,
];

/** Receivables on a database of their own, wired by their module as in the api. */
export class ReceivableHouse extends ContextHouse {
  lead!: CommandContext;

  static async open(): Promise<ReceivableHouse> {
    const house = new ReceivableHouse(
      await wire({
        contexts,
        modules: [ReceivablesModule],
        eventHandlers: receivableEventHandlers,
        timerHandlers: [...reviewTimerHandlers, ...receivableTimerHandlers],
      }),
    );
    house.lead = await house.organisation('operator', ['review_lead']);
    return house;
  }

  get today(): CalendarDate {
    return this.get(ReceivableRuleBook).today(new Date());
  }

  get agreement() {
    return { version: this.get(ReceivableRuleBook).undertaking.version, language: 'en' as const };
  }

  /** Fires the timers that are due when the database's clock has gone on by so many days. */
  async fireTimersIn(days: number): Promise<void> {
    await this.fireTimersAfter(days * 86_400);
  }

  /** A verified seller: `maker` uploads. */
  async seller(): Promise<TestParty> {
    return this.party('enterprise', ['preparer', 'preparer', 'signatory', 'signatory']);
  }

  /** A verified anchor that shows itself to everybody. */
  async anchor(
    changes: { kind?: 'company' | 'tax_authority'; visibility?: 'public' | 'suppliers' } = {},
  ): Promise<TestParty> {
    const anchor = await this.party('anchor', ['maker', 'maker', 'checker', 'administrator'], false);
    const { administrator } = anchor;
    const profile = {
      kind: 'company' as const,
      visibility: 'public' as const,
      taxId: newId().slice(-12),
      about: 'Buys.',
      ...changes,
    };
    await this.get(SaveAnchor).execute(administrator, 0, profile);
    await this.get(VerifyAnchor).submit(administrator);
    await this.get(VerifyAnchor).decide(this.lead, anchor.id, { verified: true, reasons: [] });
    return anchor;
  }

  async list(anchor: TestParty, seller: TestParty): Promise<void> {
    await this.get(Suppliers).add(anchor.maker, { organisationId: seller.id });
  }

  /** Uploads from the seller's side, to the anchor at once. */
  async upload(seller: TestParty, anchor: TestParty, changes: Partial<UploadInput> = {}): Promise<string> {
    const answer = await this.get(UploadReceivable).execute(seller.maker, this.input(anchor, changes));
    return answer.id;
  }

  input(other: TestParty, changes: Partial<UploadInput> = {}): UploadInput {
    return {
      kind: 'invoice',
      otherPartyId: other.id,
      number: `INV-${newId().slice(-8)}`,
      issuedOn: addDays(this.today, -3),
      dueOn: addDays(this.today, 60),
      amount: sar(`${randomInt(1000, 10_000_000)}.00`),
      submit: true,
      ...changes,
    };
  }

  /** Maker and checker agree to the undertaking for these. */
  async confirm(anchor: TestParty, ...receivableIds: string[]) {
    const proposal = await this.propose(anchor, ...receivableIds);
    return this.get(DecideProposal).approve(anchor.checker, proposal.id, this.agreement);
  }

  async propose(anchor: TestParty, ...receivableIds: string[]) {
    return this.get(ProposeSteps).execute(anchor.maker, {
      action: 'confirm',
      receivableIds,
      undertaking: this.agreement,
    });
  }

  async stateOf(id: string): Promise<string> {
    const [row] = await this.rows<{ state: string }>('SELECT state FROM receivable WHERE id = ?', [idBytes(id)]);
    return row?.state ?? 'none';
  }

  async party(kind: OrganisationKind, roles: readonly string[], verified = true): Promise<TestParty> {
    const registrationNumber = String(nextNumber++);
    const first = await this.organisation(kind, roles.slice(0, 1), { verified, registrationNumber });
    const [maker, otherMaker, checker, administrator] = [
      await this.colleague(first, roles.slice(0, 1)),
      await this.colleague(first, roles.slice(1, 2)),
      await this.colleague(first, roles.slice(2, 3)),
      await this.colleague(first, roles.slice(3, 4)),
    ] as const;
    return { id: first.actor.organisationId, registrationNumber, maker, otherMaker, checker, administrator };
  }
}

/** The code and the fields of a refusal, for expectations. */
export function refusal(code: string, ...fields: Partial<FieldError>[]) {
  return expect.objectContaining({
    code,
    ...(fields.length > 0
      ? { details: expect.objectContaining({ fields: fields.map((each) => expect.objectContaining(each)) }) }
      : {}),
  });
}
