import 'reflect-metadata';
import { type ReadShape, oneOf, optional, text, withDefault } from '#finance';
import { IdentityReader } from '#identity';
import {
  InstitutionReader,
  type MandateInput,
  type MandateRecord,
  type MandateLimits,
  MoveMandate,
  ProposeLimits,
  SaveMandate,
} from '#institutions';
import {
  ageBands,
  collateralKinds,
  grades,
  type MoneyJson,
  moneyFromJson,
  productKinds,
  sectors,
  sizeClasses,
} from '#kernel';
import { type CommandContext, ENVIRONMENT, type Environment } from '#platform';
import { amount, codeList, date, wholeNumber, wordList, yesNo } from '../import/cells.js';
import { importCommand, type RowAnswer } from '../import/import-command.js';
import { importContext, importError } from '../import/import-context.js';

const columns = {
  reference: text({ max: 60 }),
  financier: text({ max: 30 }),
  name: text({ max: 120 }),
  status: withDefault(oneOf(['draft', 'live']), 'draft'),
  product_kinds: wordList(productKinds),
  currency: text({ max: 3 }),
  amount_min: amount,
  amount_max: amount,
  tenor_min: wholeNumber(480),
  tenor_max: wholeNumber(480),
  sectors: wordList(sectors),
  regions: codeList,
  size_classes: wordList(sizeClasses),
  age_bands: wordList(ageBands),
  grade_floor: optional(oneOf(grades)),
  collateral: wordList(collateralKinds),
  offers_shariah: withDefault(yesNo, false),
  shariah_only: withDefault(yesNo, false),
  women_led_only: withDefault(yesNo, false),
  rural_only: withDefault(yesNo, false),
  valid_from: date,
  valid_to: optional(date),
  limit_per_enterprise: optional(amount),
  limit_per_anchor: optional(amount),
  monthly_appetite: optional(amount),
} as const;

type Row = ReadShape<typeof columns>;

export const command = importCommand({
  noun: 'mandates',
  reference: 'reference',
  columns,
  meanings: {
    reference: 'the institution’s own reference of the mandate',
    financier: 'registration number of the institution',
    name: 'name of the mandate',
    status: 'draft (default) or live; live is reached by a second run, when a checker has approved the limits',
    product_kinds: 'kinds of product, separated by semicolons; empty: any',
    currency: 'ISO 4217, of all amounts of the row',
    amount_min: 'smallest amount',
    amount_max: 'largest amount',
    tenor_min: 'shortest tenor in months',
    tenor_max: 'longest tenor in months',
    sectors: 'ISIC sections; empty: any',
    regions: 'ISO 3166-2; empty: any',
    size_classes: 'micro; small; medium; empty: any',
    age_bands: `${ageBands.join('; ')}; empty: any`,
    grade_floor: 'weakest grade accepted; empty: unrated too',
    collateral: 'any one satisfies; empty: none is needed',
    offers_shariah: 'yes or no (default)',
    shariah_only: 'yes or no (default)',
    women_led_only: 'yes or no (default)',
    rural_only: 'yes or no (default)',
    valid_from: 'first day',
    valid_to: 'last day; empty: no end',
    limit_per_enterprise: 'empty: no limit',
    limit_per_anchor: 'empty: no limit',
    monthly_appetite: 'empty: no limit',
  },
  start(app) {
    const identity = app.get(IdentityReader);
    const reader = app.get(InstitutionReader);
    const save = app.get(SaveMandate);
    const { country } = app.get<Environment>(ENVIRONMENT);

    return async (row): Promise<RowAnswer> => {
      const financier = await identity.organisationByRegistration(country, row.financier);
      if (financier?.kind !== 'financier')
        throw importError('import_organisation_unknown', {
          fields: [{ pointer: '/financier', rule: 'known', message: 'is not a registered institution' }],
        });
      const maker = importContext('financier', financier.id, 'mandates');
      const input = mandateInput(row);
      const before = await reader.mandateByReference(financier.id, row.reference);
      const isSame = before !== undefined && isSameMandate(before, input);
      const result = before === undefined ? 'created' : isSame ? 'unchanged' : 'changed';
      const { id } = isSame
        ? before
        : before
          ? await save.change(maker, before.id, before.version, input)
          : await save.create(maker, input);
      const moved = await settle(id, row, maker);
      return { result: result === 'unchanged' && moved.changed ? 'changed' : result, id, ...moved.note };
    };

    /** Proposes the limits where they are not yet approved, and publishes where the row asks for it and they are. */
    async function settle(id: string, row: Row, maker: CommandContext): Promise<{ changed: boolean; note: object }> {
      const mandate = (await reader.mandate(id)) as MandateRecord;
      const limits = limitsOf(row);
      const waits = { note: { note: 'the limits wait for a checker; run the import again after that' } };
      if (!mandate.limitsApproved || !isSameLimits(mandate, limits)) {
        const pending = await reader.proposedLimits(id);
        if (pending && isSameLimits(pending, limits)) return { changed: false, ...waits };
        await app.get(ProposeLimits).execute(maker, id, { ...limits, reason: 'imported' });
        return { changed: true, ...waits };
      }
      if (row.status === 'draft' || mandate.status !== 'draft') return { changed: false, note: {} };
      await app.get(MoveMandate).execute(maker, id, 'publish');
      return { changed: true, note: {} };
    }
  },
});

interface RowLimits {
  readonly perEnterprise: MoneyJson | null;
  readonly perAnchor: MoneyJson | null;
  readonly monthlyAppetite: MoneyJson | null;
}

function limitsOf(row: Row): RowLimits {
  const money = (value: string | undefined) => (value === undefined ? null : { amount: value, currency: row.currency });
  return {
    perEnterprise: money(row.limit_per_enterprise),
    perAnchor: money(row.limit_per_anchor),
    monthlyAppetite: money(row.monthly_appetite),
  };
}

function isSameLimits(stands: MandateLimits, asked: RowLimits): boolean {
  const minor = (value: MoneyJson | null): bigint | null => (value === null ? null : moneyFromJson(value).minor);
  return (
    stands.perEnterpriseMinor === minor(asked.perEnterprise) &&
    stands.perAnchorMinor === minor(asked.perAnchor) &&
    stands.monthlyAppetiteMinor === minor(asked.monthlyAppetite)
  );
}

/** The row says what stands already: lists without regard to their order, amounts by their value. */
function isSameMandate(stands: MandateRecord, asked: MandateInput): boolean {
  const [least, most] = [moneyFromJson(asked.amountMin), moneyFromJson(asked.amountMax)];
  const lists = ['productKinds', 'sectors', 'regions', 'sizeClasses', 'ageBands', 'collateral'] as const;
  const values = [
    'name',
    'tenorMin',
    'tenorMax',
    'gradeFloor',
    'offersShariah',
    'shariahOnly',
    'womenLedOnly',
    'ruralOnly',
    'validFrom',
    'validTo',
  ] as const;
  return (
    stands.currency === most.currency &&
    stands.amountMin === least.minor &&
    stands.amountMax === most.minor &&
    values.every((name) => stands[name] === asked[name]) &&
    lists.every((name) => [...stands[name]].sort().join() === [...asked[name]].sort().join())
  );
}

function mandateInput(row: Row): MandateInput {
  const { currency } = row;
  return {
    reference: row.reference,
    name: row.name,
    productKinds: row.product_kinds,
    amountMin: { amount: row.amount_min, currency },
    amountMax: { amount: row.amount_max, currency },
    tenorMin: row.tenor_min,
    tenorMax: row.tenor_max,
    sectors: row.sectors,
    regions: row.regions,
    sizeClasses: row.size_classes,
    ageBands: row.age_bands,
    gradeFloor: row.grade_floor ?? null,
    collateral: row.collateral,
    offersShariah: row.offers_shariah,
    shariahOnly: row.shariah_only,
    womenLedOnly: row.women_led_only,
    ruralOnly: row.rural_only,
    validFrom: row.valid_from,
    validTo: row.valid_to ?? null,
  };
}
