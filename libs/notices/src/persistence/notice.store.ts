import { idBytes, idText, type Transaction } from '#platform';
import type { Channel, Topic } from '../domain/template.js';

/** `<person> <channel>` for what people switched off about a topic. */
export async function refusedChannels(
  tx: Transaction,
  personIds: readonly string[],
  topic: Topic,
): Promise<ReadonlySet<string>> {
  if (personIds.length === 0) return new Set();
  const rows = await tx.rows<{ person_id: Buffer; channel: Channel }>(
    `SELECT person_id, channel FROM notice_choice
     WHERE topic = ? AND enabled = 0 AND person_id IN (${personIds.map(() => '?').join(',')})`,
    [topic, ...personIds.map(idBytes)],
  );
  return new Set(rows.map(({ person_id, channel }) => `${idText(person_id)} ${channel}`));
}
