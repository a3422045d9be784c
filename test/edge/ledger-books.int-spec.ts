import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger, organisationAccount } from '#ledger';
import { newId } from '#platform';
import { organisation } from './house/cast.js';
import { EdgeHouse, type Party } from './house/edge-house.js';

const pdfToText = ['/usr/bin/pdftotext', '/usr/local/bin/pdftotext', '/opt/homebrew/bin/pdftotext'].find(existsSync);

describe('the books over HTTP', () => {
  let house: EdgeHouse;
  let officer: Party;
  let lead: Party;
  let owner: Party;
  let accountId: string;

  beforeAll(async () => {
    house = await EdgeHouse.open();
    ({ registry_officer: officer, review_lead: lead } = await organisation(house, 'Authority', 'operator', [
      'registry_officer',
      'review_lead',
    ]));
    ({ signatory: owner } = await organisation(house, 'Kiln And Sons', 'enterprise', ['signatory']));
    await house.run((tx) =>
      house.get(Ledger).post(tx, {
        reference: 'books:1',
        description: 'دفعة أولى',
        subject: { type: 'test', id: newId() },
        postings: [
          {
            debit: organisationAccount(officer.organisationId as string, 'settlement_bank'),
            credit: organisationAccount(owner.organisationId as string, 'settlement_payable'),
            amount: 125_050n,
            currency: 'SAR',
          },
        ],
      }),
    );
    const [account] = (await house.done(owner, 'GET', '/v1/own-ledger-accounts')).items ?? [];
    accountId = String(account?.['id']);
  }, 60_000);
  afterAll(() => house.close());

  it('prints a statement for its owner and for the supervisor, in the reader’s language', async () => {
    await house.rows("UPDATE person SET locale = 'ar' WHERE email = ?", [owner.email]);
    const own = await house.app.inject({
      url: `/v1/own-ledger-accounts/${accountId}/statement.pdf`,
      headers: { cookie: `sanad_session=${owner.cookie}` },
    });
    expect(own.statusCode).toBe(200);
    if (house.database.environment.chromiumPath) {
      expect(own.headers['content-type']).toBe('application/pdf');
      expect(own.headers['content-disposition']).toBe(`attachment; filename="statement-${accountId}.pdf"`);
      if (pdfToText) {
        const path = join(tmpdir(), `${newId()}.pdf`);
        writeFileSync(path, own.rawPayload);
        const text = execFileSync(pdfToText, ['-layout', path, '-']).toString().normalize('NFKC');
        for (const shown of ['كشف حساب', '1250.50', accountId, 'books:1']) expect(text).toContain(shown);
      }
    }
    const other = await house.call(lead, 'GET', `/v1/ledger-accounts/${accountId}/statement.pdf`);
    expect(other.status).toBe(200);
    const stranger = await house.call(officer, 'GET', `/v1/own-ledger-accounts/${accountId}/statement.pdf`);
    expect(stranger.json['code']).toBe('permission_missing');
  });

  it('closes a month by the officer with a second factor, in order, once for all', async () => {
    const close = (party: Party, period: string) => house.call(party, 'POST', `/v1/ledger-periods/${period}/close`);
    expect((await close(lead, '2026-01')).json['code']).toBe('permission_missing');
    expect((await close(officer, '2026-01')).json['code']).toBe('step_up_needed');
    await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6)');
    for (const wrong of ['2026-13', '2026-1', 'october'])
      expect((await close(officer, wrong)).json['code']).toBe('record_unknown');
    const [present] = (await house.done(officer, 'GET', '/v1/ledger-periods')).items ?? [];
    expect((await close(officer, String(present?.['period']))).json['code']).toBe('ledger_period_not_closable');
    const before = await close(officer, '2024-01');
    expect([before.status, before.json]).toEqual([200, { period: '2024-01', state: 'closed', accounts: 0 }]);
    expect((await close(officer, '2024-01')).status).toBe(200);
    expect((await house.done(officer, 'GET', '/v1/ledger-periods')).items).toContainEqual(
      expect.objectContaining({ period: '2024-01', state: 'closed' }),
    );
  });
});
