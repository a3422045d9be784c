import { randomInt } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { enterprisePersistence } from '#enterprises';
import { addPerson, identityPersistence, type OrganisationKind, permissionsOf, RegisterOrganisation } from '#identity';
import { addDays, type CalendarDate, type FieldError } from '#kernel';
import {
  type CommandContext,
  type EventHandler,
  EventHandlers,
  idBytes,
  idText,
  JobQueue,
  newId,
  OutboxRelay,
  type Persistence,
  PlatformModule,
  platformPersistence,
  systemContext,
  type TimerHandler,
  TimerRunner,
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
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
export class ReceivableHouse {
  lead!: CommandContext;

  private constructor(
    readonly database: TestDatabase,
    private readonly module: TestingModule,
  ) {}

  static async open(): Promise<ReceivableHouse> {
    const database = await createTestDatabase(contexts, { country: 'SA' });
    const module = await Test.createTestingModule({
      imports: [PlatformModule.forRoot(database.environment, contexts), ReceivablesModule],
    }).compile();
    const house = new ReceivableHouse(database, await module.init());
    const operator = await house.organisation('operator', 'review_lead');
    house.lead = house.person(operator.id, 'operator', operator.personId, ['review_lead']);
    return house;
  }

  get<T>(type: abstract new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  get unitOfWork(): UnitOfWork {
    return this.get(UnitOfWork);
  }

  get today(): CalendarDate {
    return this.get(ReceivableRuleBook).today(new Date());
  }

  get agreement() {
    return { version: this.get(ReceivableRuleBook).undertaking.version, language: 'en' as const };
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.stop();
  }

  async rows<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(sql, parameters);
  }

  /** Delivers every event that waits for this context's handlers, as the worker would. */
  async deliverEvents(): Promise<void> {
    const handlers = new EventHandlers(
      receivableEventHandlers.map((type): EventHandler => this.get<EventHandler>(type)),
    );
    const relay = new OutboxRelay(this.unitOfWork, handlers, this.get(JobQueue));
    while ((await relay.relay()) > 0);
    const open = await this.rows<{ event_id: Buffer; handler: string }>(
      'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL ORDER BY event_id',
    );
    for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
  }

  /** Fires the timers that are due when the database's clock has gone on by so many days. */
  async fireTimersIn(days: number): Promise<void> {
    const handlers = [...reviewTimerHandlers, ...receivableTimerHandlers].map((type): TimerHandler =>
      this.get<TimerHandler>(type as abstract new (...parameters: never[]) => TimerHandler),
    );
    const unitOfWork = new UnitOfWork(this.database.dataSource, days * 86_400);
    await new TimerRunner(unitOfWork, this.get(JobQueue), handlers).fireDue();
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
    await this.get(VerifyAnchor).decide(this.lead, anchor.id, true, []);
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
    const { id, registrationNumber } = await this.organisation(kind, roles[0] as string, verified);
    const people = await this.unitOfWork.run(systemContext('test'), async (tx) => {
      const made: CommandContext[] = [];
      for (const role of roles)
        made.push(this.person(id, kind, await addPerson(tx, id, kind, newPerson(role)), [role]));
      return made;
    });
    const [maker, otherMaker, checker, administrator] = people as [
      CommandContext,
      CommandContext,
      CommandContext,
      CommandContext,
    ];
    return { id, registrationNumber, maker, otherMaker, checker, administrator };
  }

  private async organisation(kind: OrganisationKind, role: string, verified = true) {
    const name = newId();
    const registrationNumber = String(nextNumber++);
    const made = await this.unitOfWork.run(systemContext('test'), (tx) =>
      this.get(RegisterOrganisation).within(
        tx,
        { kind, name, localName: name, country: 'SA', registrationNumber, contactEmail: 'a@example.org' },
        newPerson(role),
      ),
    );
    if (verified) await this.rows('UPDATE organisation SET verified = 1 WHERE id = ?', [idBytes(made.organisationId)]);
    return { id: made.organisationId, personId: made.personId, registrationNumber };
  }

  private person(organisationId: string, kind: OrganisationKind, id: string, roles: readonly string[]): CommandContext {
    return contextOf({ id, organisationId, organisationKind: kind, permissions: permissionsOf(kind, roles) });
  }
}

function newPerson(role: string) {
  const email = `${newId()}@example.org`;
  return { email, name: role, password: '', passwordHash: 'none', locale: 'en', roles: [role] };
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
