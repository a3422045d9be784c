import { batchLifecycle } from './batch.lifecycle.js';
import { proposalLifecycle } from './proposal.lifecycle.js';
import { receivableEvents, receivableLifecycle } from './receivable.lifecycle.js';

it('every step of a receivable is taken by somebody, and says what has happened', () => {
  const walked = new Set<string>();
  for (const state of receivableLifecycle.states())
    for (const role of ['anchor', 'seller', 'uploader', 'market', 'settlement', 'system'] as const)
      for (const action of receivableLifecycle.open(state, role)) {
        walked.add(action);
        expect(receivableLifecycle.states()).toContain(receivableLifecycle.after(state, action, role));
      }
  expect([...walked].sort()).toEqual([...receivableLifecycle.actions()].sort());
  expect(receivableLifecycle.ends()).toEqual(['rejected', 'withdrawn']);
  expect(new Set(Object.values(receivableEvents)).size).toBe(receivableLifecycle.actions().length);
});

it('what was assigned is never lowered, and what is confirmed only by its seller', () => {
  for (const state of ['assigned', 'due', 'overdue', 'listed'] as const)
    expect(() => receivableLifecycle.after(state, 'reduce', 'seller')).toThrow('not possible');
  expect(receivableLifecycle.after('confirmed', 'reduce', 'seller')).toBe('reduced');
});

it('the other life cycles end where they should', () => {
  expect(proposalLifecycle.ends()).toEqual(['applied', 'rejected', 'withdrawn']);
  expect(batchLifecycle.ends()).toEqual(['done', 'refused']);
});
