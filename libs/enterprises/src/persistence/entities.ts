import { Entity } from 'typeorm';
import type { Sector } from '#kernel';
import {
  DateColumn,
  FlagColumn,
  IdColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  MinorColumn,
  PrimaryId,
  TextColumn,
} from '#platform';
import type { VerificationState } from '#review';
import type { AccountStanding } from '../domain/bank-account.policy.js';
import type { ProfileFacts } from '../domain/profile.js';
import type { ScreeningMatch, ScreeningStatus } from '../domain/screening.js';
import type { FinancialStatement } from '../domain/statement.js';

@Entity('enterprise_profile')
export class EnterpriseProfile implements ProfileFacts {
  @PrimaryId() id!: string;
  @TextColumn(40, { name: 'legal_form', nullable: true }) legalForm!: string | null;
  @TextColumn(1, { nullable: true }) sector!: Sector | null;
  @TextColumn(4, { name: 'isic_class', nullable: true }) isicClass!: string | null;
  @TextColumn(40, { name: 'size_industry', nullable: true }) sizeIndustry!: string | null;
  @TextColumn(6, { nullable: true }) region!: string | null;
  @DateColumn({ name: 'founded_on', nullable: true }) foundedOn!: string | null;
  @IntColumn({ nullable: true }) staff!: number | null;
  @FlagColumn({ name: 'women_led' }) womenLed!: boolean;
  @FlagColumn() rural!: boolean;
  @FlagColumn() exporter!: boolean;
  @FlagColumn({ name: 'least_developed' }) leastDeveloped!: boolean;
  @TextColumn(30) status!: VerificationState;
  @IdColumn({ name: 'review_case_id', nullable: true }) reviewCaseId!: string | null;
  @TextColumn(10, { name: 'size_class', nullable: true }) sizeClass!: 'micro' | 'small' | 'medium' | 'large' | null;
  @IdColumn({ name: 'size_evaluation_id', nullable: true }) sizeEvaluationId!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

@Entity('enterprise_owner')
export class EnterpriseOwner {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @IntColumn() position!: number;
  @TextColumn(20) kind!: 'person' | 'organisation';
  @TextColumn(200) name!: string;
  @TextColumn(200, { name: 'local_name' }) localName!: string;
  @TextColumn(2) country!: string;
  @DateColumn({ name: 'born_on', nullable: true }) bornOn!: string | null;
  /** Millionths of the whole: 333,333 is 33.3333 %. */
  @IntColumn({ name: 'share_ppm' }) sharePpm!: number;
  @FlagColumn({ name: 'is_woman' }) isWoman!: boolean;
  @FlagColumn({ name: 'politically_exposed' }) politicallyExposed!: boolean;
  @TextColumn(20, { name: 'screening_status' }) screeningStatus!: ScreeningStatus;
  @TextColumn(120, { name: 'screening_list', nullable: true }) screeningList!: string | null;
  @JsonColumn({ name: 'screening_matches' }) screeningMatches!: ScreeningMatch[];
  @InstantColumn({ name: 'screened_at', nullable: true }) screenedAt!: Date | null;
}

@Entity('financial_statement')
export class FinancialStatementRow implements FinancialStatement {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @IntColumn({ name: 'fiscal_year' }) fiscalYear!: number;
  @IntColumn() version!: number;
  @DateColumn({ name: 'period_end' }) periodEnd!: string;
  @TextColumn(3) currency!: string;
  @FlagColumn() audited!: boolean;
  @IntColumn({ nullable: true }) staff!: number | null;
  @MinorColumn({ name: 'revenue_minor' }) revenueMinor!: bigint;
  @MinorColumn({ name: 'total_assets_minor' }) totalAssetsMinor!: bigint;
  @MinorColumn({ name: 'current_assets_minor', nullable: true }) currentAssetsMinor!: bigint | null;
  @MinorColumn({ name: 'inventory_minor', nullable: true }) inventoryMinor!: bigint | null;
  @MinorColumn({ name: 'cash_minor', nullable: true }) cashMinor!: bigint | null;
  @MinorColumn({ name: 'total_liabilities_minor', nullable: true }) totalLiabilitiesMinor!: bigint | null;
  @MinorColumn({ name: 'current_liabilities_minor', nullable: true }) currentLiabilitiesMinor!: bigint | null;
  @MinorColumn({ name: 'retained_earnings_minor', nullable: true }) retainedEarningsMinor!: bigint | null;
  @MinorColumn({ name: 'equity_minor', nullable: true }) equityMinor!: bigint | null;
  @MinorColumn({ name: 'operating_profit_minor', nullable: true }) operatingProfitMinor!: bigint | null;
  @MinorColumn({ name: 'interest_expense_minor', nullable: true }) interestExpenseMinor!: bigint | null;
  @MinorColumn({ name: 'net_profit_minor', nullable: true }) netProfitMinor!: bigint | null;
  @IdColumn({ name: 'document_id', nullable: true }) documentId!: string | null;
  @TextColumn(60, { name: 'saved_by' }) savedBy!: string;
  @InstantColumn({ name: 'saved_at' }) savedAt!: Date;
}

@Entity('enterprise_document')
export class EnterpriseDocument {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @TextColumn(40) kind!: string;
  @TextColumn(200) name!: string;
  @TextColumn(100, { name: 'media_type' }) mediaType!: string;
  @IntColumn({ name: 'size_bytes' }) sizeBytes!: number;
  @TextColumn(64) checksum!: string;
  @TextColumn(30) receipt!: string;
  @TextColumn(60, { name: 'uploaded_by' }) uploadedBy!: string;
  @InstantColumn({ name: 'uploaded_at' }) uploadedAt!: Date;
  @InstantColumn({ name: 'removed_at', nullable: true }) removedAt!: Date | null;
}

@Entity('enterprise_bank_account')
export class EnterpriseBankAccount implements AccountStanding {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @TextColumn(40, { name: 'account_number' }) accountNumber!: string;
  @TextColumn(120, { name: 'bank_name' }) bankName!: string;
  @TextColumn(200, { name: 'holder_name' }) holderName!: string;
  @TextColumn(60, { name: 'declared_by' }) declaredBy!: string;
  @InstantColumn({ name: 'declared_at' }) declaredAt!: Date;
  @InstantColumn({ name: 'ownership_checked_at', nullable: true }) ownershipCheckedAt!: Date | null;
  @TextColumn(60, { name: 'ownership_checked_by', nullable: true }) ownershipCheckedBy!: string | null;
  @InstantColumn({ name: 'usable_from' }) usableFrom!: Date;
  @InstantColumn({ name: 'replaced_at', nullable: true }) replacedAt!: Date | null;
}

/** One decision on the firm's size class, with the book and the figures that it used, so that it can be replayed. */
@Entity('size_evaluation')
export class SizeEvaluation {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @TextColumn(20) outcome!: 'decided' | 'more_needed' | 'industry_unknown' | 'no_standard';
  @TextColumn(10, { name: 'size_class', nullable: true }) sizeClass!: 'micro' | 'small' | 'medium' | 'large' | null;
  @TextColumn(40, { name: 'standard_id', nullable: true }) standardId!: string | null;
  @TextColumn(40, { name: 'standard_version', nullable: true }) standardVersion!: string | null;
  @TextColumn(400) rule!: string;
  @JsonColumn() inputs!: Record<string, string | null>;
  @InstantColumn() at!: Date;
}

export const enterpriseEntities = [
  EnterpriseProfile,
  EnterpriseOwner,
  FinancialStatementRow,
  EnterpriseDocument,
  EnterpriseBankAccount,
  SizeEvaluation,
] as const;
