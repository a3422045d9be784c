import { Injectable } from '@nestjs/common';
import { moneyToJson } from '#kernel';
import { idBytes, type Transaction } from '#platform';
import { guaranteeError } from '../domain/errors.js';
import { Board } from './board.js';
import type { MotionKind } from './motion-subject.js';

/** What somebody is about to bind the scheme to. */
export interface BindingAmount {
  readonly schemeId: string;
  /** What a motion about it is called, and its subject. */
  readonly kind: MotionKind;
  readonly subjectId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** The act that a motion is used for. */
  readonly action: string;
  /** An act that this one carries out, such as the approval of a claim that is paid: the board's motion for it is enough. */
  readonly carriesOut?: string;
}

/**
 * Who may bind a scheme to how much. A person decides alone up to the larger of the role's limit and the limit of the own seat on the
 * board; above both, a carried motion that allows the amount is used up by the act.
 */
@Injectable()
export class ApprovalLimits {
  constructor(private readonly board: Board) {}

  /** Refuses with `approval_limit_exceeded`, which names the person's own limit. */
  async assertMayBind(tx: Transaction, of: BindingAmount): Promise<void> {
    if (of.amountMinor === 0n) return;
    const limit = await this.limitOf(tx, of.schemeId);
    if (limit !== null && of.amountMinor <= limit) return;
    const motion = await this.board.useCarried(tx, of.schemeId, of.kind, of.subjectId, of.action, of.amountMinor);
    if (motion || (of.carriesOut && (await this.decided(tx, of)))) return;
    const money = (minor: bigint) => moneyToJson({ minor, currency: of.currency });
    const data = { limit: limit === null ? null : money(limit), amount: money(of.amountMinor), motion: of.kind };
    throw guaranteeError('approval_limit_exceeded', { data });
  }

  /** Whether a motion that allows the amount was used for the act that is carried out now. */
  private async decided(tx: Transaction, of: BindingAmount): Promise<boolean> {
    const rows = await tx.rows(
      `SELECT id FROM scheme_motion WHERE scheme_id = ? AND kind = ? AND subject_id = ? AND status = 'carried' AND used_for = ?
         AND (amount_minor IS NULL OR amount_minor >= ?) LIMIT 1`,
      [idBytes(of.schemeId), of.kind, idBytes(of.subjectId), of.carriesOut, of.amountMinor.toString()],
    );
    return rows.length > 0;
  }

  /** The most that the acting person binds alone, in minor units; null: nothing. */
  private async limitOf(tx: Transaction, schemeId: string): Promise<bigint | null> {
    const { id, approvalLimitMinor } = tx.context.actor;
    const [seat] = await tx.rows<{ limit_minor: string | null }>(
      'SELECT approval_limit_minor AS limit_minor FROM scheme_board_member WHERE scheme_id = ? AND person_id = ? AND live = 1',
      [idBytes(schemeId), idBytes(id)],
    );
    const ofSeat = seat?.limit_minor ? BigInt(seat.limit_minor) : null;
    const ofRole = approvalLimitMinor ?? null;
    if (ofSeat === null || ofRole === null) return ofSeat ?? ofRole;
    return ofSeat > ofRole ? ofSeat : ofRole;
  }
}
