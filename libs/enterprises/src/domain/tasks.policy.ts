import type { IdentifierScheme } from './identifiers.policy.js';
import type { DocumentKind } from './document.policy.js';
import type { ProfileFacts } from './profile.js';

export interface TaskFacts {
  readonly facts: ProfileFacts;
  readonly identifiers: readonly IdentifierScheme[];
  readonly ownerCount: number;
  readonly statementCount: number;
  /** A firm in its first year has no yearly statement yet. */
  readonly inFirstYear: boolean;
  readonly hasBankAccount: boolean;
  readonly documents: readonly string[];
}

export interface TaskRules {
  readonly identifiers: readonly { readonly scheme: IdentifierScheme; readonly required: boolean }[];
  readonly requiredDocuments: readonly DocumentKind[];
}

/** One line of the task list; `missing` names what is left of it. */
export interface Task {
  readonly task: 'facts' | 'identifiers' | 'owners' | 'statement' | 'bank_account' | 'documents';
  readonly done: boolean;
  readonly missing: readonly string[];
}

const neededFacts = ['legalForm', 'sector', 'isicClass', 'region', 'foundedOn', 'staff'] as const;

/** What remains before the profile can be handed in, in the order in which it is best done. */
export function taskList(state: TaskFacts, rules: TaskRules): readonly Task[] {
  const task = (name: Task['task'], missing: readonly string[]): Task => ({
    task: name,
    done: missing.length === 0,
    missing,
  });
  return [
    task(
      'facts',
      neededFacts.filter((fact) => state.facts[fact] === null),
    ),
    task(
      'identifiers',
      rules.identifiers
        .filter(({ scheme, required }) => required && !state.identifiers.includes(scheme))
        .map(({ scheme }) => scheme),
    ),
    task('owners', state.ownerCount > 0 ? [] : ['owners']),
    task('statement', state.statementCount > 0 || state.inFirstYear ? [] : ['statement']),
    task('bank_account', state.hasBankAccount ? [] : ['bankAccount']),
    task(
      'documents',
      rules.requiredDocuments.filter((kind) => !state.documents.includes(kind)),
    ),
  ];
}
