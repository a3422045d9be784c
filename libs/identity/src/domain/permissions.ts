/**
 * Every permission of the market, with what it lets its holder do. A route names one; a role holds several.
 * `<noun>.<verb>`; a name that is not here does not compile.
 */
export const permissions = {
  'self.manage': 'see and change one’s own profile, sessions and second factor',
  'organisation.read': 'see the own organisation and its people',
  'organisation.manage': 'change the own organisation, invite people and give roles',
  'api_client.manage': 'make and revoke API clients',
  'webhook.manage': 'set up webhooks and send events again',
  'enterprise.read': 'see the own enterprise’s profile and documents',
  'enterprise.write': 'prepare the own enterprise’s profile, statements and documents',
  'request.read': 'see the own funding requests and their offers',
  'request.write': 'prepare funding requests',
  'request.submit': 'submit, withdraw and answer for the enterprise',
  'offer.accept': 'accept an offer as authorised signatory',
  'institution.read': 'see the own institution’s products, mandates and limits',
  'institution.write': 'prepare products, mandates and limits',
  'institution.approve': 'approve limits and auto-bid rules as checker',
  'market.read': 'see the anonymous briefs of matched requests',
  'offer.read': 'see the own institution’s offers',
  'offer.write': 'make, revise and withdraw offers, ask questions and decline',
  'offer.approve': 'approve offers above the maker’s limit as checker',
  'receivable.read': 'see the own invoices and certificates',
  'receivable.confirm': 'confirm what the own firm owes, as maker',
  'receivable.approve': 'approve confirmations as checker',
  'guarantee.read': 'see the own scheme’s applications and guarantees',
  'guarantee.write': 'prepare decisions on guarantees',
  'guarantee.approve': 'approve guarantees and claims as checker',
  'ledger.read': 'see the own accounts, balances and statements',
  'ledger.close': 'close a month of the books',
  'review.read': 'see review cases and their clocks',
  'review.work': 'take, ask and decide review cases',
  'review.lead': 'assign cases, allow a second pause, see breaches',
  'calendar.edit': 'change the business calendar',
  'registry.manage': 'rule on the registry of organisations and receivables',
  'operations.read': 'see queues, clocks and health',
  'audit.read': 'read the audit log',
  'case.open': 'send a complaint or an appeal',
  'notice.read': 'read the own notices',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof permissions;
