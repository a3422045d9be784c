import 'reflect-metadata';
import { IdentityReader } from '#identity';
import { collateralKinds, productKinds } from '#kernel';
import { MarketReader } from '#marketplace';
import { ENVIRONMENT, type Environment } from '#platform';
import { importCommand, type RowAnswer } from '../import/import-command.js';
import { importContext, importError } from '../import/import-context.js';
import { requestColumns as columns } from '../import/request-columns.js';
import { attach, begin, draftFields, save, submit } from '../import/request-steps.js';

export const command = importCommand({
  noun: 'requests',
  reference: 'reference',
  columns,
  meanings: {
    reference: 'the enterprise’s own reference of the request, once per enterprise',
    enterprise: 'registration number of the enterprise',
    product_kind: productKinds.join(', '),
    amount: 'amount asked for',
    currency: 'ISO 4217; the market’s own',
    tenor_months: 'months until all is paid back',
    purpose: 'what the money is for; the reviewer reads it',
    anonymous_text: 'the plan in words that name nobody; financiers read it',
    shariah_only: 'yes or no (default)',
    collateral: `what can be given: ${collateralKinds.join('; ')}`,
    mode: 'ranked (default) or sealed',
    documents: 'kind=file, separated by semicolons, such as bank_statements=bank.pdf; files lie beside the table',
    submit: 'yes submits a complete request; its review clock starts',
  },
  start(app, { folder }) {
    const { country } = app.get<Environment>(ENVIRONMENT);
    const reader = app.get(MarketReader);
    return async (row): Promise<RowAnswer> => {
      const enterprise = await app.get(IdentityReader).organisationByRegistration(country, row.enterprise);
      if (enterprise?.kind !== 'enterprise')
        throw importError('import_organisation_unknown', {
          fields: [{ pointer: '/enterprise', rule: 'known', message: 'is not a registered enterprise' }],
        });
      const context = importContext('enterprise', enterprise.id, 'requests');
      const fields = draftFields(row);
      const before = await reader.ownRequestByReference(enterprise.id, row.reference);
      const id = before?.id ?? (await begin(app, context, row.reference, fields));
      const stands = before ?? { id, state: 'draft', documents: [] };
      const saved = before ? await save(app, context, before, fields) : false;
      const attached = await attach(app, context, stands, folder, row.documents);
      const submitted = row.submit ? await submit(app, context, stands) : { changed: false };
      const changed = saved || attached || submitted.changed;
      const result = before ? (changed ? 'changed' : 'unchanged') : 'created';
      return { result, id, ...('note' in submitted ? { note: submitted.note } : {}) };
    };
  },
});
