import 'reflect-metadata';
import { oneOf, optional, type ReadShape, text, withDefault } from '#finance';
import { IdentityReader } from '#identity';
import { ENVIRONMENT, type Environment } from '#platform';
import { amount, date, percentPpm, sectionOfClass, wholeNumber, yesNo } from '../import/cells.js';
import { declareAccount, register, saveProfile, saveStatement, submit, upload } from '../import/enterprise-steps.js';
import { importCommand, type RowAnswer } from '../import/import-command.js';
import { importContext, importError } from '../import/import-context.js';

const columns = {
  reference: text({ max: 30 }),
  name: text({ max: 200 }),
  local_name: text({ max: 200 }),
  signatory: text({ max: 120 }),
  email: text({ max: 254 }),
  language: withDefault(oneOf(['en', 'ar', 'zh']), 'en'),
  legal_form: optional(text({ max: 40 })),
  isic_class: optional(sectionOfClass),
  region: optional(text({ max: 6 })),
  founded_on: optional(date),
  staff: optional(wholeNumber(1_000_000)),
  women_led: withDefault(yesNo, false),
  rural: withDefault(yesNo, false),
  exporter: withDefault(yesNo, false),
  least_developed: withDefault(yesNo, false),
  sa_unified_number: optional(text({ max: 40 })),
  sa_commercial_registration: optional(text({ max: 40 })),
  sa_vat_number: optional(text({ max: 40 })),
  cn_unified_social_credit_code: optional(text({ max: 40 })),
  ae_trade_licence: optional(text({ max: 40 })),
  ae_tax_registration_number: optional(text({ max: 40 })),
  owner_name: optional(text({ max: 200 })),
  owner_local_name: optional(text({ max: 200 })),
  owner_country: optional(text({ max: 2 })),
  owner_born_on: optional(date),
  owner_share_percent: withDefault(percentPpm, 1_000_000),
  owner_is_woman: withDefault(yesNo, false),
  owner_politically_exposed: withDefault(yesNo, false),
  fiscal_year: optional(wholeNumber(2199)),
  period_end: optional(date),
  currency: optional(text({ max: 3 })),
  revenue: optional(amount),
  total_assets: optional(amount),
  audited: withDefault(yesNo, false),
  account_number: optional(text({ max: 42 })),
  bank_name: optional(text({ max: 120 })),
  account_holder: optional(text({ max: 200 })),
  registration_file: optional(text({ max: 300 })),
  bank_letter_file: optional(text({ max: 300 })),
  submit: withDefault(yesNo, false),
} as const;

export type EnterpriseImportRow = ReadShape<typeof columns>;

export const command = importCommand({
  noun: 'enterprises',
  reference: 'reference',
  columns,
  meanings: {
    reference: 'number in the company register, by which the enterprise is known',
    name: 'name in Latin script',
    local_name: 'name in the country’s own script',
    signatory: 'name of the person who signs for the enterprise',
    email: 'the signatory’s address',
    language: 'en (default), ar or zh',
    legal_form: 'a code of the country’s rule book, such as llc',
    isic_class: 'class of ISIC revision 4, four digits',
    region: 'ISO 3166-2, such as SA-01',
    founded_on: 'date of foundation',
    staff: 'full-time equivalents',
    women_led: 'yes or no (default)',
    rural: 'yes or no (default)',
    exporter: 'exports primary products: yes or no (default)',
    least_developed: 'works in a least-developed market: yes or no (default)',
    sa_unified_number: 'ten digits beginning with 7',
    sa_commercial_registration: 'ten digits',
    sa_vat_number: '15 digits',
    cn_unified_social_credit_code: '18 characters (GB 32100)',
    ae_trade_licence: 'as printed',
    ae_tax_registration_number: '15 digits',
    owner_name: 'the only or largest owner; others are added in the portal',
    owner_local_name: 'the same in the country’s own script',
    owner_country: 'nationality, ISO 3166; the portal’s country when empty',
    owner_born_on: 'date of birth; empty: the owner is an organisation',
    owner_share_percent: '100 when empty',
    owner_is_woman: 'yes or no (default)',
    owner_politically_exposed: 'yes or no (default)',
    fiscal_year: 'year of the statement; the next four columns belong to it',
    period_end: 'its last day; 31 December when empty',
    currency: 'ISO 4217',
    revenue: 'revenue of the year',
    total_assets: 'total assets at its end',
    audited: 'yes or no (default)',
    account_number: 'IBAN, or the account’s digits',
    bank_name: 'name of the bank',
    account_holder: 'holder as the bank writes it; the name when empty',
    registration_file: 'file beside the table: the registration (PDF, PNG, JPEG, XLSX)',
    bank_letter_file: 'file beside the table: the bank’s letter about the account',
    submit: 'yes hands a complete profile in for verification',
  },
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
