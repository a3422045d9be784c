import {
  BooleanField,
  DecimalField,
  EnumField,
  InstantField,
  NestedField,
  NestedListField,
  StringField,
  StringListField,
} from '#platform';
import { type CompetitionMode, competitionModes } from '../domain/request-terms.js';
import { GuaranteeTermsBody, PriceBody } from './requests.js';

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class ListReceivablesBody {
  @StringListField({
    description: 'Own certificates; several make a pool.',
    max: 1000,
    maxLength: 36,
    pattern: idPattern,
  })
  certificateIds!: string[];
  @EnumField({
    description: 'How the competition runs; ranked when left out.',
    values: competitionModes,
    optional: true,
  })
  mode?: CompetitionMode;
}

/** A fee that is taken from what is paid out. */
export class BidFeeBody {
  @StringField({ description: 'What the fee is for.', min: 2, max: 80 }) name!: string;
  @DecimalField({
    description: 'A fixed amount in major units; either this or percent.',
    max: 1_000_000_000,
    decimals: 2,
    optional: true,
  })
  amount?: string;
  @DecimalField({ description: 'Percent of what is owed.', max: 20, decimals: 6, optional: true }) percent?: string;
}

export class BidBody {
  @NestedField({ description: 'The discount rate, percent a year.', type: () => PriceBody }) price!: PriceBody;
  @BooleanField({ description: 'The seller pays back if the anchor does not pay.' }) recourse!: boolean;
  @DecimalField({
    description: 'Percent of what is owed that is kept back until the anchor has paid; none when left out.',
    max: 50,
    decimals: 4,
    optional: true,
  })
  holdbackPercent?: string;
  @NestedListField({
    description: 'Fees taken from what is paid out.',
    type: () => BidFeeBody,
    max: 10,
    optional: true,
  })
  fees?: BidFeeBody[];
  @NestedField({
    description: 'A guarantee that is part of the bid; indicative until its letter of intent reserves it.',
    type: () => GuaranteeTermsBody,
    optional: true,
  })
  guarantee?: GuaranteeTermsBody;
  @InstantField({
    description: 'Until when the bid stands; a day after the time to decide when left out.',
    optional: true,
  })
  expiresAt?: string;
}
