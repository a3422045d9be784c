export interface GuaranteeInvariant {
  readonly name: string;
  readonly meaning: string;
  /** Finds rows that break it; a `?` is the instant before which reservations must have been given back. */
  readonly sql: string;
}

const sums = (columns: string) => `SELECT claim_id, ${columns} FROM claim_loss_share GROUP BY claim_id`;

/** What must hold in the tables of guarantees and claims, the gravest first. */
export const guaranteeInvariants: readonly GuaranteeInvariant[] = [
  {
    name: 'capacity',
    meaning: 'the capacity taken is what live reservations and binding guarantees add up to',
    sql: `SELECT c.scheme_id AS schemeId, c.used_minor AS used, COALESCE(m.back, 0) AS givenBack, COALESCE(r.reserved, 0) AS reserved,
        COALESCE(g.bound, 0) AS bound FROM scheme_capacity c
      LEFT JOIN (SELECT scheme_id, SUM(amount_minor) AS back FROM capacity_movement WHERE scope = 'total' GROUP BY scheme_id) m ON m.scheme_id = c.scheme_id
      LEFT JOIN (SELECT scheme_id, SUM(amount_minor) AS reserved FROM guarantee_reservation WHERE status = 'live' GROUP BY scheme_id) r ON r.scheme_id = c.scheme_id
      LEFT JOIN (SELECT scheme_id, SUM(balance_minor) AS bound FROM guarantee WHERE state IN ('issued','in_force','claimed') GROUP BY scheme_id) g ON g.scheme_id = c.scheme_id
      WHERE c.used_minor - COALESCE(m.back, 0) <> COALESCE(r.reserved, 0) + COALESCE(g.bound, 0)`,
  },
  {
    name: 'headroom',
    meaning: 'no reservation went beyond the headroom that there was',
    sql: 'SELECT scheme_id AS schemeId FROM scheme_capacity WHERE used_minor < 0 OR used_minor > ceiling_minor',
  },
  {
    name: 'orphans',
    meaning: 'no reservation is held for more than a minute after its time, and none without a letter',
    sql: `SELECT r.id AS reservationId, r.expires_at AS expiresAt FROM guarantee_reservation r WHERE r.status = 'live' AND (r.expires_at < ?
      OR NOT EXISTS (SELECT 1 FROM guarantee g WHERE g.reservation_id = r.id AND g.state = 'offered'))`,
  },
  {
    name: 'layers',
    meaning: 'the layers of every re-guarantee add up to the whole',
    sql: 'SELECT agreement_id AS agreementId, SUM(share_ppm) AS ppm FROM reguarantee_layer GROUP BY agreement_id HAVING SUM(share_ppm) <> 1000000',
  },
  {
    name: 'loss_shares',
    meaning: 'the shares of every paid claim add up to its loss, and those of the guarantors to what was paid',
    sql: `SELECT c.id AS claimId, c.loss_minor AS loss, s.borne FROM guarantee_claim c
      LEFT JOIN (${sums("SUM(borne_minor) AS borne, SUM(CASE WHEN kind <> 'lender' THEN borne_minor ELSE 0 END) AS guaranteed")}) s ON s.claim_id = c.id
      WHERE c.loss_minor <> COALESCE(s.borne, 0) OR c.paid_minor <> COALESCE(s.guaranteed, 0)`,
  },
  {
    name: 'retained_share',
    meaning: 'the lender bears at least the part that is not covered',
    sql: 'SELECT id AS claimId FROM guarantee_claim WHERE paid_minor * 100 > cover_percent * loss_minor',
  },
  {
    name: 'recoveries',
    meaning: 'confirmed recoveries, and what is written off, add up to the shares of each claim',
    sql: `SELECT c.id AS claimId, c.recovered_minor AS recovered FROM guarantee_claim c
      LEFT JOIN (${sums('SUM(recovered_minor) AS recovered, SUM(written_off_minor) AS written_off')}) s ON s.claim_id = c.id
      LEFT JOIN (SELECT claim_id, SUM(gross_minor - costs_minor) AS net FROM claim_recovery WHERE status = 'confirmed' GROUP BY claim_id) r ON r.claim_id = c.id
      WHERE c.recovered_minor <> COALESCE(s.recovered, 0) OR c.recovered_minor <> COALESCE(r.net, 0)
        OR c.written_off_minor <> COALESCE(s.written_off, 0)`,
  },
  {
    name: 'settlements',
    meaning: 'confirmed settlements add up to what each party paid and got',
    sql: `SELECT s.claim_id AS claimId, s.organisation_id AS organisationId FROM claim_loss_share s
      LEFT JOIN (SELECT claim_id, organisation_id, SUM(CASE WHEN direction = 'in' THEN amount_minor ELSE 0 END) AS received,
          SUM(CASE WHEN direction = 'out' THEN amount_minor ELSE 0 END) AS returned
        FROM claim_settlement WHERE status = 'confirmed' GROUP BY claim_id, organisation_id) t
        ON t.claim_id = s.claim_id AND t.organisation_id = s.organisation_id
      WHERE s.received_minor <> COALESCE(t.received, 0) OR s.returned_minor <> COALESCE(t.returned, 0)`,
  },
  {
    name: 'fees',
    meaning: 'no fee without a guarantee that was issued',
    sql: `SELECT f.id AS feeId FROM guarantee_fee f LEFT JOIN guarantee g ON g.id = f.guarantee_id WHERE g.id IS NULL OR g.state = 'offered'`,
  },
  {
    name: 'portfolio_caps',
    meaning: 'the losses of every portfolio agreement are its approved claims, within its cap',
    sql: `SELECT a.id AS agreementId, a.losses_minor AS losses FROM portfolio_agreement a
      LEFT JOIN (SELECT g.agreement_id, SUM(c.approved_minor) AS approved FROM guarantee_claim c JOIN guarantee g ON g.id = c.guarantee_id
        WHERE g.agreement_id IS NOT NULL GROUP BY g.agreement_id) c ON c.agreement_id = a.id
      WHERE a.losses_minor <> COALESCE(c.approved, 0) OR a.losses_minor > a.loss_cap_minor`,
  },
  {
    name: 'claimed_state',
    meaning: 'a guarantee is claimed exactly while a claim on it is under way',
    sql: `SELECT g.id AS guaranteeId FROM guarantee g WHERE (g.state = 'claimed') <>
      EXISTS (SELECT 1 FROM guarantee_claim c WHERE c.guarantee_id = g.id AND c.live = 1)`,
  },
  {
    name: 'two_people',
    meaning: 'no decision, payment or confirmation was made by the person who prepared it',
    sql: `SELECT id FROM guarantee_claim WHERE decided_by = proposed_by OR paid_by = payment_prepared_by
      UNION ALL SELECT id FROM claim_recovery WHERE decided_by = entered_by
      UNION ALL SELECT id FROM claim_settlement WHERE decided_by = entered_by`,
  },
];
