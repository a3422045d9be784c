/** Calls at once in one process, and of them to one endpoint; to one that is failing, a single one. */
export const callPlaces = { inAll: 64, ofOne: 16, ofFailing: 1 } as const;

/** A delivery that is due, with its endpoint. */
export interface DueDelivery {
  readonly endpoint: string;
  readonly failing: boolean;
}

/**
 * Which of the deliveries that are due, in their order, are called now. `calling` counts the calls under way by endpoint: a slow
 * receiver fills its own places and leaves the rest to the others.
 */
export function chooseCalls<Due extends DueDelivery>(
  due: readonly Due[],
  calling: ReadonlyMap<string, number>,
): readonly Due[] {
  const taken = new Map(calling);
  let free = callPlaces.inAll - [...calling.values()].reduce((sum, count) => sum + count, 0);
  return due.filter(({ endpoint, failing }) => {
    const count = taken.get(endpoint) ?? 0;
    if (free <= 0 || count >= (failing ? callPlaces.ofFailing : callPlaces.ofOne)) return false;
    taken.set(endpoint, count + 1);
    free -= 1;
    return true;
  });
}
