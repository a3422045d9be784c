import { BooleanField, EnumField, IdField, NestedListField, PageQuery, StringField, StringListField } from '#platform';
import { verificationLifecycle, type VerificationState } from '#review';
import {
  type AnchorKind,
  anchorKinds,
  anchorVisibilities,
  type AnchorVisibility,
  type BranchState,
  branchStates,
  type SupplierState,
  supplierStates,
} from '../domain/anchor.js';

export class AnchorBody {
  @EnumField({ description: 'What the anchor is.', values: anchorKinds, optional: true }) kind?: AnchorKind;
  @EnumField({
    description: 'Who learns that it confirms receivables here: everybody, or the suppliers on its list.',
    values: anchorVisibilities,
    optional: true,
  })
  visibility?: AnchorVisibility;
  @StringField({
    description: 'VAT or tax number, as electronic invoices name it.',
    min: 1,
    max: 40,
    optional: true,
    nullable: true,
  })
  taxId?: string | null;
  @StringField({ description: 'What others read about the anchor.', max: 2000, optional: true }) about?: string;
  @StringField({ description: 'Web address.', max: 200, pattern: /^(https:\/\/[^\s"'<>]+)?$/, optional: true })
  website?: string;
}

export class AnchorReasonBody {
  @StringField({ description: 'A code that programs read.', min: 2, max: 60, pattern: /^[a-z0-9_]+$/ }) code!: string;
  @StringField({ description: 'A sentence for people.', min: 3, max: 1000 }) message!: string;
}

export class AnchorReasonsBody {
  @NestedListField({ description: 'What is asked for.', type: () => AnchorReasonBody, min: 1, max: 20 })
  reasons!: AnchorReasonBody[];
}

export class AnchorDecisionBody {
  @BooleanField({ description: 'Verified, or refused.' }) verified!: boolean;
  @NestedListField({ description: 'Why; a refusal needs one.', type: () => AnchorReasonBody, max: 20 })
  reasons!: AnchorReasonBody[];
}

export class AnchorWhyBody {
  @StringField({ description: 'The cause.', min: 3, max: 1000 }) reason!: string;
}

export class AnchorVerificationQuery extends PageQuery {
  @EnumField({
    description: 'Only those in this state.',
    values: verificationLifecycle.states(),
    optional: true,
  })
  status?: VerificationState;
}

const personId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class BranchBody {
  @StringField({ description: 'Short code, once per anchor.', min: 1, max: 40, pattern: /^[\p{L}\p{N}._-]+$/u })
  code!: string;
  @StringField({ description: 'Name.', min: 1, max: 200 }) name!: string;
  @StringListField({
    description: 'People who work for the branch, by their ids.',
    max: 200,
    maxLength: 36,
    pattern: personId,
    optional: true,
  })
  people?: string[];
}

export class BranchChangeBody {
  @StringField({ description: 'Name.', min: 1, max: 200, optional: true }) name?: string;
  @EnumField({ description: 'Open, or closed for new receivables.', values: branchStates, optional: true })
  status?: BranchState;
  @StringListField({
    description: 'Everybody who works for the branch; a person named for a branch works for no other receivables.',
    max: 200,
    maxLength: 36,
    pattern: personId,
    optional: true,
  })
  people?: string[];
}

export class SupplierBody {
  @IdField({ description: 'The supplier’s organisation, where it is registered here.', optional: true })
  organisationId?: string;
  @StringField({ description: 'Or its number in the company register.', min: 1, max: 30, optional: true })
  registrationNumber?: string;
  @StringField({
    description: 'ISO 3166 code of the register’s country.',
    max: 2,
    pattern: /^[A-Z]{2}$/,
    optional: true,
  })
  country?: string;
  @StringField({ description: 'Name.', min: 1, max: 200, optional: true }) name?: string;
  @StringField({ description: 'The anchor’s own number of the supplier.', max: 60, optional: true }) reference?: string;
}

export class SupplierChangeBody {
  @StringField({ description: 'Name.', min: 1, max: 200, optional: true }) name?: string;
  @StringField({ description: 'The anchor’s own number of the supplier.', max: 60, optional: true }) reference?: string;
  @EnumField({ description: 'On the list, or removed from it.', values: supplierStates, optional: true })
  status?: SupplierState;
}
