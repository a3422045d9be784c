// size: each statement serves a whole group of letters.
import { idBytes, idText, type Transaction } from '#platform';
import type { HeadroomState } from '../domain/reservation.policy.js';

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(',');

/** A live reservation, held. */
export interface LiveReservation {
  readonly id: string;
  readonly subjectId: string;
  readonly amountMinor: bigint;
  readonly expiresAt: Date;
}

/** Locks applications in the order of their ids; the rows themselves are read by the caller. */
export async function lockApplications(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.rows(
    `SELECT id FROM guarantee_application WHERE id IN (${marks(ids.length)}) ORDER BY id FOR UPDATE`,
    ids.map(idBytes),
  );
}

/** Those of the applications that have a live letter. */
export async function withLetters(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ application_id: Buffer }>(
    `SELECT application_id FROM guarantee WHERE application_id IN (${marks(ids.length)}) AND live_letter = 1`,
    ids.map(idBytes),
  );
  return new Set(rows.map(({ application_id }) => idText(application_id)));
}

/** Locks the live reservations of subjects, in the order of their ids. */
export async function lockReservations(
  tx: Transaction,
  schemeId: string,
  subjectIds: readonly string[],
): Promise<readonly LiveReservation[]> {
  const rows = await tx.rows<{ id: Buffer; subject_id: Buffer; amount_minor: string; expires_at: Date }>(
    `SELECT id, subject_id, amount_minor, expires_at FROM guarantee_reservation
     WHERE scheme_id = ? AND subject_id IN (${marks(subjectIds.length)}) AND live = 1 ORDER BY id FOR UPDATE`,
    [idBytes(schemeId), ...subjectIds.map(idBytes)],
  );
  return rows.map((row) => ({
    id: idText(row.id),
    subjectId: idText(row.subject_id),
    amountMinor: BigInt(row.amount_minor),
    expiresAt: row.expires_at,
  }));
}

/** What is used under the named exposures. */
export async function readExposures(
  tx: Transaction,
  schemeId: string,
  named: readonly { readonly scope: string; readonly key: string }[],
): Promise<Map<string, bigint>> {
  if (named.length === 0) return new Map();
  const rows = await tx.rows<{ scope: string; scope_key: string; used_minor: string }>(
    `SELECT scope, scope_key, used_minor FROM scheme_exposure
     WHERE scheme_id = ? AND (scope, scope_key) IN (${named.map(() => '(?, ?)').join(',')})`,
    [idBytes(schemeId), ...named.flatMap(({ scope, key }) => [scope, key])],
  );
  return new Map(rows.map((row) => [`${row.scope}:${row.scope_key}`, BigInt(row.used_minor)]));
}

/** Writes what was granted: the hot row grows under its CHECK, and so do the exposures under theirs. */
export async function writeHeadroom(
  tx: Transaction,
  schemeId: string,
  growthMinor: bigint,
  state: HeadroomState,
  exposures: readonly {
    readonly scope: string;
    readonly key: string;
    readonly growthMinor: bigint;
    readonly limitMinor: bigint | null;
  }[],
): Promise<void> {
  if (growthMinor > 0n)
    await tx.execute('UPDATE scheme_capacity SET used_minor = used_minor + ?, ceiling_minor = ? WHERE scheme_id = ?', [
      growthMinor.toString(),
      state.grantedMinor.toString(),
      idBytes(schemeId),
    ]);
  const grown = exposures.filter((each) => each.growthMinor > 0n);
  if (grown.length > 0)
    await tx.execute(
      `INSERT INTO scheme_exposure (scheme_id, scope, scope_key, used_minor, ceiling_minor)
       VALUES ${grown.map(() => '(?, ?, ?, ?, ?)').join(',')}
       ON DUPLICATE KEY UPDATE used_minor = used_minor + VALUES(used_minor), ceiling_minor = VALUES(ceiling_minor)`,
      grown.flatMap(({ scope, key, growthMinor: grows, limitMinor }) => [
        idBytes(schemeId),
        scope,
        key,
        grows.toString(),
        limitMinor?.toString() ?? null,
      ]),
    );
}

export interface NewReservation {
  readonly id: string;
  readonly subjectId: string;
  readonly currency: string;
  readonly enterpriseId: string;
  readonly sector: string;
  readonly region: string;
  readonly vintage: string;
  readonly amountMinor: bigint;
  readonly expiresAt: Date;
}

/** Makes reservations, or lets them grow to the amount and day given. */
export async function writeReservations(
  tx: Transaction,
  schemeId: string,
  reservations: readonly NewReservation[],
  now: Date,
): Promise<void> {
  if (reservations.length === 0) return;
  await tx.execute(
    `INSERT INTO guarantee_reservation
       (id, scheme_id, subject_id, currency, enterprise_id, sector, region, vintage, amount_minor, status, expires_at, created_at, updated_at)
     VALUES ${reservations.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?, 'live', ?, ?, ?)").join(',')}
     ON DUPLICATE KEY UPDATE amount_minor = VALUES(amount_minor), expires_at = VALUES(expires_at), updated_at = VALUES(updated_at)`,
    reservations.flatMap((each) => [
      idBytes(each.id),
      idBytes(schemeId),
      idBytes(each.subjectId),
      each.currency,
      idBytes(each.enterpriseId),
      each.sector,
      each.region,
      each.vintage,
      each.amountMinor.toString(),
      each.expiresAt,
      now,
      now,
    ]),
  );
}

export interface NewLetter {
  readonly id: string;
  readonly number: string;
  readonly reservationId: string;
  readonly letterUntil: Date;
  readonly sector: string;
  readonly region: string;
  readonly vintage: string;
  readonly application: {
    readonly id: string;
    readonly schemeId: string;
    readonly schemeVersion: number;
    readonly agreementId: string | null;
    readonly lenderId: string;
    readonly enterpriseId: string;
    readonly requestId: string | null;
    readonly offerId: string | null;
    readonly currency: string;
    readonly loanMinor: bigint;
    readonly coverPercent: string;
    readonly guaranteedMinor: bigint;
    readonly productKind: string;
    readonly tenorMonths: number;
    readonly facts: { readonly enterprise: { readonly grade: string | null } };
  };
}

const optionalId = (id: string | null): Buffer | null => (id === null ? null : idBytes(id));

/** Letters of intent: guarantees in the state `offered`. */
export async function insertLetters(tx: Transaction, letters: readonly NewLetter[], now: Date): Promise<void> {
  await tx.insertRows(
    'guarantee',
    [
      'id',
      'scheme_id',
      'scheme_version',
      'application_id',
      'reservation_id',
      'agreement_id',
      'lender_id',
      'enterprise_id',
      'request_id',
      'offer_id',
      'number',
      'currency',
      'loan_minor',
      'cover_percent',
      'guaranteed_minor',
      'outstanding_minor',
      'balance_minor',
      'product_kind',
      'tenor_months',
      'sector',
      'region',
      'vintage',
      'grade',
      'state',
      'letter_until',
      'version',
      'created_at',
      'updated_at',
    ],
    letters.map(({ application, ...letter }) => [
      idBytes(letter.id),
      idBytes(application.schemeId),
      application.schemeVersion,
      idBytes(application.id),
      idBytes(letter.reservationId),
      optionalId(application.agreementId),
      idBytes(application.lenderId),
      idBytes(application.enterpriseId),
      optionalId(application.requestId),
      optionalId(application.offerId),
      letter.number,
      application.currency,
      application.loanMinor.toString(),
      application.coverPercent,
      application.guaranteedMinor.toString(),
      application.loanMinor.toString(),
      application.guaranteedMinor.toString(),
      application.productKind,
      application.tenorMonths,
      letter.sector,
      letter.region,
      letter.vintage,
      application.facts.enterprise.grade,
      'offered',
      letter.letterUntil,
      1,
      now,
      now,
    ]),
  );
}

/** An agreement, held, with what its rules allow. */
export interface HeldAgreement {
  readonly id: string;
  readonly lenderId: string;
  readonly clauses: string;
  readonly quotaMinor: bigint;
  readonly usedMinor: bigint;
}

/** Locks those of the agreements that are in force on the day, losses below their cap. */
export async function lockAgreements(
  tx: Transaction,
  schemeId: string,
  ids: readonly string[],
  day: string,
): Promise<ReadonlyMap<string, HeldAgreement>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{
    id: Buffer;
    lender_id: Buffer;
    clauses: string;
    quota_minor: string;
    used_minor: string;
  }>(
    `SELECT id, lender_id, clauses, quota_minor, used_minor FROM portfolio_agreement
     WHERE scheme_id = ? AND id IN (${marks(ids.length)}) AND status = 'in_force' AND valid_from <= ? AND valid_to >= ?
       AND losses_minor < loss_cap_minor ORDER BY id FOR UPDATE`,
    [idBytes(schemeId), ...ids.map(idBytes), day, day],
  );
  return new Map(
    rows.map((row) => [
      idText(row.id),
      {
        id: idText(row.id),
        lenderId: idText(row.lender_id),
        clauses: row.clauses,
        quotaMinor: BigInt(row.quota_minor),
        usedMinor: BigInt(row.used_minor),
      },
    ]),
  );
}

export async function addToAgreements(tx: Transaction, grown: ReadonlyMap<string, bigint>): Promise<void> {
  for (const [id, amount] of [...grown].sort(([a], [b]) => (a < b ? -1 : 1)))
    await tx.execute('UPDATE portfolio_agreement SET used_minor = used_minor + ? WHERE id = ?', [
      amount.toString(),
      idBytes(id),
    ]);
}

/** Applications that an agreement approves by its rules, with one statement. */
export async function approveByAgreement(
  tx: Transaction,
  approved: readonly { readonly id: string; readonly consentId: string }[],
  until: Date,
  now: Date,
): Promise<void> {
  if (approved.length === 0) return;
  await tx.execute(
    `UPDATE guarantee_application SET status = 'approved', decided_by = 'agreement', decided_at = ?, letter_until = ?,
       consent_id = CASE id ${approved.map(() => 'WHEN ? THEN ?').join(' ')} END, version = version + 2, updated_at = ?
     WHERE id IN (${marks(approved.length)})`,
    [
      now,
      until,
      ...approved.flatMap(({ id, consentId }) => [idBytes(id), idBytes(consentId)]),
      now,
      ...approved.map(({ id }) => idBytes(id)),
    ],
  );
}
