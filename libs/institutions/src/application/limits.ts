// size: reserve, convert, release and repay share the rows that they lock
import { Inject, Injectable } from '@nestjs/common';
import { printAmount } from '#kernel';
import {
  ENVIRONMENT,
  type Environment,
  idBytes,
  idText,
  isCheckViolation,
  isDuplicateKey,
  type Transaction,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { institutionError } from '../domain/errors.js';
import { exposureLines, type ExposureLine } from '../domain/exposure.policy.js';

export interface ReservationRequest {
  readonly financierId: string;
  readonly mandateId: string;
  readonly enterpriseId: string;
  /** The debtor of a receivable, where one is financed. */
  readonly anchorId?: string | undefined;
  readonly amountMinor: bigint;
  readonly currency: string;
  /** The caller's own key of this reservation, such as an offer's id; at most 60 ASCII characters. */
  readonly reference: string;
}

interface LimitsRow {
  readonly financier_id: Buffer;
  readonly currency: string;
  readonly limits_approved: number;
  readonly per_enterprise_minor: string | null;
  readonly per_anchor_minor: string | null;
  readonly monthly_appetite_minor: string | null;
  readonly now: Date;
}

interface ReservationRow {
  readonly mandate_id: Buffer;
  readonly enterprise_id: Buffer;
  readonly anchor_id: Buffer | null;
  readonly month: string;
  readonly amount_minor: string;
  readonly status: 'reserved' | 'converted' | 'released' | 'repaid';
  readonly financier_id: Buffer;
  readonly currency: string;
}

const refusals = {
  enterprise: 'enterprise_limit_reached',
  anchor: 'anchor_limit_reached',
  month: 'monthly_appetite_reached',
} as const;

/**
 * What a financier has promised under a mandate, kept within the mandate's limits. Each function runs in the caller's
 * transaction, after its locks on request and offers (rule 4 of the house). That nothing is overdrawn stands as a CHECK
 * constraint: every row holds what is used and the limit in force when it last grew, so a limit that is lowered
 * later stops new reservations and breaks none.
 */
@Injectable()
export class Limits {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  /**
   * Sets `amountMinor` aside. Refuses with `enterprise_limit_reached`, `anchor_limit_reached` or
   * `monthly_appetite_reached`, whose data tell the financier's figures: they are not for the enterprise's eyes. With an anchor the
   * financier's own limit on it counts too, over all its mandates; without one it refuses with `anchor_limit_missing`.
   * A paused or ended mandate still takes reservations, because its binding offers must be honoured.
   */
  async reserve(tx: Transaction, request: ReservationRequest): Promise<void> {
    const limits = await this.lockLimits(tx, request);
    const now = new Date(limits.now.getTime() + this.environment.clockOffsetSeconds * 1000);
    const month = countryDate(this.environment.country, now).slice(0, 7);
    const lines = exposureLines(
      { ...request, anchorId: request.anchorId ?? null, month },
      {
        perEnterpriseMinor: minor(limits.per_enterprise_minor),
        perAnchorMinor: minor(limits.per_anchor_minor),
        monthlyAppetiteMinor: minor(limits.monthly_appetite_minor),
      },
    );
    await this.add(tx, request, lines);
    if (request.anchorId !== undefined) await this.addToAnchor(tx, { ...request, anchorId: request.anchorId });
    try {
      await tx.insertRows(
        'exposure_reservation',
        [
          'reference',
          'mandate_id',
          'financier_id',
          'enterprise_id',
          'anchor_id',
          'month',
          'amount_minor',
          'currency',
          'status',
          'reserved_at',
          'changed_at',
        ],
        [
          [
            request.reference,
            idBytes(request.mandateId),
            idBytes(request.financierId),
            idBytes(request.enterpriseId),
            request.anchorId === undefined ? null : idBytes(request.anchorId),
            month,
            request.amountMinor.toString(),
            request.currency,
            'reserved',
            now,
            now,
          ],
        ],
      );
    } catch (error) {
      if (isDuplicateKey(error)) throw institutionError('reservation_exists');
      throw error;
    }
  }

  /** Gives a reservation back, also a converted one (an award that lapsed); a released one is left as it is. */
  async release(tx: Transaction, reference: string): Promise<void> {
    const row = await this.lockReservation(tx, reference);
    if (row.status === 'released' || row.status === 'repaid') return;
    await this.mark(tx, reference, 'released');
    await this.giveBack(tx, row, ['anchor', 'enterprise', 'month']);
  }

  /** The debt is paid: anchor and enterprise may be lent to again. The month's appetite stays used: it counts what was new in it. */
  async repay(tx: Transaction, reference: string): Promise<void> {
    const row = await this.lockReservation(tx, reference);
    if (row.status === 'released' || row.status === 'repaid') return;
    await this.mark(tx, reference, 'repaid');
    await this.giveBack(tx, row, ['anchor', 'enterprise']);
  }

  /**
   * A repayment was taken back: what was repaid is owed again, whatever the limits have become. A ceiling that is in the way rises with it;
   * nothing new fits until it is below its limit again.
   */
  async restore(tx: Transaction, reference: string): Promise<void> {
    const row = await this.lockReservation(tx, reference);
    if (row.status !== 'repaid') return;
    await this.mark(tx, reference, 'converted');
    const grow = 'ceiling_minor = GREATEST(ceiling_minor, used_minor + ?), used_minor = used_minor + ?';
    const amount = BigInt(row.amount_minor);
    for (const { scope, key } of linesOf(row))
      if (scope !== 'month')
        await tx.execute(`UPDATE mandate_exposure SET ${grow} WHERE mandate_id = ? AND scope = ? AND scope_key = ?`, [
          amount,
          amount,
          row.mandate_id,
          scope,
          key,
        ]);
    if (row.anchor_id)
      await tx.execute(`UPDATE anchor_limit SET ${grow} WHERE financier_id = ? AND anchor_id = ? AND currency = ?`, [
        amount,
        amount,
        row.financier_id,
        row.anchor_id,
        row.currency,
      ]);
  }

  private async giveBack(
    tx: Transaction,
    row: ReservationRow,
    scopes: readonly ExposureLine['scope'][],
  ): Promise<void> {
    for (const line of linesOf(row)) {
      if (!scopes.includes(line.scope)) continue;
      await tx.execute(
        'UPDATE mandate_exposure SET used_minor = used_minor - ? WHERE mandate_id = ? AND scope = ? AND scope_key = ?',
        [row.amount_minor, row.mandate_id, line.scope, line.key],
      );
    }
    if (row.anchor_id)
      await tx.execute(
        'UPDATE anchor_limit SET used_minor = used_minor - ? WHERE financier_id = ? AND anchor_id = ? AND currency = ?',
        [row.amount_minor, row.financier_id, row.anchor_id, row.currency],
      );
  }

  /** The reservation became a contract: what is used stays used. Refuses one that was released. */
  async convert(tx: Transaction, reference: string): Promise<void> {
    const row = await this.lockReservation(tx, reference);
    if (row.status === 'released' || row.status === 'repaid')
      throw institutionError('reservation_unknown', { detail: 'It was released before.' });
    if (row.status === 'reserved') await this.mark(tx, reference, 'converted');
  }

  /** Reads the limits under a shared lock, so that a change of them and a reservation never overlap. */
  private async lockLimits(tx: Transaction, request: ReservationRequest): Promise<LimitsRow> {
    const [row] = await tx.rows<LimitsRow>(
      `SELECT financier_id, currency, limits_approved, per_enterprise_minor, per_anchor_minor, monthly_appetite_minor,
              UTC_TIMESTAMP(6) AS now
       FROM mandate WHERE id = ? LOCK IN SHARE MODE`,
      [idBytes(request.mandateId)],
    );
    if (!row || idText(row.financier_id) !== request.financierId || row.limits_approved !== 1)
      throw institutionError('limits_not_approved');
    if (row.currency !== request.currency)
      throw institutionError('limit_currency_differs', { data: { currency: row.currency } });
    return row;
  }

  /** Writes first and explains afterwards: the constraint decides, the second look only finds the words. */
  private async add(tx: Transaction, request: ReservationRequest, lines: readonly ExposureLine[]): Promise<void> {
    const upsert = (): Promise<number> =>
      tx.execute(
        `INSERT INTO mandate_exposure (mandate_id, scope, scope_key, used_minor, ceiling_minor)
         VALUES ${lines.map(() => '(?, ?, ?, ?, ?)').join(',')}
         ON DUPLICATE KEY UPDATE used_minor = used_minor + VALUES(used_minor), ceiling_minor = VALUES(ceiling_minor)`,
        lines.flatMap(({ scope, key, limitMinor }) => [
          idBytes(request.mandateId),
          scope,
          key,
          request.amountMinor.toString(),
          limitMinor?.toString() ?? null,
        ]),
      );
    try {
      await upsert();
    } catch (error) {
      if (!isCheckViolation(error)) throw error;
      await this.refuseWhereFull(tx, request, lines);
      // Somebody released between the two looks; the rows are locked now, so it fits.
      await upsert();
    }
  }

  /** The financier's limit on the anchor itself, over all its mandates: it must be there. */
  private async addToAnchor(tx: Transaction, request: ReservationRequest & { anchorId: string }): Promise<void> {
    const key = [idBytes(request.financierId), idBytes(request.anchorId), request.currency];
    const [row] = await tx.rows<{ limit_minor: string; used_minor: string }>(
      'SELECT limit_minor, used_minor FROM anchor_limit WHERE financier_id = ? AND anchor_id = ? AND currency = ? FOR UPDATE',
      key,
    );
    if (!row || BigInt(row.limit_minor) === 0n) throw institutionError('anchor_limit_missing');
    const [limit, used] = [BigInt(row.limit_minor), BigInt(row.used_minor)];
    if (used + request.amountMinor > limit)
      throw reached('anchor', { amountMinor: request.amountMinor, currency: request.currency, limit, used });
    await tx.execute(
      'UPDATE anchor_limit SET used_minor = used_minor + ?, ceiling_minor = limit_minor WHERE financier_id = ? AND anchor_id = ? AND currency = ?',
      [request.amountMinor.toString(), ...key],
    );
  }

  private async refuseWhereFull(
    tx: Transaction,
    { mandateId, amountMinor, currency }: ReservationRequest,
    lines: readonly ExposureLine[],
  ): Promise<void> {
    for (const { scope, key, limitMinor } of lines) {
      if (limitMinor === null) continue;
      const [row] = await tx.rows<{ used_minor: string }>(
        'SELECT used_minor FROM mandate_exposure WHERE mandate_id = ? AND scope = ? AND scope_key = ? FOR UPDATE',
        [idBytes(mandateId), scope, key],
      );
      const used = BigInt(row?.used_minor ?? 0);
      if (used + amountMinor <= limitMinor) continue;
      throw reached(scope, { amountMinor, currency, limit: limitMinor, used });
    }
  }

  private async lockReservation(tx: Transaction, reference: string): Promise<ReservationRow> {
    const [row] = await tx.rows<ReservationRow>(
      `SELECT mandate_id, financier_id, enterprise_id, anchor_id, month, amount_minor, currency, status
       FROM exposure_reservation WHERE reference = ? FOR UPDATE`,
      [reference],
    );
    if (!row) throw institutionError('reservation_unknown');
    return row;
  }

  private async mark(tx: Transaction, reference: string, status: 'converted' | 'released' | 'repaid'): Promise<void> {
    await tx.execute('UPDATE exposure_reservation SET status = ?, changed_at = UTC_TIMESTAMP(6) WHERE reference = ?', [
      status,
      reference,
    ]);
  }
}

function reached(
  scope: keyof typeof refusals,
  { amountMinor, currency, limit, used }: { amountMinor: bigint; currency: string; limit: bigint; used: bigint },
) {
  const left = limit > used ? limit - used : 0n;
  const print = (value: bigint): string => printAmount({ minor: value, currency });
  return institutionError(refusals[scope], {
    detail: `${print(amountMinor)} ${currency} was asked for; of ${print(limit)} there is ${print(left)} left.`,
    data: { limit: print(limit), used: print(used), left: print(left), currency },
  });
}

function linesOf(row: ReservationRow): readonly ExposureLine[] {
  const anchorId = row.anchor_id && idText(row.anchor_id);
  return exposureLines({ enterpriseId: idText(row.enterprise_id), anchorId, month: row.month });
}

const minor = (value: string | null): bigint | null => (value === null ? null : BigInt(value));
