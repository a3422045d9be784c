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
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { reviewPersistence } from '#review';
import {
  DeclareBankAccount,
  Documents,
  enterpriseEventHandlers,
  enterprisePersistence,
  EnterprisesModule,
  type ProfileInput,
  SaveProfile,
  SaveStatement,
  type StatementInput,
  VerifyEnterprise,
} from '../index.js';
import { EnterpriseLists } from '../application/enterprise-lists.reader.js';

export interface TestEnterprise {
  readonly id: string;
  readonly signatory: CommandContext;
  readonly preparer: CommandContext;
}

export const sar = (amount: string) => ({ amount, currency: 'SAR' });

/** ISO 13616's own example for Saudi Arabia (SWIFT, IBAN Registry). */
export const saudiIban = 'SA03 8000 0000 6080 1016 7519';

export const statement: StatementInput = {
  periodEnd: '2024-12-31',
  audited: true,
  staff: 12,
  revenue: sar('8500000.00'),
  totalAssets: sar('4000000.00'),
  documentId: null,
};

let next = 0;

export function profileInput(changes: ProfileInput = {}): ProfileInput {
  return {
    legalForm: 'llc',
    sector: 'G',
    isicClass: '4711',
    region: 'SA-01',
    foundedOn: '2018-03-01',
    staff: 12,
    womenLed: true,
    identifiers: [{ scheme: 'sa_unified_number', value: `7${String(++next).padStart(9, '0')}` }],
    owners: [
      {
        kind: 'person',
        name: 'Noura Alharbi',
        localName: 'نورة الحربي',
        country: 'SA',
        bornOn: '1985-05-17',
        sharePpm: 1_000_000,
        isWoman: true,
        politicallyExposed: false,
      },
    ],
    ...changes,
  };
}

const pdf = (text: string): Buffer => Buffer.from(`%PDF-1.7\n${text}`);

/** Enterprises on a database of their own, wired by their modules as in the api. */
export class EnterpriseHouse {
  lead!: CommandContext;

  private constructor(
    readonly database: TestDatabase,
    private readonly module: TestingModule,
  ) {}

  static async open(): Promise<EnterpriseHouse> {
    const contexts = [platformPersistence, identityPersistence, reviewPersistence, enterprisePersistence];
    const database = await createTestDatabase(contexts, { country: 'SA' });
    const module = await Test.createTestingModule({
      imports: [PlatformModule.forRoot(database.environment, contexts), EnterprisesModule],
    }).compile();
    const house = new EnterpriseHouse(database, await module.init());
    const operator = await house.organisation('operator', 'review_lead');
    house.lead = house.person(operator.organisationId, 'operator', operator.personId, 'review_lead');
    await house.unitOfWork.run(systemContext('test'), (tx) =>
      addPerson(tx, operator.organisationId, 'operator', person('reviewer')),
    );
    return house;
  }

  get<T>(type: new (...parameters: never[]) => T): T {
    return this.module.get<T>(type, { strict: false });
  }

  get unitOfWork(): UnitOfWork {
    return this.get(UnitOfWork);
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.database.stop();
  }

  /** A registered firm without a profile. */
  async enterprise(): Promise<TestEnterprise> {
    const { organisationId: id, personId } = await this.organisation('enterprise', 'signatory');
    const preparer = await this.unitOfWork.run(systemContext('test'), (tx) =>
      addPerson(tx, id, 'enterprise', person('preparer')),
    );
    return {
      id,
      signatory: this.person(id, 'enterprise', personId, 'signatory'),
      preparer: this.person(id, 'enterprise', preparer, 'preparer'),
    };
  }

  /** A firm whose task list is done. */
  async readyEnterprise(changes: ProfileInput = {}): Promise<TestEnterprise> {
    const enterprise = await this.enterprise();
    const { signatory } = enterprise;
    const { version } = await this.get(SaveProfile).execute(signatory, 0, profileInput(changes));
    await this.get(SaveStatement).execute(signatory, 2024, 0, statement);
    await this.declareAccount(enterprise, version);
    for (const kind of ['registration', 'bank_letter'] as const)
      await this.get(Documents).upload(signatory, { kind, name: `${kind}.pdf`, content: pdf(kind) });
    return enterprise;
  }

  async declareAccount({ signatory }: TestEnterprise, version: number, accountNumber = saudiIban) {
    return this.get(DeclareBankAccount).execute(signatory, version, {
      accountNumber,
      bankName: 'Al Bilad Bank',
      holderName: 'The firm',
    });
  }

  async verifiedEnterprise(): Promise<TestEnterprise> {
    const enterprise = await this.readyEnterprise();
    await this.verify(enterprise);
    return enterprise;
  }

  async verify(enterprise: TestEnterprise): Promise<void> {
    await this.get(VerifyEnterprise).submit(enterprise.signatory);
    await this.get(VerifyEnterprise).decide(this.lead, enterprise.id, {
      verified: true,
      accountOwnershipConfirmed: true,
      screeningCleared: true,
      reasons: [],
    });
  }

  async version({ id }: TestEnterprise): Promise<number> {
    return (await this.get(EnterpriseLists).profile(id)).version;
  }

  /** Delivers every event that waits for this context's handlers, as the worker would. */
  async deliverEvents(): Promise<void> {
    const handlers = new EventHandlers(
      enterpriseEventHandlers.map((type): EventHandler => this.get<EventHandler>(type)),
    );
    const relay = new OutboxRelay(this.unitOfWork, handlers, this.get(JobQueue));
    await relay.relay();
    const open = (await this.database.dataSource.query(
      'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL ORDER BY event_id',
    )) as { event_id: Buffer; handler: string }[];
    for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
  }

  private async organisation(kind: 'operator' | 'enterprise', role: string) {
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

  private person(organisationId: string, kind: 'operator' | 'enterprise', id: string, role: string): CommandContext {
    return contextOf({ id, organisationId, organisationKind: kind, permissions: permissionsOf(kind, [role]) });
  }
}

function person(role: string) {
  const email = `${newId()}@example.org`;
  return { email, name: role, password: '', passwordHash: 'none', locale: 'en', roles: [role] };
}
