import {
  ageBands,
  collateralKinds,
  grades,
  productKinds,
  sectors,
  sizeClasses,
  type AgeBand,
  type CollateralKind,
  type Grade,
  type ProductKind,
  type Sector,
  type SizeClass,
} from '#kernel';
import {
  BooleanField,
  DateField,
  DecimalField,
  EnumField,
  EnumListField,
  IdField,
  IntField,
  type MoneyBody,
  MoneyField,
  NestedField,
  NestedListField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import { verificationLifecycle, type VerificationState } from '#review';
import { autoBidPricings, type AutoBidPricing } from '../domain/auto-bid.js';
import { autoBidLifecycle, type AutoBidState } from '../domain/auto-bid.lifecycle.js';
import { type FinancierKind, financierKinds } from '../domain/financier.js';
import { mandateLifecycle, type MandateState } from '../domain/mandate.lifecycle.js';
import { type PriceBasis, priceBases } from '../domain/product.js';

export class FinancierProfileBody {
  @EnumField({ description: 'What the institution is.', values: financierKinds, optional: true }) kind?: FinancierKind;
  @StringField({ description: 'Number of the licence.', min: 1, max: 60, optional: true }) licenceNumber?: string;
  @StringField({ description: 'Authority that gave the licence.', min: 1, max: 120, optional: true })
  regulator?: string;
  @StringField({ description: 'What the public reads about the institution.', max: 2000, optional: true })
  about?: string;
  @StringField({
    description: 'Web address.',
    max: 200,
    pattern: /^(https:\/\/[^\s"'<>]+)?$/,
    optional: true,
  })
  website?: string;
}

export class InstitutionReasonBody {
  @StringField({
    description: 'A code that programs read, such as licence_unclear.',
    min: 2,
    max: 60,
    pattern: /^[a-z0-9_]+$/,
  })
  code!: string;
  @StringField({ description: 'What is wrong or missing, and what to do.', min: 2, max: 1000 }) message!: string;
}

export class InstitutionReasonsBody {
  @NestedListField({
    description: 'Everything that is missing, in one request.',
    type: () => InstitutionReasonBody,
    min: 1,
    max: 20,
  })
  reasons!: InstitutionReasonBody[];
}

export class InstitutionDecisionBody {
  @BooleanField({ description: 'True verifies the institution, false rejects it.' }) verified!: boolean;
  @NestedListField({ description: 'Why; needed for a rejection.', type: () => InstitutionReasonBody, max: 20 })
  reasons!: InstitutionReasonBody[];
}

export class InstitutionWhyBody {
  @StringField({ description: 'Why, for the record.', max: 1000 }) reason!: string;
}

export class ProductBody {
  @EnumField({ description: 'Kind of product.', values: productKinds }) kind!: ProductKind;
  @StringField({ description: 'Name in Latin script.', min: 2, max: 120 }) name!: string;
  @StringField({ description: 'Name in the country’s own script.', min: 1, max: 120 }) localName!: string;
  @MoneyField({ description: 'Smallest amount.' }) amountMin!: MoneyBody;
  @MoneyField({ description: 'Largest amount.' }) amountMax!: MoneyBody;
  @IntField({ description: 'Shortest tenor in months.', min: 0, max: 480 }) tenorMin!: number;
  @IntField({ description: 'Longest tenor in months.', min: 0, max: 480 }) tenorMax!: number;
  @EnumField({ description: 'What the price counts.', values: priceBases }) priceBasis!: PriceBasis;
  @DecimalField({ description: 'Lowest price in percent.', max: 100, decimals: 6 }) priceMin!: string;
  @DecimalField({ description: 'Highest price in percent.', max: 100, decimals: 6 }) priceMax!: string;
  @StringField({ description: 'Reference rate of a margin, such as SAIBOR 3M.', max: 40, nullable: true })
  referenceRate!: string | null;
  @StringListField({ description: 'Conditions in plain sentences.', max: 20, maxLength: 500 }) conditions!: string[];
  @StringListField({ description: 'Documents asked for.', max: 30, maxLength: 120 }) documents!: string[];
}

export class MandateBody {
  @StringField({ description: 'Your own reference, unique.', min: 1, max: 60, pattern: /^[\x21-\x7e]+$/ })
  reference!: string;
  @StringField({ description: 'Name.', min: 2, max: 120 }) name!: string;
  @EnumListField({ description: 'Kinds of product; empty: any.', values: productKinds }) productKinds!: ProductKind[];
  @MoneyField({ description: 'Smallest amount, inclusive.' }) amountMin!: MoneyBody;
  @MoneyField({ description: 'Largest amount, inclusive.' }) amountMax!: MoneyBody;
  @IntField({ description: 'Shortest tenor in months, inclusive.', min: 0, max: 480 }) tenorMin!: number;
  @IntField({ description: 'Longest tenor in months, inclusive.', min: 0, max: 480 }) tenorMax!: number;
  @EnumListField({ description: 'ISIC sections; empty: any.', values: sectors }) sectors!: Sector[];
  @StringListField({
    description: 'Regions (ISO 3166-2); empty: any.',
    max: 60,
    maxLength: 6,
    pattern: /^[A-Z]{2}-[A-Z0-9]{1,3}$/,
  })
  regions!: string[];
  @EnumListField({ description: 'Size classes; empty: any.', values: sizeClasses }) sizeClasses!: SizeClass[];
  @EnumListField({ description: 'Bands of the firm’s age; empty: any.', values: ageBands }) ageBands!: AgeBand[];
  @EnumField({ description: 'Weakest grade accepted; null accepts unrated firms.', values: grades, nullable: true })
  gradeFloor!: Grade | null;
  @EnumListField({ description: 'Any one of these satisfies; empty: none is needed.', values: collateralKinds })
  collateral!: CollateralKind[];
  @BooleanField({ description: 'Offers Shariah-compliant contracts.' }) offersShariah!: boolean;
  @BooleanField({ description: 'Funds Shariah-compliant requests only.' }) shariahOnly!: boolean;
  @BooleanField({ description: 'Funds women-led firms only.' }) womenLedOnly!: boolean;
  @BooleanField({ description: 'Funds rural firms only.' }) ruralOnly!: boolean;
  @DateField({ description: 'First day, inclusive.' }) validFrom!: string;
  @DateField({ description: 'Last day, inclusive; null: no end.', nullable: true }) validTo!: string | null;
}

export class LimitsBody {
  @MoneyField({ description: 'For one enterprise; null: no limit.', nullable: true }) perEnterprise!: MoneyBody | null;
  @MoneyField({ description: 'For one anchor; null: no limit.', nullable: true }) perAnchor!: MoneyBody | null;
  @MoneyField({ description: 'For one calendar month; null: no limit.', nullable: true })
  monthlyAppetite!: MoneyBody | null;
  @StringField({ description: 'Why.', max: 1000 }) reason!: string;
}

export class AnchorLimitBody {
  @IdField({ description: 'The anchor.' }) anchorId!: string;
  @MoneyField({ description: 'The most that is taken on it, over all mandates; zero takes nothing new.' })
  limit!: MoneyBody;
  @StringField({ description: 'Why.', min: 2, max: 1000 }) reason!: string;
}

/** How a rule bids on receivables, which are bought as a whole. */
export class ReceivableBidTermsBody {
  @BooleanField({ description: 'The seller pays back if the anchor does not pay.' }) recourse!: boolean;
  @DecimalField({
    description: 'Percent of what is owed that is kept back until the anchor has paid.',
    max: 50,
    decimals: 4,
  })
  holdbackPercent!: string;
  @IntField({ description: 'Fewest days until the first due day.', min: 1, max: 3650, optional: true })
  daysLeftMin?: number;
  @IntField({ description: 'Most days until the last due day.', min: 1, max: 3650, optional: true })
  daysLeftMax?: number;
  @MoneyField({ description: 'Largest listing that the rule bids for.', optional: true })
  amountMax?: MoneyBody;
}

export class AutoBidRuleBody {
  @IdField({ description: 'The mandate whose matches the rule bids on.' }) mandateId!: string;
  @StringField({ description: 'Name.', min: 2, max: 120 }) name!: string;
  @EnumField({ description: 'How the price is made.', values: autoBidPricings }) pricing!: AutoBidPricing;
  @DecimalField({ description: 'Percent a year: rate, margin or profit rate.', max: 100, decimals: 6 })
  annualRate!: string;
  @StringField({ description: 'Reference rate of a margin.', min: 1, max: 40, nullable: true })
  referenceRate!: string | null;
  @DecimalField({ description: 'Arrangement fee in percent of the amount.', max: 20, decimals: 6 }) feePercent!: string;
  @MoneyField({ description: 'Fixed arrangement fee.', nullable: true }) feeFixed!: MoneyBody | null;
  @IntField({ description: 'Longest tenor offered in months.', min: 1, max: 480 }) tenorMax!: number;
  @IntField({ description: 'Months without repayment of principal.', min: 0, max: 60 }) graceMonths!: number;
  @DecimalField({ description: 'Part of the asked amount that is offered, in percent.', max: 100, decimals: 6 })
  sharePercent!: string;
  @IntField({ description: 'Days for which the bid stands.', min: 1, max: 180 }) validityDays!: number;
  @NestedField({
    description: 'How it bids on receivables; with recourse, no holdback and any listing when left out.',
    type: () => ReceivableBidTermsBody,
    optional: true,
  })
  receivables?: ReceivableBidTermsBody;
}

export class MandateQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: mandateLifecycle.states(), optional: true }) status?: MandateState;
}

export class AutoBidQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: autoBidLifecycle.states(), optional: true }) status?: AutoBidState;
}

export class LimitChangeQuery extends PageQuery {
  @IdField({ description: 'Only of this mandate.', optional: true }) mandateId?: string;
}

export class PublicProductQuery extends PageQuery {
  @IdField({ description: 'Only of this institution.', optional: true }) financierId?: string;
}

export class InstitutionVerificationQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: verificationLifecycle.states(), optional: true })
  status?: VerificationState;
}
