import type { Type } from '@nestjs/common';
import { noticesEventHandlers } from '#notices';
import { type DeliveredEvent, type EventHandler, idText } from '#platform';
import { TellOfMarket } from '../application/tell-of-market.js';
import type { MarketHouse } from './market-house.js';

/**
 * Delivers what happened since to those who tell people of it, as the worker would, and answers the notices written:
 * `kind of organisation: template`, with the English text.
 */
export async function tellPeople(house: MarketHouse): Promise<{ readonly to: string; readonly body: string }[]> {
  const market = house.get(TellOfMarket);
  const onNotice = house.get(noticesEventHandlers[0] as Type<EventHandler>);
  await house.rows('DELETE FROM notice');
  for (let more = true; more;) {
    const rows = await house.rows<{ id: Buffer; name: string; subject_id: Buffer; payload: string }>(
      'SELECT id, name, subject_id, payload FROM outbox_event WHERE relayed = 0 ORDER BY id',
    );
    for (const { id, name, subject_id, payload } of rows) {
      const event = { name, subjectId: idText(subject_id), payload: JSON.parse(payload) as object } as DeliveredEvent;
      await house.run(async (tx) => {
        await tx.execute('UPDATE outbox_event SET relayed = 1 WHERE id = ?', [id]);
        await market.within(tx, event);
        if (name === 'notice.requested') await onNotice.handle(tx, event);
      });
    }
    more = rows.length > 0;
  }
  return house.rows(
    `SELECT CONCAT(o.kind, ': ', n.template) AS \`to\`, n.body FROM notice n JOIN membership m ON m.person_id = n.person_id
     JOIN organisation o ON o.id = m.organisation_id ORDER BY n.id`,
  );
}
