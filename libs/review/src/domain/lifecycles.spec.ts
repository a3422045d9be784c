import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complaintLifecycle } from './complaint.lifecycle.js';
import { reviewCaseLifecycle } from './review-case.lifecycle.js';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

it.each([
  ['review_case', reviewCaseLifecycle.toMermaid()],
  ['complaint', complaintLifecycle.toMermaid()],
])('the README shows the life cycle of %s as it is', (name, diagram) => {
  const marked = new RegExp(
    `<!-- lifecycle:${name} -->\\s*\`\`\`mermaid\\n([\\s\\S]*?)\\n\`\`\`\\s*<!-- /lifecycle -->`,
  );
  expect(marked.exec(readme)?.[1]).toBe(diagram);
});

it('every state of a review case is reached and left as the table says', () => {
  const walked = new Set<string>();
  for (const state of reviewCaseLifecycle.states())
    for (const role of ['reviewer', 'review_lead', 'subject', 'clock'] as const)
      for (const action of reviewCaseLifecycle.open(state, role)) {
        walked.add(action);
        expect(reviewCaseLifecycle.states()).toContain(reviewCaseLifecycle.after(state, action, role));
      }
  expect([...walked].sort()).toEqual([...reviewCaseLifecycle.actions()].sort());
  expect(reviewCaseLifecycle.ends()).toEqual(['decided', 'returned', 'withdrawn']);
  expect(() => reviewCaseLifecycle.after('paused', 'decide', 'review_lead')).toThrow('not possible');
});
