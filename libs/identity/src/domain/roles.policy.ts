import type { Permission } from './permissions.js';

export const organisationKinds = ['enterprise', 'financier', 'anchor', 'guarantor', 'operator', 'supervisor'] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

const everybody: readonly Permission[] = ['self.manage', 'organisation.read', 'notice.read'];
const member: readonly Permission[] = [...everybody, 'case.open'];
/** Anchors and guarantors see their own accounts too. */
const counterparty: readonly Permission[] = [...member, 'ledger.read'];
const anchorReader: readonly Permission[] = [...counterparty, 'receivable.read', 'settlement.read', 'discount.read'];
const administrator: readonly Permission[] = ['organisation.manage', 'api_client.manage', 'webhook.manage'];
const enterpriseReader: readonly Permission[] = [
  ...member,
  'enterprise.read',
  'request.read',
  'receivable.read',
  'settlement.read',
  'guarantee.read',
  'ledger.read',
];
const financierReader: readonly Permission[] = [
  ...member,
  'institution.read',
  'market.read',
  'offer.read',
  'receivable.read',
  'settlement.read',
  'guarantee.read',
  'ledger.read',
];

/**
 * What each role of each kind of organisation may do. An administrator manages people and binds nothing: maker and
 * checker are roles of their own, so that nobody gives himself both by inviting himself.
 */
export const rolesByKind = {
  enterprise: {
    /** May bind the firm, with a step-up; two people where two exist. */
    signatory: [
      ...enterpriseReader,
      ...administrator,
      'enterprise.write',
      'request.write',
      'request.submit',
      'offer.accept',
      'receivable.upload',
      'certificate.transfer',
      'discount.ask',
      'settlement.instruct',
      'guarantee.consent',
    ],
    preparer: [...enterpriseReader, 'enterprise.write', 'request.write', 'receivable.upload'],
    reader: enterpriseReader,
  },
  financier: {
    administrator: [...financierReader, ...administrator],
    maker: [
      ...financierReader,
      'institution.write',
      'offer.write',
      'settlement.instruct',
      'payment_account.declare',
      'guarantee.apply',
      'claim.apply',
    ],
    checker: [...financierReader, 'institution.approve', 'offer.approve'],
    reader: financierReader,
  },
  anchor: {
    administrator: [...anchorReader, ...administrator, 'anchor.manage', 'supplier.manage'],
    maker: [
      ...anchorReader,
      'receivable.upload',
      'receivable.confirm',
      'supplier.manage',
      'discount.write',
      'settlement.instruct',
      'payment_account.declare',
    ],
    checker: [...anchorReader, 'receivable.approve', 'discount.approve'],
  },
  guarantor: {
    administrator: [...counterparty, ...administrator, 'guarantee.read'],
    maker: [...counterparty, 'guarantee.read', 'guarantee.decide', 'claim.decide', 'scheme.manage', 'conflict.declare'],
    checker: [
      ...counterparty,
      'guarantee.read',
      'guarantee.decide.approve',
      'claim.decide.approve',
      'scheme.govern',
      'conflict.declare',
    ],
    /** A member of the scheme's board: votes, and reads what is voted on. */
    board: [...counterparty, 'guarantee.read', 'scheme.govern', 'conflict.declare'],
  },
  operator: {
    administrator: [...everybody, ...administrator, 'operations.read'],
    reviewer: [...everybody, 'review.read', 'review.work'],
    review_lead: [
      ...everybody,
      'review.read',
      'review.work',
      'review.lead',
      'calendar.edit',
      'operations.read',
      'audit.read',
    ],
    registry_officer: [
      ...everybody,
      'review.read',
      'registry.manage',
      'settlement.operate',
      'audit.read',
      'ledger.close',
    ],
  },
  supervisor: {
    reader: [...everybody, 'review.read', 'operations.read', 'audit.read', 'guarantee.read'],
  },
} as const satisfies Record<OrganisationKind, Record<string, readonly Permission[]>>;

export type Role = { [Kind in OrganisationKind]: keyof (typeof rolesByKind)[Kind] & string }[OrganisationKind];

/** Every role name of any kind of organisation. */
export const allRoles = [
  ...new Set(Object.values(rolesByKind).flatMap((roles) => Object.keys(roles))),
] as readonly Role[];

/** Every request asks, and few sets of roles occur. */
const asked = new Map<string, ReadonlySet<Permission>>();

/** The permissions of the roles that a member has; a role of another kind of organisation gives nothing. */
export function permissionsOf(kind: OrganisationKind, roles: readonly string[]): ReadonlySet<Permission> {
  const key = `${kind}:${roles.join()}`;
  let permissions = asked.get(key);
  if (!permissions) {
    const table: Readonly<Record<string, readonly Permission[]>> = rolesByKind[kind];
    permissions = new Set(roles.flatMap((role) => table[role] ?? []));
    if (asked.size < 1_000) asked.set(key, permissions);
  }
  return permissions;
}

/** What only a person does, in person: administration, and the second look of a checker. */
function isPersonal(permission: Permission): boolean {
  const inPerson: readonly Permission[] = [
    'self.manage',
    'ledger.close',
    'scheme.govern',
    'conflict.declare',
    'guarantee.consent',
    ...administrator,
  ];
  return permission.endsWith('.approve') || inPerson.includes(permission);
}

/** What somebody who holds `owned` by an own role may let another person do for him. */
export function delegablePermissions(owned: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return new Set([...owned].filter((permission) => !isPersonal(permission)));
}

/** What a program of this kind of organisation may be allowed: nothing that needs a person or a second factor. */
export function programPermissions(kind: OrganisationKind): ReadonlySet<Permission> {
  const all = permissionsOf(kind, Object.keys(rolesByKind[kind]));
  return new Set([...delegablePermissions(all)].filter((permission) => permission !== 'offer.accept'));
}

/** Whether changing a person's own roles or limit from `before` to `after` would give more than before. */
export function raisesOwnRights(
  kind: OrganisationKind,
  before: { readonly roles: readonly string[]; readonly limit: bigint | null },
  after: { readonly roles: readonly string[]; readonly limit: bigint | null },
): boolean {
  const held = permissionsOf(kind, before.roles);
  const gained = [...permissionsOf(kind, after.roles)].some((permission) => !held.has(permission));
  return gained || (after.limit !== null && (before.limit === null || after.limit > before.limit));
}

export function isRoleOf(kind: OrganisationKind, role: string): boolean {
  return Object.hasOwn(rolesByKind[kind], role);
}
