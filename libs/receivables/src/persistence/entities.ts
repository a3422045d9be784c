import { Column, Entity } from 'typeorm';
import type { CalendarDate } from '#kernel';
import { DateColumn, IdColumn, InstantColumn, IntColumn, MinorColumn, PrimaryId, TextColumn } from '#platform';
import type { VerificationState } from '#review';
import type { AnchorKind, AnchorVisibility, BranchState, SupplierState } from '../domain/anchor.js';
import type { ReceivableState } from '../domain/receivable.lifecycle.js';
import type { ReceivableKind, ReceivableRecord, Side } from '../domain/receivable.js';

/** A firm or authority that confirms what it owes, under its organisation's id. */
@Entity('anchor_profile')
export class AnchorProfile {
  @PrimaryId() id!: string;
  @TextColumn(20) kind!: AnchorKind;
  @TextColumn(20) visibility!: AnchorVisibility;
  /** The VAT or tax number by which electronic invoices name it. */
  @TextColumn(40, { name: 'tax_id', nullable: true }) taxId!: string | null;
  @TextColumn(2000) about!: string;
  @TextColumn(200) website!: string;
  @TextColumn(30) status!: VerificationState;
  /** Set while new confirmations are stopped after overdue payments. */
  @InstantColumn({ name: 'confirmations_stopped_at', nullable: true }) confirmationsStoppedAt!: Date | null;
  /** Overdue payments before this instant are atoned for and count no more. */
  @InstantColumn({ name: 'cured_at', nullable: true }) curedAt!: Date | null;
  @IdColumn({ name: 'review_case_id', nullable: true }) reviewCaseId!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

/** A branch of an anchor; its people confirm its receivables and no other branch's. */
@Entity('anchor_branch')
export class AnchorBranch {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @TextColumn(40) code!: string;
  @TextColumn(200) name!: string;
  @TextColumn(10) status!: BranchState;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** A firm on an anchor's supplier list; `supplierId` is filled once it is registered here. */
@Entity('anchor_supplier')
export class AnchorSupplier {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @IdColumn({ name: 'supplier_id', nullable: true }) supplierId!: string | null;
  @TextColumn(2) country!: string;
  @TextColumn(30, { name: 'registration_number' }) registrationNumber!: string;
  @TextColumn(200) name!: string;
  /** The anchor's own number of this supplier. */
  @TextColumn(60) reference!: string;
  @TextColumn(10) status!: SupplierState;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** What one firm owes another: an invoice, an order or a refund claim. */
@Entity('receivable')
export class Receivable implements ReceivableRecord {
  @PrimaryId() id!: string;
  @TextColumn(20) kind!: ReceivableKind;
  @TextColumn(20) state!: ReceivableState;
  @IdColumn({ name: 'seller_id' }) sellerId!: string;
  @IdColumn({ name: 'anchor_id' }) anchorId!: string;
  @IdColumn({ name: 'branch_id', nullable: true }) branchId!: string | null;
  @TextColumn(100) number!: string;
  @DateColumn({ name: 'issued_on' }) issuedOn!: CalendarDate;
  @DateColumn({ name: 'due_on' }) dueOn!: CalendarDate;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'face_minor' }) faceMinor!: bigint;
  @MinorColumn({ name: 'net_minor' }) netMinor!: bigint;
  @TextColumn(100, { name: 'order_number', nullable: true }) orderNumber!: string | null;
  @TextColumn(10, { name: 'uploaded_by_side' }) uploadedBySide!: Side;
  @TextColumn(60, { name: 'uploaded_by' }) uploadedBy!: string;
  @IdColumn({ name: 'batch_id', nullable: true }) batchId!: string | null;
  @IntColumn({ name: 'batch_row', nullable: true }) batchRow!: number | null;
  @TextColumn(64, { name: 'document_checksum', nullable: true }) documentChecksum!: string | null;
  /** Keyed hash of what makes it the very same claim; each side has at most one that is alive. */
  @Column({ name: 'exact_key', type: 'binary', length: 16 }) exactKey!: Buffer;
  @InstantColumn({ name: 'submitted_at', nullable: true }) submittedAt!: Date | null;
  @InstantColumn({ name: 'confirmed_at', nullable: true }) confirmedAt!: Date | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
  @InstantColumn({ name: 'updated_at' }) updatedAt!: Date;
}

export const receivableEntities = [AnchorProfile, AnchorBranch, AnchorSupplier, Receivable] as const;
