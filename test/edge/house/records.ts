// size: one record of every kind that an address can name
import { Ledger, organisationAccount } from '#ledger';
import { idBytes } from '#platform';
import { guaranteeRecords } from './guarantee-records.js';
import { type Cast, newRowId } from './cast.js';
import type { Answer, EdgeHouse, Party } from './edge-house.js';
import { sampleOf } from './sample.js';

/** What each parameter in an address may stand for: a record of the first enterprise or the first bank. */
export type Records = Readonly<Record<string, string>>;

/** Under its own name, or the first identifier in the answer. */
const idOf = (json: Answer['json']): string =>
  String(
    json['id'] ??
      /"[a-z]*Id":"([0-9a-f-]{36})"|"id":"([0-9a-f-]{36})"/.exec(JSON.stringify(json))?.slice(1).find(Boolean),
  );

/** Makes one record of every kind that an address can name. */
export async function recordsOf(house: EdgeHouse, cast: Cast): Promise<Records> {
  const { sme, bank } = cast;
  const make = async (party: Party, url: string, changes: object = {}) => {
    const schema = house.operationOf('POST', url)?.body;
    const body = { ...(schema ? (sampleOf(house.document, schema) as object) : {}), ...changes };
    return house.done(party, 'POST', url, { body });
  };
  await profiles(house, cast);
  const requestId = await openRequest(house, cast);
  const ofMarket = await bids(house, cast, requestId);
  const mandate = await make(bank.maker, '/v1/institution/mandates', {
    tenorMax: 60,
    gradeFloor: null,
    validTo: null,
  });
  const mandateId = idOf(mandate);
  const [ownCase] = (await house.done(sme.signatory, 'GET', '/v1/own-review-cases')).items ?? [];
  const caseId = String(ownCase?.['caseId']);
  const endpoint = await make(sme.signatory, '/v1/webhook-endpoints', {
    url: 'https://sme.example/hook',
    events: ['*'],
  });
  const [session] = (await house.done(sme.preparer, 'GET', '/v1/sessions')).items ?? [];
  return {
    ...ofMarket,
    requestId,
    caseId,
    mandateId,
    institutionId: bank.maker.organisationId as string,
    enterpriseId: sme.signatory.organisationId as string,
    personId: sme.preparer.personId as string,
    clientId: cast.keyId,
    sessionId: String(session?.['id']),
    productId: idOf(
      await make(bank.maker, '/v1/institution/products', { tenorMax: 60, referenceRate: null, priceMax: '9' }),
    ),
    changeId: idOf(
      await make(bank.maker, `/v1/institution/mandates/${mandateId}/limit-changes`, {
        perAnchor: null,
        monthlyAppetite: null,
      }),
    ),
    invitationId: idOf(await make(sme.signatory, '/v1/invitations', { roles: ['reader'] })),
    delegationId: idOf(
      await make(sme.signatory, '/v1/delegations', { delegateId: sme.preparer.personId, scopes: ['enterprise.write'] }),
    ),
    complaintId: idOf(
      await make(sme.signatory, '/v1/complaints', {
        about: { type: 'funding_request', id: requestId },
        text: 'It took much longer than it should have taken.',
      }),
    ),
    endpointId: idOf(endpoint),
    ...(await ledgerOf(house, sme.signatory, bank.maker.organisationId as string)),
    evidenceId: await evidenceOf(house, ofMarket.awardId, requestId, sme.signatory, bank.maker),
    ...(await rowsOf(house, sme.signatory, idOf(endpoint), bank.maker.organisationId as string, mandateId)),
    ...(await guaranteeRecords(house, cast)),
    year: '2024',
    period: '2024-01',
  };
}

async function profiles(house: EdgeHouse, { sme, otherSme, bank, rival }: Cast): Promise<void> {
  for (const { signatory } of [sme, otherSme]) {
    const id = idBytes(signatory.organisationId as string);
    await house.rows(
      `INSERT INTO enterprise_profile (id, legal_form, sector, region, founded_on, staff, women_led, size_class, status, version, created_at, updated_at)
       VALUES (?, 'llc', 'C', 'SA-01', '2018-05-01', 20, 1, 'small', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [id],
    );
    await house.rows(
      `INSERT INTO enterprise_bank_account (id, enterprise_id, account_number, bank_name, holder_name, declared_by, declared_at, ownership_checked_at, usable_from)
       VALUES (?, ?, 'SA0380000000608010167519', 'bank', 'holder', 'cast', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(newRowId()), id],
    );
  }
  for (const { maker } of [bank, rival])
    await house.rows(
      `INSERT INTO financier_profile (id, kind, licence_number, regulator, about, website, status, version, created_at, updated_at)
       VALUES (?, 'bank', 'L', 'SAMA', '', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(maker.organisationId as string)],
    );
}

/** A request of the first enterprise that a reviewer opened and the first bank alone was invited to. */
async function openRequest(house: EdgeHouse, { sme, bank, operator }: Cast): Promise<string> {
  const body = {
    productKind: 'term_loan',
    amount: { amount: '500000.00', currency: 'SAR' },
    tenorMonths: 24,
    purpose: 'A second production line for glass.',
    anonymousText: 'A maker of building materials adds a line.',
    mode: 'ranked',
    collateral: [],
  };
  const requestId = idOf(await house.done(sme.signatory, 'POST', '/v1/requests', { body }));
  for (const kind of ['financial_statements', 'bank_statements', 'business_plan'])
    await house.rows(
      "INSERT INTO request_document (id, request_id, kind, file_name, media_type, size_bytes, checksum, added_by, added_at) VALUES (?, ?, ?, 'a.pdf', 'application/pdf', 1, ?, 'cast', UTC_TIMESTAMP(6))",
      [idBytes(newRowId()), idBytes(requestId), kind, Buffer.alloc(32)],
    );
  await house.done(sme.signatory, 'POST', `/v1/requests/${requestId}/submit`);
  const reviewer = idBytes(operator.reviewer.personId as string);
  await house.rows('UPDATE review_case SET assignee_id = ? WHERE subject_id = ?', [reviewer, idBytes(requestId)]);
  await house.done(operator.reviewer, 'POST', `/v1/review/requests/${requestId}/open`);
  const mandateId = idBytes(newRowId());
  const financierId = idBytes(bank.maker.organisationId as string);
  await house.rows(
    `INSERT INTO mandate (id, financier_id, reference, name, status, product_kinds, currency, amount_min, amount_max, tenor_min, tenor_max, sectors, regions, size_classes, age_bands,
       collateral, offers_shariah, shariah_only, women_led_only, rural_only, valid_from, limits_approved, version, created_at, updated_at)
     VALUES (?, ?, 'wide', 'wide', 'live', '[]', 'SAR', 100000, 100000000000, 1, 120, '[]', '[]', '[]', '[]', '[]', 1, 0, 0, 0, '2026-01-01', 1, 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [mandateId, financierId],
  );
  await house.rows(
    `INSERT INTO request_match (request_id, financier_id, mandate_id, state, score, score_parts, matched_at, invited_at, answer_due)
     VALUES (?, ?, ?, 'invited', 80, '{}', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL 5 DAY)`,
    [idBytes(requestId), financierId, mandateId],
  );
  return requestId;
}

export const plainTerms = {
  contract: 'conventional',
  price: { kind: 'fixed', annualRate: '9' },
  interest: 'declining',
  amortization: 'equal_instalments',
  everyMonths: 1,
  graceInstalments: 0,
  fees: [],
  collateral: [],
  conditions: [],
  customerChecks: ['commercial registration'],
  recourse: true,
  earlySettlementPercent: '0',
  lateChargePercent: '0',
};

async function bids(house: EdgeHouse, { sme, bank }: Cast, requestId: string): Promise<Records> {
  const market = `/v1/market/requests/${requestId}`;
  const question = await house.done(bank.maker, 'POST', `${market}/questions`, {
    body: { text: 'How old is the plant?' },
  });
  await house.done(sme.signatory, 'POST', `/v1/requests/${requestId}/disclosures`, {
    body: { financierId: bank.maker.organisationId },
  });
  const offer = await house.done(bank.maker, 'POST', `${market}/offers`, {
    body: {
      binding: true,
      amount: { amount: '300000.00', currency: 'SAR' },
      tenorMonths: 24,
      expiresAt: new Date(Date.now() + 90 * 86_400_000).toISOString(),
      terms: plainTerms,
    },
  });
  const offerId = String(offer['id'] ?? offer['offerId']);
  await house.rows('UPDATE funding_request SET closes_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND WHERE id = ?', [
    idBytes(requestId),
  ]);
  await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6) WHERE person_id = ?', [
    idBytes(sme.signatory.personId as string),
  ]);
  const accepted = await house.done(sme.signatory, 'POST', `/v1/offers/${offerId}/accept`, { body: { enough: true } });
  return { questionId: idOf(question), offerId, awardId: String(accepted['awardId'] ?? accepted['id']) };
}

/** One transfer to an account of the enterprise. */
async function ledgerOf(house: EdgeHouse, person: Party, payerId: string): Promise<Records> {
  const posted = await house.run((tx) =>
    house.get(Ledger).post(tx, {
      reference: 'edge:1',
      description: 'a deposit',
      subject: { type: 'test', id: newRowId() },
      postings: [
        {
          debit: organisationAccount(payerId, 'settlement_bank'),
          credit: organisationAccount(person.organisationId as string, 'settlement_payable'),
          amount: 125_000n,
          currency: 'SAR',
        },
      ],
    }),
  );
  const [account] = (await house.done(person, 'GET', '/v1/own-ledger-accounts')).items ?? [];
  return { transferId: posted.transferId, accountId: String(account?.['id']) };
}

/** The award as if its contract were a murabaha, with a document of its purchase. */
async function evidenceOf(
  house: EdgeHouse,
  awardId: string | undefined,
  requestId: string,
  enterprise: Party,
  financier: Party,
): Promise<string> {
  const [saleId, evidenceId] = [newRowId(), newRowId()];
  await house.rows(
    "INSERT INTO murabaha_sale (id, award_id, request_id, enterprise_id, financier_id, state, currency, late_charge_percent) VALUES (?, ?, ?, ?, ?, 'promised', 'SAR', '0')",
    [saleId, String(awardId), requestId, String(enterprise.organisationId), String(financier.organisationId)].map(
      idBytes,
    ),
  );
  await house.rows(
    "INSERT INTO murabaha_evidence (id, sale_id, kind, name, media_type, size_bytes, checksum, added_by, added_at) VALUES (?, ?, 'purchase', 'a.pdf', 'application/pdf', 1, ?, 'cast', UTC_TIMESTAMP(6))",
    [idBytes(evidenceId), idBytes(saleId), '0'.repeat(64)],
  );
  return evidenceId;
}

/** Records that arise from what happens outside of a request of the caller's. */
async function rowsOf(
  house: EdgeHouse,
  person: Party,
  endpointId: string,
  financierId: string,
  mandateId: string,
): Promise<Records> {
  const [passkeyId, noticeId, deliveryId, documentId, ruleId] = Array.from({ length: 5 }, newRowId) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const personId = idBytes(person.personId as string);
  await house.rows(
    "INSERT INTO passkey (id, person_id, credential_hash, credential_id, public_key, counter, transports, name, created_at) VALUES (?, ?, ?, 'x', 'x', 0, '[]', 'phone', UTC_TIMESTAMP(6))",
    [idBytes(passkeyId), personId, Buffer.alloc(32)],
  );
  await house.rows(
    "INSERT INTO notice (id, person_id, topic, template, language, title, body, created_at) VALUES (?, ?, 'organisation', 'approval_waits', 'en', 't', 'b', UTC_TIMESTAMP(6))",
    [idBytes(noticeId), personId],
  );
  await house.rows(
    "INSERT INTO webhook_delivery (id, endpoint_id, event_id, event_name, body, state, due_at, created_at) VALUES (?, ?, ?, 'a.b', '{}', 'failed', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))",
    [idBytes(deliveryId), idBytes(endpointId), idBytes(newRowId())],
  );
  await house.rows(
    "INSERT INTO enterprise_document (id, enterprise_id, kind, name, media_type, size_bytes, checksum, receipt, uploaded_by, uploaded_at) VALUES (?, ?, 'bank_statements', 'a.pdf', 'application/pdf', 1, ?, 'R-1', 'cast', UTC_TIMESTAMP(6))",
    [idBytes(documentId), idBytes(person.organisationId as string), '0'.repeat(64)],
  );
  await house.rows(
    `INSERT INTO auto_bid_rule (id, financier_id, mandate_id, name, pricing, annual_rate, fee_percent, fee_fixed_minor, tenor_max, grace_months, share_percent, validity_days, status, proposed_by, version, created_at, updated_at)
     VALUES (?, ?, ?, 'rule', 'fixed', 9, 0, 0, 24, 0, 100, 30, 'proposed', 'cast', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(ruleId), idBytes(financierId), idBytes(mandateId)],
  );
  return { passkeyId, noticeId, deliveryId, documentId, ruleId };
}
