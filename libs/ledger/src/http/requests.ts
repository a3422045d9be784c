import { DateField, EnumField, IdField, PageQuery, StringField } from '#platform';
import { type OwnerType, ownerTypes, type Purpose, purposes } from '../domain/chart-of-accounts.js';
import { type TransferKind, transferKinds } from '../domain/transfer.js';

export class OwnAccountsQuery extends PageQuery {
  @StringField({ description: 'Only accounts in this currency.', max: 3, pattern: /^[A-Z]{3}$/, optional: true })
  currency?: string;
}

export class AccountsQuery extends OwnAccountsQuery {
  @EnumField({ description: 'Only accounts of such owners.', values: ownerTypes, optional: true })
  ownerType?: OwnerType;

  @IdField({ description: 'Only accounts of this organisation or scheme.', optional: true })
  ownerId?: string;

  @EnumField({ description: 'Only accounts of this purpose.', values: purposes, optional: true })
  purpose?: Purpose;
}

export class TransfersQuery extends PageQuery {
  @StringField({
    description: 'Only transfers about such a thing.',
    max: 40,
    pattern: /^[a-z_]{1,40}$/,
    optional: true,
  })
  subjectType?: string;

  @IdField({ description: 'Only transfers about this thing.', optional: true })
  subjectId?: string;

  @StringField({ description: 'The one transfer of this reference.', max: 120, optional: true })
  reference?: string;

  @EnumField({ description: 'Only transfers of this kind.', values: transferKinds, optional: true })
  kind?: TransferKind;
}

export class PeriodQuery {
  @DateField({ description: 'First day of the books; the beginning when left out.', optional: true })
  from?: string;

  @DateField({ description: 'Last day of the books; the end when left out.', optional: true })
  to?: string;
}

/** A period on paper, and in which language. */
export class PrintedPeriodQuery extends PeriodQuery {
  @EnumField({
    description: 'Language of the document; English when left out.',
    values: ['en', 'ar', 'zh'],
    optional: true,
  })
  language?: 'en' | 'ar' | 'zh';
}

export class StatementPageQuery extends PageQuery {
  @DateField({ description: 'First day of the books; the beginning when left out.', optional: true })
  from?: string;

  @DateField({ description: 'Last day of the books; the end when left out.', optional: true })
  to?: string;
}
