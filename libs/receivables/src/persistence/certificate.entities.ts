import { Entity } from 'typeorm';
import type { CalendarDate } from '#kernel';
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
import type { AssignmentState } from '../domain/assignment.lifecycle.js';
import type { CertificateState } from '../domain/certificate.lifecycle.js';
import type { RateStep } from '../domain/discount.calculation.js';
import type { DiscountAskState, DiscountProgrammeState } from '../domain/discount.lifecycle.js';
import type { TransferState } from '../domain/transfer.lifecycle.js';

/** A share of a confirmed receivable and who is paid for it. */
@Entity('certificate')
export class Certificate {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'receivable_id' }) receivableId!: string;
  /** The certificate of which it is a part; null for the whole. */
  @IdColumn({ name: 'parent_id', nullable: true }) parentId!: string | null;
  @IdColumn({ name: 'root_id' }) rootId!: string;
  @IdColumn({ name: 'holder_organisation_id' }) holderOrganisationId!: string;
  @IdColumn({ name: 'anchor_organisation_id' }) anchorOrganisationId!: string;
  /** What it stood for at first, in minor units: always the amount and what was passed on. */
  @MinorColumn({ name: 'issued_minor' }) issuedMinor!: bigint;
  /** What it stands for now. */
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @MinorColumn({ name: 'passed_minor' }) passedMinor!: bigint;
  /** Part of the amount that waits for receivers of transfers. */
  @MinorColumn({ name: 'on_hold_minor' }) onHoldMinor!: bigint;
  /** Part of the amount that the anchor has paid. */
  @MinorColumn({ name: 'paid_minor' }) paidMinor!: bigint;
  @TextColumn(3) currency!: string;
  @DateColumn({ name: 'due_on' }) dueOn!: CalendarDate;
  /** 1 for the seller of the receivable, one more each time that it is passed on. */
  @IntColumn() tier!: number;
  @TextColumn(20) status!: CertificateState;
  /** The marketplace's reference of the listing. */
  @TextColumn(80, { name: 'listed_for', nullable: true }) listedFor!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** A part of a certificate on its way from its holder to the next supplier. */
@Entity('certificate_transfer')
export class CertificateTransfer {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'certificate_id' }) certificateId!: string;
  @IdColumn({ name: 'receivable_id' }) receivableId!: string;
  @IdColumn({ name: 'from_id' }) fromId!: string;
  @IdColumn({ name: 'to_id' }) toId!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @TextColumn(3) currency!: string;
  @DateColumn({ name: 'due_on' }) dueOn!: CalendarDate;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @TextColumn(20) state!: TransferState;
  /** What it is for, such as an invoice number; for the receiver. */
  @TextColumn(140) note!: string;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @TextColumn(60, { name: 'approved_by', nullable: true }) approvedBy!: string | null;
  @InstantColumn({ name: 'expires_at' }) expiresAt!: Date;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  /** The receiver's certificate. */
  @IdColumn({ name: 'child_id', nullable: true }) childId!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** An anchor's offer to pay early, by a curve of rates and a budget a day. */
@Entity('discount_programme')
export class DiscountProgramme {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @TextColumn(120) name!: string;
  @TextColumn(3) currency!: string;
  @JsonColumn() curve!: RateStep[];
  /** The lowest rate that a supplier may name, percent a year. */
  @TextColumn(20, { name: 'floor_rate' }) floorRate!: string;
  @MinorColumn({ name: 'daily_budget_minor' }) dailyBudgetMinor!: bigint;
  @DateColumn({ name: 'valid_from' }) validFrom!: CalendarDate;
  @DateColumn({ name: 'valid_to', nullable: true }) validTo!: CalendarDate | null;
  @TextColumn(20) state!: DiscountProgrammeState;
  @TextColumn(60, { name: 'proposed_by' }) proposedBy!: string;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** A supplier's ask to be paid early. */
@Entity('discount_ask')
export class DiscountAsk {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'programme_id' }) programmeId!: string;
  @IdColumn({ name: 'day_id' }) dayId!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @IdColumn({ name: 'supplier_id' }) supplierId!: string;
  @IdColumn({ name: 'certificate_id' }) certificateId!: string;
  @IdColumn({ name: 'receivable_id' }) receivableId!: string;
  @DateColumn({ name: 'pay_on' }) payOn!: CalendarDate;
  @TextColumn(20, { name: 'annual_rate' }) annualRate!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'face_minor' }) faceMinor!: bigint;
  @MinorColumn({ name: 'discount_minor' }) discountMinor!: bigint;
  @MinorColumn({ name: 'pays_minor' }) paysMinor!: bigint;
  @TextColumn(20) state!: DiscountAskState;
  @InstantColumn({ name: 'asked_at' }) askedAt!: Date;
  @TextColumn(60, { name: 'asked_by' }) askedBy!: string;
  /** 1 while it is asked or agreed; one a certificate. */
  @IntColumn({ nullable: true }) live!: number | null;
  @IntColumn() version!: number;
}

/** A sale of certificates to a financier, as the register has it. */
@Entity('assignment')
export class Assignment {
  @PrimaryId() id!: string;
  /** The marketplace's reference of the award. */
  @TextColumn(80) reference!: string;
  @IdColumn({ name: 'seller_id' }) sellerId!: string;
  @IdColumn({ name: 'assignee_id' }) assigneeId!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'face_minor' }) faceMinor!: bigint;
  /** What the seller gets in all: the first leg, and the holdback when the anchor has paid. */
  @MinorColumn({ name: 'price_minor' }) priceMinor!: bigint;
  @MinorColumn({ name: 'holdback_minor' }) holdbackMinor!: bigint;
  @FlagColumn({ name: 'with_recourse' }) withRecourse!: boolean;
  /** The ledger's transfer of the positions, which an undoing reverses. */
  @IdColumn({ name: 'position_transfer_id', nullable: true }) positionTransferId!: string | null;
  @TextColumn(20) state!: AssignmentState;
  /** The day of the first leg. */
  @DateColumn({ name: 'pay_on' }) payOn!: CalendarDate;
  @TextColumn(500, { name: 'undo_reason', nullable: true }) undoReason!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'ended_at', nullable: true }) endedAt!: Date | null;
}

/** One certificate of an assignment, with its notice to the anchor and its filing. */
@Entity('assignment_item')
export class AssignmentItem {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'assignment_id' }) assignmentId!: string;
  @IdColumn({ name: 'certificate_id' }) certificateId!: string;
  @IdColumn({ name: 'receivable_id' }) receivableId!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @MinorColumn({ name: 'face_minor' }) faceMinor!: bigint;
  @MinorColumn({ name: 'price_minor' }) priceMinor!: bigint;
  @MinorColumn({ name: 'holdback_minor' }) holdbackMinor!: bigint;
  @MinorColumn({ name: 'holdback_paid_minor' }) holdbackPaidMinor!: bigint;
  @InstantColumn({ name: 'notice_at' }) noticeAt!: Date;
  @IntColumn() reminders!: number;
  @InstantColumn({ name: 'acknowledged_at', nullable: true }) acknowledgedAt!: Date | null;
  @TextColumn(60, { name: 'acknowledged_by', nullable: true }) acknowledgedBy!: string | null;
  /** The outside register's number of the filing. */
  @TextColumn(60, { nullable: true }) filing!: string | null;
  @InstantColumn({ name: 'filed_at', nullable: true }) filedAt!: Date | null;
  @InstantColumn({ name: 'released_at', nullable: true }) releasedAt!: Date | null;
  @InstantColumn({ name: 'satisfied_at', nullable: true }) satisfiedAt!: Date | null;
  /** How often it was taken off the outside register and had to be filed anew. */
  @IntColumn() filings!: number;
  /** 1 while the outside register is still to be told of the filing or of its end. */
  @IntColumn({ name: 'register_due', nullable: true }) registerDue!: number | null;
  /** 1 while the assignment stands; one a certificate. */
  @IntColumn({ nullable: true }) live!: number | null;
}

export const certificateEntities = [
  Certificate,
  CertificateTransfer,
  DiscountProgramme,
  DiscountAsk,
  Assignment,
  AssignmentItem,
] as const;
