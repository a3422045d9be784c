import type { DataSource } from 'typeorm';
import { Platform1790000001000 } from './migrations/1790000001000-platform.js';
import type { Persistence } from './database.js';

export const platformPersistence: Persistence = { entities: [], migrations: [Platform1790000001000] };

/** Brings the database to the present schema; safe to run again and by two processes at once (the second waits). */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.connect();
    const [lock] = (await runner.query("SELECT GET_LOCK('sanad.migrate', 120) AS held")) as {
      held: number | string | null;
    }[];
    if (Number(lock?.held) !== 1) throw new Error('another process has been migrating for two minutes');
    return (await dataSource.runMigrations({ transaction: 'none' })).map(({ name }) => name);
  } finally {
    await runner.query("SELECT RELEASE_LOCK('sanad.migrate')").catch(() => undefined);
    await runner.release();
  }
}
