import { Test, type TestingModule } from '@nestjs/testing';
import type { Type } from '@nestjs/common';
import {
  type CommandContext,
  type Environment,
  type EventHandler,
  EventHandlers,
  idBytes,
  idText,
  JobQueue,
  newId,
  OutboxRelay,
  type Persistence,
  PlatformModule,
  systemContext,
  type TimerHandler,
  TimerRunner,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { addPerson, announceMember, type OrganisationKind, permissionsOf, RegisterOrganisation } from '../index.js';

type Token<T> = abstract new (...parameters: never[]) => T;

/** Which contexts a house is made of, and whose events and timers it carries out. */
export interface Wiring {
  readonly contexts: readonly Persistence[];
  readonly modules: readonly Type[];
  readonly eventHandlers?: readonly Token<EventHandler>[];
  readonly timerHandlers?: readonly Token<TimerHandler>[];
}

/** Contexts wired by their modules as in the api, on a database of their own. */
export interface Wired extends Wiring {
  readonly database: TestDatabase;
  readonly module: TestingModule;
}

export interface OrganisationChanges {
  /** Up to which the person may approve alone, in minor units. */
  readonly limit?: bigint | undefined;
  readonly verified?: boolean;
  readonly registrationNumber?: string;
}

export async function wire(wiring: Wiring, changes: Partial<Environment> = {}): Promise<Wired> {
  const database = await createTestDatabase(wiring.contexts, { country: 'SA', ...changes });
  const module = await Test.createTestingModule({
    imports: [PlatformModule.forRoot(database.environment, wiring.contexts), ...wiring.modules],
  }).compile();
  return { ...wiring, database, module: await module.init() };
}

/** What the tests of every context ask for; the house of a context adds its own parties and records. */
export abstract class ContextHouse {
  /** Counts what needs a number of its own. */
  protected number = 0;

  constructor(private readonly wired: Wired) {}

  get database(): TestDatabase {
    return this.wired.database;
  }

  get unitOfWork(): UnitOfWork {
    return this.get(UnitOfWork);
  }

  get<T>(type: Token<T>): T {
    return this.wired.module.get<T>(type, { strict: false });
  }

  run<T>(work: (tx: Transaction) => Promise<T>, context: CommandContext = systemContext('test')): Promise<T> {
    return this.unitOfWork.run(context, work);
  }

  rows<Row extends object = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(sql, parameters);
  }

  async close(): Promise<void> {
    await this.wired.module.close();
    await this.database.stop();
  }

  /** Delivers every event that waits for the house's handlers, as the worker would. */
  async deliverEvents(): Promise<void> {
    const handlers = new EventHandlers((this.wired.eventHandlers ?? []).map((type) => this.get(type)));
    const relay = new OutboxRelay(this.unitOfWork, handlers, this.get(JobQueue));
    while ((await relay.relay()) > 0);
    const open = await this.rows<{ event_id: Buffer; handler: string }>(
      'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL ORDER BY event_id',
    );
    for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
  }

  /** Fires the timers that are due when the database's clock has gone on by so many seconds. */
  async fireTimersAfter(seconds: number): Promise<void> {
    const handlers = (this.wired.timerHandlers ?? []).map((type) => this.get(type));
    const unitOfWork = new UnitOfWork(this.database.dataSource, seconds);
    await new TimerRunner(unitOfWork, this.get(JobQueue), handlers).fireDue();
  }

  /** A registered organisation, verified unless said otherwise, with one person. */
  async organisation(
    kind: OrganisationKind,
    roles: readonly string[],
    { limit, verified = true, registrationNumber = newId().slice(-20) }: OrganisationChanges = {},
  ): Promise<CommandContext> {
    const name = `${kind} ${newId()}`;
    const first = { ...newPerson(roles), approvalLimitMinor: limit };
    const { organisationId, personId } = await this.run((tx) =>
      this.get(RegisterOrganisation).within(
        tx,
        {
          kind,
          name,
          localName: name,
          country: this.database.environment.country,
          registrationNumber,
          contactEmail: first.email,
        },
        first,
      ),
    );
    if (verified) await this.rows('UPDATE organisation SET verified = 1 WHERE id = ?', [idBytes(organisationId)]);
    return personOf(organisationId, kind, personId, roles, limit);
  }

  /** Another person of the same organisation. */
  async colleague(
    { actor: { organisationId, organisationKind } }: CommandContext,
    roles: readonly string[],
    limit?: bigint,
  ): Promise<CommandContext> {
    const kind = organisationKind as OrganisationKind;
    const id = await this.run(async (tx) => {
      const added = await addPerson(tx, organisationId, kind, { ...newPerson(roles), approvalLimitMinor: limit });
      announceMember(tx, organisationId, kind);
      return added;
    });
    return personOf(organisationId, kind, id, roles, limit);
  }
}

function personOf(
  organisationId: string,
  kind: OrganisationKind,
  id: string,
  roles: readonly string[],
  approvalLimitMinor?: bigint,
): CommandContext {
  const permissions = permissionsOf(kind, roles);
  return contextOf({ id, organisationId, organisationKind: kind, permissions, approvalLimitMinor });
}

/** Nobody signs in with it: the tests of a context act with ready contexts. */
function newPerson(roles: readonly string[]) {
  const email = `${newId()}@example.org`;
  return { email, name: roles.join(', '), password: '', passwordHash: 'none', locale: 'en', roles };
}
