import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fees } from '#guarantee';
import { AuditSealer, idBytes, UnitOfWork } from '#platform';
import { contextOf } from '#platform/testing';
import { type Cast, castOf } from './house/cast.js';
import { EdgeHouse, headersOf, visitor } from './house/edge-house.js';
import { type Records, recordsOf } from './house/records.js';

const run = promisify(execFile);
const pdfToText = ['/usr/bin/pdftotext', '/usr/local/bin/pdftotext', '/opt/homebrew/bin/pdftotext'].find(existsSync);

describe('the routes of guarantees', () => {
  let house: EdgeHouse;
  let cast: Cast;
  let records: Records;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guarantee-routes-'));
    house = await EdgeHouse.open();
    cast = await castOf(house);
    records = await recordsOf(house, cast);
    await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6)');
  }, 60_000);
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true });
  });

  it('a conflict is declared by those who decide: the supervisor and a lender, who read the scheme, may not', async () => {
    const body = { subjectId: records['guaranteeId'], reason: 'a shareholder' };
    const url = `/v1/guarantee-schemes/${records['schemeId']}/conflicts`;
    for (const party of [cast.supervisor.reader, cast.bank.maker])
      expect((await house.call(party, 'POST', url, { body })).status).toBe(403);
    expect(await house.rows('SELECT 1 FROM scheme_conflict')).toEqual([]);
  });

  describe('a certificate', () => {
    it('is printed for its parties with the code by which anybody may check it, and for nobody else', async () => {
      const url = `/v1/guarantees/${records['guaranteeId']}/certificate`;
      const code = records['code'] as string;
      const answer = await house.app.inject({ method: 'GET', url, headers: headersOf(cast.bank.maker, 'GET') });
      expect(answer.statusCode).toBe(200);
      const type = String(answer.headers['content-type']);
      // Without a browser the same page comes as HTML to print.
      if (type === 'application/pdf') {
        expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-');
        expect(String(answer.headers['content-disposition'])).toMatch(
          /^attachment; filename="guarantee-SECOND-.*\.pdf"$/,
        );
        if (pdfToText) {
          const path = join(folder, 'certificate.pdf');
          writeFileSync(path, answer.rawPayload);
          const { stdout } = await run(pdfToText, ['-layout', path, '-']);
          expect(stdout).toContain(code);
          expect(stdout).toContain('40000.00 SAR');
        }
      } else expect(answer.payload).toContain(code);
      const checked = await house.call(visitor, 'GET', `/v1/public/guarantee-certificates/${code}`);
      expect(checked.json).toMatchObject({
        valid: true,
        state: 'issued',
        guaranteed: { amount: '40000.00', currency: 'SAR' },
        coverPercent: '80.00',
      });
      // The borrower's name is not for whoever holds the code.
      expect(Object.keys(checked.json)).not.toContain('enterprise');
      const other = code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
      expect((await house.call(visitor, 'GET', `/v1/public/guarantee-certificates/${other}`)).status).toBe(404);
      const stranger = await house.app.inject({ method: 'GET', url, headers: headersOf(cast.anchor.maker, 'GET') });
      expect([403, 404]).toContain(stranger.statusCode);
      expect((await house.app.inject({ method: 'GET', url })).statusCode).toBe(401);
    }, 60_000);
  });

  describe('a monthly report as a table', () => {
    const send = async (content: string, type = 'text/csv') => {
      const headers = { ...headersOf(cast.bank.maker, 'PUT'), 'content-type': type };
      const payload = Buffer.from(content);
      const url = `/v1/guarantee-reports/${reported}/table`;
      const answer = await house.app.inject({ method: 'PUT', url, headers, payload });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    };
    const reported = new Date().toISOString().slice(0, 7);
    let number = '';

    beforeAll(async () => {
      const [row] = (await house.rows(
        'SELECT g.number, s.guarantor_id AS guarantor FROM guarantee g JOIN guarantee_scheme s ON s.id = g.scheme_id WHERE g.id = ?',
        [idBytes(records['guaranteeId'] as string)],
      )) as [{ number: string; guarantor: Buffer }];
      number = row.number;
      const organisationId = row.guarantor.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      const guarantor = contextOf({ organisationId, organisationKind: 'guarantor' });
      await house.get(Fees).pay(guarantor, records['feeId'] as string, '2026-01-20', 'CSV-1');
      const on = { disbursedOn: new Date().toISOString().slice(0, 10) };
      await house.done(cast.bank.maker, 'POST', `/v1/guarantees/${records['guaranteeId']}/disbursement`, { body: on });
    });

    it('takes each line, with a byte order mark and any order of columns, and tells which it refused', async () => {
      const first = await send(`number,outstanding,daysPastDue\r\n${number},42000.00,0\r\n`);
      expect(first).toMatchObject({ status: 200, body: { taken: 1, refused: 0 } });
      const again = await send(`\uFEFFdaysPastDue,number,outstanding\n3,${number},40000.50\nx`.replace(/\nx$/, '\n'));
      expect(again).toMatchObject({ status: 200, body: { taken: 1 } });
      const [row] = await house.rows<{ outstanding_minor: string; days_past_due: number; balance_minor: string }>(
        'SELECT outstanding_minor, days_past_due, balance_minor FROM guarantee WHERE number = ?',
        [number],
      );
      // 80 % of 40,000.50 is guaranteed from now on.
      expect(row).toEqual({ outstanding_minor: '4000050', days_past_due: 3, balance_minor: '3200040' });
      const mixed = await send(`number,outstanding,daysPastDue\n${number},39000.00,0\nNONE-2026-XX,1.00,0\n`);
      expect(mixed).toMatchObject({ status: 200, body: { taken: 1, refused: 1 } });
    });

    it.each([
      ['no heading', 'a,b\n1,2\n'],
      ['a missing column', 'number,outstanding\nX-1,1.00\n'],
      ['no line', 'number,outstanding,daysPastDue\n'],
      ['a negative amount', 'number,outstanding,daysPastDue\nABC-1,-1.00,0\n'],
      ['a formula', 'number,outstanding,daysPastDue\nABC-1,=1+1,0\n'],
      ['an unclosed quote', 'number,outstanding,daysPastDue\n"ABC-1,1.00,0\n'],
      ['a line too short', 'number,outstanding,daysPastDue\nABC-1,1.00\n'],
    ])('is refused with %s, and changes nothing', async (_what, content) => {
      const before = await house.rows('SELECT * FROM guarantee_report ORDER BY guarantee_id, month');
      expect(await send(content)).toMatchObject({ status: 422, body: { code: 'input_invalid' } });
      expect(await house.rows('SELECT * FROM guarantee_report ORDER BY guarantee_id, month')).toEqual(before);
    });

    it('is refused as JSON text, and at more than 5,000 lines', async () => {
      expect((await send('number,outstanding,daysPastDue\n', 'application/x-unknown')).status).toBeGreaterThanOrEqual(
        400,
      );
      const many = Array.from({ length: 5_001 }, () => 'ABC-1,1.00,0').join('\n');
      expect((await send(`number,outstanding,daysPastDue\n${many}\n`)).status).toBe(422);
    });
  });

  describe('the supervisor’s export', () => {
    const script = join(__dirname, 'house', 'prove-books.mjs');
    const prove = async (content: Buffer): Promise<{ ok: boolean; said: string }> => {
      const path = join(folder, 'books.ndjson');
      writeFileSync(path, content);
      return run(process.execPath, [script, path], { maxBuffer: 10_000_000 }).then(
        ({ stdout }) => ({ ok: true, said: stdout }),
        ({ stdout }: { stdout: string }) => ({ ok: false, said: stdout }),
      );
    };

    it('is proved by a script that has nothing of this program, to the totals of the ledger; one changed byte fails', async () => {
      await new AuditSealer(house.get(UnitOfWork)).seal();
      const headers = headersOf(cast.supervisor.reader, 'GET');
      const answer = await house.app.inject({ method: 'GET', url: '/v1/books-export', headers });
      expect(answer.statusCode).toBe(200);
      const whole = answer.rawPayload;
      const proved = await prove(whole);
      expect(proved).toMatchObject({ ok: true });
      const said = JSON.parse(proved.said) as { entries: number; transfers: number; balances: object[] };
      const [counts] = await house.rows<Record<'links' | 'transfers', string>>(
        'SELECT (SELECT COUNT(*) FROM audit_link) AS links, (SELECT COUNT(*) FROM ledger_transfer) AS transfers',
      );
      expect([String(said.entries), String(said.transfers)]).toEqual([counts?.links, counts?.transfers]);
      expect(said.transfers).toBeGreaterThan(5);
      const nets = await house.rows<{ currency: string; purpose: string; net: string }>(
        `SELECT x.currency, x.purpose, CAST(SUM(x.net) AS CHAR) AS net FROM (
           SELECT a.currency, a.purpose, p.amount AS net, p.transfer_id FROM ledger_posting p JOIN ledger_account a ON a.id = p.debit_account_id AND a.currency = p.currency
           UNION ALL SELECT a.currency, a.purpose, -p.amount, p.transfer_id FROM ledger_posting p JOIN ledger_account a ON a.id = p.credit_account_id AND a.currency = p.currency
         ) x JOIN ledger_transfer t ON t.id = x.transfer_id WHERE t.kind <> 'reserve'
         GROUP BY x.currency, x.purpose HAVING SUM(x.net) <> 0 ORDER BY x.currency, x.purpose`,
      );
      expect(nets.length).toBeGreaterThan(3);
      expect(said.balances).toEqual(nets.map((row) => ({ ...row })));
      const faults: number[] = [];
      const steps = 40;
      for (let step = 0; step < steps; step++) {
        const at = step === steps - 1 ? whole.length - 1 : Math.floor((whole.length * step) / (steps - 1));
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ 1;
        if ((await prove(changed)).ok) faults.push(at);
      }
      // Every byte of the last line too: it holds what is stated of the others.
      const manifest = whole.lastIndexOf('{"manifest"');
      for (let at = manifest; at < whole.length; at += 37) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] as number) ^ 1;
        if ((await prove(changed)).ok) faults.push(at);
      }
      expect(faults).toEqual([]);
    }, 120_000);
  });
});
