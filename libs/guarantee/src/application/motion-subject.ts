import { httpError, idBytes, idText, type Transaction } from '#platform';

/** What a motion may decide; its `subjectId` is the version, scheme, application, agreement, claim, fee, amendment or person. */
export const decisionKinds = ['version', 'scheme', 'application', 'board', 'claim', 'fee', 'amendment'] as const;
/** What the board adopts for the whole scheme; its minutes hold the text, and the principles page shows day and checksum. */
export const policyKinds = ['internal_control', 'risk_policy', 'disclosure_policy'] as const;
export const motionKinds = [...decisionKinds, ...policyKinds] as const;
export type MotionKind = (typeof motionKinds)[number];

const ofGuarantee = 'g.lender_id AS lender, g.enterprise_id AS firm, g.id AS about';
/** Each kind's subject within the scheme; `?` are subject and scheme, twice where two tables may hold it. */
const subjects: Partial<Readonly<Record<MotionKind, string>>> = {
  version: 'SELECT NULL AS lender, NULL AS firm, NULL AS about FROM scheme_version WHERE id = ? AND scheme_id = ?',
  application: `SELECT lender_id AS lender, enterprise_id AS firm, NULL AS about FROM guarantee_application WHERE id = ? AND scheme_id = ?
    UNION ALL SELECT lender_id, NULL, NULL FROM portfolio_agreement WHERE id = ? AND scheme_id = ?`,
  claim:
    'SELECT lender_id AS lender, enterprise_id AS firm, guarantee_id AS about FROM guarantee_claim WHERE id = ? AND scheme_id = ?',
  fee: `SELECT ${ofGuarantee} FROM guarantee_fee f JOIN guarantee g ON g.id = f.guarantee_id WHERE f.id = ? AND f.scheme_id = ?`,
  amendment: `SELECT ${ofGuarantee} FROM guarantee_amendment a JOIN guarantee g ON g.id = a.guarantee_id WHERE a.id = ? AND a.scheme_id = ?`,
};

/**
 * Lender, firm and guarantee that a motion is about, from the records: whoever declared a conflict with one of them does not vote,
 * whatever the proposer names. Refuses a subject that this scheme does not have.
 */
export async function relatedOf(
  tx: Transaction,
  schemeId: string,
  kind: MotionKind,
  subjectId: string,
): Promise<readonly string[]> {
  if (kind === 'board') return [];
  const sql = subjects[kind];
  if (sql === undefined) {
    if (subjectId === schemeId) return [];
    throw unknownSubject(kind);
  }
  const marks = sql.split('?').length - 1;
  const parameters = Array.from({ length: marks }, (_, at) => idBytes(at % 2 === 0 ? subjectId : schemeId));
  const [row] = await tx.rows<Record<'lender' | 'firm' | 'about', Buffer | null>>(sql, parameters);
  if (!row) throw unknownSubject(kind);
  return [row.lender, row.firm, row.about].flatMap((id) => (id === null ? [] : [idText(id)]));
}

function unknownSubject(kind: MotionKind): Error {
  return httpError('input_invalid', {
    fields: [{ pointer: '/subjectId', rule: kind, message: `is no ${kind.replace('_', ' ')} of this scheme` }],
  });
}
