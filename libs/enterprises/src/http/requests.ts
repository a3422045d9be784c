import { type Sector, sectors } from '#kernel';
import {
  BooleanField,
  DateField,
  DecimalField,
  EnumField,
  IdField,
  IntField,
  type MoneyBody,
  MoneyField,
  NestedField,
  NestedListField,
  PageQuery,
  StringField,
} from '#platform';
import { verificationLifecycle, type VerificationState } from '#review';
import { type DocumentKind, documentKinds } from '../domain/document.policy.js';
import { type IdentifierScheme, identifierSchemes } from '../domain/identifiers.policy.js';

export class IdentifierBody {
  @EnumField({ description: 'Which register numbered it.', values: identifierSchemes }) scheme!: IdentifierScheme;
  @StringField({ description: 'The number; spaces are ignored.', min: 1, max: 40, pattern: /^[A-Za-z0-9 /-]+$/ })
  value!: string;
}

export class OwnerBody {
  @EnumField({ description: 'A person, or an organisation.', values: ['person', 'organisation'] })
  kind!: 'person' | 'organisation';
  @StringField({ description: 'Name in Latin script.', min: 2, max: 200 }) name!: string;
  @StringField({ description: 'Name in the country’s own script.', min: 1, max: 200 }) localName!: string;
  @StringField({
    description: 'Nationality or seat, ISO 3166.',
    min: 2,
    max: 2,
    pattern: /^[A-Z]{2}$/,
    example: 'SA',
  })
  country!: string;
  @DateField({ description: 'Date of birth; null for an organisation.', nullable: true }) bornOn!: string | null;
  @DecimalField({ description: 'Beneficial share in percent.', min: 0, max: 100, decimals: 4 }) sharePercent!: string;
  @BooleanField({ description: 'The owner is a woman.' }) isWoman!: boolean;
  @BooleanField({ description: 'Holds a prominent public function, or is close to somebody who does.' })
  politicallyExposed!: boolean;
}

/** Any part of the profile; what is left out stays as it is, a list replaces the whole list. */
export class ProfileBody {
  @StringField({
    description: 'A code of GET /v1/enterprise/choices.',
    min: 1,
    max: 40,
    optional: true,
    nullable: true,
  })
  legalForm?: string | null;
  @EnumField({ description: 'ISIC section.', values: sectors, optional: true, nullable: true }) sector?: Sector | null;
  @StringField({
    description: 'ISIC revision 4 class.',
    min: 4,
    max: 4,
    pattern: /^\d{4}$/,
    optional: true,
    nullable: true,
    example: '4711',
  })
  isicClass?: string | null;
  @StringField({
    description: 'Industry of the size standard, where the one found from the class does not fit.',
    min: 1,
    max: 40,
    optional: true,
    nullable: true,
  })
  sizeIndustry?: string | null;
  @StringField({
    description: 'Region (ISO 3166-2).',
    min: 4,
    max: 6,
    pattern: /^[A-Z]{2}-[A-Z0-9]{1,3}$/,
    optional: true,
    nullable: true,
    example: 'SA-01',
  })
  region?: string | null;
  @DateField({ description: 'Date of foundation.', optional: true, nullable: true }) foundedOn?: string | null;
  @IntField({
    description: 'Staff in full-time equivalents.',
    min: 0,
    max: 1_000_000,
    optional: true,
    nullable: true,
  })
  staff?: number | null;
  @BooleanField({ description: 'Led by women.', optional: true }) womenLed?: boolean;
  @BooleanField({ description: 'Works in a rural area.', optional: true }) rural?: boolean;
  @BooleanField({ description: 'Exports primary products.', optional: true }) exporter?: boolean;
  @BooleanField({ description: 'Works in a least-developed market.', optional: true }) leastDeveloped?: boolean;
  @NestedListField({ description: 'Register numbers.', type: () => IdentifierBody, max: 10, optional: true })
  identifiers?: IdentifierBody[];
  @NestedListField({ description: 'Beneficial owners.', type: () => OwnerBody, max: 50, optional: true })
  owners?: OwnerBody[];
}

export class BankAccountBody {
  @StringField({ description: 'IBAN; spaces are ignored.', min: 8, max: 42, pattern: /^[A-Za-z0-9 ]+$/ })
  accountNumber!: string;
  @StringField({ description: 'Name of the bank.', min: 2, max: 120 }) bankName!: string;
  @StringField({ description: 'Holder as the bank writes it.', min: 2, max: 200 }) holderName!: string;
}

/** Money that may be negative, such as a loss. */
export class SignedMoneyBody {
  @StringField({
    description: 'Decimal string, negative for a loss.',
    min: 1,
    max: 24,
    pattern: /^-?\d{1,15}(\.\d{1,4})?$/,
    example: '-1250.00',
  })
  amount!: string;
  @StringField({ description: 'ISO 4217 code.', min: 3, max: 3, pattern: /^[A-Z]{3}$/, example: 'SAR' })
  currency!: string;
}

const optional = { optional: true, nullable: true } as const;

export class StatementBody {
  @DateField({ description: 'Last day of the fiscal year.' }) periodEnd!: string;
  @BooleanField({ description: 'Audited by an independent auditor.' }) audited!: boolean;
  @IntField({ description: 'Yearly average of staff.', min: 0, max: 1_000_000, nullable: true }) staff!: number | null;
  @MoneyField({ description: 'Revenue.' }) revenue!: MoneyBody;
  @MoneyField({ description: 'Total assets: the balance sheet total.' }) totalAssets!: MoneyBody;
  @MoneyField({ description: 'Current assets.', ...optional }) currentAssets?: MoneyBody | null;
  @MoneyField({ description: 'Inventory.', ...optional }) inventory?: MoneyBody | null;
  @MoneyField({ description: 'Cash and bank.', ...optional }) cash?: MoneyBody | null;
  @MoneyField({ description: 'Total liabilities.', ...optional }) totalLiabilities?: MoneyBody | null;
  @MoneyField({ description: 'Current liabilities.', ...optional }) currentLiabilities?: MoneyBody | null;
  @NestedField({ description: 'Retained earnings.', type: () => SignedMoneyBody, ...optional })
  retainedEarnings?: SignedMoneyBody | null;
  @NestedField({ description: 'Equity.', type: () => SignedMoneyBody, ...optional }) equity?: SignedMoneyBody | null;
  @NestedField({ description: 'Earnings before interest and tax.', type: () => SignedMoneyBody, ...optional })
  operatingProfit?: SignedMoneyBody | null;
  @MoneyField({ description: 'Interest expense.', ...optional }) interestExpense?: MoneyBody | null;
  @NestedField({ description: 'Net profit.', type: () => SignedMoneyBody, ...optional })
  netProfit?: SignedMoneyBody | null;
  @IdField({ description: 'The document that shows it.', nullable: true }) documentId!: string | null;
}

export class DocumentQuery {
  @EnumField({ description: 'What the document is.', values: documentKinds }) kind!: DocumentKind;
  @StringField({ description: 'Its name.', min: 1, max: 200 }) name!: string;
}

export class EnterpriseReasonBody {
  @StringField({
    description: 'A code that programs read, such as owner_missing.',
    min: 2,
    max: 60,
    pattern: /^[a-z0-9_]+$/,
  })
  code!: string;
  @StringField({ description: 'What is wrong or missing, and what to do.', min: 2, max: 1000 }) message!: string;
}

export class EnterpriseReasonsBody {
  @NestedListField({
    description: 'Everything that is missing, in one request.',
    type: () => EnterpriseReasonBody,
    min: 1,
    max: 20,
  })
  reasons!: EnterpriseReasonBody[];
}

export class EnterpriseDecisionBody {
  @BooleanField({ description: 'True verifies the enterprise, false rejects it.' }) verified!: boolean;
  @BooleanField({ description: 'The account was compared with evidence of whose it is.' })
  accountOwnershipConfirmed!: boolean;
  @BooleanField({ description: 'Every owner whose screening is not clear was looked at; none hinders.' })
  screeningCleared!: boolean;
  @NestedListField({ description: 'Why; needed for a rejection.', type: () => EnterpriseReasonBody, max: 20 })
  reasons!: EnterpriseReasonBody[];
}

export class EnterpriseWhyBody {
  @StringField({ description: 'Why, for the record.', min: 2, max: 1000 }) reason!: string;
}

export class EnterpriseVerificationQuery extends PageQuery {
  @EnumField({ description: 'Only these.', values: verificationLifecycle.states(), optional: true })
  status?: VerificationState;
}
