import { awardLifecycle, fundingRequestLifecycle, offerLifecycle } from '#marketplace';
import { verificationLifecycle } from '#review';
import type { RunningMarket } from '../faults/house/running-market.js';

interface Table {
  readonly transitions: Readonly<Record<string, { readonly from: readonly string[] }>>;
}

const tables: Readonly<Record<string, Table>> = {
  funding_request: fundingRequestLifecycle.table,
  offer: offerLifecycle.table,
  award: awardLifecycle.table,
  verification: verificationLifecycle.table,
};

/** The arrows of each life cycle, as `action from state`, that no history of this market shows. */
export async function untaken(market: RunningMarket): Promise<Record<string, string[]>> {
  const steps = await market.rows<{ kind: string; action: string; from_state: string }>(
    `SELECT DISTINCT subject_type AS kind, action, from_state FROM market_history WHERE from_state IS NOT NULL
     UNION SELECT 'verification', action, from_state FROM enterprise_history WHERE from_state IS NOT NULL`,
  );
  const taken = new Set(steps.map(({ kind, action, from_state: from }) => `${kind} ${action} ${from}`));
  return Object.fromEntries(
    Object.entries(tables).map(([kind, { transitions }]) => [
      kind,
      Object.entries(transitions).flatMap(([action, { from }]) =>
        from.filter((state) => !taken.has(`${kind} ${action} ${state}`)).map((state) => `${action} from ${state}`),
      ),
    ]),
  );
}
