import 'reflect-metadata';
import { IdentityReader } from '#identity';
import { ENVIRONMENT, type Environment } from '#platform';
import { enterpriseColumns, enterpriseMeanings } from '../import/enterprise-columns.js';
import { declareAccount, register, saveProfile, saveStatement, submit, upload } from '../import/enterprise-steps.js';
import { importCommand, type RowAnswer } from '../import/import-command.js';
import { importContext, importError } from '../import/import-context.js';

export const command = importCommand({
  noun: 'enterprises',
  reference: 'reference',
  columns: enterpriseColumns,
  meanings: enterpriseMeanings,
  start(app, { folder }) {
    const { country } = app.get<Environment>(ENVIRONMENT);
    return async (row): Promise<RowAnswer> => {
      const known = await app.get(IdentityReader).organisationByRegistration(country, row.reference);
      if (known && known.kind !== 'enterprise')
        throw importError('import_organisation_unknown', {
          fields: [{ pointer: '/reference', rule: 'kind', message: 'belongs to another kind of organisation' }],
        });
      const id = known?.id ?? (await register(app, row, country));
      const context = importContext('enterprise', id, 'enterprises');
      const steps = [
        await saveProfile(app, context, row, country),
        await saveStatement(app, context, row),
        await declareAccount(app, context, row),
        await upload(app, context, 'registration', folder, row.registration_file),
        await upload(app, context, 'bank_letter', folder, row.bank_letter_file),
        await submit(app, context, row),
      ];
      const result = !known ? 'created' : steps.includes(true) ? 'changed' : 'unchanged';
      return { result, id };
    };
  },
});
