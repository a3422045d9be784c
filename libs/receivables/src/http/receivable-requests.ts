import {
  BooleanField,
  DateField,
  EnumField,
  IdField,
  type MoneyBody,
  MoneyField,
  NestedField,
  PageQuery,
  StringField,
  StringListField,
} from '#platform';
import {
  proposalActions,
  type ProposalAction,
  proposalLifecycle,
  type ProposalState,
} from '../domain/proposal.lifecycle.js';
import { receivableLifecycle, type ReceivableState } from '../domain/receivable.lifecycle.js';
import { type ReceivableKind, receivableKinds, type Side, sides } from '../domain/receivable.js';
import { type UndertakingLanguage, undertakingLanguages } from '../domain/undertaking.js';

export class UploadReceivableBody {
  @EnumField({ description: 'Invoice, order or refund claim.', values: receivableKinds }) kind!: ReceivableKind;
  @EnumField({
    description: 'Whether the own firm is the seller or the anchor; by its kind when left out.',
    values: sides,
    optional: true,
  })
  side?: Side;
  @IdField({ description: 'The other party, by its organisation …', optional: true }) otherPartyId?: string;
  @StringField({ description: '… or by its registration or tax number.', min: 1, max: 60, optional: true })
  otherPartyNumber?: string;
  @StringField({ description: 'The document’s own number.', min: 1, max: 100 }) number!: string;
  @DateField({ description: 'Day of issue.' }) issuedOn!: string;
  @DateField({ description: 'Day of payment.' }) dueOn!: string;
  @MoneyField({ description: 'What is to be paid.' }) amount!: MoneyBody;
  @StringField({ description: 'Code of the anchor’s branch.', min: 1, max: 40, optional: true }) branchCode?: string;
  @StringField({ description: 'Number of the order behind it.', min: 1, max: 100, optional: true })
  orderNumber?: string;
  @BooleanField({ description: 'Hands it to the anchor at once; otherwise it is a draft.' }) submit!: boolean;
}

export class ReceivablesQuery extends PageQuery {
  @EnumField({ description: 'Only in this state.', values: receivableLifecycle.states(), optional: true })
  state?: ReceivableState;
  @EnumField({ description: 'Only of this kind.', values: receivableKinds, optional: true }) kind?: ReceivableKind;
  @EnumField({ description: 'As seller or as anchor.', values: sides, optional: true }) side?: Side;
  @DateField({ description: 'Due on this day or later.', optional: true }) dueFrom?: string;
  @DateField({ description: 'Due on this day or earlier.', optional: true }) dueTo?: string;
}

export class WithdrawReceivableBody {
  @StringField({ description: 'Why.', min: 3, max: 1000 }) reason!: string;
}

export class CreditNoteBody {
  @StringField({ description: 'Number of the credit note.', min: 1, max: 100 }) number!: string;
  @MoneyField({ description: 'What is still owed after it.' }) netAmount!: MoneyBody;
}

export class DeliveryBody {
  @StringField({ description: 'Number of the invoice.', min: 1, max: 100 }) invoiceNumber!: string;
  @DateField({ description: 'Day of the invoice.' }) issuedOn!: string;
  @DateField({ description: 'Day of the delivery.' }) deliveredOn!: string;
}

export class BatchQuery {
  @EnumField({ description: 'What the rows are; invoices when left out.', values: receivableKinds, optional: true })
  kind?: ReceivableKind;
  @EnumField({ description: 'Whether the own firm is the seller or the anchor.', values: sides, optional: true })
  side?: Side;
  @BooleanField({
    description: 'Hands the rows to the anchor at once (default); otherwise they are drafts.',
    optional: true,
  })
  submit?: boolean;
  @StringField({ description: 'Name of the file.', max: 200, optional: true }) fileName?: string;
}

const rowResults = ['created', 'existing', 'refused'] as const;

export class BatchRowsQuery extends PageQuery {
  @EnumField({ description: 'Only rows with this result.', values: rowResults, optional: true })
  result?: (typeof rowResults)[number];
}

export class UndertakingAgreementBody {
  @StringField({ description: 'Version of the text, from GET /v1/undertaking.', min: 1, max: 40 }) version!: string;
  @EnumField({ description: 'The language in which it was read.', values: undertakingLanguages })
  language!: UndertakingLanguage;
}

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class ProposalBody {
  @EnumField({ description: 'What is proposed.', values: proposalActions }) action!: ProposalAction;
  @StringListField({ description: 'For these receivables …', max: 500, maxLength: 36, pattern: id, optional: true })
  receivableIds?: string[];
  @IdField({ description: '… or for all of a batch that are open to it.', optional: true }) batchId?: string;
  @MoneyField({ description: 'What is owed after the credit note, where one is reduced.', optional: true })
  netAmount?: MoneyBody;
  @StringField({ description: 'Why; needed unless it is confirmed.', max: 1000, optional: true }) reason?: string;
  @NestedField({
    description: 'What binds needs the maker’s agreement.',
    type: () => UndertakingAgreementBody,
    optional: true,
  })
  undertaking?: UndertakingAgreementBody;
}

export class ApproveProposalBody {
  @NestedField({
    description: 'What binds needs the checker’s agreement.',
    type: () => UndertakingAgreementBody,
    optional: true,
  })
  undertaking?: UndertakingAgreementBody;
}

export class RejectProposalBody {
  @StringField({ description: 'Why.', min: 3, max: 1000 }) reason!: string;
}

export class ProposalsQuery extends PageQuery {
  @EnumField({ description: 'Only in this state.', values: proposalLifecycle.states(), optional: true })
  state?: ProposalState;
}
