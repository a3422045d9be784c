import { idBytes } from '#platform';
import { newRowId } from './cast.js';
import type { EdgeHouse } from './edge-house.js';

/** A claim of the first bank with a recovery and a settlement, a re-guarantee, and the bank's account with the scheme. */
export async function claimRecords(
  house: EdgeHouse,
  of: {
    readonly schemeId: string;
    readonly guaranteeId: string;
    readonly lenderId: string;
    readonly enterpriseId: string;
  },
): Promise<Record<string, string>> {
  const [claimId, recoveryId, settlementId, reguaranteeId, payeeAccountId] = Array.from({ length: 5 }, newRowId) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const scheme = idBytes(of.schemeId);
  const lender = idBytes(of.lenderId);
  const inputs = {
    cover: '800000',
    principalAtDefault: '1000',
    principalAtClaim: '1000',
    guaranteedBalance: '1000',
    portfolioCapLeft: null,
    interest: '0',
    interestRate: '0',
    costs: '0',
    interestDays: 0,
    interestClause: null,
    costsClause: null,
  };
  const computed = {
    inputs,
    base: '1000',
    principal: '800',
    interestPaid: '0',
    costsPaid: '0',
    boundBy: 'cover_of_principal',
    triggerClause: 'S1',
  };
  await house.rows(
    `INSERT INTO guarantee_claim (id, number, guarantee_id, scheme_id, lender_id, enterprise_id, currency, state, defaulted_on, days_past_due, cover_percent,
       principal_default_minor, principal_claim_minor, interest_minor, interest_rate_ppm, costs_minor, note, computed, computed_minor, earlier_deciders, version,
       created_by, created_at, updated_at)
     VALUES (?, 'EDGE-C', ?, ?, ?, ?, 'SAR', 'notified', '2026-01-01', 95, 80, 1000, 1000, 0, 0, 0, '', ?, 800, '[]', 1, 'cast', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(claimId), idBytes(of.guaranteeId), scheme, lender, idBytes(of.enterpriseId), JSON.stringify(computed)],
  );
  await house.rows(
    `INSERT INTO claim_recovery (id, claim_id, scheme_id, source, received_by, gross_minor, costs_minor, received_on, bank_reference, note, status, entered_by, entered_at)
     VALUES (?, ?, ?, 'debtor', 'lender', 100, 0, '2026-01-02', 'R', '', 'entered', 'cast', UTC_TIMESTAMP(6))`,
    [idBytes(recoveryId), idBytes(claimId), scheme],
  );
  await house.rows(
    `INSERT INTO claim_settlement (id, claim_id, scheme_id, organisation_id, direction, amount_minor, settled_on, bank_reference, status, entered_by, entered_at)
     VALUES (?, ?, ?, ?, 'in', 100, '2026-01-02', 'S', 'entered', 'cast', UTC_TIMESTAMP(6))`,
    [idBytes(settlementId), idBytes(claimId), scheme, lender],
  );
  await house.rows(
    `INSERT INTO reguarantee_agreement (id, scheme_id, name, status, valid_from, proposed_by, version, created_at, updated_at)
     VALUES (?, ?, 'layers', 'proposed', '2026-01-01', 'cast', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(reguaranteeId), scheme],
  );
  await house.rows(
    `INSERT INTO payee_account (id, scheme_id, lender_id, account_number, bank_name, holder_name, status, entered_by, entered_at)
     VALUES (?, ?, ?, 'SA0380000000608010167519', 'bank', 'holder', 'entered', 'cast', UTC_TIMESTAMP(6))`,
    [idBytes(payeeAccountId), scheme, lender],
  );
  return { documentKind: 'loan_agreement', claimId, recoveryId, settlementId, reguaranteeId, payeeAccountId };
}
