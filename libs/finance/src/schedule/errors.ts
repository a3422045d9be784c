import { defineErrors } from '#kernel';

export const scheduleError = defineErrors({
  schedule_never_repaid: {
    kind: 'invalid',
    title: 'These instalments never repay the loan.',
    next: 'Raise the instalment above the interest of a period, or give the number of periods.',
  },
  schedule_too_long: {
    kind: 'invalid',
    title: 'The schedule has more instalments than are computed.',
    next: 'Use longer periods or a larger instalment.',
  },
  schedule_event_impossible: {
    kind: 'invalid',
    title: 'An event does not fit the loan.',
    next: 'Place the event between the start and the last instalment, with an amount that is still owed.',
  },
  murabaha_price_fixed: {
    kind: 'invalid',
    title: 'Cost and profit of a murabaha are fixed at the sale.',
    next: 'Leave out the change of rate; agree a new sale instead.',
  },
});
