import { Entity } from 'typeorm';
import type { AgeBand, CalendarDate, CollateralKind, Grade, ProductKind, Sector, SizeClass } from '#kernel';
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
import type { AwardState } from '../domain/award.lifecycle.js';
import type { RequestState } from '../domain/funding-request.lifecycle.js';
import type { OfferState } from '../domain/offer.lifecycle.js';
import type { OfferTerms } from '../domain/offer-terms.js';
import type { CompetitionMode } from '../domain/request-terms.js';

/** One funding request with its anonymous brief; the brief is copied when it is submitted, so that later changes of the firm do not move it. */
@Entity('funding_request')
export class FundingRequest {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  /** The enterprise's own reference, once per enterprise; by it an import finds the request again. */
  @TextColumn(60, { nullable: true }) reference!: string | null;
  @TextColumn(24) state!: RequestState;
  @IntColumn() version!: number;
  @TextColumn(24, { name: 'product_kind' }) productKind!: ProductKind;
  /** With `guarantee_only`: the institution where the enterprise found its loan; nobody else learns of the request. */
  @IdColumn({ name: 'lender_id', nullable: true }) lenderId!: string | null;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @IntColumn({ name: 'tenor_months' }) tenorMonths!: number;
  @TextColumn(2000) purpose!: string;
  /** What financiers read about the plan; the reviewer checks that it names nobody. */
  @TextColumn(2000, { name: 'anonymous_text' }) anonymousText!: string;
  @FlagColumn({ name: 'shariah_only' }) shariahOnly!: boolean;
  @JsonColumn() collateral!: CollateralKind[];
  @TextColumn(8) mode!: CompetitionMode;
  @TextColumn(1, { nullable: true }) sector!: Sector | null;
  @TextColumn(10, { nullable: true }) region!: string | null;
  @TextColumn(8, { name: 'size_class', nullable: true }) sizeClass!: SizeClass | null;
  @TextColumn(10, { name: 'age_band', nullable: true }) ageBand!: AgeBand | null;
  @TextColumn(4, { nullable: true }) grade!: Grade | null;
  @FlagColumn({ name: 'women_led' }) womenLed!: boolean;
  @FlagColumn() rural!: boolean;
  @TextColumn(20, { name: 'revenue_band', nullable: true }) revenueBand!: string | null;
  @TextColumn(20, { name: 'staff_band', nullable: true }) staffBand!: string | null;
  @MinorColumn({ name: 'awarded_minor' }) awardedMinor!: bigint;
  @IntColumn() extensions!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'submitted_at', nullable: true }) submittedAt!: Date | null;
  @InstantColumn({ name: 'opened_at', nullable: true }) openedAt!: Date | null;
  /** End of bidding. */
  @InstantColumn({ name: 'closes_at', nullable: true }) closesAt!: Date | null;
  /** End of the enterprise's time to decide. */
  @InstantColumn({ name: 'decide_by', nullable: true }) decideBy!: Date | null;
  /** Of a request on receivables: the last due day, and the anchor where all of it is owed by one. */
  @DateColumn({ name: 'due_on', nullable: true }) dueOn!: CalendarDate | null;
  @IdColumn({ name: 'anchor_id', nullable: true }) anchorId!: string | null;
  /** Since when institutions are told that a guarantee scheme could cover it, because nobody had bid. */
  @InstantColumn({ name: 'guaranteed_since', nullable: true }) guaranteedSince!: Date | null;
}

@Entity('offer')
export class Offer {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'request_id' }) requestId!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @IdColumn({ name: 'mandate_id' }) mandateId!: string;
  @TextColumn(20) state!: OfferState;
  @IntColumn() version!: number;
  @FlagColumn() binding!: boolean;
  @FlagColumn() automatic!: boolean;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @IntColumn({ name: 'tenor_months' }) tenorMonths!: number;
  @JsonColumn() terms!: OfferTerms;
  /** Effective annual rate in percent, six decimals, as text. */
  @TextColumn(24) apr!: string;
  @MinorColumn({ name: 'total_cost_minor' }) totalCostMinor!: bigint;
  @MinorColumn({ name: 'received_minor' }) receivedMinor!: bigint;
  @TextColumn(60, { name: 'maker_id' }) makerId!: string;
  @TextColumn(60, { name: 'checker_id', nullable: true }) checkerId!: string | null;
  @InstantColumn({ name: 'placed_at' }) placedAt!: Date;
  @InstantColumn({ name: 'expires_at' }) expiresAt!: Date;
}

@Entity('award')
export class Award {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'request_id' }) requestId!: string;
  @IdColumn({ name: 'offer_id' }) offerId!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @IdColumn({ name: 'financier_id' }) financierId!: string;
  @TextColumn(10) state!: AwardState;
  @IntColumn() version!: number;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  /** What must reach the enterprise after fees taken at the start. */
  @MinorColumn({ name: 'net_minor' }) netMinor!: bigint;
  @InstantColumn({ name: 'accepted_at' }) acceptedAt!: Date;
  @InstantColumn({ name: 'agree_by' }) agreeBy!: Date;
  @InstantColumn({ name: 'disburse_by', nullable: true }) disburseBy!: Date | null;
  @InstantColumn({ name: 'enterprise_signed_at', nullable: true }) enterpriseSignedAt!: Date | null;
  @InstantColumn({ name: 'financier_signed_at', nullable: true }) financierSignedAt!: Date | null;
  @MinorColumn({ name: 'reported_net_minor', nullable: true }) reportedNetMinor!: bigint | null;
  @InstantColumn({ name: 'reported_at', nullable: true }) reportedAt!: Date | null;
  @TextColumn(140, { name: 'bank_reference', nullable: true }) bankReference!: string | null;
  @InstantColumn({ name: 'disbursed_at', nullable: true }) disbursedAt!: Date | null;
  @FlagColumn({ nullable: true }) unworsened!: boolean | null;
  @FlagColumn({ name: 'enterprise_fault' }) enterpriseFault!: boolean;
  @TextColumn(200, { name: 'ended_reason', nullable: true }) endedReason!: string | null;
  /** The register's assignment, of receivables. */
  @IdColumn({ name: 'assignment_id', nullable: true }) assignmentId!: string | null;
}

export const marketplaceEntities = [FundingRequest, Offer, Award] as const;
