import { defineErrors } from '#kernel';

export const aprError = defineErrors({
  apr_no_solution: {
    kind: 'invalid',
    title: 'No annual rate makes these payments equal.',
    next: 'Check the signs and amounts: money drawn is positive, money paid back negative.',
  },
  apr_several_solutions: {
    kind: 'invalid',
    title: 'Several annual rates make these payments equal, so none of them is the rate.',
    next: 'Split the flows into loans of which each is drawn first and paid back afterwards.',
  },
});
