// The people of the rehearsal: an operator, and lenders with mandates that bid by themselves.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { signIn, visit } from '../demo/client.mjs';
import { lenders } from './us-lenders.mjs';
import { table } from './us-7a-tables.mjs';

export const password = 'a-rehearsal-with-real-requests';
const load = createRequire(import.meta.url);

/** Works through items with several in flight; answers in their order. */
export async function several(items, work, inFlight = 8) {
  const answers = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const n = next++;
      answers[n] = await work(items[n], n);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return answers;
}

/** The operator is the one organisation that nobody can register from outside: it comes with the installation. */
export async function makeOperator(root, env) {
  load('reflect-metadata');
  const { NestFactory } = await import('@nestjs/core');
  const dist = (path) => load(join(root, 'dist', path));
  const { ImportModule } = dist('apps/cli/src/import/import.module.js');
  const { InvitePerson, RegisterOrganisation } = dist('libs/identity/src/index.js');
  const { readEnvironment, systemContext } = dist('libs/platform/src/index.js');
  Object.assign(process.env, env);
  const app = await NestFactory.createApplicationContext(ImportModule.forRoot(readEnvironment()), {
    logger: ['error'],
  });
  const context = systemContext('rehearsal');
  const person = (name, role) => ({ email: `${name}@operator.example`, name, password, locale: 'en', roles: [role] });
  const operator = {
    kind: 'operator',
    name: 'Rehearsal operator',
    localName: 'Rehearsal operator',
    country: 'US',
    registrationNumber: 'OP',
    contactEmail: 'lead@operator.example',
  };
  const made = await app.get(RegisterOrganisation).execute(context, operator, person('lead', 'review_lead'));
  const actor = { ...context.actor, organisationId: made.organisationId, organisationKind: 'operator' };
  // Cases are spread over reviewers; the lead decides them all here, which a lead may.
  for (const name of ['reviewer1', 'reviewer2', 'reviewer3'])
    await app.get(InvitePerson).execute({ ...context, actor }, person(name, 'reviewer'));
  await app.close();
  return signIn('lead@operator.example', password);
}

/** Registers and verifies the lenders; mandates come by import, their limits and price rules by two people each. */
export async function makeLenders(lead, folder, runImport, atRest) {
  const desks = await several(lenders, enrol, 4);
  await atRest();
  const { items } = await lead.get('/v1/operator/institutions?status=in_review&limit=100');
  await several(items, ({ id }) =>
    lead.post(`/v1/operator/institutions/${id}/decision`, { verified: true, reasons: [] }),
  );
  const today = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const rows = lenders.flatMap(({ registration, mandates }) =>
    mandates.map((mandate) => ({ registration, ...mandate })),
  );
  const path = join(folder, 'mandates.csv');
  table(path, rows, ({ reference, registration, row }) => ({
    reference,
    financier: registration,
    ...row,
    valid_from: today,
  }));
  const drafts = await runImport('mandates', path);
  await several(desks, async ({ checker }) => {
    const { items: waiting } = await checker.get('/v1/institution/limit-changes?limit=100');
    for (const { id } of waiting)
      await checker.post(`/v1/institution/limit-changes/${id}/approve`, { reason: 'committee' });
  });
  const live = await runImport('mandates', path);
  const ids = new Map(drafts.map(({ reference, id }) => [reference, id]));
  await several(desks, ({ maker, checker, mandates }) => priceRules(maker, checker, mandates, ids));
  return { mandates: live };
}

async function enrol({ slug, kind, regulator, registration, mandates }) {
  const email = (role) => `${role}@${slug}.example`;
  await visit('POST', '/v1/registrations', {
    kind: 'financier',
    email: email('admin'),
    name: `${slug} administrator`,
    password,
    locale: 'en',
    organisationName: slug,
    organisationLocalName: slug,
    registrationNumber: registration,
  });
  const admin = await signIn(email('admin'), password);
  for (const role of ['maker', 'checker'])
    await admin.post('/v1/people', { email: email(role), name: role, password, locale: 'en', roles: [role] });
  const maker = await signIn(email('maker'), password);
  const profile = {
    kind,
    licenceNumber: registration,
    regulator,
    about: 'Lends to small firms.',
    website: `https://${slug}.example`,
  };
  await maker.patch('/v1/institution', profile, { ifMatch: 0 });
  await maker.post('/v1/institution/verification');
  return { maker, checker: await signIn(email('checker'), password), mandates };
}

async function priceRules(maker, checker, mandates, ids) {
  for (const { reference, name, margin, feePercent, tenorMax } of mandates) {
    const rule = await maker.post('/v1/institution/auto-bid-rules', {
      mandateId: ids.get(reference),
      name,
      pricing: 'margin',
      annualRate: margin,
      referenceRate: 'PRIME',
      feePercent,
      feeFixed: null,
      tenorMax,
      graceMonths: 0,
      sharePercent: '100',
      validityDays: 30,
    });
    await checker.post(`/v1/institution/auto-bid-rules/${rule.id}/approve`, { reason: 'price list' });
  }
}
