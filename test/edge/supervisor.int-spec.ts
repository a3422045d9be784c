import type { Operation } from './house/api-document.js';
import { type Cast, castOf } from './house/cast.js';
import { EdgeHouse } from './house/edge-house.js';
import { type Records, recordsOf } from './house/records.js';
import { sampleOf } from './house/sample.js';

/** What the supervisor may change is his own: his profile, sessions, second factor and notices. */
const own = new Set(['self.manage', 'notice.read']);

describe('the supervisor', () => {
  let house: EdgeHouse;
  let cast: Cast;
  let records: Records;

  beforeAll(async () => {
    house = await EdgeHouse.open();
    cast = await castOf(house);
    records = await recordsOf(house, cast);
    await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6)');
  }, 60_000);
  afterAll(() => house.close());

  const urlOf = ({ address }: Operation) =>
    address.replace(/\{(\w+)\}/g, (_whole, name: string) => records[name] as string);
  const writes = () =>
    house.document.operations.filter(
      ({ method, isPublic, permission }) => method !== 'GET' && !isPublic && !own.has(permission ?? ''),
    );

  it('can change nothing: no route that writes takes anything from him, and every table stays as it was', async () => {
    const before = await house.fingerprint();
    const faults: string[] = [];
    for (const operation of writes()) {
      const body = operation.body && (sampleOf(house.document, operation.body) as object);
      const needsVersion = operation.parameters.some(({ name }) => name === 'If-Match');
      const answer = await house.call(cast.supervisor.reader, operation.method, urlOf(operation), {
        ...(body ? { body } : {}),
        headers: needsVersion ? { 'if-match': '"1"' } : {},
      });
      if (answer.status < 400 || answer.status >= 500)
        faults.push(`${operation.method} ${operation.address} → ${answer.status} ${answer.text.slice(0, 120)}`);
    }
    process.stdout.write(`the supervisor was refused ${writes().length} routes that write\n`);
    expect(faults).toEqual([]);
    expect(await house.fingerprint()).toEqual(before);
  }, 120_000);

  it('reads the scheme, its claims, its risk, the books and their export', async () => {
    const scheme = `/v1/guarantee-schemes/${records['schemeId']}`;
    for (const url of [
      '/v1/guarantee-claims',
      `/v1/guarantee-claims/${records['claimId']}`,
      `${scheme}/provisions`,
      `${scheme}/stress`,
      `${scheme}/vintages`,
      `${scheme}/concentration`,
      `${scheme}/reguarantees`,
      `${scheme}/payee-accounts`,
      `${scheme}/own-evaluations`,
      '/v1/trial-balance',
      '/v1/books-export',
    ]) {
      const answer = await house.call(cast.supervisor.reader, 'GET', url);
      expect(`${url} ${answer.status}`).toBe(`${url} 200`);
    }
  });
});
