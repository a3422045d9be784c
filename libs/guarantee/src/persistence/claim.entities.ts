// size: one class a table.
import { Column, Entity } from 'typeorm';
import {
  DateColumn,
  IdColumn,
  InstantColumn,
  IntColumn,
  JsonColumn,
  MinorColumn,
  PrimaryId,
  TextColumn,
} from '#platform';
import type { ClaimState } from '../domain/claim.lifecycle.js';
import type { ComputedClaim } from '../domain/claim.js';

/** How the paid claims of a scheme are shared with re-guarantors, for guarantees issued within its days. */
@Entity('reguarantee_agreement')
export class ReguaranteeAgreement {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @TextColumn(120) name!: string;
  @TextColumn(12) status!: 'proposed' | 'in_force' | 'rejected' | 'ended';
  @DateColumn({ name: 'valid_from' }) validFrom!: string;
  @DateColumn({ name: 'valid_to', nullable: true }) validTo!: string | null;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** Where a lender’s claims are paid to, once a second person has checked whose account it is. */
@Entity('payee_account')
export class PayeeAccount {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @TextColumn(34, { name: 'account_number' }) accountNumber!: string;
  @TextColumn(120, { name: 'bank_name' }) bankName!: string;
  @TextColumn(200, { name: 'holder_name' }) holderName!: string;
  @TextColumn(10) status!: 'entered' | 'checked' | 'rejected' | 'replaced';
  @TextColumn(60, { name: 'entered_by' }) enteredBy!: string;
  @InstantColumn({ name: 'entered_at' }) enteredAt!: Date;
  @TextColumn(60, { name: 'checked_by', nullable: true }) checkedBy!: string | null;
  @InstantColumn({ name: 'checked_at', nullable: true }) checkedAt!: Date | null;
  @InstantColumn({ name: 'usable_from', nullable: true }) usableFrom!: Date | null;
}

/** A lender’s claim on a guarantee. Amounts are minor units of `currency`. */
@Entity('guarantee_claim')
export class GuaranteeClaim {
  @PrimaryId() id!: string;
  @TextColumn(40) number!: string;
  @IdColumn({ name: 'guarantee_id' }) guaranteeId!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'lender_id' }) lenderId!: string;
  @IdColumn({ name: 'enterprise_id' }) enterpriseId!: string;
  @TextColumn(3) currency!: string;
  @TextColumn(24) state!: ClaimState;
  @DateColumn({ name: 'defaulted_on' }) defaultedOn!: string;
  @IntColumn({ name: 'days_past_due' }) daysPastDue!: number;
  @Column({ type: 'decimal', precision: 5, scale: 2, name: 'cover_percent' }) coverPercent!: string;
  @MinorColumn({ name: 'principal_default_minor' }) principalDefaultMinor!: bigint;
  @MinorColumn({ name: 'principal_claim_minor' }) principalClaimMinor!: bigint;
  @MinorColumn({ name: 'interest_minor' }) interestMinor!: bigint;
  @IntColumn({ name: 'interest_rate_ppm' }) interestRatePpm!: number;
  @MinorColumn({ name: 'costs_minor' }) costsMinor!: bigint;
  @TextColumn(2000) note!: string;
  @JsonColumn() computed!: ComputedClaim;
  @MinorColumn({ name: 'computed_minor' }) computedMinor!: bigint;
  @IdColumn({ name: 'review_case_id', nullable: true }) reviewCaseId!: string | null;
  @TextColumn(16, { nullable: true }) proposal!: ClaimProposal | null;
  @MinorColumn({ name: 'proposal_minor', nullable: true }) proposalMinor!: bigint | null;
  @JsonColumn({ name: 'proposal_clauses', nullable: true }) proposalClauses!: string[] | null;
  @TextColumn(2000, { name: 'proposal_reason', nullable: true }) proposalReason!: string | null;
  @TextColumn(60, { name: 'proposed_by', nullable: true }) proposedBy!: string | null;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @JsonColumn({ name: 'cited_clauses', nullable: true }) citedClauses!: string[] | null;
  @JsonColumn({ name: 'earlier_deciders' }) earlierDeciders!: string[];
  @MinorColumn({ name: 'approved_minor' }) approvedMinor!: bigint;
  @MinorColumn({ name: 'loss_minor' }) lossMinor!: bigint;
  @IdColumn({ name: 'payee_account_id', nullable: true }) payeeAccountId!: string | null;
  @TextColumn(60, { name: 'payment_prepared_by', nullable: true }) paymentPreparedBy!: string | null;
  @InstantColumn({ name: 'payment_prepared_at', nullable: true }) paymentPreparedAt!: Date | null;
  @MinorColumn({ name: 'paid_minor' }) paidMinor!: bigint;
  @TextColumn(60, { name: 'paid_by', nullable: true }) paidBy!: string | null;
  @InstantColumn({ name: 'paid_at', nullable: true }) paidAt!: Date | null;
  @TextColumn(80, { name: 'bank_reference', nullable: true }) bankReference!: string | null;
  @IdColumn({ name: 'evidence_document_id', nullable: true }) evidenceDocumentId!: string | null;
  @MinorColumn({ name: 'recovered_minor' }) recoveredMinor!: bigint;
  @MinorColumn({ name: 'written_off_minor' }) writtenOffMinor!: bigint;
  @TextColumn(60, { name: 'closing_prepared_by', nullable: true }) closingPreparedBy!: string | null;
  @TextColumn(2000, { name: 'closing_reason', nullable: true }) closingReason!: string | null;
  @InstantColumn({ name: 'closed_at', nullable: true }) closedAt!: Date | null;
  @IntColumn() version!: number;
  @TextColumn(60, { name: 'created_by' }) createdBy!: string;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

export const claimProposals = ['approve', 'approve_in_part', 'deny'] as const;
export type ClaimProposal = (typeof claimProposals)[number];

@Entity('claim_document')
export class ClaimDocument {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'claim_id' }) claimId!: string;
  @TextColumn(24) kind!: string;
  @TextColumn(200, { name: 'file_name' }) fileName!: string;
  @TextColumn(100, { name: 'media_type' }) mediaType!: string;
  @IntColumn({ name: 'size_bytes' }) sizeBytes!: number;
  @Column({ type: 'binary', length: 32 }) checksum!: Buffer;
  @IdColumn({ name: 'organisation_id' }) organisationId!: string;
  @TextColumn(60, { name: 'added_by' }) addedBy!: string;
  @InstantColumn({ name: 'added_at' }) addedAt!: Date;
}

/** Money that came back on a paid claim: entered by one person, confirmed by another. */
@Entity('claim_recovery')
export class ClaimRecovery {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'claim_id' }) claimId!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @TextColumn(20) source!: RecoverySource;
  @TextColumn(10, { name: 'received_by' }) receivedBy!: 'lender' | 'scheme';
  @MinorColumn({ name: 'gross_minor' }) grossMinor!: bigint;
  @MinorColumn({ name: 'costs_minor' }) costsMinor!: bigint;
  @DateColumn({ name: 'received_on' }) receivedOn!: string;
  @TextColumn(80, { name: 'bank_reference' }) bankReference!: string;
  @TextColumn(1000) note!: string;
  @TextColumn(10) status!: 'entered' | 'confirmed' | 'rejected' | 'reversed';
  /** What each party of the claim got, in the order of its shares; minor units as text. */
  @JsonColumn({ nullable: true }) shares!: string[] | null;
  @IdColumn({ name: 'transfer_id', nullable: true }) transferId!: string | null;
  @TextColumn(60, { name: 'entered_by' }) enteredBy!: string;
  @InstantColumn({ name: 'entered_at' }) enteredAt!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @TextColumn(60, { name: 'reversed_by', nullable: true }) reversedBy!: string | null;
  @InstantColumn({ name: 'reversed_at', nullable: true }) reversedAt!: Date | null;
}

export const recoverySources = ['debtor', 'collateral', 'other_guarantor', 'other'] as const;
export type RecoverySource = (typeof recoverySources)[number];

/** A re-guarantor’s payment of its bill (`in`), or a part of a recovery paid out to whom it belongs (`out`). */
@Entity('claim_settlement')
export class ClaimSettlement {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'claim_id' }) claimId!: string;
  @IdColumn({ name: 'scheme_id' }) schemeId!: string;
  @IdColumn({ name: 'organisation_id' }) organisationId!: string;
  @TextColumn(3) direction!: 'in' | 'out';
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @DateColumn({ name: 'settled_on' }) settledOn!: string;
  @TextColumn(80, { name: 'bank_reference' }) bankReference!: string;
  @TextColumn(10) status!: 'entered' | 'confirmed' | 'rejected';
  @TextColumn(60, { name: 'entered_by' }) enteredBy!: string;
  @InstantColumn({ name: 'entered_at' }) enteredAt!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
}

export const claimEntities = [
  ReguaranteeAgreement,
  PayeeAccount,
  GuaranteeClaim,
  ClaimDocument,
  ClaimRecovery,
  ClaimSettlement,
];
