// size: one table of every pair of routes at which two people must act, and what each pair needs to begin.
import { idBytes } from '#platform';
import { newRowId, organisation } from './house/cast.js';
import { EdgeHouse, type Party } from './house/edge-house.js';

/** Everybody holds both roles here: what keeps one person from deciding alone is never that a role is missing. */
interface Stage {
  readonly house: EdgeHouse;
  readonly anchor: readonly [Party, Party];
  readonly anchorMaker: Party;
  readonly seller: readonly [Party, Party];
  readonly desk: readonly [Party, Party];
  readonly next: Party;
}

interface Pair {
  readonly name: string;
  /** As the document names the route at which the second person decides. */
  readonly address: string;
  readonly method?: 'PUT';
  /** Who acts here: the first has proposed, the second may decide. */
  readonly who: 'anchor' | 'seller' | 'desk';
  /** The first person proposes; answers what stands in the address, and what is sent. */
  propose(stage: Stage, first: Party, second: Party): Promise<{ readonly id: string; readonly body?: object }>;
  readonly code: string;
}

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const sar = (amount: string) => ({ amount, currency: 'SAR' });

async function receivable({ house, anchor, seller }: Stage, kind = 'invoice'): Promise<string> {
  const { id } = await house.done(seller[0], 'POST', '/v1/receivables', {
    body: {
      kind,
      otherPartyId: anchor[0].organisationId,
      number: `N-${newRowId().slice(0, 8)}`,
      issuedOn: day(-3),
      dueOn: day(60),
      amount: sar('1000.00'),
      submit: true,
    },
  });
  return String(id);
}

async function undertaking({ house, anchor }: Stage) {
  const { version } = await house.done(anchor[0], 'GET', '/v1/undertaking');
  return { version, language: 'en' };
}

async function proposal(stage: Stage, by: Party, receivableId: string, action: string, more: object = {}) {
  const agreed = action === 'confirm' || action === 'accept_delivery' ? { undertaking: await undertaking(stage) } : {};
  const body = { action, receivableIds: [receivableId], ...agreed, ...more };
  const { id } = await stage.house.done(by, 'POST', '/v1/receivable-proposals', { body });
  return { id: String(id), body: agreed };
}

/** Confirmed by two people of the anchor: the seller's certificate. */
async function confirmed(stage: Stage, kind?: string): Promise<{ receivableId: string; certificateId: string }> {
  const [maker, checker] = stage.anchor;
  const receivableId = await receivable(stage, kind);
  const { id, body } = await proposal(stage, maker, receivableId, 'confirm');
  await stage.house.done(checker, 'POST', `/v1/receivable-proposals/${id}/approve`, { body });
  const [row] = await stage.house.rows<{ id: string }>(
    "SELECT LOWER(CONCAT_WS('-', SUBSTR(HEX(id),1,8), SUBSTR(HEX(id),9,4), SUBSTR(HEX(id),13,4), SUBSTR(HEX(id),17,4), SUBSTR(HEX(id),21))) AS id FROM certificate WHERE receivable_id = ?",
    [idBytes(receivableId)],
  );
  return { receivableId, certificateId: row?.id ?? '' };
}

async function programme({ house }: Stage, by: Party): Promise<string> {
  const { id } = await house.done(by, 'POST', '/v1/discount-programmes', {
    body: {
      name: 'Early',
      curve: [{ daysFrom: 10, annualRate: '6' }],
      floorRate: '3',
      dailyBudget: sar('1000.00'),
      validFrom: '2020-01-01',
      validTo: null,
    },
  });
  return String(id);
}

async function liveProgramme(stage: Stage, first: Party, second: Party): Promise<string> {
  const id = await programme(stage, first);
  await stage.house.done(second, 'POST', `/v1/discount-programmes/${id}/approve`);
  return id;
}

/** A movement on the worklist, of which the first person has said what it is. */
async function proposedMovement({ house }: Stage, by: Party): Promise<string> {
  const id = newRowId();
  await house.rows(
    `INSERT INTO statement_entry (id, statement_id, account, entry_ref, direction, reversal, amount_minor, currency, booked_on, texts, state, version, created_at)
     VALUES (?, ?, 'SA4420000001234567891234', ?, 'debit', 0, 300, 'SAR', ?, '[]', 'unclear', 1, UTC_TIMESTAMP(6))`,
    [idBytes(id), idBytes(newRowId()), id.slice(0, 30), day(0)],
  );
  await house.done(by, 'POST', `/v1/settlement-desk/entries/${id}/proposal`, {
    body: { kind: 'own', id: null, note: 'a fee of the bank' },
  });
  return id;
}

const proposals = '/v1/receivable-proposals/{proposalId}';
const programmes = '/v1/discount-programmes/{programmeId}';
const ofInstitutions = 'maker_and_checker_same';
const ofSettlement = 'settlement_maker_and_checker_same';

const pairs: readonly Pair[] = [
  ...(['confirm', 'dispute', 'reject', 'reduce'] as const).map((action): Pair => ({
    name: `${action}: approve`,
    address: `${proposals}/approve`,
    who: 'anchor',
    propose: async (stage, first) => {
      const more = action === 'reduce' ? { netAmount: sar('900.00') } : {};
      const reason = action === 'confirm' ? {} : { reason: 'the goods were not delivered' };
      return proposal(stage, first, await receivable(stage), action, { ...more, ...reason });
    },
    code: ofInstitutions,
  })),
  {
    name: 'acceptance of a delivery: approve',
    address: `${proposals}/approve`,
    who: 'anchor',
    propose: async (stage, first) => {
      const { receivableId } = await confirmed(stage, 'purchase_order');
      await stage.house.done(stage.seller[0], 'POST', `/v1/receivables/${receivableId}/delivery`, {
        body: { invoiceNumber: `D-${receivableId.slice(-8)}`, issuedOn: day(-1), deliveredOn: day(-1) },
      });
      return proposal(stage, first, receivableId, 'accept_delivery');
    },
    code: ofInstitutions,
  },
  {
    name: 'own upload, proposed by a colleague: approve',
    address: `${proposals}/approve`,
    who: 'anchor',
    propose: async (stage, first) => {
      await stage.house.call(stage.anchorMaker, 'POST', '/v1/anchor/suppliers', {
        body: { organisationId: stage.seller[0].organisationId },
      });
      const { id } = await stage.house.done(first, 'POST', '/v1/receivables', {
        body: {
          kind: 'invoice',
          side: 'anchor',
          otherPartyId: stage.seller[0].organisationId,
          number: `U-${newRowId().slice(0, 8)}`,
          issuedOn: day(-3),
          dueOn: day(60),
          amount: sar('1000.00'),
          submit: true,
        },
      });
      return proposal(stage, stage.anchorMaker, String(id), 'confirm');
    },
    code: 'uploader_and_checker_same',
  },
  {
    name: 'confirm: reject',
    address: `${proposals}/reject`,
    who: 'anchor',
    propose: async (stage, first) => ({
      ...(await proposal(stage, first, await receivable(stage), 'confirm')),
      body: { reason: 'not yet' },
    }),
    code: ofInstitutions,
  },
  ...(['approve', 'reject'] as const).map((action): Pair => ({
    name: `programme of early payment: ${action}`,
    address: `${programmes}/${action}`,
    who: 'anchor',
    propose: async (stage, first) => ({ id: await programme(stage, first) }),
    code: ofSettlement,
  })),
  {
    name: 'programme of early payment: resume',
    address: `${programmes}/resume`,
    who: 'anchor',
    propose: async (stage, first, second) => {
      const id = await liveProgramme(stage, first, second);
      await stage.house.done(first, 'POST', `/v1/discount-programmes/${id}/pause`);
      return { id };
    },
    code: ofSettlement,
  },
  {
    name: 'programme of early payment: budget of a day',
    address: `${programmes}/budget`,
    method: 'PUT',
    who: 'anchor',
    propose: async (stage, first, second) => ({
      id: await liveProgramme(stage, first, second),
      body: { payOn: day(20), budget: sar('5000.00') },
    }),
    code: ofSettlement,
  },
  {
    name: 'passing a certificate on: approve',
    address: '/v1/certificate-transfers/decisions',
    who: 'seller',
    propose: async (stage, first) => {
      const { certificateId } = await confirmed(stage);
      const [next] = await stage.house.rows<{ registration_number: string }>(
        'SELECT registration_number FROM organisation WHERE id = ?',
        [idBytes(stage.next.organisationId as string)],
      );
      const made = await stage.house.done(first, 'POST', `/v1/certificates/${certificateId}/transfers`, {
        body: {
          parts: [{ registrationNumber: next?.registration_number, amount: sar('10.00'), note: 'for goods' }],
        },
      });
      const [{ transferId } = { transferId: '' }] = made['transfers'] as { transferId: string }[];
      return { id: '', body: { transferIds: [transferId], action: 'approve' } };
    },
    code: 'maker_and_second_signatory_same',
  },
  ...([true, false] as const).map((approved): Pair => ({
    name: `what a movement is: ${approved ? 'yes' : 'no'}`,
    address: '/v1/settlement-desk/entries/{entryId}/decision',
    who: 'desk',
    propose: async (stage, first) => ({ id: await proposedMovement(stage, first), body: { approved } }),
    code: ofSettlement,
  })),
];

describe('maker and checker are two people', () => {
  let stage: Stage;
  beforeAll(async () => {
    const house = await EdgeHouse.open();
    const anchor = await organisation(house, 'Both Hands', 'anchor', ['maker+checker', 'checker+maker', 'maker']);
    const seller = await organisation(house, 'Seller Works', 'enterprise', ['signatory', 'signatory+preparer']);
    const next = await organisation(house, 'Next Works', 'enterprise', ['signatory']);
    const desk = await organisation(house, 'Desk', 'operator', ['registry_officer', 'registry_officer+reviewer']);
    await house.rows(
      `INSERT INTO anchor_profile (id, kind, visibility, tax_id, about, website, status, version, created_at, updated_at)
       VALUES (?, 'company', 'public', 'T-1', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(anchor['maker+checker'].organisationId as string)],
    );
    await house.rows(
      "UPDATE enterprise_profile SET status = 'verified' WHERE id IN (SELECT id FROM organisation WHERE verified = 1)",
    );
    await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6)');
    stage = {
      house,
      anchor: [anchor['maker+checker'], anchor['checker+maker']],
      anchorMaker: anchor.maker,
      seller: [seller.signatory, seller['signatory+preparer']],
      desk: [desk.registry_officer, desk['registry_officer+reviewer']],
      next: next.signatory,
    };
  }, 120_000);
  afterAll(() => stage.house.close());

  it.each(pairs)('$name', async ({ address, method = 'POST', who, propose, code }) => {
    const [first, second] = stage[who];
    const { id, body } = await propose(stage, first, second);
    const url = address.replace(/\{\w+\}/, id);
    const decide = (by: Party) => stage.house.call(by, method, url, body === undefined ? {} : { body });
    const before = await stage.house.fingerprint();
    const alone = await decide(first);
    expect([alone.status, alone.json['code']]).toEqual([403, code]);
    expect(await stage.house.fingerprint()).toEqual(before);
    // The same by another person of the same roles is done: nothing else was in the way.
    const { status, text } = await decide(second);
    expect([status < 300, text]).toEqual([true, text]);
  });

  it('at every route of receivables at which somebody decides', () => {
    const deciding = stage.house.document.operations.filter(
      ({ permission, address }) =>
        permission === 'receivable.approve' ||
        permission === 'discount.approve' ||
        address === '/v1/certificate-transfers/decisions' ||
        address === '/v1/settlement-desk/entries/{entryId}/decision',
    );
    expect(deciding.map(({ address }) => address).sort()).toEqual(
      [...new Set(pairs.map(({ address }) => address))].sort(),
    );
  });
});
