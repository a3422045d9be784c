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
import type { MatchKind } from '../domain/statement-match.policy.js';
import type {
  ObligationState,
  PaymentAccountState,
  PayoutState,
  StatementEntryState,
} from '../domain/settlement.lifecycle.js';

/** `give_back`: what a party owes because the bank took back the money that it was paid from, or that it had paid itself. */
export const obligationKinds = ['first_leg', 'maturity', 'early', 'repurchase', 'give_back'] as const;
export type ObligationKind = (typeof obligationKinds)[number];

/** An account of an anchor or a financier. */
@Entity('payment_account')
export class PaymentAccount {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'organisation_id' }) organisationId!: string;
  @TextColumn(34, { name: 'account_number' }) accountNumber!: string;
  @TextColumn(120, { name: 'bank_name' }) bankName!: string;
  @TextColumn(140, { name: 'holder_name' }) holderName!: string;
  @TextColumn(30) state!: PaymentAccountState;
  @TextColumn(60, { name: 'declared_by' }) declaredBy!: string;
  @InstantColumn({ name: 'declared_at' }) declaredAt!: Date;
  /** The end of the cooling time. */
  @InstantColumn({ name: 'payable_from' }) payableFrom!: Date;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @InstantColumn({ name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @IdColumn({ name: 'review_case_id', nullable: true }) reviewCaseId!: string | null;
  @IntColumn({ nullable: true }) live!: number | null;
  @IntColumn() version!: number;
}

/** What one party is to pay into the settlement account. */
@Entity('settlement_obligation')
export class SettlementObligation {
  @PrimaryId() id!: string;
  @TextColumn(20) kind!: ObligationKind;
  /**
   * The assignment of a first leg or a repurchase, the receivable at maturity, the ask of an early payment; of what is to be given
   * back, the obligation (or the match) that the money was for.
   */
  @IdColumn({ name: 'subject_id' }) subjectId!: string;
  @IdColumn({ name: 'payer_id' }) payerId!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @MinorColumn({ name: 'paid_minor' }) paidMinor!: bigint;
  @DateColumn({ name: 'due_on' }) dueOn!: CalendarDate;
  /** Creditor reference of ISO 11649. */
  @TextColumn(25) reference!: string;
  @TextColumn(20) state!: ObligationState;
  @IdColumn({ name: 'file_id', nullable: true }) fileId!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** Money to be paid out of the settlement account. */
@Entity('settlement_payout')
export class SettlementPayout {
  @PrimaryId() id!: string;
  @TextColumn(20) kind!: 'proceeds' | 'holdback' | 'refund';
  @IdColumn({ name: 'obligation_id', nullable: true }) obligationId!: string | null;
  /** The match that it comes of; null where no single payment made it. */
  @IdColumn({ name: 'match_id', nullable: true }) matchId!: string | null;
  @IdColumn({ name: 'payee_id' }) payeeId!: string;
  @TextColumn(3) currency!: string;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @TextColumn(25) reference!: string;
  /** Of the last attempt; comes back in the bank's statement. */
  @TextColumn(35, { name: 'end_to_end', nullable: true }) endToEnd!: string | null;
  @TextColumn(20) state!: PayoutState;
  @IdColumn({ name: 'file_id', nullable: true }) fileId!: string | null;
  @TextColumn(34, { name: 'account_number', nullable: true }) accountNumber!: string | null;
  @IntColumn() attempts!: number;
  @TextColumn(200, { nullable: true }) reason!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** A payment file as it was given out; never made again for the same payments. */
@Entity('settlement_file')
export class SettlementFile {
  @PrimaryId() id!: string;
  @TextColumn(35, { name: 'message_id' }) messageId!: string;
  @TextColumn(10) direction!: 'pay_in' | 'payout';
  @IdColumn({ name: 'payer_id' }) payerId!: string;
  @TextColumn(3) currency!: string;
  @DateColumn({ name: 'execute_on' }) executeOn!: CalendarDate;
  @IntColumn({ name: 'line_count' }) lineCount!: number;
  @MinorColumn({ name: 'total_minor' }) totalMinor!: bigint;
  @TextColumn(60, { name: 'created_by' }) createdBy!: string;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** What one movement, or a part of it, paid. */
@Entity('settlement_match')
export class SettlementMatch {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'entry_id' }) entryId!: string;
  /** Of the movement's matches; in the ledger's reference. */
  @IntColumn() sequence!: number;
  /** Null: it went back to its sender. */
  @IdColumn({ name: 'obligation_id', nullable: true }) obligationId!: string | null;
  /** Of the obligation's payments, in the order in which they took effect. */
  @IntColumn() place!: number;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  /** What the obligation took of it; the rest went back to the payer. */
  @MinorColumn({ name: 'used_minor' }) usedMinor!: bigint;
  @IdColumn({ name: 'transfer_id' }) transferId!: string;
  @InstantColumn({ name: 'undone_at', nullable: true }) undoneAt!: Date | null;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

/** What a person proposes to take of a movement for one obligation. */
export interface ProposedPart {
  readonly obligationId: string;
  /** Minor units, as digits. */
  readonly amountMinor: string;
}

/** A movement of the settlement account, as the bank says. */
@Entity('statement_entry')
export class StatementEntry {
  @PrimaryId() id!: string;
  @IdColumn({ name: 'statement_id' }) statementId!: string;
  @TextColumn(34) account!: string;
  @TextColumn(60, { name: 'entry_ref' }) entryRef!: string;
  @TextColumn(6) direction!: 'credit' | 'debit';
  @FlagColumn() reversal!: boolean;
  @MinorColumn({ name: 'amount_minor' }) amountMinor!: bigint;
  @TextColumn(3) currency!: string;
  @DateColumn({ name: 'booked_on' }) bookedOn!: CalendarDate;
  @TextColumn(35, { name: 'end_to_end', nullable: true }) endToEnd!: string | null;
  @JsonColumn() texts!: string[];
  @TextColumn(140, { name: 'party_name', nullable: true }) partyName!: string | null;
  @TextColumn(34, { name: 'party_account', nullable: true }) partyAccount!: string | null;
  @TextColumn(4, { name: 'return_reason', nullable: true }) returnReason!: string | null;
  @TextColumn(20) state!: StatementEntryState;
  /** What of it is matched; the rest of an open one waits on the worklist. */
  @MinorColumn({ name: 'matched_minor' }) matchedMinor!: bigint;
  /** The movement that this one takes back. */
  @IdColumn({ name: 'reverses_id', nullable: true }) reversesId!: string | null;
  @TextColumn(20, { name: 'matched_by', nullable: true }) matchedBy!: string | null;
  @IdColumn({ name: 'obligation_id', nullable: true }) obligationId!: string | null;
  @IdColumn({ name: 'payout_id', nullable: true }) payoutId!: string | null;
  @IdColumn({ name: 'match_transfer_id', nullable: true }) matchTransferId!: string | null;
  /** Why it waits for a person. */
  @TextColumn(40, { nullable: true }) why!: string | null;
  @JsonColumn({ nullable: true }) candidates!: string[] | null;
  @TextColumn(20, { nullable: true }) proposal!: MatchKind | null;
  /** The obligation, payout or movement, or the organisation that gets its money back or owes it. */
  @IdColumn({ name: 'proposal_id', nullable: true }) proposalId!: string | null;
  @JsonColumn({ name: 'proposal_parts', nullable: true }) proposalParts!: ProposedPart[] | null;
  @TextColumn(500, { name: 'proposal_note', nullable: true }) proposalNote!: string | null;
  @TextColumn(60, { name: 'proposed_by', nullable: true }) proposedBy!: string | null;
  @TextColumn(60, { name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @IntColumn() version!: number;
  @InstantColumn({ name: 'created_at' }) createdAt!: Date;
}

export const settlementEntities = [
  PaymentAccount,
  SettlementObligation,
  SettlementPayout,
  SettlementFile,
  SettlementMatch,
  StatementEntry,
] as const;
