import { createHash } from 'node:crypto';
import { idBytes, newId } from './ids.js';
import type { Transaction } from './transaction.js';

/** Content of an audit entry as it is hashed: fixed order of fields, so that anybody can compute it again. */
export function auditHash(fields: readonly (string | null)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(fields)).digest();
}

/**
 * Writes the events and audit entries that the unit collected: two statements, however many there are.
 * `units` are the commands of several callers that commit in this one transaction.
 * Both use the database's clock, so that two processes with wrong clocks still tell one story.
 */
export async function writePending(
  transaction: Transaction,
  now: Date,
  units: readonly Transaction[] = [transaction],
): Promise<void> {
  const at = now.toISOString();
  await transaction.insertRows(
    'audit_entry',
    [
      'id',
      'at',
      'actor_kind',
      'actor_id',
      'organisation_id',
      'action',
      'subject_type',
      'subject_id',
      'data',
      'trace_id',
      'hash',
    ],
    units.flatMap(({ context: { actor, traceId }, pendingAudit }) =>
      pendingAudit.map((entry) => {
        const id = newId();
        const data = JSON.stringify(actor.onBehalfOf ? { ...entry.data, onBehalfOf: actor.onBehalfOf } : entry.data);
        const organisation = actor.organisationId || null;
        const hash = auditHash([
          id,
          at,
          actor.kind,
          actor.id,
          organisation,
          entry.action,
          entry.subjectType,
          entry.subjectId,
          data,
          traceId,
        ]);
        return [
          idBytes(id),
          now,
          actor.kind,
          actor.id,
          organisation && idBytes(organisation),
          entry.action,
          entry.subjectType,
          idBytes(entry.subjectId),
          data,
          traceId,
          hash,
        ];
      }),
    ),
  );
  await transaction.insertRows(
    'outbox_event',
    ['id', 'name', 'subject_type', 'subject_id', 'version', 'audience', 'payload', 'trace_id', 'occurred_at'],
    units.flatMap(({ context: { traceId }, pendingEvents }) =>
      pendingEvents.map((event) => [
        idBytes(newId()),
        event.name,
        event.subjectType,
        idBytes(event.subjectId),
        event.version,
        JSON.stringify(event.audience ?? []),
        JSON.stringify(event.payload),
        traceId,
        now,
      ]),
    ),
  );
}
