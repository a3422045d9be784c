import { amortizations, competitionModes } from '../domain/request-terms.js';
import { contracts, feeTimes } from '../domain/offer-terms.js';
import { marketSorts } from '../domain/market-filter.js';
import { collateralKinds, grades, productKinds, sectors, sizeClasses } from '#kernel';
import {
  BooleanField,
  DateField,
  DecimalField,
  EnumField,
  EnumListField,
  IdField,
  InstantField,
  IntField,
  MoneyField,
  NestedField,
  NestedListField,
  PageQuery,
  StringField,
  StringListField,
  type MoneyBody,
} from '#platform';

/** A draft saves what there is; every field may come later. */
export class DraftBody {
  @EnumField({ description: 'What is asked for.', values: productKinds, optional: true })
  productKind?: (typeof productKinds)[number];
  @IdField({ description: 'With guarantee_only: the institution where the loan was found.', optional: true })
  lenderId?: string;
  @MoneyField({ description: 'The amount asked for.', optional: true }) amount?: MoneyBody;
  @IntField({ description: 'Months until all is paid back.', min: 0, max: 360, optional: true }) tenorMonths?: number;
  @StringField({ description: 'What the money is for; the reviewer reads it.', max: 2000, optional: true })
  purpose?: string;
  @StringField({ description: 'The plan in words that name nobody; financiers read it.', max: 2000, optional: true })
  anonymousText?: string;
  @BooleanField({ description: 'Only Shariah-compliant contracts.', optional: true }) shariahOnly?: boolean;
  @EnumListField({ description: 'Collateral that can be given.', values: collateralKinds, optional: true })
  collateral?: (typeof collateralKinds)[number][];
  @EnumField({ description: 'How offers compete.', values: competitionModes, optional: true })
  mode?: (typeof competitionModes)[number];
}

export class AttachBody {
  @StringField({ description: 'Which document of the checklist it is.', min: 2, max: 40, pattern: /^[a-z_]+$/ })
  kind!: string;
  @IdField({ description: 'A document of the enterprise’s store.' }) documentId!: string;
}

export class MarketReasonBody {
  @StringField({ description: 'A reason in one’s own words.', min: 2, max: 500 }) reason!: string;
}

export class NoteBody {
  @StringField({ description: 'What was supplied.', min: 2, max: 2000 }) note!: string;
}

export class CodedReasonBody {
  @StringField({ description: 'A code of GET /v1/market/rules.', min: 2, max: 40, pattern: /^[a-z_]+$/ }) code!: string;
  @StringField({ description: 'What to do about it, in plain words.', min: 2, max: 1000 }) message!: string;
}

export class MarketReasonsBody {
  @NestedListField({ description: 'All reasons together.', type: () => CodedReasonBody, min: 1, max: 20 })
  reasons!: CodedReasonBody[];
}

export class DeclineBody {
  @StringField({ description: 'A code of GET /v1/market/rules.', min: 2, max: 40, pattern: /^[a-z_]+$/ })
  reason!: string;
}

export class DisclosureBody {
  @IdField({ description: 'The matched financier that may know who the enterprise is.' }) financierId!: string;
}

export class QuestionBody {
  @StringField({ description: 'The question; every bidder reads it, without your name.', min: 5, max: 1000 })
  text!: string;
}

export class MarketAnswerBody {
  @StringField({ description: 'The answer; every bidder reads it.', min: 1, max: 2000 }) answer!: string;
}

export class PriceBody {
  @EnumField({ description: 'Fixed, or a reference rate plus a margin.', values: ['fixed', 'floating'] }) kind!:
    'fixed' | 'floating';
  @DecimalField({ description: 'Percent a year; for a fixed price.', max: 1000, decimals: 6, optional: true })
  annualRate?: string;
  @StringField({ description: 'Name of the reference rate, such as SAIBOR-3M.', max: 40, optional: true })
  reference?: string;
  @DecimalField({ description: 'Margin in percent a year.', max: 1000, decimals: 6, optional: true }) margin?: string;
}

export class FeeBody {
  @StringField({ description: 'What the fee is for.', min: 2, max: 80 }) name!: string;
  @EnumField({ description: 'When it falls due.', values: feeTimes }) when!: (typeof feeTimes)[number];
  @DecimalField({
    description: 'A fixed amount in major units; either this or percent.',
    max: 1_000_000_000,
    decimals: 2,
    optional: true,
  })
  amount?: string;
  @DecimalField({ description: 'Percent of the amount offered.', max: 100, decimals: 6, optional: true })
  percent?: string;
  @BooleanField({ description: 'The enterprise cannot do without it; counts in the APR.' }) compulsory!: boolean;
}

export class GuaranteeTermsBody {
  @IdField({ description: 'The scheme; its published table says the fee.' }) schemeId!: string;
  @DecimalField({ description: 'Share of the loan that is guaranteed, percent.', max: 100, decimals: 2 })
  coverPercent!: string;
}

export class ConditionBody {
  @StringField({ description: 'The condition.', min: 2, max: 500 }) text!: string;
  @BooleanField({ description: 'It is fulfilled.' }) closed!: boolean;
}

export class OfferTermsBody {
  @EnumField({ description: 'Kind of contract.', values: contracts }) contract!: (typeof contracts)[number];
  @NestedField({ description: 'The price.', type: () => PriceBody }) price!: PriceBody;
  @EnumField({
    description: 'Interest on the declining balance, or flat on the whole amount.',
    values: ['declining', 'flat'],
  })
  interest!: 'declining' | 'flat';
  @EnumField({ description: 'How principal is paid back.', values: amortizations })
  amortization!: (typeof amortizations)[number];
  @IntField({ description: 'Months between instalments.', min: 1, max: 12 }) everyMonths!: number;
  @IntField({ description: 'Instalments at the beginning without principal.', min: 0, max: 60 })
  graceInstalments!: number;
  @NestedListField({ description: 'Every fee.', type: () => FeeBody, max: 20 }) fees!: FeeBody[];
  @NestedField({
    description: 'A guarantee that is part of the offer; indicative until its letter of intent reserves it.',
    type: () => GuaranteeTermsBody,
    optional: true,
  })
  guarantee?: GuaranteeTermsBody;
  @EnumListField({ description: 'Collateral asked for.', values: collateralKinds })
  collateral!: (typeof collateralKinds)[number][];
  @NestedListField({
    description: 'Conditions; a binding offer has them all closed.',
    type: () => ConditionBody,
    max: 30,
  })
  conditions!: ConditionBody[];
  @StringListField({
    description: 'Customer checks that were made; a binding offer has at least one.',
    max: 20,
    maxLength: 200,
  })
  customerChecks!: string[];
  @BooleanField({ description: 'The enterprise is liable beyond the collateral.' }) recourse!: boolean;
  @DecimalField({ description: 'Fee on principal repaid early, percent.', max: 100, decimals: 4 })
  earlySettlementPercent!: string;
  @DecimalField({
    description: 'Charge on overdue amounts, percent a year; with murabaha it goes to charity.',
    max: 100,
    decimals: 4,
  })
  lateChargePercent!: string;
}

export class RevisionBody {
  @MoneyField({ description: 'The amount offered.' }) amount!: MoneyBody;
  @IntField({ description: 'Months until all is paid back.', min: 1, max: 360 }) tenorMonths!: number;
  @InstantField({ description: 'Until when the offer stands.' }) expiresAt!: string;
  @NestedField({ description: 'The terms.', type: () => OfferTermsBody }) terms!: OfferTermsBody;
}

export class OfferBody extends RevisionBody {
  @BooleanField({ description: 'A binding offer can be accepted and cannot be withdrawn until it expires.' })
  binding!: boolean;
}

export class AcceptBody {
  @BooleanField({
    description: 'The accepted offers are enough though they do not reach the amount asked for.',
    optional: true,
  })
  enough?: boolean;
}

export class DisbursementBody {
  @MoneyField({ description: 'The net amount paid out.' }) net!: MoneyBody;
  @StringField({ description: 'The bank’s reference of the payment.', min: 2, max: 140 }) bankReference!: string;
}

export class ReceiptBody {
  @MoneyField({ description: 'The amount that arrived.' }) received!: MoneyBody;
}

export class RulingBody {
  @StringField({ description: 'Why.', min: 5, max: 500 }) reason!: string;
  @MoneyField({
    description: 'The net amount that the bank’s evidence shows; makes the award disbursed.',
    optional: true,
  })
  received?: MoneyBody;
  @BooleanField({ description: 'The award failed by the enterprise’s fault.', optional: true })
  enterpriseFault?: boolean;
}

export class MarketQuery extends PageQuery {
  @EnumField({ description: 'Order.', values: marketSorts, optional: true }) sort?: (typeof marketSorts)[number];
  @EnumListField({ description: 'Products.', values: productKinds, optional: true }) product?: string[];
  @EnumListField({ description: 'Sections of ISIC.', values: sectors, optional: true }) sector?: string[];
  @StringListField({
    description: 'ISO 3166-2 codes.',
    max: 40,
    maxLength: 10,
    pattern: /^[A-Z]{2}-[A-Z0-9]{1,3}$/,
    optional: true,
  })
  region?: string[];
  @EnumListField({ description: 'Size classes.', values: sizeClasses, optional: true }) size?: string[];
  @EnumListField({ description: 'Grades.', values: grades, optional: true }) grade?: (typeof grades)[number][];
  @DecimalField({ description: 'Smallest amount in major units.', max: 1_000_000_000, decimals: 2, optional: true })
  amountFrom?: string;
  @DecimalField({ description: 'Largest amount in major units.', max: 1_000_000_000, decimals: 2, optional: true })
  amountTo?: string;
  @StringField({ description: 'ISO 4217 code.', min: 3, max: 3, pattern: /^[A-Z]{3}$/, optional: true })
  currency?: string;
  @IntField({ description: 'Shortest tenor in months.', min: 0, max: 360, optional: true }) tenorFrom?: number;
  @IntField({ description: 'Longest tenor in months.', min: 0, max: 360, optional: true }) tenorTo?: number;
  @DateField({ description: 'Receivables: first due day.', optional: true }) dueFrom?: string;
  @DateField({ description: 'Receivables: last due day.', optional: true }) dueTo?: string;
  @IdField({ description: 'Receivables of this anchor; needs a limit on it.', optional: true }) anchor?: string;
  @BooleanField({ description: 'Shariah-compliant only.', optional: true }) shariahOnly?: boolean;
  @BooleanField({ description: 'Women-led firms.', optional: true }) womenLed?: boolean;
  @BooleanField({ description: 'Rural firms.', optional: true }) rural?: boolean;
}
