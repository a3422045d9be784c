// size: one class a table.
import { Column, Entity } from 'typeorm';
import type { Repayment } from '#finance';
import type { ProductKind } from '#kernel';
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
import type { ApplicationFacts, FeeInputs, QuotedFee } from '../domain/guarantee.js';
import type { ApplicationState } from '../domain/application.lifecycle.js';
import type { GuaranteeState } from '../domain/guarantee.lifecycle.js';
import type { AccreditationState, MotionState, SchemeState } from '../domain/scheme.lifecycle.js';
import type { ClauseText } from '../domain/scheme-terms.js';

/** A guarantee scheme: one fund with one currency, owned by a guarantor. */
@Entity('guarantee_scheme')
export class GuaranteeScheme {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'guarantor_id' }) guarantorId!: string;
  @TextColumn(30) code!: string;
  @JsonColumn() names!: ClauseText;
  @TextColumn(3) currency!: string;
  @TextColumn(20) status!: SchemeState;
  @IntColumn({ name: 'current_version', nullable: true }) currentVersion!: number | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** The terms of a scheme as they were proposed, approved and replaced; never changed. */
@Entity('scheme_version')
export class SchemeVersion {
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IntColumn() number!: number;
  @PrimaryId() id!: string;
  @TextColumn(20) status!: 'proposed' | 'in_force' | 'superseded' | 'rejected';
  @Column({ type: 'longtext' }) terms!: string;
  @TextColumn(1000) reason!: string;
  @IdColumn({ name: 'motion_id', nullable: true }) motionId!: string | null;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @InstantColumn({ name: 'proposed_at' }) proposedAt!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
}

/** A seat on a scheme’s board, with the amount its holder may approve alone. */
@Entity('scheme_board_member')
export class SchemeBoardMember {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'person_id' }) personId!: string;
  @TextColumn(120) title!: string;
  @MinorColumn({ name: 'approval_limit_minor', nullable: true }) approvalLimitMinor!: bigint | null;
  @DateColumn({ name: 'appointed_on' }) appointedOn!: string;
  @DateColumn({ name: 'ended_on', nullable: true }) endedOn!: string | null;
}

/** Something put to the board, with its minutes. `amountMinor` is the most that it allows; carried, it serves one act. */
@Entity('scheme_motion')
export class SchemeMotion {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @TextColumn(30) kind!: string;
  @IdColumn({ name: 'subject_id' }) subjectId!: string;
  @JsonColumn({ name: 'related_ids' }) relatedIds!: string[];
  @MinorColumn({ name: 'amount_minor', nullable: true }) amountMinor!: bigint | null;
  @TextColumn(300) title!: string;
  @TextColumn(20) status!: MotionState;
  @Column({ type: 'binary', length: 32, name: 'minutes_checksum', nullable: true }) minutesChecksum!: Buffer | null;
  @TextColumn(200, { name: 'minutes_name', nullable: true }) minutesName!: string | null;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @InstantColumn({ name: 'proposed_at' }) proposedAt!: Date;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @InstantColumn({ name: 'used_at', nullable: true }) usedAt!: Date | null;
  @TextColumn(40, { name: 'used_for', nullable: true }) usedFor!: string | null;
  @TextColumn(60, { name: 'used_by', nullable: true }) usedBy!: string | null;
  @IntColumn() version!: number;
}

/** What a source promised to pay in, and what it has paid. */
@Entity('scheme_contribution')
export class SchemeContribution {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @TextColumn(200, { name: 'source_name' }) sourceName!: string;
  @TextColumn(20, { name: 'source_class' }) sourceClass!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @MinorColumn({ name: 'paid_minor' }) paidMinor!: bigint;
  @DateColumn({ name: 'promised_on' }) promisedOn!: string;
  @DateColumn({ name: 'due_on' }) dueOn!: string;
  @TextColumn(60, { name: 'created_by' }) createdBy!: string;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** Money that arrived on a contribution: entered by one person, confirmed by another. */
@Entity('scheme_payment')
export class SchemePayment {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'contribution_id' }) contributionId!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @DateColumn({ name: 'paid_on' }) paidOn!: string;
  @TextColumn(80, { name: 'bank_reference' }) bankReference!: string;
  @TextColumn(20) status!: 'entered' | 'confirmed' | 'rejected';
  @TextColumn(60, { name: 'entered_by' }) enteredBy!: string;
  @InstantColumn({ name: 'entered_at' }) enteredAt!: Date;
  @TextColumn(60, { name: 'confirmed_by', nullable: true }) confirmedBy!: string | null;
  @InstantColumn({ name: 'confirmed_at', nullable: true }) confirmedAt!: Date | null;
}

/** A lender’s right to apply to a scheme. */
@Entity('scheme_accreditation')
export class SchemeAccreditation {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @TextColumn(20) status!: AccreditationState;
  @DateColumn({ name: 'valid_to', nullable: true }) validTo!: string | null;
  @TextColumn(1000) reason!: string;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** The enterprise’s written consent: which text, by its hash, by whom and when. */
@Entity('guarantee_consent')
export class GuaranteeConsent {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @IdColumn({ name: 'lender_id', nullable: true }) lenderId!: string | null;
  @IdColumn({ name: 'request_id', nullable: true }) requestId!: string | null;
  @TextColumn(2) language!: string;
  @IntColumn({ name: 'scheme_version' }) schemeVersion!: number;
  @Column({ type: 'binary', length: 32, name: 'text_sha256' }) textSha256!: Buffer;
  @IdColumn({ name: 'person_id' }) personId!: string;
  @InstantColumn({ name: 'given_at' }) givenAt!: Date;
  @InstantColumn({ name: 'withdrawn_at', nullable: true }) withdrawnAt!: Date | null;
}

/** A lender’s right to guarantees without a review, within clauses, quota and loss cap. */
@Entity('portfolio_agreement')
export class PortfolioAgreement {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @TextColumn(120) name!: string;
  @TextColumn(20) status!: 'proposed' | 'in_force' | 'suspended' | 'ended';
  @Column({ type: 'longtext' }) clauses!: string;
  @MinorColumn({ name: 'quota_minor' }) quotaMinor!: bigint;
  @MinorColumn({ name: 'used_minor' }) usedMinor!: bigint;
  @MinorColumn({ name: 'loss_cap_minor' }) lossCapMinor!: bigint;
  @MinorColumn({ name: 'losses_minor' }) lossesMinor!: bigint;
  @DateColumn({ name: 'valid_from' }) validFrom!: string;
  @DateColumn({ name: 'valid_to' }) validTo!: string;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** A lender’s application, with the facts as they were when it was made. */
@Entity('guarantee_application')
export class GuaranteeApplication {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IntColumn({ name: 'scheme_version' }) schemeVersion!: number;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @IdColumn({ name: 'request_id', nullable: true }) requestId!: string | null;
  @IdColumn({ name: 'offer_id', nullable: true }) offerId!: string | null;
  @IdColumn({ name: 'agreement_id', nullable: true }) agreementId!: string | null;
  @IdColumn({ name: 'consent_id', nullable: true }) consentId!: string | null;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'loan_minor' }) loanMinor!: bigint;
  @Column({ type: 'decimal', precision: 5, scale: 2, name: 'cover_percent' }) coverPercent!: string;
  @Column({ type: 'decimal', precision: 5, scale: 2, name: 'other_cover_percent' }) otherCoverPercent!: string;
  @MinorColumn({ name: 'guaranteed_minor' }) guaranteedMinor!: bigint;
  @TextColumn(30, { name: 'product_kind' }) productKind!: ProductKind;
  @IntColumn({ name: 'tenor_months' }) tenorMonths!: number;
  @IntColumn({ name: 'grace_months' }) graceMonths!: number;
  @TextColumn(20) repayment!: Repayment;
  @FlagColumn({ name: 'retained_collateral' }) retainedCollateral!: boolean;
  @JsonColumn() facts!: ApplicationFacts;
  @JsonColumn() fee!: QuotedFee;
  @TextColumn(2000) note!: string;
  @TextColumn(24) status!: ApplicationState;
  @IdColumn({ name: 'review_case_id', nullable: true }) reviewCaseId!: string | null;
  @TextColumn(12, { nullable: true }) proposal!: 'approve' | 'decline' | null;
  @TextColumn(60, { name: 'proposed_by', nullable: true }) proposedBy!: string | null;
  @JsonColumn({ name: 'proposal_clauses', nullable: true }) proposalClauses!: string[] | null;
  @TextColumn(2000, { name: 'proposal_reason', nullable: true }) proposalReason!: string | null;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @JsonColumn({ name: 'cited_clauses', nullable: true }) citedClauses!: string[] | null;
  @InstantColumn({ name: 'letter_until', nullable: true }) letterUntil!: Date | null;
  @IntColumn() version!: number;
  @TextColumn(60, { name: 'created_by' }) createdBy!: string;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** Headroom held for one request (or loan outside the market) in one scheme. */
@Entity('guarantee_reservation')
export class GuaranteeReservation {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'subject_id' }) subjectId!: string;
  @TextColumn(3) currency!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @TextColumn(2) sector!: string;
  @TextColumn(6) region!: string;
  @TextColumn(4) vintage!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @TextColumn(10) status!: 'live' | 'turned' | 'released';
  @InstantColumn({ name: 'expires_at' }) expiresAt!: Date;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** A guarantee from its letter of intent on. Amounts are minor units of `currency`. */
@Entity('guarantee')
export class Guarantee {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IntColumn({ name: 'scheme_version' }) schemeVersion!: number;
  @IdColumn({ name: 'application_id' }) applicationId!: string;
  @IdColumn({ name: 'reservation_id' }) reservationId!: string;
  @IdColumn({ name: 'agreement_id', nullable: true }) agreementId!: string | null;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @IdColumn({ name: 'request_id', nullable: true }) requestId!: string | null;
  @IdColumn({ name: 'offer_id', nullable: true }) offerId!: string | null;
  @TextColumn(30) number!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'loan_minor' }) loanMinor!: bigint;
  @Column({ type: 'decimal', precision: 5, scale: 2, name: 'cover_percent' }) coverPercent!: string;
  @MinorColumn({ name: 'guaranteed_minor' }) guaranteedMinor!: bigint;
  @MinorColumn({ name: 'outstanding_minor' }) outstandingMinor!: bigint;
  @MinorColumn({ name: 'balance_minor' }) balanceMinor!: bigint;
  @TextColumn(30, { name: 'product_kind' }) productKind!: ProductKind;
  @IntColumn({ name: 'tenor_months' }) tenorMonths!: number;
  @TextColumn(2) sector!: string;
  @TextColumn(6) region!: string;
  @TextColumn(4) vintage!: string;
  @TextColumn(8, { nullable: true }) grade!: string | null;
  @TextColumn(12) state!: GuaranteeState;
  @InstantColumn({ name: 'letter_until' }) letterUntil!: Date;
  @InstantColumn({ name: 'issued_at', nullable: true }) issuedAt!: Date | null;
  @DateColumn({ name: 'disbursed_on', nullable: true }) disbursedOn!: string | null;
  @InstantColumn({ name: 'in_force_at', nullable: true }) inForceAt!: Date | null;
  @DateColumn({ name: 'ends_on', nullable: true }) endsOn!: string | null;
  @DateColumn({ name: 'next_fee_on', nullable: true }) nextFeeOn!: string | null;
  @FlagColumn({ name: 'fee_due' }) feeDue!: boolean;
  @IntColumn({ name: 'days_past_due' }) daysPastDue!: number;
  @DateColumn({ name: 'defaulted_on', nullable: true }) defaultedOn!: string | null;
  @TextColumn(7, { name: 'reported_month', nullable: true }) reportedMonth!: string | null;
  @InstantColumn({ name: 'notice_at', nullable: true }) noticeAt!: Date | null;
  @TextColumn(40, { name: 'notice_reason', nullable: true }) noticeReason!: string | null;
  @TextColumn(24, { name: 'certificate_code', nullable: true }) certificateCode!: string | null;
  @Column({ type: 'binary', length: 32, name: 'certificate_checksum', nullable: true })
  certificateChecksum!: Buffer | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** A change of a guarantee, proposed by one person and approved by another. */
@Entity('guarantee_amendment')
export class GuaranteeAmendment {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'guarantee_id' }) guaranteeId!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @TextColumn(12) status!: 'proposed' | 'approved' | 'rejected';
  @DateColumn({ name: 'ends_on', nullable: true }) endsOn!: string | null;
  @MinorColumn({ name: 'guaranteed_minor', nullable: true }) guaranteedMinor!: bigint | null;
  @TextColumn(1000) reason!: string;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @InstantColumn({ name: 'proposed_at' }) proposedAt!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
}

/** One fee of a guarantee: `inputs` are what the published table was asked with. */
@Entity('guarantee_fee')
export class GuaranteeFeeRow {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'guarantee_id' }) guaranteeId!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @IntColumn() year!: number;
  @TextColumn(3) currency!: string;
  @JsonColumn() inputs!: FeeInputs;
  @MinorColumn({ name: 'published_minor' }) publishedMinor!: bigint;
  @MinorColumn({ name: 'charged_minor' }) chargedMinor!: bigint;
  @MinorColumn({ name: 'refunded_minor' }) refundedMinor!: bigint;
  /** Months over which it is earned; null: earned when it is billed. */
  @IntColumn({ name: 'earn_months', nullable: true }) earnMonths!: number | null;
  /** The day from which those months count. */
  @DateColumn({ name: 'earn_from', nullable: true }) earnFrom!: string | null;
  /** Of a fee that is earned over months: what is earned, and by how many begun months. */
  @MinorColumn({ name: 'earned_minor' }) earnedMinor!: bigint;
  @IntColumn({ name: 'earned_months' }) earnedMonths!: number;
  /** The day on which the next month of it is earned; null: none waits. */
  @DateColumn({ name: 'next_earn_on', nullable: true }) nextEarnOn!: string | null;
  @TextColumn(12) status!: 'billed' | 'paid' | 'waived';
  @TextColumn(1000, { name: 'override_reason', nullable: true }) overrideReason!: string | null;
  @TextColumn(60, { name: 'override_proposed_by', nullable: true }) overrideProposedBy!: string | null;
  @TextColumn(60, { name: 'override_approved_by', nullable: true }) overrideApprovedBy!: string | null;
  @MinorColumn({ name: 'override_minor', nullable: true }) overrideMinor!: bigint | null;
  @DateColumn({ name: 'due_on' }) dueOn!: string;
  @InstantColumn({ name: 'billed_at' }) billedAt!: Date;
  @DateColumn({ name: 'paid_on', nullable: true }) paidOn!: string | null;
  @TextColumn(80, { name: 'payment_reference', nullable: true }) paymentReference!: string | null;
}

/** A run that bills the fees due until a day. */
@Entity('guarantee_fee_run')
export class GuaranteeFeeRun {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @DateColumn({ name: 'due_until' }) dueUntil!: string;
  @TextColumn(10) status!: 'running' | 'done';
  @IntColumn() billed!: number;
  @MinorColumn({ name: 'charged_minor' }) chargedMinor!: bigint;
  @TextColumn(60, { name: 'started_by' }) startedBy!: string;
  @InstantColumn({ name: 'started_at' }) startedAt!: Date;
  @InstantColumn({ name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}
/** Every entity of this part; claims and risk bring their own. */
export const guaranteeEntities = [
  GuaranteeScheme,
  SchemeVersion,
  SchemeBoardMember,
  SchemeMotion,
  SchemeContribution,
  SchemePayment,
  SchemeAccreditation,
  GuaranteeConsent,
  PortfolioAgreement,
  GuaranteeApplication,
  GuaranteeReservation,
  Guarantee,
  GuaranteeAmendment,
  GuaranteeFeeRow,
  GuaranteeFeeRun,
];
