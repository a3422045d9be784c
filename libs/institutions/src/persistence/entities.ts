import { Entity } from 'typeorm';
import type { AgeBand, CollateralKind, Grade, ProductKind, Sector, SizeClass } from '#kernel';
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
import type { AutoBidRule, AutoBidPricing } from '../domain/auto-bid.js';
import type { AutoBidState } from '../domain/auto-bid.lifecycle.js';
import type { FinancierKind } from '../domain/financier.js';
import type { LimitChangeState } from '../domain/limit-change.lifecycle.js';
import type { MandateRecord } from '../domain/mandate.js';
import type { MandateState } from '../domain/mandate.lifecycle.js';
import type { PriceBasis, Product } from '../domain/product.js';
import type { ProductState } from '../domain/product.lifecycle.js';

/** A financier's profile, under its organisation's id. */
@Entity('financier_profile')
export class FinancierProfile {
  @PrimaryId() id!: string;
  @TextColumn(30) kind!: FinancierKind;
  @TextColumn(60, { name: 'licence_number' }) licenceNumber!: string;
  @TextColumn(120) regulator!: string;
  @TextColumn(2000) about!: string;
  @TextColumn(200) website!: string;
  @TextColumn(30) status!: VerificationState;
  /** Copied from identity by its event, so that the feed of live mandates needs no table of another context. */
  @FlagColumn() suspended!: boolean;
  @IdColumn({ name: 'review_case_id', nullable: true }) reviewCaseId!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

@Entity('financier_product')
export class FinancierProduct implements Product {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @TextColumn(30) kind!: ProductKind;
  @TextColumn(120) name!: string;
  @TextColumn(120, { name: 'local_name' }) localName!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_min' }) amountMin!: bigint;
  @MinorColumn({ name: 'amount_max' }) amountMax!: bigint;
  @IntColumn({ name: 'tenor_min' }) tenorMin!: number;
  @IntColumn({ name: 'tenor_max' }) tenorMax!: number;
  @TextColumn(30, { name: 'price_basis' }) priceBasis!: PriceBasis;
  @TextColumn(20, { name: 'price_min' }) priceMin!: string;
  @TextColumn(20, { name: 'price_max' }) priceMax!: string;
  @TextColumn(40, { name: 'reference_rate', nullable: true }) referenceRate!: string | null;
  @JsonColumn() conditions!: string[];
  @JsonColumn() documents!: string[];
  @TextColumn(20) status!: ProductState;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

@Entity('mandate')
export class MandateRow implements MandateRecord {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @TextColumn(60) reference!: string;
  @TextColumn(120) name!: string;
  @TextColumn(20) status!: MandateState;
  @JsonColumn({ name: 'product_kinds' }) productKinds!: ProductKind[];
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_min' }) amountMin!: bigint;
  @MinorColumn({ name: 'amount_max' }) amountMax!: bigint;
  @IntColumn({ name: 'tenor_min' }) tenorMin!: number;
  @IntColumn({ name: 'tenor_max' }) tenorMax!: number;
  @JsonColumn() sectors!: Sector[];
  @JsonColumn() regions!: string[];
  @JsonColumn({ name: 'size_classes' }) sizeClasses!: SizeClass[];
  @JsonColumn({ name: 'age_bands' }) ageBands!: AgeBand[];
  @TextColumn(8, { name: 'grade_floor', nullable: true }) gradeFloor!: Grade | null;
  @JsonColumn() collateral!: CollateralKind[];
  @FlagColumn({ name: 'offers_shariah' }) offersShariah!: boolean;
  @FlagColumn({ name: 'shariah_only' }) shariahOnly!: boolean;
  @FlagColumn({ name: 'women_led_only' }) womenLedOnly!: boolean;
  @FlagColumn({ name: 'rural_only' }) ruralOnly!: boolean;
  @DateColumn({ name: 'valid_from' }) validFrom!: string;
  @DateColumn({ name: 'valid_to', nullable: true }) validTo!: string | null;
  @FlagColumn({ name: 'limits_approved' }) limitsApproved!: boolean;
  @MinorColumn({ name: 'per_enterprise_minor', nullable: true }) perEnterpriseMinor!: bigint | null;
  @MinorColumn({ name: 'per_anchor_minor', nullable: true }) perAnchorMinor!: bigint | null;
  @MinorColumn({ name: 'monthly_appetite_minor', nullable: true }) monthlyAppetiteMinor!: bigint | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** Limits as a maker proposes them; they hold once a checker approved. The rows are the change history. */
@Entity('limit_change')
export class LimitChange {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @IdColumn({ name: 'mandate_id' }) mandateId!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'per_enterprise_minor', nullable: true }) perEnterpriseMinor!: bigint | null;
  @MinorColumn({ name: 'per_anchor_minor', nullable: true }) perAnchorMinor!: bigint | null;
  @MinorColumn({ name: 'monthly_appetite_minor', nullable: true }) monthlyAppetiteMinor!: bigint | null;
  @TextColumn(20) status!: LimitChangeState;
  @TextColumn(1000) reason!: string;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @InstantColumn({ name: 'proposed_at' }) proposedAt!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
}

/** A proposed or decided limit on one anchor, over all mandates of a financier. */
@Entity('anchor_limit_change')
export class AnchorLimitChange {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'limit_minor' }) limitMinor!: bigint;
  @TextColumn(20) status!: LimitChangeState;
  @TextColumn(1000) reason!: string;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @InstantColumn({ name: 'proposed_at' }) proposedAt!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
}

@Entity('auto_bid_rule')
export class AutoBidRuleRow implements AutoBidRule {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @IdColumn({ name: 'mandate_id' }) mandateId!: string;
  @TextColumn(120) name!: string;
  @TextColumn(20) pricing!: AutoBidPricing;
  @TextColumn(20, { name: 'annual_rate' }) annualRate!: string;
  @TextColumn(40, { name: 'reference_rate', nullable: true }) referenceRate!: string | null;
  @TextColumn(20, { name: 'fee_percent' }) feePercent!: string;
  @MinorColumn({ name: 'fee_fixed_minor' }) feeFixedMinor!: bigint;
  @IntColumn({ name: 'tenor_max' }) tenorMax!: number;
  @IntColumn({ name: 'grace_months' }) graceMonths!: number;
  @TextColumn(20, { name: 'share_percent' }) sharePercent!: string;
  @IntColumn({ name: 'validity_days' }) validityDays!: number;
  @FlagColumn() recourse!: boolean;
  @TextColumn(20, { name: 'holdback_percent' }) holdbackPercent!: string;
  @IntColumn({ name: 'days_left_min', nullable: true }) daysLeftMin!: number | null;
  @IntColumn({ name: 'days_left_max', nullable: true }) daysLeftMax!: number | null;
  @MinorColumn({ name: 'face_max_minor', nullable: true }) faceMaxMinor!: bigint | null;
  @TextColumn(20) status!: AutoBidState;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @TextColumn(60, { name: 'approved_by', nullable: true }) approvedBy!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

export const institutionEntities = [
  FinancierProfile,
  FinancierProduct,
  MandateRow,
  LimitChange,
  AnchorLimitChange,
  AutoBidRuleRow,
] as const;
