import { Entity } from 'typeorm';
import type { CalendarDate } from '#kernel';
import { DateColumn, IdColumn, InstantColumn, IntColumn, MinorColumn, PrimaryId, TextColumn } from '#platform';

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
  /** What the holder is owed, in minor units. */
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @TextColumn(3) currency!: string;
  @DateColumn({ name: 'due_on' }) dueOn!: CalendarDate;
  /** 1 for the seller of the receivable, one more each time that it is passed on. */
  @IntColumn() tier!: number;
  @TextColumn(20) status!: string;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

export const certificateEntities = [Certificate] as const;
