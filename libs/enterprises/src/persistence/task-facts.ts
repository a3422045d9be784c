import { type CalendarDate, addMonths } from '#kernel';
import { idBytes } from '#platform';
import type { IdentifierScheme } from '../domain/identifiers.policy.js';
import type { TaskFacts } from '../domain/tasks.policy.js';
import type { EnterpriseProfile } from './entities.js';

/** Runs one SELECT: on the caller's transaction, or on the pool. */
export type Select = <Row extends object>(sql: string, parameters: unknown[]) => Promise<Row[]>;

interface Counts {
  readonly owners: string;
  readonly statements: string;
  readonly accounts: string;
}

/** What the task list looks at. */
export async function readTaskFacts(
  select: Select,
  profile: EnterpriseProfile,
  today: CalendarDate,
): Promise<TaskFacts> {
  const id = idBytes(profile.id);
  const [counts] = await select<Counts>(
    `SELECT (SELECT COUNT(*) FROM enterprise_owner WHERE enterprise_id = ?) AS owners,
            (SELECT COUNT(*) FROM financial_statement WHERE enterprise_id = ?) AS statements,
            (SELECT COUNT(*) FROM enterprise_bank_account WHERE enterprise_id = ? AND replaced_at IS NULL) AS accounts`,
    [id, id, id],
  );
  const identifiers = await select<{ scheme: IdentifierScheme }>(
    'SELECT scheme FROM enterprise_identifier WHERE enterprise_id = ?',
    [id],
  );
  const documents = await select<{ kind: string }>(
    'SELECT DISTINCT kind FROM enterprise_document WHERE enterprise_id = ? AND removed_at IS NULL',
    [id],
  );
  const { foundedOn } = profile;
  return {
    facts: profile,
    identifiers: identifiers.map(({ scheme }) => scheme),
    ownerCount: Number(counts?.owners),
    statementCount: Number(counts?.statements),
    inFirstYear: foundedOn !== null && addMonths(foundedOn as CalendarDate, 12) > today,
    hasBankAccount: Number(counts?.accounts) > 0,
    documents: documents.map(({ kind }) => kind),
  };
}
