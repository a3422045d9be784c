import type { Transaction } from '../db/transaction.js';

/** An event as a handler gets it: what the producer emitted, and where it stands in the log. */
export interface DeliveredEvent {
  readonly id: string;
  readonly name: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly version: number;
  readonly audience: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}

/** What is known of an event before it is handled. */
export type RelayedEvent = Pick<DeliveredEvent, 'name' | 'audience'>;

/**
 * Does one thing about one event, inside the transaction that marks the delivery done: applied exactly once however
 * often it is delivered. Events of one subject may arrive in any order, so a handler reads the subject again.
 */
export interface EventHandler {
  /** Stable and unique: it is part of the delivery's key. */
  readonly name: string;
  /** Event names, or `*` for every event. */
  readonly events: readonly string[];
  handle(tx: Transaction, event: DeliveredEvent): Promise<void>;
  /** For a handler of every event: which of these it has anything to do for now; the others get no delivery. All, when left out. */
  wanted?(tx: Transaction, events: readonly RelayedEvent[]): Promise<ReadonlySet<RelayedEvent>>;
}

/** The handlers of all contexts; the worker's module makes it, and the boot fails on two of one name. */
export class EventHandlers {
  private readonly byEvent = new Map<string, EventHandler[]>();
  private readonly byName = new Map<string, EventHandler>();

  constructor(handlers: readonly EventHandler[]) {
    for (const handler of handlers) {
      if (this.byName.has(handler.name)) throw new Error(`two event handlers are named ${handler.name}`);
      this.byName.set(handler.name, handler);
      for (const event of handler.events) this.byEvent.set(event, [...(this.byEvent.get(event) ?? []), handler]);
    }
  }

  for(eventName: string): readonly EventHandler[] {
    return [...(this.byEvent.get(eventName) ?? []), ...(this.byEvent.get('*') ?? [])];
  }

  named(name: string): EventHandler | undefined {
    return this.byName.get(name);
  }
}
