import { defineErrors } from './domain-error.js';

/** One arrow of a life cycle. `by` lists the roles that may take it; `guard` says in words what must hold. */
export interface Transition<State extends string, Role extends string> {
  readonly from: readonly State[];
  readonly to: State;
  readonly by: readonly Role[];
  readonly guard?: string;
}

export interface LifecycleTable<State extends string, Action extends string, Role extends string> {
  readonly name: string;
  readonly initial: State;
  /** Each state with its meaning in one plain phrase. */
  readonly states: Readonly<Record<State, string>>;
  readonly transitions: Readonly<Record<Action, Transition<State, Role>>>;
}

export const lifecycleError = defineErrors({
  transition_not_allowed: {
    kind: 'conflict',
    title: 'This step is not possible in the present state.',
    next: 'Read the record again; its state says which steps are open.',
  },
  transition_not_yours: {
    kind: 'forbidden',
    title: 'This step belongs to another party.',
    next: 'Ask the party named by the life cycle to take it.',
  },
});

/** A life cycle as data: the table is the rule, the methods only read it. */
export class Lifecycle<State extends string, Action extends string, Role extends string> {
  constructor(readonly table: LifecycleTable<State, Action, Role>) {
    const problems = findProblems(table);
    if (problems.length > 0) throw new Error(`life cycle ${table.name}: ${problems.join('; ')}`);
  }

  get initial(): State {
    return this.table.initial;
  }

  /** The state after `action`. Refuses an action that the state does not allow, or that `role` may not take. */
  after(state: State, action: Action, role: Role): State {
    const { from, to, by } = this.table.transitions[action];
    if (!from.includes(state)) {
      throw lifecycleError('transition_not_allowed', {
        detail: `${this.table.name}: "${action}" is not possible from "${state}"; it needs ${from.join(' or ')}.`,
        data: { lifecycle: this.table.name, action, state, allowedFrom: from },
      });
    }
    if (!by.includes(role)) {
      throw lifecycleError('transition_not_yours', {
        detail: `${this.table.name}: "${action}" is taken by ${by.join(' or ')}, not by ${role}.`,
        data: { lifecycle: this.table.name, action, role, allowedBy: by },
      });
    }
    return to;
  }

  /** The actions open to `role` in `state`, in the table's order. */
  open(state: State, role: Role): Action[] {
    return this.actions().filter((action) => {
      const { from, by } = this.table.transitions[action];
      return from.includes(state) && by.includes(role);
    });
  }

  actions(): Action[] {
    return Object.keys(this.table.transitions) as Action[];
  }

  states(): State[] {
    return Object.keys(this.table.states) as State[];
  }

  /** States that no action leaves. */
  ends(): State[] {
    return this.states().filter((state) =>
      this.actions().every((action) => !this.table.transitions[action].from.includes(state)),
    );
  }

  /** The life cycle as a mermaid diagram; the READMEs hold its output and CI compares. */
  toMermaid(): string {
    const lines = ['stateDiagram-v2', `  [*] --> ${this.initial}`];
    for (const action of this.actions()) {
      const { from, to, by } = this.table.transitions[action];
      for (const state of from) lines.push(`  ${state} --> ${to}: ${action} (${by.join(', ')})`);
    }
    for (const state of this.ends()) lines.push(`  ${state} --> [*]`);
    return lines.join('\n');
  }
}

/** Names states that are unknown or cannot be reached; an empty list means a sound table. */
export function findProblems<State extends string, Action extends string, Role extends string>(
  table: LifecycleTable<State, Action, Role>,
): string[] {
  const states = new Set<string>(Object.keys(table.states));
  const transitions = Object.entries(table.transitions) as [string, Transition<State, Role>][];
  const problems: string[] = [];
  if (!states.has(table.initial)) problems.push(`initial state ${table.initial} is unknown`);
  for (const [action, { from, to, by }] of transitions) {
    for (const state of [...from, to]) if (!states.has(state)) problems.push(`${action}: ${state} is unknown`);
    if (by.length === 0) problems.push(`${action}: nobody may take it`);
  }
  const reached = new Set<string>([table.initial]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [, { from, to }] of transitions) {
      if (!reached.has(to) && from.some((state) => reached.has(state))) {
        reached.add(to);
        grown = true;
      }
    }
  }
  for (const state of states) if (!reached.has(state)) problems.push(`${state} cannot be reached`);
  return problems;
}
