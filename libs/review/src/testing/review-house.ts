import { IdentityReader, identityPersistence, permissionsOf, RegisterOrganisation } from '#identity';
import {
  type CommandContext,
  type Environment,
  idBytes,
  newId,
  type Persistence,
  platformPersistence,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { AssignmentDesk } from '../application/assignment.js';
import { BusinessCalendars } from '../application/business-calendars.js';
import { CaseClocks } from '../application/case-clocks.js';
import { ReviewCases } from '../application/review-cases.js';
import { reviewPersistence } from '../index.js';

/** A review office on a database of its own: one operator with reviewers and a lead, one enterprise that applies. */
export class ReviewHouse {
  readonly clocks: CaseClocks;
  readonly cases: ReviewCases;
  readonly reviewers: string[] = [];
  readonly leads: string[] = [];
  operatorId = '';
  applicantId = '';

  private constructor(readonly database: TestDatabase) {
    const { environment, dataSource } = database;
    this.clocks = new CaseClocks(new BusinessCalendars(environment), environment);
    this.cases = new ReviewCases(this.clocks, new AssignmentDesk(new IdentityReader(dataSource)), environment);
  }

  static async open(
    reviewers = 3,
    changes: Partial<Environment> = {},
    contexts: readonly Persistence[] = [platformPersistence, identityPersistence, reviewPersistence],
  ): Promise<ReviewHouse> {
    const house = new ReviewHouse(await createTestDatabase(contexts, { country: 'SA', ...changes }));
    await house.people(reviewers);
    return house;
  }

  /** Runs a transaction as if the database's clock showed `instant` (ISO with offset); without one, as it is. */
  run<T>(context: CommandContext, work: (tx: Transaction) => Promise<T>, instant?: string): Promise<T> {
    const offset = instant === undefined ? 0 : (Date.parse(instant) - Date.now()) / 1000;
    return new UnitOfWork(this.database.dataSource, offset).run(context, work);
  }

  reviewer(personId: string): CommandContext {
    return this.operatorPerson(personId, ['reviewer']);
  }

  lead(personId: string = this.leads[0] as string): CommandContext {
    return this.operatorPerson(personId, ['review_lead']);
  }

  applicant(): CommandContext {
    return contextOf({ organisationId: this.applicantId });
  }

  /** A fresh funding request under review. */
  open(submitted?: string, serviceDays?: number): Promise<{ caseId: string; dueAt: Date; provisional: boolean }> {
    return this.run(
      this.applicant(),
      (tx) =>
        this.cases.open(tx, {
          kind: 'funding_request',
          subjectType: 'funding_request',
          subjectId: newId(),
          applicantOrganisationId: this.applicantId,
          serviceDays,
        }),
      submitted,
    );
  }

  async caseRow(caseId: string): Promise<Record<string, unknown>> {
    const [row] = await this.rows('SELECT * FROM review_case WHERE id = ?', [idBytes(caseId)]);
    return row as Record<string, unknown>;
  }

  async rows<Row extends object = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.database.dataSource.query(sql, parameters)) as Row[];
  }

  private operatorPerson(personId: string, roles: readonly string[]): CommandContext {
    return contextOf({
      id: personId,
      organisationId: this.operatorId,
      organisationKind: 'operator',
      permissions: permissionsOf('operator', roles),
    });
  }

  private async people(reviewers: number): Promise<void> {
    const { unitOfWork } = this.database;
    const register = new RegisterOrganisation(unitOfWork);
    const organisation = (kind: 'operator' | 'enterprise') => ({
      kind,
      name: kind,
      localName: kind,
      country: this.database.environment.country,
      registrationNumber: kind,
      contactEmail: `${kind}@example.org`,
    });
    const person = (name: string, roles: readonly string[]) => ({
      email: `${name}@example.org`,
      name,
      password: '',
      passwordHash: 'none',
      locale: 'en',
      roles,
    });
    await unitOfWork.run(systemContext('review-house'), async (tx) => {
      const operator = await register.within(tx, organisation('operator'), person('lead', ['review_lead']));
      this.operatorId = operator.organisationId;
      this.leads.push(operator.personId);
      for (let n = 1; n <= reviewers; n++) {
        const personId = newId();
        await tx.execute(
          "INSERT INTO person (id, email, name, password_hash, locale, created_at) VALUES (?, ?, ?, 'none', 'en', UTC_TIMESTAMP(6))",
          [idBytes(personId), `reviewer${n}@example.org`, `reviewer ${n}`],
        );
        await tx.execute('INSERT INTO membership (id, person_id, organisation_id, roles) VALUES (?, ?, ?, ?)', [
          idBytes(newId()),
          idBytes(personId),
          idBytes(this.operatorId),
          JSON.stringify(['reviewer']),
        ]);
        this.reviewers.push(personId);
      }
      const applicant = await register.within(tx, organisation('enterprise'), person('owner', ['signatory']));
      this.applicantId = applicant.organisationId;
    });
  }
}
