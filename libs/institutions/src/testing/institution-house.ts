import { Test, type TestingModule } from '@nestjs/testing';
import { addPerson, identityPersistence, permissionsOf, RegisterOrganisation } from '#identity';
import {
  type CommandContext,
  type EventHandler,
  EventHandlers,
  idText,
  JobQueue,
  newId,
  OutboxRelay,
  PlatformModule,
  platformPersistence,
  systemContext,
  type TimerHandler,
  TimerRunner,
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { reviewPersistence } from '#review';
import {
  ChangeAnchorLimits,
  DecideLimits,
  institutionEventHandlers,
  institutionPersistence,
  institutionTimerHandlers,
  InstitutionsModule,
  type MandateInput,
  type MandateView,
  MoveMandate,
  ProposeLimits,
  SaveFinancierProfile,
  SaveMandate,
  VerifyFinancier,
} from '../index.js';

/** A financier of the tests: its people have one role each. */
export interface TestFinancier {
  readonly id: string;
  readonly maker: CommandContext;
  readonly otherMaker: CommandContext;
  readonly checker: CommandContext;
  readonly otherChecker: CommandContext;
}

export const sar = (amount: string) => ({ amount, currency: 'SAR' });

/** Terms of a mandate that takes everything from 1,000 to 1,000,000 riyals. */
export function mandateInput(changes: Partial<MandateInput> = {}): MandateInput {
  return {
    reference: newId(),
    name: 'Working capital for small firms',
    productKinds: [],
    amountMin: sar('1000.00'),
    amountMax: sar('1000000.00'),
    tenorMin: 1,
    tenorMax: 36,
    sectors: [],
    regions: [],
    sizeClasses: [],
    ageBands: [],
    gradeFloor: null,
    collateral: [],
    offersShariah: false,
    shariahOnly: false,
    womenLedOnly: false,
    ruralOnly: false,
    validFrom: '2020-01-01',
    validTo: null,
    ...changes,
  };
}

/** Institutions on a database of their own, wired by their modules as in the api. */
export class InstitutionHouse {
  lead!: CommandContext;

  private constructor(
    readonly database: TestDatabase,
    private readonly module: TestingModule,
  ) {}

  static async open(): Promise<InstitutionHouse> {
    const contexts = [platformPersistence, identityPersistence, reviewPersistence, institutionPersistence];
    const database = await createTestDatabase(contexts, { country: 'SA' });
    const module = await Test.createTestingModule({
      imports: [PlatformModule.forRoot(database.environment, contexts), InstitutionsModule],
    }).compile();
    const house = new InstitutionHouse(database, await module.init());
    const operator = await house.organisation('operator', 'review_lead');
    house.lead = house.person(operator.organisationId, 'operator', operator.personId, ['review_lead']);
    return house;
  }

  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  get unitOfWork(): UnitOfWork {
    return this.get(UnitOfWork);
  }

  /** Delivers every event that waits for this context's handlers, as the worker would. */
  async deliverEvents(): Promise<void> {
    const handlers = new EventHandlers(
      institutionEventHandlers.map((type): EventHandler => this.get<EventHandler>(type)),
    );
    const relay = new OutboxRelay(this.unitOfWork, handlers, this.get(JobQueue));
    await relay.relay();
    const open = await this.rows<{ event_id: Buffer; handler: string }>(
      'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL ORDER BY event_id',
    );
    for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
  }

  /** Fires the timers that are due when the database's clock shows `instant`. */
  async fireTimersAt(instant: string): Promise<void> {
    const offset = (Date.parse(instant) - Date.now()) / 1000;
    const handlers = institutionTimerHandlers.map((type): TimerHandler => this.get<TimerHandler>(type));
    const unitOfWork = new UnitOfWork(this.database.dataSource, offset);
    await new TimerRunner(unitOfWork, this.get(JobQueue), handlers).fireDue();
  }

  async rows<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.database.dataSource.query(sql, parameters)) as Row[];
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.stop();
  }

  /** A verified financier with two makers and two checkers. */
  async financier(verified = true): Promise<TestFinancier> {
    const { organisationId: id } = await this.organisation('financier', 'administrator');
    const people = await this.unitOfWork.run(systemContext('test'), async (tx) => {
      const made: CommandContext[] = [];
      for (const role of ['maker', 'maker', 'checker', 'checker']) {
        const personId = await addPerson(tx, id, 'financier', person(role));
        made.push(this.person(id, 'financier', personId, [role]));
      }
      return made;
    });
    const [maker, otherMaker, checker, otherChecker] = people as [
      CommandContext,
      CommandContext,
      CommandContext,
      CommandContext,
    ];
    await this.get(SaveFinancierProfile).execute(maker, 0, {
      kind: 'bank',
      licenceNumber: 'L-1',
      regulator: 'SAMA',
      about: 'A bank.',
    });
    if (verified) {
      await this.get(VerifyFinancier).submit(maker);
      await this.get(VerifyFinancier).decide(this.lead, id, true, []);
    }
    return { id, maker, otherMaker, checker, otherChecker };
  }

  /** A live mandate with these limits, proposed by the maker and approved by the checker. */
  async liveMandate(
    { maker, checker }: TestFinancier,
    limits: { perEnterprise?: string; perAnchor?: string; monthlyAppetite?: string } = {},
    changes: Partial<MandateInput> = {},
  ): Promise<MandateView> {
    const { id } = await this.get(SaveMandate).create(maker, mandateInput(changes));
    await this.approveLimits({ maker, checker }, id, limits);
    return this.get(MoveMandate).execute(maker, id, 'publish');
  }

  async approveLimits(
    { maker, checker }: Pick<TestFinancier, 'maker' | 'checker'>,
    mandateId: string,
    limits: { perEnterprise?: string; perAnchor?: string; monthlyAppetite?: string },
  ): Promise<void> {
    const money = (amount: string | undefined) => (amount === undefined ? null : sar(amount));
    const { id } = await this.get(ProposeLimits).execute(maker, mandateId, {
      perEnterprise: money(limits.perEnterprise),
      perAnchor: money(limits.perAnchor),
      monthlyAppetite: money(limits.monthlyAppetite),
      reason: 'test',
    });
    await this.get(DecideLimits).execute(checker, id, 'approve');
  }

  /** An anchor on which these financiers have limits, proposed by their makers and approved by their checkers. */
  async anchor(limits: readonly { bank: TestFinancier; limit: string }[] = []): Promise<string> {
    const { organisationId: anchorId } = await this.organisation('anchor', 'administrator');
    for (const { bank, limit } of limits) await this.approveAnchorLimit(bank, anchorId, limit);
    return anchorId;
  }

  async approveAnchorLimit({ maker, checker }: TestFinancier, anchorId: string, limit: string): Promise<void> {
    const change = this.get(ChangeAnchorLimits);
    const { id } = await change.propose(maker, { anchorId, limit: sar(limit), reason: 'test' });
    await change.decide(checker, id, 'approve');
  }

  private async organisation(kind: 'operator' | 'financier' | 'anchor', role: string) {
    const name = newId();
    return this.unitOfWork.run(systemContext('test'), (tx) =>
      this.get(RegisterOrganisation).within(
        tx,
        {
          kind,
          name,
          localName: name,
          country: 'SA',
          registrationNumber: name.slice(-20),
          contactEmail: 'a@example.org',
        },
        person(role),
      ),
    );
  }

  private person(
    organisationId: string,
    kind: 'operator' | 'financier',
    id: string,
    roles: readonly string[],
  ): CommandContext {
    return contextOf({ id, organisationId, organisationKind: kind, permissions: permissionsOf(kind, roles) });
  }
}

function person(role: string) {
  const email = `${newId()}@example.org`;
  return { email, name: role, password: '', passwordHash: 'none', locale: 'en', roles: [role] };
}
