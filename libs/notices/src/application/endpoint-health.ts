import { idBytes, type Transaction } from '#platform';
import { disableAt, judgeFailure } from '../domain/retry.policy.js';
import type { WebhookEndpoint } from '../persistence/webhook.store.js';
import { notify } from './notify.js';

/** Roles that hold `webhook.manage`. */
const keepers = ['administrator', 'signatory'];

/**
 * Notes another failure of an endpoint whose row the caller has locked: its other deliveries wait as well, so that
 * one dead receiver does not use up the places of the living; its people are warned, and told when it is switched off.
 */
export async function recordFailure(
  tx: Transaction,
  endpoint: WebhookEndpoint,
  now: Date,
  retryAt: Date,
  gone: boolean,
): Promise<void> {
  const id = idBytes(endpoint.id);
  const failingSince = endpoint.failingSince ?? now;
  const health = {
    failingSince: failingSince.getTime(),
    warnedAt: endpoint.warnedAt && endpoint.warnedAt.getTime(),
  };
  const verdict = endpoint.enabled ? judgeFailure(health, now.getTime(), gone) : 'wait';
  const tell = { organisationId: endpoint.organisationId, roles: keepers, link: `/webhooks/${endpoint.id}` };
  if (verdict === 'warn')
    notify(tx, {
      ...tell,
      template: 'webhook_failing',
      parameters: {
        url: endpoint.url,
        since: failingSince.toISOString(),
        until: new Date(disableAt(failingSince.getTime(), now.getTime())).toISOString(),
      },
    });
  if (verdict === 'disable') {
    await tx.execute("UPDATE webhook_delivery SET state = 'held' WHERE endpoint_id = ? AND open = 1", [id]);
    notify(tx, { ...tell, template: 'webhook_disabled', parameters: { url: endpoint.url } });
    tx.audit({
      action: 'webhook_endpoint.disable',
      subjectType: 'webhook_endpoint',
      subjectId: endpoint.id,
      data: { failingSince: failingSince.toISOString() },
    });
  } else {
    await tx.execute('UPDATE webhook_delivery SET due_at = GREATEST(due_at, ?) WHERE endpoint_id = ? AND open = 1', [
      retryAt,
      id,
    ]);
  }
  await tx.execute(
    'UPDATE webhook_endpoint SET failing_since = ?, warned_at = ?, enabled = ?, disabled_at = ? WHERE id = ?',
    [
      failingSince,
      verdict === 'warn' ? now : endpoint.warnedAt,
      verdict === 'disable' ? false : endpoint.enabled,
      verdict === 'disable' ? now : endpoint.disabledAt,
      id,
    ],
  );
}
