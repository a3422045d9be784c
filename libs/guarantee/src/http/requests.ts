// size: one class a body.
import type { Repayment } from '#finance';
import { type ProductKind, productKinds } from '#kernel';
import {
  BooleanField,
  DateField,
  DecimalField,
  EnumField,
  IdField,
  IntField,
  JsonObjectField,
  type MoneyBody,
  MoneyField,
  NestedField,
  NestedListField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import { motionKinds, type MotionKind } from '../application/motion-subject.js';
import { consentLanguages } from '../application/consents.js';
import { type AgreementAction, agreementLifecycle } from '../domain/agreement.lifecycle.js';
import { applicationLifecycle, type ApplicationState } from '../domain/application.lifecycle.js';
import { guaranteeLifecycle, type GuaranteeState } from '../domain/guarantee.lifecycle.js';
import {
  type AccreditationAction,
  accreditationLifecycle,
  type SchemeAction,
  schemeLifecycle,
} from '../domain/scheme.lifecycle.js';
import { type Vote, votes } from '../domain/vote.policy.js';

export class GuaranteeTextBody {
  @StringField({ description: 'English.', min: 1, max: 200 }) en!: string;
  @StringField({ description: 'Arabic.', min: 1, max: 200 }) ar!: string;
  @StringField({ description: 'Chinese.', min: 1, max: 200 }) zh!: string;
}

export class SchemeBody {
  @StringField({
    description: 'Short name in capitals; guarantees are numbered by it.',
    min: 2,
    max: 12,
    pattern: /^[A-Z0-9]+$/,
  })
  code!: string;
  @NestedField({ description: 'Name in each language.', type: () => GuaranteeTextBody }) names!: GuaranteeTextBody;
  @StringField({ description: 'ISO 4217 code of the scheme’s one currency.', min: 3, max: 3, pattern: /^[A-Z]{3}$/ })
  currency!: string;
}

export class SchemeVersionBody {
  @JsonObjectField({
    description: 'Clauses, leverage, fee rule, covenant and periods, as GET /v1/guarantee-scheme-templates shows them.',
    maxBytes: 100_000,
  })
  terms!: Record<string, unknown>;
  @StringField({ description: 'Why.', min: 1, max: 1000 }) reason!: string;
}

export class GuaranteeReasonBody {
  @StringField({ description: 'Why, for the record.', max: 1000 }) reason!: string;
}

export class SchemeMoveBody extends GuaranteeReasonBody {
  @EnumField({
    description: 'What is done; all but a suspension need a carried motion.',
    values: schemeLifecycle.actions(),
  })
  action!: SchemeAction;
}

export class SeatBody {
  @IdField({ description: 'The person.' }) personId!: string;
  @StringField({ description: 'Title of the seat.', min: 2, max: 120 }) title!: string;
  @MoneyField({
    description: 'The most that its holder approves alone; left out or null: nothing by the seat.',
    nullable: true,
    optional: true,
  })
  approvalLimit?: MoneyBody | null;
}

export class SchemeConflictBody {
  @IdField({ description: 'Organisation, person, application or version that the conflict is with.' })
  subjectId!: string;
  @StringField({ description: 'What the conflict is.', min: 2, max: 1000 }) reason!: string;
}

export class MotionBody {
  @EnumField({ description: 'What it is about.', values: motionKinds }) kind!: MotionKind;
  @IdField({
    description:
      'The version, scheme, application, agreement, claim, fee, amendment or person; the scheme for what it adopts.',
  })
  subjectId!: string;
  @StringListField({
    description: 'Others that gain by it, beside those that the records name.',
    max: 20,
    maxLength: 36,
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  })
  relatedIds!: string[];
  @StringField({ description: 'What the board is asked.', min: 2, max: 300 }) title!: string;
  @MoneyField({
    description: 'The most that it allows; of a seat, its approval limit. Left out or null: no bound, and no limit.',
    nullable: true,
    optional: true,
  })
  amount?: MoneyBody | null;
}

export class VoteBody {
  @EnumField({ description: 'The vote.', values: votes }) vote!: Vote;
  @StringField({ description: 'Why, for the record.', max: 1000 }) reason!: string;
}

export class ContributionBody {
  @StringField({ description: 'Who pays in.', min: 2, max: 200 }) sourceName!: string;
  @StringField({
    description: 'The covenant’s word for the source, such as government.',
    min: 2,
    max: 20,
    pattern: /^[a-z_]+$/,
  })
  sourceClass!: string;
  @MoneyField({ description: 'What is promised.' }) amount!: MoneyBody;
  @DateField({ description: 'By when it is to be paid in.' }) dueOn!: string;
}

export class SchemePaymentBody {
  @MoneyField({ description: 'What arrived.' }) amount!: MoneyBody;
  @DateField({ description: 'The day of the bank’s statement.' }) paidOn!: string;
  @StringField({ description: 'The line of the bank’s statement.', min: 2, max: 80, pattern: /^[\x21-\x7e]+$/ })
  bankReference!: string;
}

export class SchemePaymentDecisionBody {
  @BooleanField({ description: 'True when the bank’s statement shows it.' }) confirmed!: boolean;
}

export class AccreditationBody {
  @IdField({ description: 'The lender.' }) lenderId!: string;
  @DateField({ description: 'Last day; null: no end.', nullable: true }) validTo!: string | null;
  @StringField({ description: 'Why it is fit.', min: 2, max: 1000 }) reason!: string;
}

export class AccreditationMoveBody extends GuaranteeReasonBody {
  @EnumField({ description: 'What is done.', values: accreditationLifecycle.actions() }) action!: AccreditationAction;
}

export class PortfolioAgreementBody {
  @IdField({ description: 'The lender.' }) lenderId!: string;
  @StringField({ description: 'Name.', min: 2, max: 120 }) name!: string;
  @JsonObjectField({ description: 'Narrower clauses as {"items":[…]}, beside the scheme’s own.', maxBytes: 50_000 })
  clauses!: Record<string, unknown>;
  @MoneyField({ description: 'The most that is guaranteed under it.' }) quota!: MoneyBody;
  @MoneyField({ description: 'The most that claims under it are paid.' }) lossCap!: MoneyBody;
  @DateField({ description: 'First day.' }) validFrom!: string;
  @DateField({ description: 'Last day.' }) validTo!: string;
}

export class AgreementMoveBody extends GuaranteeReasonBody {
  @EnumField({ description: 'What is done.', values: agreementLifecycle.actions() }) action!: AgreementAction;
}

export class FeeRunBody {
  @DateField({ description: 'Fees due until this day, today at the latest.' }) dueUntil!: string;
}

export class ConsentBody {
  @IdField({ description: 'The scheme.' }) schemeId!: string;
  @EnumField({ description: 'The language in which the text was read.', values: consentLanguages })
  language!: (typeof consentLanguages)[number];
  @IdField({ description: 'Only this lender; null: any that is accredited.', nullable: true }) lenderId!: string | null;
  @IdField({ description: 'Only this funding request; null: any.', nullable: true }) requestId!: string | null;
  @StringField({ description: 'SHA-256 of the text as it was read.', min: 64, max: 64, pattern: /^[0-9a-f]{64}$/ })
  textSha256!: string;
}

const repayments = ['bullet', 'instalments', 'unequal_instalments'] as const;

export class GuaranteeApplicationBody {
  @IdField({ description: 'The scheme.' }) schemeId!: string;
  @IdField({ description: 'The borrower.' }) enterpriseId!: string;
  @IdField({ description: 'The portfolio agreement by whose rules it is approved; null: a review.', nullable: true })
  agreementId!: string | null;
  @MoneyField({ description: 'The loan.' }) amount!: MoneyBody;
  @DecimalField({ description: 'Percent of the loan that is to be guaranteed.', max: 100, decimals: 2 })
  coverPercent!: string;
  @DecimalField({ description: 'Percent that other guarantors cover of the same loan.', max: 100, decimals: 2 })
  otherCoverPercent!: string;
  @EnumField({ description: 'Kind of finance.', values: productKinds }) productKind!: ProductKind;
  @IntField({ description: 'Tenor in months.', min: 1, max: 480 }) tenorMonths!: number;
  @IntField({ description: 'Months without repayment of principal.', min: 0, max: 120 }) graceMonths!: number;
  @EnumField({ description: 'How it is repaid.', values: repayments }) repayment!: Repayment;
  @BooleanField({ description: 'The lender takes collateral for its retained part alone.' })
  retainedCollateral!: boolean;
  @StringField({ description: 'What the guarantor should know.', max: 2000 }) note!: string;
}

export class GuaranteeNoteBody {
  @StringField({ description: 'What is sent in answer.', max: 2000 }) note!: string;
}

export class GuaranteeProposalBody {
  @EnumField({ description: 'The decision.', values: ['approve', 'decline'] }) outcome!: 'approve' | 'decline';
  @StringListField({ description: 'Ids of the clauses cited; a refusal cites at least one.', max: 50, maxLength: 20 })
  clauses!: string[];
  @StringField({ description: 'Why.', max: 2000 }) reason!: string;
}

export class GuaranteeAskBody {
  @StringField({ description: 'A code that programs read.', min: 2, max: 60, pattern: /^[a-z0-9_]+$/ }) code!: string;
  @StringField({ description: 'What is missing, and what to do.', min: 2, max: 1000 }) message!: string;
}

export class GuaranteeAsksBody {
  @NestedListField({
    description: 'Everything that is missing, in one request.',
    type: () => GuaranteeAskBody,
    min: 1,
    max: 20,
  })
  reasons!: GuaranteeAskBody[];
}

export class GuaranteeDisbursementBody {
  @DateField({ description: 'The day on which the loan was paid out.' }) disbursedOn!: string;
}

export class GuaranteeAmendmentBody {
  @DateField({ description: 'Another last day of the term; null leaves it.', nullable: true }) endsOn!: string | null;
  @MoneyField({ description: 'A lower guaranteed amount; null leaves it.', nullable: true })
  guaranteed!: MoneyBody | null;
  @StringField({ description: 'Why.', min: 2, max: 1000 }) reason!: string;
}

export class GuaranteeAmendmentDecisionBody extends GuaranteeReasonBody {
  @BooleanField({ description: 'True approves.' }) approved!: boolean;
}

export class FeePaymentBody {
  @DateField({ description: 'The day of the bank’s statement.' }) paidOn!: string;
  @StringField({ description: 'The line of the bank’s statement.', min: 2, max: 80, pattern: /^[\x21-\x7e]+$/ })
  bankReference!: string;
}

export class FeeOverrideBody {
  @MoneyField({ description: 'What is to be charged in place of the published fee.' }) amount!: MoneyBody;
  @StringField({ description: 'Why.', min: 5, max: 1000 }) reason!: string;
}

export class ReportLineBody {
  @StringField({ description: 'The guarantee’s number.', min: 3, max: 30, pattern: /^[A-Z0-9-]+$/ }) number!: string;
  @StringField({
    description: 'Principal outstanding, in major units.',
    min: 1,
    max: 20,
    pattern: /^\d{1,15}(\.\d{1,4})?$/,
  })
  outstanding!: string;
  @IntField({ description: 'Days past due of the oldest instalment.', min: 0, max: 10_000 }) daysPastDue!: number;
}

export class GuaranteeReportBody {
  @NestedListField({ description: 'A line for each guarantee.', type: () => ReportLineBody, min: 1, max: 5000 })
  lines!: ReportLineBody[];
}

export class GuaranteesQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: guaranteeLifecycle.states(), optional: true })
  state?: GuaranteeState;
  @IdField({ description: 'Only of this scheme.', optional: true }) schemeId?: string;
  @StringField({ description: 'Only the one with this number.', max: 30, optional: true }) number?: string;
}

export class GuaranteeApplicationsQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: applicationLifecycle.states(), optional: true })
  status?: ApplicationState;
  @IdField({ description: 'Only of this scheme.', optional: true }) schemeId?: string;
}

export class MinutesQuery {
  @StringField({ description: 'Name of the file.', min: 1, max: 200, optional: true }) name?: string;
}
