import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import {
  DeclareBankAccount,
  type DocumentKind,
  Documents,
  EnterpriseLists,
  type Identifier,
  identifierSchemes,
  type ProfileInput,
  SaveProfile,
  SaveStatement,
  type StatementInput,
  VerifyEnterprise,
} from '#enterprises';
import { RegisterOrganisation } from '#identity';
import { type CommandContext, systemContext } from '#platform';
import { readBeside } from './beside.js';
import type { EnterpriseImportRow } from './enterprise-columns.js';

/** Registers the firm with its signatory. The first password is random and told to nobody. */
export async function register(
  app: INestApplicationContext,
  row: EnterpriseImportRow,
  country: string,
): Promise<string> {
  const { organisationId } = await app.get(RegisterOrganisation).execute(
    systemContext('import.enterprises'),
    {
      kind: 'enterprise',
      name: row.name,
      localName: row.local_name,
      country,
      registrationNumber: row.reference,
      contactEmail: row.email,
    },
    {
      email: row.email,
      name: row.signatory,
      password: randomBytes(32).toString('base64url'),
      locale: row.language,
      roles: ['signatory'],
    },
  );
  return organisationId;
}

/** Each step says whether it changed something; what stands as the row says is left alone. */
export async function saveProfile(
  app: INestApplicationContext,
  context: CommandContext,
  row: EnterpriseImportRow,
  country: string,
): Promise<boolean> {
  const stands = await app.get(EnterpriseLists).profile(context.actor.organisationId);
  const input = profileInput(row, country);
  if (stands.version > 0 && isWithin(stands as Record<string, unknown>, input)) return false;
  await app.get(SaveProfile).execute(context, stands.version, input);
  return true;
}

function profileInput(row: EnterpriseImportRow, country: string): ProfileInput {
  const identifiers = identifierSchemes.flatMap((scheme): Identifier[] => {
    const value = row[scheme];
    return value === undefined ? [] : [{ scheme, value }];
  });
  const owner = row.owner_name && {
    kind: row.owner_born_on ? ('person' as const) : ('organisation' as const),
    name: row.owner_name,
    localName: row.owner_local_name ?? row.owner_name,
    country: row.owner_country ?? country,
    bornOn: row.owner_born_on ?? null,
    sharePpm: row.owner_share_percent,
    isWoman: row.owner_is_woman,
    politicallyExposed: row.owner_politically_exposed,
  };
  return {
    legalForm: row.legal_form ?? null,
    sector: row.isic_class?.sector ?? null,
    isicClass: row.isic_class?.isicClass ?? null,
    region: row.region ?? null,
    foundedOn: row.founded_on ?? null,
    staff: row.staff ?? null,
    womenLed: row.women_led,
    rural: row.rural,
    exporter: row.exporter,
    leastDeveloped: row.least_developed,
    identifiers,
    ...(owner ? { owners: [owner] } : {}),
  };
}

/** Facts, identifiers and owners of the row stand in the profile already. */
function isWithin(stands: Record<string, unknown>, { identifiers = [], owners, ...facts }: ProfileInput): boolean {
  const print = (list: readonly Identifier[]): string =>
    list
      .map(({ scheme, value }) => `${scheme}=${value.replaceAll(/\s+/g, '').toUpperCase()}`)
      .sort()
      .join();
  const shown = (stands.owners ?? []) as { name: string; localName: string; bornOn: string | null }[];
  const isOwned = (owners ?? []).every((owner) =>
    shown.some(
      ({ name, localName, bornOn }) => name === owner.name && localName === owner.localName && bornOn === owner.bornOn,
    ),
  );
  return (
    isOwned &&
    Object.entries(facts).every(([name, value]) => stands[name] === value) &&
    print(identifiers) === print((stands.identifiers ?? []) as Identifier[])
  );
}

export async function saveStatement(
  app: INestApplicationContext,
  context: CommandContext,
  row: EnterpriseImportRow,
): Promise<boolean> {
  const { fiscal_year: year, currency, revenue, total_assets: assets } = row;
  if (year === undefined || !currency || revenue === undefined || assets === undefined) return false;
  const { items } = await app.get(EnterpriseLists).statements(context.actor.organisationId);
  const stands = items.find(({ fiscalYear }) => fiscalYear === year);
  const input: StatementInput = {
    periodEnd: row.period_end ?? `${year}-12-31`,
    audited: row.audited,
    staff: row.staff ?? null,
    revenue: { amount: revenue, currency },
    totalAssets: { amount: assets, currency },
    documentId: null,
  };
  const isSame =
    stands !== undefined &&
    Number(stands.revenue.amount) === Number(revenue) &&
    Number(stands.totalAssets.amount) === Number(assets) &&
    stands.periodEnd === input.periodEnd &&
    stands.audited === input.audited;
  if (isSame) return false;
  await app.get(SaveStatement).execute(context, year, stands?.version ?? 0, input);
  return true;
}

export async function declareAccount(
  app: INestApplicationContext,
  context: CommandContext,
  row: EnterpriseImportRow,
): Promise<boolean> {
  if (!row.account_number || !row.bank_name) return false;
  const { version } = await app.get(EnterpriseLists).profile(context.actor.organisationId);
  const after = await app.get(DeclareBankAccount).execute(context, version, {
    accountNumber: row.account_number,
    bankName: row.bank_name,
    holderName: row.account_holder ?? row.name,
  });
  return after.version !== version;
}

export async function upload(
  app: INestApplicationContext,
  context: CommandContext,
  kind: DocumentKind,
  folder: string,
  name: string | undefined,
): Promise<boolean> {
  if (name === undefined) return false;
  const content = await readBeside(folder, name, `/${kind}_file`);
  const documents = app.get(Documents);
  if (await documents.has(context.actor.organisationId, kind, content)) return false;
  await documents.upload(context, { kind, name, content });
  return true;
}

export async function submit(
  app: INestApplicationContext,
  context: CommandContext,
  row: EnterpriseImportRow,
): Promise<boolean> {
  const { status } = await app.get(EnterpriseLists).profile(context.actor.organisationId);
  if (!row.submit || status !== 'unverified') return false;
  await app.get(VerifyEnterprise).submit(context);
  return true;
}
