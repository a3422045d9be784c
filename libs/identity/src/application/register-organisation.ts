import { Injectable } from '@nestjs/common';
import { type CommandContext, isDuplicateKey, newId, type Transaction, UnitOfWork } from '#platform';
import { identityError } from '../domain/errors.js';
import { isRoleOf, type OrganisationKind, rolesByKind } from '../domain/roles.policy.js';
import { Membership, Organisation, Person } from '../persistence/entities.js';
import { hashPassword } from './secrets.js';

export interface NewPerson {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly locale: string;
  readonly roles: readonly string[];
  readonly approvalLimitMinor?: bigint | undefined;
}

export interface NewOrganisation {
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly localName: string;
  readonly country: string;
  readonly registrationNumber: string;
  readonly contactEmail: string;
}

const commonPasswords = /^(password|passw0rd|123456|qwerty|letmein|welcome|sanad)/i;

/** Length beats mixture (NIST SP 800-63B §5.1.1.2): twelve characters, not a common beginning, not the own address. */
export function assertStrongPassword(password: string, email: string, pointer = '/password'): void {
  const own = email.split('@')[0]?.toLowerCase() ?? '';
  const weak =
    password.length < 12 || commonPasswords.test(password) || (own.length > 3 && password.toLowerCase().includes(own));
  if (weak)
    throw identityError('password_weak', {
      fields: [
        {
          pointer,
          rule: 'strength',
          message: 'at least 12 characters, no common password, not your own name',
        },
      ],
    });
}

/** Registers an organisation with its first person. It can prepare everything at once; what binds waits for its verification. */
@Injectable()
export class RegisterOrganisation {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(
    context: CommandContext,
    organisation: NewOrganisation,
    person: NewPerson,
  ): Promise<{ organisationId: string; personId: string }> {
    assertStrongPassword(person.password, person.email);
    const passwordHash = await hashPassword(person.password);
    return this.unitOfWork.run(context, (tx) => this.within(tx, organisation, { ...person, passwordHash }));
  }

  /** The same inside a caller's transaction, for contexts that add a profile. */
  async within(
    tx: Transaction,
    organisation: NewOrganisation,
    person: NewPerson & { passwordHash: string },
  ): Promise<{ organisationId: string; personId: string }> {
    const now = await tx.now();
    const organisationId = newId();
    try {
      await tx.manager.insert(Organisation, {
        ...organisation,
        id: organisationId,
        verified: false,
        suspended: false,
        version: 1,
        createdAt: now,
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      throw identityError('registration_number_taken', {
        fields: [{ pointer: '/registrationNumber', rule: 'unique', message: 'is already registered' }],
      });
    }
    const personId = await addPerson(tx, organisationId, organisation.kind, person);
    tx.audit({
      action: 'organisation.register',
      subjectType: 'organisation',
      subjectId: organisationId,
      data: { kind: organisation.kind, personId },
    });
    tx.emit({
      name: 'organisation.registered',
      subjectType: 'organisation',
      subjectId: organisationId,
      version: 1,
      audience: [organisationId],
      payload: { kind: organisation.kind },
    });
    return { organisationId, personId };
  }
}

/** Somebody joined an organisation of this market, or has other roles there. */
export const membershipChanged = 'membership.changed';

/** Lets other contexts know who can do what now; only programs of this portal hear it. */
export function announceMember(tx: Transaction, organisationId: string, organisationKind: string): void {
  tx.emit({
    name: membershipChanged,
    subjectType: 'organisation',
    subjectId: organisationId,
    version: 1,
    payload: { organisationKind },
  });
}

/** Refuses no role at all, and a role that this kind of organisation does not have. */
export function assertRolesOf(kind: OrganisationKind, roles: readonly string[]): void {
  if (roles.length > 0 && roles.every((role) => isRoleOf(kind, role))) return;
  const known = Object.keys(rolesByKind[kind]);
  throw identityError('role_unknown', {
    data: { roles: known },
    fields: [{ pointer: '/roles', rule: 'role', message: `choose among ${known.join(', ')}` }],
  });
}

/** Adds a person to an organisation; an address that is registered already is refused, not taken over. */
export async function addPerson(
  tx: Transaction,
  organisationId: string,
  kind: OrganisationKind,
  person: NewPerson & { passwordHash: string },
): Promise<string> {
  assertRolesOf(kind, person.roles);
  const personId = newId();
  try {
    await tx.manager.insert(Person, {
      id: personId,
      email: person.email.trim(),
      name: person.name,
      passwordHash: person.passwordHash,
      locale: person.locale,
      totpSecret: null,
      totpConfirmed: false,
      totpLastStep: 0,
      createdAt: await tx.now(),
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    throw identityError('email_taken', {
      fields: [{ pointer: '/email', rule: 'unique', message: 'is already registered' }],
    });
  }
  await tx.manager.insert(Membership, {
    id: newId(),
    personId,
    organisationId,
    roles: [...person.roles],
    approvalLimitMinor: person.approvalLimitMinor ?? null,
    endedAt: null,
    version: 1,
  });
  return personId;
}

/** Adds a colleague. */
@Injectable()
export class InvitePerson {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, person: NewPerson): Promise<{ personId: string }> {
    assertStrongPassword(person.password, person.email);
    const passwordHash = await hashPassword(person.password);
    const { organisationId, organisationKind } = context.actor;
    return this.unitOfWork.run(context, async (tx) => {
      const personId = await addPerson(tx, organisationId, organisationKind as OrganisationKind, {
        ...person,
        passwordHash,
      });
      announceMember(tx, organisationId, organisationKind);
      tx.audit({ action: 'person.invite', subjectType: 'person', subjectId: personId, data: { roles: person.roles } });
      return { personId };
    });
  }
}
