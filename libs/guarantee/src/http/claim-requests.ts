// size: one class a request.
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import {
  BooleanField,
  DateField,
  DecimalField,
  EnumField,
  IdField,
  type MoneyBody,
  MoneyField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import { claimLifecycle, type ClaimState } from '../domain/claim.lifecycle.js';
import { type LayerKind, layerKinds } from '../domain/loss-layers.calculation.js';

export const claimProposalWords = ['approve', 'approve_in_part', 'deny'] as const;
export const recoverySourceWords = ['debtor', 'collateral', 'other_guarantor', 'other'] as const;

export class ClaimsPageQuery extends PageQuery {
  @EnumField({ description: 'Only claims in this state.', values: claimLifecycle.states(), optional: true })
  state?: ClaimState;

  @IdField({ description: 'Only claims on this scheme.', optional: true })
  schemeId?: string;
}

export class ClaimBody {
  @DateField({ description: 'Day of the default.' })
  defaultedOn!: string;

  @MoneyField({ description: 'Principal outstanding on the day of the default.' })
  principalAtDefault!: MoneyBody;

  @MoneyField({ description: 'Principal outstanding now, at most as last reported.' })
  principalAtClaim!: MoneyBody;

  @MoneyField({ description: 'Accrued and unpaid interest; paid only where a clause grants it.' })
  interest!: MoneyBody;

  @DecimalField({ description: 'Percent a year of the contract.', max: 100, decimals: 4, example: '9' })
  interestRate!: string;

  @MoneyField({ description: 'Costs of collection; paid only where a clause grants them.' })
  costs!: MoneyBody;

  @StringField({ description: 'What happened and what was done to collect.', max: 2000 })
  note!: string;
}

export class ClaimDocumentQuery {
  @StringField({ description: 'Name of the file; its kind when left out.', min: 1, max: 200, optional: true })
  fileName?: string;
}

export class ClaimNoteBody {
  @StringField({ description: 'Why, in a sentence or two.', min: 1, max: 2000 })
  reason!: string;
}

export class ClaimReasonBody {
  @StringField({
    description: 'A word for programs.',
    min: 1,
    max: 60,
    pattern: /^[a-z_]+$/,
    example: 'document_missing',
  })
  code!: string;

  @StringField({ description: 'A sentence for people.', min: 1, max: 500 })
  message!: string;
}

export class ClaimReasonsBody {
  @ApiProperty({
    type: [ClaimReasonBody],
    minItems: 1,
    maxItems: 20,
    description: 'Everything that is needed, at once.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ClaimReasonBody)
  reasons!: ClaimReasonBody[];
}

export class ClaimProposalBody {
  @EnumField({ description: 'The decision that is prepared.', values: claimProposalWords })
  decision!: (typeof claimProposalWords)[number];

  @MoneyField({ description: 'What is not paid, for an approval in part.', optional: true })
  reduction?: MoneyBody;

  @StringListField({ description: 'Clauses by their ids; needed unless all is paid.', max: 20, maxLength: 20 })
  clauses!: string[];

  @StringField({ description: 'The reasons in words.', min: 1, max: 2000 })
  reason!: string;
}

export class ClaimDecisionBody {
  @BooleanField({ description: 'True takes the prepared decision, false sends it back.' })
  agree!: boolean;

  @StringField({ description: 'Why.', max: 2000 })
  reason!: string;
}

export class ClaimPaymentBody {
  @StringField({ description: 'The reference of the line on the bank’s statement.', min: 1, max: 80 })
  bankReference!: string;

  @IdField({ description: 'The document of this claim that proves the payment.' })
  evidenceDocumentId!: string;
}

export class RecoveryBody {
  @EnumField({ description: 'Where it came from.', values: recoverySourceWords })
  source!: (typeof recoverySourceWords)[number];

  @MoneyField({ description: 'What came in.' })
  amount!: MoneyBody;

  @MoneyField({ description: 'What collecting it cost; only the rest is shared.' })
  costs!: MoneyBody;

  @DateField({ description: 'The day it came in.' })
  receivedOn!: string;

  @StringField({ description: 'The reference of the line on the bank’s statement.', min: 1, max: 80 })
  bankReference!: string;

  @StringField({ description: 'Remark.', max: 1000 })
  note!: string;
}

export class ConfirmationBody {
  @BooleanField({ description: 'True confirms what was entered, false rejects it.' })
  confirmed!: boolean;
}

export class SettlementBody {
  @IdField({ description: 'The re-guarantor or lender that it is settled with.' })
  organisationId!: string;

  @EnumField({
    description: '`in`: it pays its bill; `out`: its part of a recovery is paid out.',
    values: ['in', 'out'],
  })
  direction!: 'in' | 'out';

  @MoneyField({ description: 'At most what is open.' })
  amount!: MoneyBody;

  @DateField({ description: 'The day of the payment.' })
  settledOn!: string;

  @StringField({ description: 'The reference of the line on the bank’s statement.', min: 1, max: 80 })
  bankReference!: string;
}

export class PayeeAccountBody {
  @StringField({ description: 'IBAN or account number.', min: 8, max: 34, pattern: /^[A-Z0-9]+$/ })
  accountNumber!: string;

  @StringField({ description: 'Name of the bank.', min: 1, max: 120 })
  bankName!: string;

  @StringField({ description: 'Name of the account’s holder.', min: 1, max: 200 })
  holderName!: string;
}

export class PayeeCheckBody {
  @BooleanField({ description: 'The account belongs to the lender.' })
  owned!: boolean;

  @StringField({ description: 'How that was established, such as the bank’s letter.', min: 1, max: 500 })
  evidence!: string;
}

export class LayerBody {
  @EnumField({ description: 'Which layer it is; the scheme keeps exactly one.', values: layerKinds })
  kind!: LayerKind;

  @IdField({ description: 'The guarantor that bears it.' })
  organisationId!: string;

  @DecimalField({
    description: 'Percent of each paid claim; all layers add up to 100.',
    max: 100,
    decimals: 4,
    example: '30',
  })
  percent!: string;
}

export class ReguaranteeBody {
  @StringField({ description: 'Name of the agreement.', min: 1, max: 120 })
  name!: string;

  @DateField({ description: 'First day on which guarantees issued fall under it.' })
  validFrom!: string;

  @DateField({ description: 'Last such day; null until it is ended.', nullable: true })
  validTo!: string | null;

  @ApiProperty({ type: [LayerBody], minItems: 1, maxItems: 10, description: 'Who bears which share.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => LayerBody)
  layers!: LayerBody[];
}

export class LastDayBody {
  @DateField({ description: 'Last day on which guarantees issued fall under it.' })
  lastDay!: string;
}
