import { defineErrors } from '#kernel';

export const noticesError = defineErrors({
  notice_unknown: {
    kind: 'not_found',
    title: 'This notice does not exist, or not for you.',
    next: 'Your own notices are listed at /v1/notices.',
  },
  webhook_unknown: {
    kind: 'not_found',
    title: 'This webhook endpoint or delivery does not exist, or not for you.',
    next: 'Your organisation’s endpoints are listed at /v1/webhook-endpoints.',
  },
  webhook_address_refused: {
    kind: 'invalid',
    title: 'Events cannot be sent to this address.',
    next: 'Use an https address with a public name; a loopback address works in the sandbox only.',
  },
  webhook_event_unknown: {
    kind: 'invalid',
    title: 'There is no such event.',
    next: 'Choose names of /v1/event-types, a family such as "review_case.*", or "*".',
  },
  webhook_limit_reached: {
    kind: 'conflict',
    title: 'Your organisation has as many webhook endpoints as it may have.',
    next: 'Remove one that is no longer used.',
  },
});
