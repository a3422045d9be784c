import { ledgerPersistence } from '#ledger';
import { platformPersistence } from '#platform';
import { createTestDatabase } from '#platform/testing';
import { guaranteeEntities } from './entities.js';
import { guaranteePersistence } from '../index.js';

describe('the tables of guarantees', () => {
  it('hold exactly what their entities read and write', async () => {
    const database = await createTestDatabase([platformPersistence, ledgerPersistence, guaranteePersistence]);
    for (const entity of guaranteeEntities)
      await expect(database.dataSource.manager.find(entity, { take: 1 })).resolves.toEqual([]);
    await database.stop();
  });
});
