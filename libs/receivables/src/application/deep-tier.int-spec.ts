import { idBytes } from '#platform';
import { print, SettlementHouse } from '../testing/settlement-house.js';
import { sar, type TestParty } from '../testing/receivable-house.js';
import { CertificateReader } from './certificate.reader.js';
import { DecideTransfers } from './decide-transfers.js';
import { PassCertificate } from './pass-certificate.js';

let house: SettlementHouse;
let anchor: TestParty;
let seller: TestParty;
beforeAll(async () => {
  house = await SettlementHouse.open();
  anchor = await house.anchor();
  seller = await house.supplier();
});
afterAll(() => house.close());
afterEach(async () => {
  await house.assertSound();
});

const decide = (
  who: TestParty,
  ids: readonly string[],
  action: 'approve' | 'accept' | 'refuse' | 'withdraw',
  person: 'checker' | 'administrator' = 'checker',
) => house.get(DecideTransfers).execute(who[person], ids, action);
const partsOf = (receivableId: string) =>
  house.rows<{ amount_minor: string; status: string; tier: number }>(
    'SELECT amount_minor, status, tier FROM certificate WHERE receivable_id = ? ORDER BY tier, id',
    [idBytes(receivableId)],
  );
const sumOf = async (receivableId: string) =>
  (await partsOf(receivableId)).reduce((sum, { amount_minor }) => sum + BigInt(amount_minor), 0n);

describe('a part of a certificate', () => {
  it('is on hold until the receiver has accepted, and then a certificate of its own', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const next = await house.supplier();
    const transferId = await house.pass(seller, certificateId, next, '400.00');
    const reader = house.get(CertificateReader);
    expect(await reader.certificate(seller.id, certificateId)).toMatchObject({
      amount: sar('1000.00'),
      free: sar('600.00'),
    });
    expect(await house.balance(next.id, 'receivable_held')).toBe(0n);
    await decide(next, [transferId], 'accept');
    expect(await reader.certificate(seller.id, certificateId)).toMatchObject({
      amount: sar('600.00'),
      free: sar('600.00'),
    });
    const view = await reader.certificate(next.id, transferId);
    expect(view).toMatchObject({ amount: sar('400.00'), anchor: { id: anchor.id }, status: 'held' });
    // Nothing of where it came from: no seller, parent, tier, invoice or price.
    expect(Object.keys(view).sort()).toEqual(['amount', 'anchor', 'dueOn', 'free', 'id', 'paid', 'status', 'version']);
    await expect(reader.certificate(next.id, certificateId)).rejects.toMatchObject({ code: 'record_unknown' });
    expect(await house.balance(next.id, 'receivable_held')).toBe(40_000n);
    expect(await sumOf(receivableId)).toBe(100_000n);
  });

  it.each([
    ['refused', 'refuse'],
    ['withdrawn', 'withdraw'],
  ] as const)('comes back when it is %s', async (_word, action) => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const next = await house.supplier();
    const transferId = await house.pass(seller, certificateId, next, '400.00');
    await decide(action === 'refuse' ? next : seller, [transferId], action);
    expect(await house.one('certificate', certificateId)).toMatchObject({ on_hold_minor: '0', amount_minor: '100000' });
    await expect(decide(next, [transferId], 'accept')).rejects.toMatchObject({ code: 'transition_not_allowed' });
  });

  it('comes back when nobody has decided in time', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const next = await house.supplier();
    const transferId = await house.pass(seller, certificateId, next, '1000.00');
    await house.base.fireTimersIn(20);
    expect(await house.one('certificate_transfer', transferId)).toMatchObject({ state: 'expired' });
    expect(await house.one('certificate', certificateId)).toMatchObject({ on_hold_minor: '0', status: 'held' });
  });

  it('needs a second signatory where there are two, and it is not the first', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const next = await house.supplier();
    const { transfers, state } = await house
      .get(PassCertificate)
      .execute(seller.checker, certificateId, [
        { registrationNumber: next.registrationNumber, amount: sar('10.00'), note: '' },
      ]);
    const ids = transfers.map(({ transferId }) => transferId);
    expect(state).toBe('proposed');
    await expect(decide(next, ids, 'accept')).rejects.toMatchObject({ code: 'record_unknown' });
    await expect(decide(seller, ids, 'approve')).rejects.toMatchObject({ code: 'maker_and_second_signatory_same' });
    expect(await decide(seller, ids, 'approve', 'administrator')).toMatchObject({ state: 'offered' });
    await decide(next, ids, 'accept');
  });

  it('is never more than what is free, nor for the anchor, the holder itself, or a stranger', async () => {
    const { certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const next = await house.supplier();
    await house.pass(seller, certificateId, next, '700.00');
    const pass = (registrationNumber: string, amount: string) =>
      house
        .get(PassCertificate)
        .execute(seller.checker, certificateId, [{ registrationNumber, amount: sar(amount), note: '' }]);
    await expect(pass(next.registrationNumber, '300.01')).rejects.toMatchObject({
      code: 'certificate_amount_too_large',
      details: { data: { free: sar('300.00') } },
    });
    for (const number of [anchor.registrationNumber, seller.registrationNumber, '0000000000'])
      await expect(pass(number, '1.00')).rejects.toMatchObject({ code: 'transfer_receiver_unsuitable' });
    await expect(pass(next.registrationNumber, '0.00')).rejects.toMatchObject({
      code: 'settlement_amounts_incoherent',
    });
    await expect(house.get(PassCertificate).execute(next.checker, certificateId, [])).rejects.toMatchObject({
      code: 'record_unknown',
    });
  });
});

describe('a hundred at once', () => {
  it('split one certificate, accept, refuse, take back and decide twice: nothing is created, nothing lost', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '1000.00');
    const receivers = [await house.supplier(), await house.supplier(), await house.supplier()];
    const pass = house.get(PassCertificate);
    const splits = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        pass.execute(seller.checker, certificateId, [
          {
            registrationNumber: (receivers[index % 3] as TestParty).registrationNumber,
            amount: sar('15.00'),
            note: '',
          },
        ]),
      ),
    );
    const made = splits.flatMap((each) =>
      each.status === 'fulfilled' ? each.value.transfers.map(({ transferId }) => transferId) : [],
    );
    // 66 parts of 15 fit into 1,000; the rest are told so, or that too many came at once.
    for (const each of splits)
      if (each.status === 'rejected')
        expect(['certificate_amount_too_large', 'database_busy']).toContain((each.reason as { code: string }).code);
    expect(made.length).toBeLessThanOrEqual(66);
    expect(made.length).toBeGreaterThan(10);
    for (const id of made) await decide(seller, [id], 'approve', 'administrator');
    const toOf = new Map(
      (
        await house.rows<{ id: Buffer; to_id: Buffer }>(
          'SELECT id, to_id FROM certificate_transfer WHERE certificate_id = ?',
          [idBytes(certificateId)],
        )
      ).map((row) => [row.id.toString('hex'), row.to_id.toString('hex')]),
    );
    const receiverOf = (id: string) =>
      receivers.find((each) => idBytes(each.id).toString('hex') === toOf.get(idBytes(id).toString('hex'))) as TestParty;
    const decisions = made.flatMap((id, index) => [
      decide(receiverOf(id), [id], index % 3 === 0 ? 'refuse' : 'accept'),
      decide(receiverOf(id), [id], 'accept'),
      decide(seller, [id], 'withdraw'),
    ]);
    const outcomes = await Promise.allSettled(decisions);
    for (const each of outcomes)
      if (each.status === 'rejected')
        expect(['transition_not_allowed', 'database_busy']).toContain((each.reason as { code: string }).code);
    expect(await sumOf(receivableId)).toBe(100_000n);
    const held = await Promise.all(
      [seller, ...receivers].map(({ id }) =>
        house.rows<{ face: string }>(
          "SELECT COALESCE(SUM(amount_minor), 0) AS face FROM certificate WHERE receivable_id = ? AND holder_organisation_id = ? AND status = 'held'",
          [idBytes(receivableId), idBytes(id)],
        ),
      ),
    );
    expect(held.reduce((sum, [row]) => sum + BigInt(row?.face ?? 0), 0n)).toBe(100_000n);
    await house.assertSound();
  });
});

/** As many certificates on one payable as the run is asked for. */
const many = Number(process.env['SANAD_CERTIFICATES'] ?? 1_000);

describe('ten tiers', () => {
  it('pass a payable on, and whoever holds a part on the day is paid; a thousand parts a call', async () => {
    const { receivableId, certificateId } = await house.confirmed(seller, anchor, '100000.00');
    let holder: TestParty = seller;
    let holding = certificateId;
    const tiers: TestParty[] = [];
    for (let tier = 2; tier <= 10; tier++) {
      const next = await house.supplier();
      tiers.push(next);
      holding = await house.handOver(holder, holding, next, `${100_000 - (tier - 1) * 1_000}.00`);
      holder = next;
    }
    expect((await partsOf(receivableId)).at(-1)).toMatchObject({ tier: 10, amount_minor: '9100000' });
    const last = await house.supplier();
    const started = Date.now();
    for (let call = 0; call < many / 1000; call++) {
      const amount = sar(print(9_100_000n / BigInt(many)));
      const parts = Array.from({ length: 1000 }, () => ({
        registrationNumber: last.registrationNumber,
        amount,
        note: '',
      }));
      const { transfers } = await house.get(PassCertificate).execute(holder.checker, holding, parts);
      const ids = transfers.map(({ transferId }) => transferId);
      await decide(holder, ids, 'approve', 'administrator');
      await decide(last, ids, 'accept');
    }
    process.stdout.write(`${many} certificates passed on and accepted in ${Date.now() - started} ms\n`);
    expect(await house.balance(last.id, 'receivable_held')).toBe(9_100_000n);
    expect(await house.one('certificate', holding)).toMatchObject({ status: 'passed_on', amount_minor: '0' });
    const paidAt = Date.now();
    await house.credit('100000.00', await house.referenceOf('maturity', receivableId));
    process.stdout.write(`and settled in ${Date.now() - paidAt} ms\n`);
    expect(await house.base.stateOf(receivableId)).toBe('settled');
    const paid = await house.payOut();
    expect([...paid.values()].reduce((sum, each) => sum + each, 0n)).toBe(10_000_000n);
    expect(paid.get((last as TestParty & { iban: string }).iban)).toBe(9_100_000n);
    expect(await house.operatorBalance('settlement_bank')).toBe(0n);
  }, 300_000);
});
