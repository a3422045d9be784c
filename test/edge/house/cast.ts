import { randomUUID } from 'node:crypto';
import { type OrganisationKind, permissionsOf, RegisterOrganisation, SetOrganisationStanding } from '#identity';
import { idBytes, systemContext } from '#platform';
import type { EdgeHouse, Party } from './edge-house.js';

export const password = 'a long enough passphrase';

/** An organisation with one person for each role given, all signed in. */
export async function organisation<Role extends string>(
  house: EdgeHouse,
  name: string,
  kind: OrganisationKind,
  roles: readonly Role[],
): Promise<Record<Role, Party>> {
  const slug = name.toLowerCase().replaceAll(' ', '-');
  const email = (role: string) => `${role}@${slug}.example`;
  const [first, ...others] = roles as readonly [Role, ...Role[]];
  const { organisationId } = await house.get(RegisterOrganisation).execute(
    systemContext('cast'),
    {
      kind,
      name,
      localName: `محلي ${name}`,
      country: 'SA',
      registrationNumber: `CR-${slug}`.slice(0, 30),
      contactEmail: `office@${slug}.example`,
    },
    { email: email(first), name: `First of ${name}`, password, locale: 'en', roles: first.split('+') },
  );
  await house.run((tx) => house.get(SetOrganisationStanding).within(tx, organisationId, { verified: true }, 'cast'));
  for (const role of others) await addPerson(house, organisationId, email(role), `${role} of ${name}`, role.split('+'));
  const parties = {} as Record<Role, Party>;
  for (const role of roles) {
    const permissions = permissionsOf(kind, role.split('+'));
    parties[role] = { ...(await signIn(house, email(role), `${name} ${role}`)), organisationId, permissions };
  }
  return parties;
}

/** A colleague, added as an administrator would; the house does not need one for every kind of organisation. */
async function addPerson(
  house: EdgeHouse,
  organisationId: string,
  email: string,
  name: string,
  roles: readonly string[],
): Promise<void> {
  const [row] = await house.rows<{ password_hash: string }>('SELECT password_hash FROM person LIMIT 1');
  const personId = idBytes(newRowId());
  await house.rows(
    'INSERT INTO person (id, email, name, password_hash, created_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))',
    [personId, email, name, row?.password_hash],
  );
  await house.rows(
    'INSERT INTO membership (id, person_id, organisation_id, roles, approval_limit_minor) VALUES (?, ?, ?, ?, ?)',
    [idBytes(newRowId()), personId, idBytes(organisationId), JSON.stringify(roles), '100000000'],
  );
}

export const newRowId = () => randomUUID();

/** Signs in over HTTP. */
export async function signIn(house: EdgeHouse, email: string, name = email): Promise<Party> {
  const answer = await house.call({ name }, 'POST', '/v1/sessions', { body: { email, password } });
  if (answer.status !== 201) throw new Error(`${email} could not sign in: ${answer.text}`);
  return { name, email, ...sessionFrom(answer.headers, answer.json), personId: await personId(house, email) };
}

export function sessionFrom(
  headers: Readonly<Record<string, unknown>>,
  json: Readonly<Record<string, unknown>>,
): Pick<Party, 'cookie' | 'csrfToken'> {
  const cookie = /sanad_session=([^;]+)/.exec(String(headers['set-cookie']))?.[1];
  return { ...(cookie ? { cookie } : {}), csrfToken: String(json['csrfToken']) };
}

async function personId(house: EdgeHouse, email: string): Promise<string> {
  const [row] = await house.rows<{ id: string }>(
    "SELECT LOWER(INSERT(INSERT(INSERT(INSERT(HEX(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-')) AS id FROM person WHERE email = ?",
    [email],
  );
  return row?.id ?? '';
}

export type Cast = Awaited<ReturnType<typeof castOf>>;

/** Everybody who can be the wrong party: two of each side of the market, and the others. */
export async function castOf(house: EdgeHouse) {
  const sme = await organisation(house, 'Kiln And Sons', 'enterprise', ['signatory', 'preparer']);
  const otherSme = await organisation(house, 'Basma Bakery', 'enterprise', ['signatory', 'preparer']);
  const bank = await organisation(house, 'First Bank', 'financier', ['administrator', 'maker', 'checker']);
  const rival = await organisation(house, 'Second Bank', 'financier', ['administrator', 'maker', 'checker']);
  const anchor = await organisation(house, 'Big Anchor', 'anchor', ['administrator', 'maker', 'checker']);
  const guarantor = await organisation(house, 'Guarantee Fund', 'guarantor', ['administrator', 'maker', 'checker']);
  const operator = await organisation(house, 'Authority', 'operator', [
    'administrator',
    'reviewer',
    'review_lead',
    'registry_officer',
  ]);
  const supervisor = await organisation(house, 'Supervisor', 'supervisor', ['reader']);
  const suspended = await organisation(house, 'Suspended Works', 'enterprise', ['signatory']);
  const expired = await signIn(house, 'signatory@kiln-and-sons.example', 'expired session');
  await house.rows(
    'UPDATE session SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE token_hash = UNHEX(SHA2(?, 256))',
    [expired.cookie],
  );
  await house.run((tx) =>
    house
      .get(SetOrganisationStanding)
      .within(tx, suspended.signatory.organisationId as string, { suspended: true }, 'cast'),
  );
  const made = await house.done(sme.signatory, 'POST', '/v1/api-clients', {
    body: { name: 'Accounting', scopes: ['organisation.read'] },
  });
  const key: Party = {
    name: 'key without scope',
    bearer: String(made['key']),
    organisationId: sme.signatory.organisationId as string,
    permissions: new Set(['organisation.read']),
  };
  return {
    sme,
    otherSme,
    bank,
    rival,
    anchor,
    guarantor,
    operator,
    supervisor,
    suspended,
    expired,
    key,
    keyId: String(made['id']),
  };
}
