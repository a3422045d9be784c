// size: one class for each body and query of certificates, early payment and settlement; the API document is made of them.
import {
  BooleanField,
  DateField,
  DecimalField,
  EnumField,
  IdField,
  IntField,
  type MoneyBody,
  MoneyField,
  NestedListField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import { assignmentLifecycle, type AssignmentState } from '../domain/assignment.lifecycle.js';
import { certificateLifecycle, type CertificateState } from '../domain/certificate.lifecycle.js';
import {
  discountAskLifecycle,
  type DiscountAskState,
  discountProgrammeLifecycle,
  type DiscountProgrammeState,
} from '../domain/discount.lifecycle.js';
import {
  obligationLifecycle,
  type ObligationState,
  payoutLifecycle,
  type PayoutState,
  statementEntryLifecycle,
  type StatementEntryState,
} from '../domain/settlement.lifecycle.js';
import { type MatchKind, matchKinds } from '../domain/statement-match.policy.js';
import { transferLifecycle, type TransferState } from '../domain/transfer.lifecycle.js';

const currency = { description: 'ISO 4217 code.', min: 3, max: 3, pattern: /^[A-Z]{3}$/, example: 'SAR' };
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class CertificateQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: certificateLifecycle.states(), optional: true })
  status?: CertificateState;
}

export class TransferQuery extends PageQuery {
  @EnumField({ description: 'Offered to you, or passed on by you.', values: ['incoming', 'outgoing'] }) direction!:
    'incoming' | 'outgoing';
  @EnumField({ description: 'Only these.', values: transferLifecycle.states(), optional: true }) state?: TransferState;
}

export class PassedPartBody {
  @StringField({ description: 'Registration number of the next supplier.', min: 1, max: 30, pattern: /^[\x21-\x7e]+$/ })
  registrationNumber!: string;
  @MoneyField({ description: 'The part that it gets.' }) amount!: MoneyBody;
  @StringField({ description: 'What it is for; the receiver reads it.', max: 140 }) note!: string;
}

export class PassBody {
  @NestedListField({
    description: 'Parts of the certificate and who gets each.',
    type: () => PassedPartBody,
    min: 1,
    max: 1000,
  })
  parts!: PassedPartBody[];
}

export const transferDecisions = ['approve', 'accept', 'refuse', 'withdraw'] as const;

export class TransferDecisionBody {
  @StringListField({
    description: 'Identifiers of transfers; all or none are decided.',
    max: 1000,
    maxLength: 36,
    pattern: id,
  })
  transferIds!: string[];
  @EnumField({
    description: 'approve: as second signatory of the holder; accept, refuse: as receiver; withdraw: as holder.',
    values: transferDecisions,
  })
  action!: (typeof transferDecisions)[number];
}

export class RateStepBody {
  @IntField({ description: 'Days before the due day from which this rate holds.', min: 1, max: 720 }) daysFrom!: number;
  @DecimalField({ description: 'Percent a year, simple discount on the amount at maturity.', max: 100, decimals: 6 })
  annualRate!: string;
}

export class DiscountProgrammeBody {
  @StringField({ description: 'Name.', min: 2, max: 120 }) name!: string;
  @NestedListField({ description: 'Rates by days early, rising in days.', type: () => RateStepBody, min: 1, max: 20 })
  curve!: RateStepBody[];
  @DecimalField({ description: 'Lowest rate that a supplier may name, percent a year.', max: 100, decimals: 6 })
  floorRate!: string;
  @MoneyField({ description: 'What is paid out on one day at most.' }) dailyBudget!: MoneyBody;
  @DateField({ description: 'First day of payment.' }) validFrom!: string;
  @DateField({ description: 'Last day of payment; null: no end.', nullable: true }) validTo!: string | null;
}

export class DiscountBudgetBody {
  @DateField({ description: 'The day of payment.' }) payOn!: string;
  @MoneyField({ description: 'What is paid out on that day at most.' }) budget!: MoneyBody;
}

export class DiscountProgrammeQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: discountProgrammeLifecycle.states(), optional: true })
  state?: DiscountProgrammeState;
}

export class DiscountAskBody {
  @IdField({ description: 'The programme of the certificate’s anchor.' }) programmeId!: string;
  @IdField({ description: 'A certificate in your free hands.' }) certificateId!: string;
  @DateField({ description: 'The working day on which you want to be paid.' }) payOn!: string;
  @DecimalField({
    description: 'The rate that you name, percent a year; left out: the programme’s.',
    max: 100,
    decimals: 6,
    optional: true,
  })
  annualRate?: string;
}

export class DiscountAskQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: discountAskLifecycle.states(), optional: true })
  state?: DiscountAskState;
}

export class ObligationQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: obligationLifecycle.states(), optional: true })
  state?: ObligationState;
}

export class PayoutQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: payoutLifecycle.states(), optional: true }) state?: PayoutState;
}

export class StatementQuery extends PageQuery {
  @BooleanField({ description: 'True: only those with movements that nobody has matched yet.', optional: true })
  open?: boolean;
}

export class OwedBackQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: obligationLifecycle.states(), optional: true })
  state?: ObligationState;
}

export class EntryQuery extends PageQuery {
  @EnumField({
    description: 'Only these; unclear is the worklist.',
    values: statementEntryLifecycle.states(),
    optional: true,
  })
  state?: StatementEntryState;
}

export class AssignmentQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: assignmentLifecycle.states(), optional: true })
  state?: AssignmentState;
}

export class PaymentFileBody {
  @DateField({ description: 'Everything due up to this day that is in no file yet.' }) until!: string;
  @StringField(currency) currency!: string;
}

export class PayoutFileBody {
  @StringField(currency) currency!: string;
}

export class PaymentAccountBody {
  @StringField({
    description: 'IBAN, or the account’s digits where the country has none; spaces are ignored.',
    min: 6,
    max: 42,
    pattern: /^[A-Za-z0-9 ]+$/,
  })
  accountNumber!: string;
  @StringField({ description: 'Name of the bank.', min: 2, max: 120 }) bankName!: string;
  @StringField({ description: 'Holder as the bank has it.', min: 2, max: 140 }) holderName!: string;
}

export class SettlementReasonBody {
  @StringField({ description: 'A code that programs read.', min: 2, max: 60, pattern: /^[a-z0-9_]+$/ }) code!: string;
  @StringField({ description: 'What is wrong or missing, and what to do.', min: 2, max: 1000 }) message!: string;
}

export class AccountInformationBody {
  @NestedListField({
    description: 'Everything that is missing, in one request.',
    type: () => SettlementReasonBody,
    min: 1,
    max: 20,
  })
  reasons!: SettlementReasonBody[];
}

export class AccountDecisionBody {
  @BooleanField({ description: 'True: the account is shown to be the organisation’s own.' }) confirmed!: boolean;
  @NestedListField({ description: 'Why.', type: () => SettlementReasonBody, min: 1, max: 20 })
  reasons!: SettlementReasonBody[];
}

export class SettlementWhyBody {
  @StringField({ description: 'Why, for the record.', min: 2, max: 500 }) reason!: string;
}

export class MatchPartBody {
  @IdField({ description: 'The obligation.' }) obligationId!: string;
  @MoneyField({ description: 'What the movement pays of it.' }) amount!: MoneyBody;
}

export class MatchProposalBody {
  @EnumField({
    description:
      'obligation: it pays this; obligations: it pays the parts; return: it goes back to this organisation; payout: it is this payout, paid or come back; own: a cost of the operator’s own; reversal: it takes this movement back; owed: this organisation is to give it back.',
    values: matchKinds,
  })
  kind!: MatchKind;
  @IdField({
    description: 'Of the obligation, payout, organisation or movement; null for an own cost and for parts.',
    nullable: true,
  })
  id!: string | null;
  @StringField({ description: 'On what evidence.', min: 2, max: 500 }) note!: string;
  @NestedListField({
    description: 'What it pays of each obligation; only with "obligations". Adds up to what is open of the movement.',
    type: () => MatchPartBody,
    min: 1,
    max: 200,
    optional: true,
  })
  parts?: MatchPartBody[];
  @BooleanField({ description: 'True: the parts are less, the rest stays on the worklist.', optional: true })
  leavesRest?: boolean;
}

export class MatchDecisionBody {
  @BooleanField({ description: 'True: so it is.' }) approved!: boolean;
  @IntField({
    description: 'Version of the movement as you saw it; where it has changed, nothing is decided.',
    min: 1,
    max: 1_000_000,
    optional: true,
  })
  version?: number;
}

export class RepurchaseGroundBody {
  @EnumField({ description: 'What was established.', values: ['fraud', 'double_assignment', 'non_delivery'] }) ground!:
    'fraud' | 'double_assignment' | 'non_delivery';
  @StringField({ description: 'On what evidence.', min: 2, max: 500 }) note!: string;
}
