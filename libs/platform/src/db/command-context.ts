/** Who acts. Made by identity from a session, an API key or an access token; the system acts for its own clocks. */
export interface Actor {
  readonly kind: 'person' | 'client' | 'system';
  /** Person or API client; for the system the name of the job. */
  readonly id: string;
  /** The organisation acted for; empty for the system. */
  readonly organisationId: string;
  readonly organisationKind: string;
  readonly permissions: ReadonlySet<string>;
  /** Largest amount in minor units that this person may bind alone, where the role has one. */
  readonly approvalLimitMinor?: bigint | undefined;
  /** A second factor was shown for this session within the last minutes. */
  readonly steppedUp: boolean;
  /** The person who delegated what is done now; the audit log names both. */
  readonly onBehalfOf?: string | undefined;
  readonly locale: string;
}

/** A command's idempotency key, bound to client, route and input. */
export interface IdempotencyClaim {
  readonly clientId: string;
  readonly key: string;
  readonly route: string;
  /** SHA-256 of the canonical input. */
  readonly inputHash: Buffer;
}

/** What a use case is told about its caller. */
export interface CommandContext {
  readonly actor: Actor;
  readonly traceId: string;
  readonly idempotency?: IdempotencyClaim | undefined;
}

/** The same caller without an idempotency key: an answer that holds a secret is never kept for a replay. */
export function withoutReplay(context: CommandContext): CommandContext {
  return { actor: context.actor, traceId: context.traceId };
}

/** The context of work that a clock or an event starts, not a person. */
export function systemContext(job: string, traceId = job): CommandContext {
  const actor: Actor = {
    kind: 'system',
    id: job,
    organisationId: '',
    organisationKind: 'system',
    permissions: new Set(),
    steppedUp: false,
    locale: 'en',
  };
  return { actor, traceId };
}
