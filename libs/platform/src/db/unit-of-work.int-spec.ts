import { DomainError } from '#kernel';
import {
  auditAnchor,
  AuditSealer,
  idBytes,
  migrate,
  newId,
  platformPersistence,
  systemContext,
  UnitOfWork,
  verifyAudit,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { idempotencyError } from '../idempotency/claim.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase([platformPersistence]);
  await database.dataSource.query('CREATE TABLE counter (id INT PRIMARY KEY, value INT NOT NULL)');
  await database.dataSource.query('INSERT INTO counter VALUES (1, 0), (2, 0)');
});
afterAll(() => database.stop());

const value = async (id: number): Promise<number> =>
  ((await database.dataSource.query('SELECT value FROM counter WHERE id = ?', [id])) as { value: number }[])[0]
    ?.value ?? -1;

describe('the unit of work', () => {
  it('does a command sent 50 times at once with one key exactly once, and answers all alike', async () => {
    const context = contextOf({ organisationId: newId() }, 'key-of-one-command');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        database.unitOfWork.run(context, async (tx) => {
          await tx.execute('UPDATE counter SET value = value + 1 WHERE id = 1');
          tx.emit({ name: 'counter.raised', subjectType: 'counter', subjectId: newId(), version: 1, payload: {} });
          return { made: newId() };
        }),
      ),
    );
    expect(new Set(answers.map(({ made }) => made)).size).toBe(1);
    expect(await value(1)).toBe(1);
    const events = (await database.dataSource.query('SELECT COUNT(*) AS n FROM outbox_event')) as { n: string }[];
    expect(Number(events[0]?.n)).toBe(1);
  });

  it('refuses a key that comes again with another input', async () => {
    const first = contextOf({ organisationId: newId() }, 'key-with-two-inputs');
    await database.unitOfWork.run(first, async () => ({ ok: true }));
    const claim = { ...(first.idempotency as NonNullable<typeof first.idempotency>), inputHash: Buffer.alloc(32, 1) };
    await expect(
      database.unitOfWork.run({ ...first, idempotency: claim }, async () => ({ ok: false })),
    ).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('stores a business refusal as the answer, and undoes what the command did before it', async () => {
    const context = contextOf({ organisationId: newId() }, 'key-of-a-refusal');
    let runs = 0;
    const refused = () =>
      database.unitOfWork.run(context, async (tx) => {
        runs += 1;
        await tx.execute('UPDATE counter SET value = value + 100 WHERE id = 1');
        throw idempotencyErrorLike();
      });
    const before = await value(1);
    await expect(refused()).rejects.toMatchObject({ code: 'test_refused', details: { data: { limit: '5' } } });
    await expect(refused()).rejects.toMatchObject({ code: 'test_refused', details: { data: { limit: '5' } } });
    expect(runs).toBe(1);
    expect(await value(1)).toBe(before);
  });

  it('starts a deadlocked unit again from its beginning, so that both effects stand', async () => {
    let arrived = 0;
    let open: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (open = resolve));
    const cross = (first: number, second: number) =>
      database.unitOfWork.run(systemContext('cross'), async (tx) => {
        await tx.execute('UPDATE counter SET value = value + 1 WHERE id = ?', [first]);
        if (++arrived === 2) open();
        await both;
        await tx.execute('UPDATE counter SET value = value + 1 WHERE id = ?', [second]);
      });
    const [one, two] = [await value(1), await value(2)];
    await Promise.all([cross(1, 2), cross(2, 1)]);
    expect([await value(1), await value(2)]).toEqual([one + 2, two + 2]);
    expect(arrived).toBeGreaterThan(2);
  });

  it('is patient with a unit that meets one deadlock after the other, and gives up one that never ends', async () => {
    // MariaDB's number of a deadlock, as its driver tells it.
    const deadlock = Object.assign(new Error('Deadlock found when trying to get lock'), { errno: 1213 });
    const meet = (unitOfWork: UnitOfWork, times: number) => {
      let runs = 0;
      return unitOfWork.run(systemContext('cross'), async () => {
        if (++runs <= times) throw deadlock;
        return runs;
      });
    };
    expect(await meet(database.unitOfWork, 14)).toBe(15);
    const hasty = new UnitOfWork(database.dataSource, 0, 50);
    expect(await meet(hasty, 9)).toBe(10);
    await expect(meet(hasty, Infinity)).rejects.toMatchObject({ code: 'database_busy' });
  }, 30_000);

  it('can be migrated again without effect', async () => {
    expect(await migrate(database.dataSource)).toEqual([]);
  });
});

describe('the audit chain', () => {
  it('names the first entry that was changed after it was sealed', async () => {
    const subjectId = newId();
    const sealer = new AuditSealer(database.unitOfWork);
    for (const step of [1, 2, 3]) {
      await database.unitOfWork.run(systemContext('test'), async (tx) =>
        tx.audit({ action: 'test.step', subjectType: 'test', subjectId, data: { step } }),
      );
    }
    await sealer.seal();
    const verify = () => database.unitOfWork.run(systemContext('audit.verify'), (tx) => verifyAudit(tx));
    expect(await verify()).toMatchObject({ ok: true });
    await database.dataSource.query(
      "UPDATE audit_entry SET data = REPLACE(data, '2', '9') WHERE subject_id = ? AND data LIKE '%2%'",
      [idBytes(subjectId)],
    );
    expect(await verify()).toMatchObject({ ok: false, problem: 'the entry was changed after it was sealed' });
  });

  it('tells when its newest end was cut off, in its own record too, and judges lateness by the server’s own time', async () => {
    const chain = await createTestDatabase([platformPersistence]);
    const rows = async (sql: string) => chain.dataSource.query(sql);
    const write = (unitOfWork: UnitOfWork) =>
      unitOfWork.run(systemContext('test'), async (tx) =>
        tx.audit({ action: 'test.step', subjectType: 'test', subjectId: newId(), data: {} }),
      );
    const verify = (...heads: string[]) =>
      chain.unitOfWork.run(systemContext('audit.verify'), (tx) =>
        verifyAudit(
          tx,
          heads.map((head) => auditAnchor(head) as NonNullable<ReturnType<typeof auditAnchor>>),
        ),
      );
    try {
      const sealer = new AuditSealer(chain.unitOfWork);
      for (let n = 0; n < 4; n++) await write(chain.unitOfWork);
      await sealer.seal();
      const told = await verify();
      expect(told).toMatchObject({ ok: true, entries: 4, head: expect.stringMatching(/^4:[0-9a-f]{64}$/) });
      const { head } = told as { head: string };
      expect(await verify(head)).toEqual(told);
      expect(await verify(`3${head.slice(1)}`)).toMatchObject({ ok: false, sequence: '3' });
      const cutOff = async () => {
        await rows('DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_link WHERE sequence > 2)');
        await rows('DELETE FROM audit_link WHERE sequence > 2');
      };
      await cutOff();
      expect(await verify()).toMatchObject({ ok: false, sequence: '4', entryId: null });
      // New entries do not cover the gap.
      await write(chain.unitOfWork);
      await sealer.seal();
      expect(await verify()).toMatchObject({ ok: false, problem: 'link 3 is missing' });
      await cutOff();
      await rows(
        'UPDATE audit_head SET sequence = 2, link_hash = (SELECT link_hash FROM audit_link WHERE sequence = 2)',
      );
      expect(await verify()).toMatchObject({ ok: true, entries: 2 });
      expect(await verify(head)).toMatchObject({ ok: false, sequence: '4', problem: expect.stringContaining('kept') });
      for (const days of [-30, 30]) await write(new UnitOfWork(chain.dataSource, days * 86_400));
      expect(await verify()).toMatchObject({ ok: true });
      await rows('UPDATE audit_entry SET written_at = written_at - INTERVAL 61 SECOND WHERE sealed = 0');
      expect(await verify()).toMatchObject({ ok: false, problem: 'unsealed for over 60 seconds' });
      await sealer.seal();
      await rows('DELETE FROM audit_head');
      expect(await verify()).toMatchObject({ ok: false, problem: expect.stringContaining('removed') });
    } finally {
      await chain.stop();
    }
  });
});

describe('a database with another character set', () => {
  it('is refused before the first table, with the statement that mends it', async () => {
    const chain = await createTestDatabase([]);
    const name = new URL(chain.environment.databaseUrl).pathname.slice(1);
    try {
      await chain.dataSource.query(`ALTER DATABASE ${name} CHARACTER SET latin1`);
      await expect(migrate(chain.dataSource)).rejects.toThrow(`ALTER DATABASE \`${name}\` CHARACTER SET utf8mb4`);
      await chain.dataSource.query(`ALTER DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
      await chain.dataSource.query('CREATE TABLE old (text VARCHAR(9)) CHARACTER SET latin1');
      await expect(migrate(chain.dataSource)).rejects.toThrow('ALTER TABLE `old` CONVERT TO');
      await chain.dataSource.query('ALTER TABLE old CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci');
      expect(await migrate(chain.dataSource)).toEqual([]);
    } finally {
      await chain.stop();
    }
  });
});

function idempotencyErrorLike(): DomainError {
  const { definition } = idempotencyError('idempotency_in_progress');
  return new DomainError('test_refused', { ...definition, kind: 'conflict' }, { data: { limit: '5' } });
}
