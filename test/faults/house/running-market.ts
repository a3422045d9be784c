import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { InvitePerson, RegisterOrganisation } from '#identity';
import { migrate, openDatabase, readEnvironment, systemContext, UnitOfWork } from '#platform';
import { createTestDatabase } from '#platform/testing';
import { contexts } from '../../../config/contexts.js';
import { password, Person } from './person.js';
import { addressOf, type Env, freePort, Program, runCli } from './program.js';
import { type PrivateServers, startPrivateServers } from './servers.js';
import { until } from './until.js';

export interface Opening {
  /** MariaDB and Redis of its own, to be killed and emptied. */
  readonly ownServers?: boolean;
  readonly apis?: number;
  readonly workers?: number;
  /** More of the environment. */
  readonly env?: Env;
  /** Required by node before each program. */
  readonly preload?: string;
  /** The instant at which it opens; now when left out. */
  readonly at?: string;
}

/** A market of real processes on a database of its own, with an operator; the rest of its people come in by HTTP. */
export class RunningMarket {
  readonly apis: Program[] = [];
  readonly workers: Program[] = [];
  private readonly signedIn = new Map<string, Promise<Person>>();
  private offset = 0;

  private constructor(
    readonly servers: PrivateServers | undefined,
    private readonly env: Env,
    private readonly ports: readonly number[],
    private readonly opening: Opening,
    readonly dataSource: DataSource,
    private readonly dispose: () => Promise<void>,
  ) {
    if (opening.at) this.offset = secondsUntil(opening.at);
  }

  static async open(opening: Opening = {}): Promise<RunningMarket> {
    const dataFolder = mkdtempSync(join(tmpdir(), 'sanad-faults-'));
    const servers = opening.ownServers ? await startPrivateServers() : undefined;
    const common = {
      DATA_FOLDER: dataFolder,
      COUNTRY: 'SA',
      LOG_LEVEL: 'error',
      SMTP_URL: '',
      STAGE: 'sandbox',
      ...opening.env,
    };
    const ports = [];
    for (let n = 0; n < (opening.apis ?? 1); n++) ports.push(await freePort());
    let market: RunningMarket;
    if (servers) {
      const env = { ...servers.env, ...common };
      const dataSource = await openDatabase(readEnvironment({ ...process.env, ...env }), contexts);
      await migrate(dataSource);
      market = new RunningMarket(servers, env, ports, opening, dataSource, async () => {
        await dataSource.destroy();
        await servers.stop();
        rmSync(dataFolder, { recursive: true, force: true });
      });
    } else {
      const database = await createTestDatabase(contexts, { country: 'SA', dataFolder });
      const { databaseUrl, redisPrefix } = database.environment;
      const env = { DATABASE_URL: databaseUrl, REDIS_PREFIX: redisPrefix, ...common };
      market = new RunningMarket(undefined, env, ports, opening, database.dataSource, async () => {
        await database.stop();
        rmSync(dataFolder, { recursive: true, force: true });
      });
    }
    try {
      await market.makeOperator();
      await market.startPrograms();
      return market;
    } catch (error) {
      await market.close();
      throw error;
    }
  }

  /** Where the n-th api process is reached. */
  address(n = 0): string {
    return addressOf({ PORT: String(this.ports[n]) });
  }

  get offsetSeconds(): number {
    return this.offset;
  }

  /** The market's own time, moved by some days. */
  instant(daysLater = 0): string {
    return new Date(Date.now() + this.offset * 1000 + daysLater * 86_400_000).toISOString();
  }

  async startApi(n = 0): Promise<void> {
    this.apis[n] = await Program.start('api', this.programEnv(n), this.opening.preload);
  }

  async startWorker(n = 0): Promise<void> {
    this.workers[n] = await Program.start('worker', this.programEnv(0), this.opening.preload);
  }

  /** Ends every program in order and starts them again on another day. The database's own clock is left alone. */
  async moveClockTo(instant: string): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].filter(({ alive }) => alive).map((each) => each.stop()));
    this.offset = secondsUntil(instant);
    await this.startPrograms();
  }

  /** A person, signed in once. */
  person(email: string): Promise<Person> {
    const known = this.signedIn.get(email);
    if (known) return known;
    const made = Person.signIn(this.address(), email);
    this.signedIn.set(email, made);
    return made;
  }

  readonly lead = (): Promise<Person> => this.person('lead@authority.example');
  readonly reviewer = (): Promise<Person> => this.person('reviewer@authority.example');
  readonly officer = (): Promise<Person> => this.person('officer@authority.example');

  async rows<Row extends object = Record<string, string>>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, [...values]);
  }

  /** Work in the test's own process, on the same database. */
  unitOfWork(): UnitOfWork {
    return new UnitOfWork(this.dataSource, this.offset);
  }

  /** Waits until every event is handled and every due timer has fired. */
  async settle(seconds = 60): Promise<void> {
    await until('the market at rest', async () => (await this.waiting()).n === '0', seconds).catch(async (error) => {
      const stuck = await this.rows(
        'SELECT handler, attempts, last_error FROM outbox_delivery WHERE open = 1 ORDER BY due_at LIMIT 5',
      );
      throw new Error(`${String(error)} ${JSON.stringify([await this.waiting(), stuck])}`);
    });
  }

  /** `sanad audit verify`, as an operator runs it. */
  async verifyAudit(): Promise<{ code: number; output: string }> {
    return runCli(['audit', 'verify'], this.programEnv(0));
  }

  /** `sanad report <name> --check`, as an operator runs it. */
  async proof(name: 'ledger' | 'receivables'): Promise<{ code: number; output: string }> {
    return runCli(['report', name, '--check'], this.programEnv(0));
  }

  async close(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].filter(({ alive }) => alive).map((each) => each.kill()));
    await this.dispose();
  }

  private async startPrograms(): Promise<void> {
    await Promise.all([
      ...this.ports.map((_port, n) => this.startApi(n)),
      ...Array.from({ length: this.opening.workers ?? 1 }, (_, n) => this.startWorker(n)),
    ]);
  }

  private programEnv(n: number): Env {
    return { ...this.env, PORT: String(this.ports[n]), CLOCK_OFFSET_SECONDS: String(this.offset) };
  }

  private async waiting(): Promise<{ n: string }> {
    const [row] = await this.rows<{ n: string }>(
      `SELECT (SELECT COUNT(*) FROM outbox_event WHERE relayed = 0) + (SELECT COUNT(*) FROM outbox_delivery WHERE open = 1)
            + (SELECT COUNT(*) FROM timer WHERE due_at <= UTC_TIMESTAMP(6) + INTERVAL ? SECOND) AS n`,
      [this.offset],
    );
    return { n: String(row?.n) };
  }

  /** The one part that no route makes: an operator is set up by whoever runs the portal. */
  private async makeOperator(): Promise<void> {
    const unitOfWork = this.unitOfWork();
    const person = (name: string, role: string) => ({
      email: `${name}@authority.example`,
      name,
      password,
      locale: 'en',
      roles: [role],
    });
    const context = systemContext('test');
    const { organisationId } = await new RegisterOrganisation(unitOfWork).execute(
      context,
      {
        kind: 'operator',
        name: 'SME Authority',
        localName: 'هيئة',
        country: 'SA',
        registrationNumber: '7000000001',
        contactEmail: 'lead@authority.example',
      },
      person('lead', 'review_lead'),
    );
    const within = { ...context, actor: { ...context.actor, organisationId, organisationKind: 'operator' } };
    await new InvitePerson(unitOfWork).execute(within, person('reviewer', 'reviewer'));
    await new InvitePerson(unitOfWork).execute(within, person('officer', 'registry_officer'));
  }
}

const secondsUntil = (instant: string): number => Math.ceil((Date.parse(instant) - Date.now()) / 1000);
