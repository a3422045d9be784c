/** What one event tells, for those who subscribe to it. */
const known = new Map<string, string>();

/**
 * Declares the events of a context that webhooks may carry: name → one plain phrase. Returns the table, so that a
 * context can use its names. A name declared twice with another meaning fails when the program starts.
 */
export function defineEvents<const T extends Readonly<Record<string, string>>>(table: T): T {
  for (const [name, meaning] of Object.entries(table)) {
    const earlier = known.get(name);
    if (earlier !== undefined && earlier !== meaning) throw new Error(`event ${name} is declared twice`);
    known.set(name, meaning);
  }
  return table;
}

/** Every event that a webhook may subscribe to, by name. */
export function eventCatalogue(): readonly { readonly name: string; readonly meaning: string }[] {
  return [...known].map(([name, meaning]) => ({ name, meaning })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** True when a subscription (`*`, `review_case.*` or a full name) covers an event. */
export function covers(subscription: string, event: string): boolean {
  if (subscription === '*') return true;
  return subscription.endsWith('.*') ? event.startsWith(subscription.slice(0, -1)) : subscription === event;
}

/** The first subscription that covers no event of the catalogue. */
export function unknownSubscription(subscriptions: readonly string[]): number {
  return subscriptions.findIndex((subscription) => ![...known.keys()].some((name) => covers(subscription, name)));
}

defineEvents({
  'organisation.registered': 'the organisation was registered',
  'organisation.standing_changed': 'the organisation was verified, suspended or reinstated',
  'webhook.test': 'somebody asked for a test delivery',
});
