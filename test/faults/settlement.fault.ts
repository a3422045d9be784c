import { randomUUID } from 'node:crypto';
import { InvitePerson, RegisterOrganisation } from '#identity';
import { idBytes, idText, systemContext } from '#platform';
import { type Firm, makeFirm } from './house/parties.js';
import { password, type Person } from './house/person.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(240_000);

const sar = (amount: string) => ({ amount, currency: 'SAR' });
const parts = 40;

let market: RunningMarket;
let seller: Firm;
let next: Firm;
let officer: Person;
let certificateId: string;
let reference: string;

beforeAll(async () => {
  market = await RunningMarket.open();
  [seller, next] = [await makeFirm(market), await makeFirm(market)];
  officer = await market.officer();
  ({ certificateId, reference } = await confirmedReceivable());
});
afterAll(() => market.close());

const newcomer = (email: string, role: string) => ({ email, name: role, password, locale: 'en', roles: [role] });

/** A colleague is taken in by its own organisation's administrator; here in the test's own process. */
async function invite(organisationId: string, organisationKind: string, email: string, role: string): Promise<Person> {
  const context = systemContext('test');
  const within = { ...context, actor: { ...context.actor, organisationId, organisationKind } };
  await new InvitePerson(market.unitOfWork()).execute(within, newcomer(email, role));
  return market.person(email);
}

/** 1,000 riyals that an anchor's maker and checker have undertaken to pay. */
async function confirmedReceivable() {
  const { organisationId } = await new RegisterOrganisation(market.unitOfWork()).execute(
    systemContext('test'),
    {
      kind: 'anchor',
      name: 'Anchor',
      localName: 'Anchor',
      country: 'SA',
      registrationNumber: '7009999999',
      contactEmail: 'a@anchor.example',
    },
    newcomer('admin@anchor.example', 'administrator'),
  );
  await market.rows('UPDATE organisation SET verified = 1 WHERE id = ?', [idBytes(organisationId)]);
  await market.rows(
    `INSERT INTO anchor_profile (id, kind, visibility, about, website, status, version, created_at, updated_at)
     VALUES (?, 'company', 'public', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
    [idBytes(organisationId)],
  );
  const maker = await invite(organisationId, 'anchor', 'maker@anchor.example', 'maker');
  const checker = await invite(organisationId, 'anchor', 'checker@anchor.example', 'checker');
  await market.rows('UPDATE membership SET approval_limit_minor = 100000000 WHERE organisation_id = ?', [
    idBytes(organisationId),
  ]);
  const day = (days: number) => market.instant(days).slice(0, 10);
  const { id } = await seller.owner.post('/v1/receivables', {
    kind: 'invoice',
    otherPartyId: organisationId,
    number: 'INV-1',
    issuedOn: day(-3),
    dueOn: day(60),
    amount: sar('1000.00'),
    submit: true,
  });
  const { version } = await maker.get('/v1/undertaking');
  const undertaking = { version, language: 'en' };
  const proposal = await maker.post('/v1/receivable-proposals', {
    action: 'confirm',
    receivableIds: [id],
    undertaking,
  });
  await checker.stepUp();
  await checker.post(`/v1/receivable-proposals/${proposal.id}/approve`, { undertaking });
  const [row] = await until('the confirmation', async () => {
    const found = await market.rows<{ id: Buffer; reference: string }>(
      'SELECT c.id, o.reference FROM certificate c JOIN settlement_obligation o ON o.subject_id = c.receivable_id',
    );
    return found.length > 0 && found;
  });
  return { certificateId: idText((row as { id: Buffer }).id), reference: String(row?.reference) };
}

/** Kills and starts the api and the worker in turn until `work` is over. */
async function whileDying(work: Promise<unknown>): Promise<number> {
  let over = false;
  const ended = work.finally(() => (over = true));
  let kills = 0;
  while (!over && kills < 40) {
    const worker = kills++ % 2 === 1;
    await (worker ? market.workers[0] : market.apis[0])?.kill();
    await (worker ? market.startWorker() : market.startApi());
  }
  await ended;
  return kills;
}

function statement(amount: string): Buffer {
  const bal = (code: string, value: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">${value}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`;
  const entry = `<Ntry><Amt Ccy="SAR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  return Buffer.from(
    `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>SA4420000001234567891234</IBAN></Id></Acct>${bal('OPBD', '0.00')}${bal('CLBD', amount)}${entry}</Stmt></BkToCstmrStmt></Document>`,
  );
}

const expectProof = async (name: 'ledger' | 'receivables') => {
  const { code, output } = await market.proof(name);
  expect([name, code, output]).toEqual([name, 0, expect.stringContaining('"ok":true')]);
};

describe('api and worker killed with -9', () => {
  it('pass on and accept parts of a certificate: nothing is created, nothing lost', async () => {
    await seller.owner.stepUp();
    await next.owner.stepUp();
    const [row] = await market.rows<{ n: string }>('SELECT registration_number AS n FROM organisation WHERE id = ?', [
      idBytes(next.id),
    ]);
    const path = `/v1/certificates/${certificateId}/transfers`;
    const one = async () => {
      const body = { parts: [{ registrationNumber: row?.n, amount: sar('20.00'), note: 'goods' }] };
      const passed = await seller.owner.insist('POST', path, body, { key: randomUUID() });
      const [transfer] = (passed.body as unknown as { transfers: { transferId: string }[] }).transfers;
      const decision = { transferIds: [transfer?.transferId], action: 'accept' };
      const accepted = await next.owner.insist('POST', '/v1/certificate-transfers/decisions', decision, {
        key: randomUUID(),
      });
      return [passed.status, accepted.status];
    };
    const answers: Promise<number[]>[] = Array.from({ length: parts }, one);
    const kills = await whileDying(Promise.all(answers));
    expect(kills).toBeGreaterThan(0);
    expect(await Promise.all(answers)).toEqual(Array.from({ length: parts }, () => [201, 200]));
    const held = await market.rows<{ n: string; face: string }>(
      "SELECT COUNT(*) AS n, SUM(amount_minor) AS face FROM certificate WHERE holder_organisation_id = ? AND status = 'held'",
      [idBytes(next.id)],
    );
    expect(held).toEqual([{ n: String(parts), face: String(parts * 2_000) }]);
    await expectProof('receivables');
    await expectProof('ledger');
  });

  it('book a bank statement once and pay every holder, whoever dies between', async () => {
    const content = statement('1000.00');
    const send = () =>
      officer
        .send('POST', '/v1/settlement-desk/statements', content, { contentType: 'application/xml' })
        .catch(() => undefined);
    let over = false;
    const sending = (async () => {
      const answered = await until(
        'an answer',
        async () => {
          const answer = await send();
          return answer?.status === 200 && answer;
        },
        60,
      );
      over = true;
      return answered;
    })();
    const kills = await whileDying(sending);
    expect(over && kills > 0).toBe(true);
    await until('every movement matched', async () => {
      const [row] = await market.rows<{ n: string }>(
        "SELECT COUNT(*) AS n FROM statement_entry WHERE state = 'matched'",
      );
      return row?.n === '1';
    });
    await market.settle();
    expect(await market.rows('SELECT state FROM receivable')).toEqual([{ state: 'settled' }]);
    const [paid] = await market.rows<{ total: string; payees: string }>(
      'SELECT SUM(amount_minor) AS total, COUNT(*) AS payees FROM settlement_payout',
    );
    expect(paid).toEqual({ total: '100000', payees: '2' });
    await expectProof('receivables');
    await expectProof('ledger');
  });
});
