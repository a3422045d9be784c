import { defineEvents } from '#notices';

/** What this context announces to webhooks. */
export const guaranteeEvents = defineEvents({
  'guarantee_scheme.changed': 'a scheme was opened, stopped or got other terms',
  'guarantee_accreditation.changed': 'a lender’s accreditation with a scheme changed',
  'guarantee_application.changed': 'an application for a guarantee went a step further',
  'guarantee.offered': 'a letter of intent holds headroom for an offer',
  'guarantee.issued': 'an offer was awarded and its guarantee issued',
  'guarantee.in_force': 'a guarantee is in force',
  'guarantee.claimed': 'a claim was notified',
  'guarantee.released': 'a guarantee was released',
  'guarantee.lapsed': 'a guarantee or a letter of intent is void',
  'guarantee.changed': 'figures or notices of a guarantee changed',
});
