import { idBytes, type Transaction } from '#platform';

/** A person who must not work on a case, and why. */
export interface ExcludedPerson {
  readonly personId: string;
  readonly reason: string;
}

/** Keeps people from a case for good; one who is excluded already stays so with the first reason. */
export async function excludePeople(
  tx: Transaction,
  caseId: string,
  people: readonly ExcludedPerson[],
  now: Date,
): Promise<void> {
  if (people.length === 0) return;
  await tx.execute(
    `INSERT IGNORE INTO review_conflict (case_id, person_id, reason, declared_at) VALUES ${people.map(() => '(?, ?, ?, ?)').join(',')}`,
    people.flatMap(({ personId, reason }) => [idBytes(caseId), idBytes(personId), reason.slice(0, 500), now]),
  );
}
