import { randomUUID } from 'node:crypto';
import { permissions } from '#identity';
import type { Operation } from './house/api-document.js';
import { type Cast, castOf } from './house/cast.js';
import { type Answer, EdgeHouse, type Party, visitor } from './house/edge-house.js';
import { plainTerms, type Records, recordsOf } from './house/records.js';
import { sampleOf } from './house/sample.js';

/** The authority's and the supervisor's permissions reach over all organisations; that is their office. */
const offices = new Set([
  'review.read',
  'review.work',
  'review.lead',
  'calendar.edit',
  'registry.manage',
  'operations.read',
  'audit.read',
  'ledger.close',
]);

/** What the sender may change for himself only: the answer for another's record is that for none. */
const silent = new Set([204]);

/** Bodies that have to make sense beyond their schema, or the refusal would say so before it looks at the record. */
const bodies: Readonly<Record<string, object>> = {
  marketPlaceOffer: { terms: plainTerms },
  marketReviseOffer: { terms: plainTerms },
  marketPreview: { terms: plainTerms },
};

describe('every route × every wrong party', () => {
  let house: EdgeHouse;
  let cast: Cast;
  let records: Records;

  beforeAll(async () => {
    house = await EdgeHouse.open();
    cast = await castOf(house);
    records = await recordsOf(house, cast);
    // Who has to show a second factor has shown it, so that this is not why he is refused.
    await house.rows('UPDATE session SET stepped_up_at = UTC_TIMESTAMP(6)');
  }, 60_000);
  afterAll(() => house.close());

  const everybody = (): readonly Party[] => {
    const { sme, otherSme, bank, rival, anchor, guarantor, operator, supervisor } = cast;
    return [sme, otherSme, bank, rival, anchor, guarantor, operator, supervisor].flatMap((people) =>
      Object.values(people),
    );
  };
  const closedRoutes = (): readonly Operation[] => house.document.operations.filter(({ isPublic }) => !isPublic);
  const namesIn = (address: string) => [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
  const urlOf = (operation: Operation, ids: Readonly<Record<string, string>>) =>
    operation.address.replace(/\{(\w+)\}/g, (_whole, name: string) => ids[name] as string);

  async function send(party: Party, operation: Operation, url: string): Promise<Answer> {
    const sample = operation.body && sampleOf(house.document, operation.body);
    const body = sample === undefined ? undefined : { ...(sample as object), ...bodies[operation.operationId] };
    const needsVersion = operation.parameters.some(({ name }) => name === 'If-Match');
    const query = operation.parameters
      .filter((each) => each.in === 'query' && each.required && each.schema)
      .map(
        ({ name, schema }) =>
          `${name}=${encodeURIComponent(String(sampleOf(house.document, schema as Record<string, unknown>)))}`,
      );
    return house.call(party, operation.method, query.length === 0 ? url : `${url}?${query.join('&')}`, {
      ...(body && operation.method !== 'GET' ? { body } : {}),
      headers: needsVersion ? { 'if-match': '"1"' } : {},
    });
  }

  /** An answer without what differs in every answer: the trace, and the identifier that was sent. */
  function trace(answer: Answer, ids: readonly string[]): string {
    const text = ids.reduce((rest, id) => rest.replaceAll(id, '…'), answer.text);
    return `${answer.status} ${answer.headers['content-type'] ?? ''} ${text.replace(/"traceId":"[^"]+"/, '')}`;
  }

  it('knows for every route who may call it', () => {
    const undeclared = house.document.operations.filter(
      ({ isPublic, permission }) => !isPublic && !Object.hasOwn(permissions, permission ?? ''),
    );
    expect(undeclared.map(({ method, address }) => `${method} ${address}`)).toEqual([]);
  });

  it('has a record for every parameter of an address', () => {
    const names = new Set(house.document.operations.flatMap(({ address }) => namesIn(address)));
    expect([...names].filter((name) => !records[name] || records[name] === 'undefined')).toEqual([]);
  });

  it('refuses nobody, an ended session, a suspended organisation and a key without scope, in the same words everywhere', async () => {
    const faults: string[] = [];
    for (const operation of closedRoutes()) {
      const expectations: readonly (readonly [Party, number, string])[] = [
        [visitor, 401, 'not_signed_in'],
        [cast.expired, 401, 'not_signed_in'],
        [{ name: 'forged session', cookie: 'x'.repeat(43), csrfToken: 'y' }, 401, 'not_signed_in'],
        ...(operation.permission === 'self.manage'
          ? []
          : [[cast.suspended.signatory, 403, 'organisation_suspended'] as const]),
        ...(operation.permission === 'organisation.read' ? [] : [[cast.key, 403, 'permission_missing'] as const]),
      ];
      for (const [party, status, code] of expectations) {
        const answer = await send(party, operation, urlOf(operation, records));
        if (answer.status !== status || answer.json['code'] !== code)
          faults.push(
            `${party.name}: ${operation.method} ${operation.address} → ${answer.status} ${answer.json['code']}`,
          );
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('refuses everybody whose role does not allow it', async () => {
    const faults: string[] = [];
    let tried = 0;
    for (const operation of closedRoutes()) {
      for (const party of everybody()) {
        if (party.permissions?.has(operation.permission as string)) continue;
        tried += 1;
        const answer = await send(party, operation, urlOf(operation, records));
        if (answer.status !== 403 || answer.json['code'] !== 'permission_missing')
          faults.push(
            `${party.name}: ${operation.method} ${operation.address} → ${answer.status} ${answer.text.slice(0, 160)}`,
          );
      }
    }
    process.stdout.write(`routes without the permission: ${tried} refused\n`);
    expect(faults).toEqual([]);
  }, 180_000);

  it("answers for another's record as for one that does not exist, byte for byte, and changes nothing", async () => {
    const before = await stateOf(house);
    const faults: string[] = [];
    let compared = 0;
    const owners = new Set([cast.sme.signatory.organisationId, cast.bank.maker.organisationId]);
    const rivals = everybody().filter(({ organisationId }) => !owners.has(organisationId));
    for (const operation of closedRoutes()) {
      const names = namesIn(operation.address).filter((name) => name.endsWith('Id'));
      if (names.length === 0 || offices.has(operation.permission as string)) continue;
      const absent = { ...records, ...Object.fromEntries(names.map((name) => [name, randomUUID()])) };
      // The supervisor reads every scheme and guarantee; that is his office too, and he changes nothing.
      const may = rivals.filter((each) => each.permissions?.has(operation.permission as string));
      const reads = operation.method === 'GET' && operation.permission === 'guarantee.read';
      for (const party of may.filter((each) => !reads || each !== cast.supervisor.reader)) {
        const ids = names.flatMap((name) => [records[name] as string, absent[name] as string]);
        const foreign = await send(party, operation, urlOf(operation, records));
        const none = await send(party, operation, urlOf(operation, absent));
        compared += 1;
        const same = trace(foreign, ids) === trace(none, ids);
        const refused = foreign.status >= 400 || silent.has(foreign.status);
        const lookedUp = foreign.json['code'] !== 'input_invalid' && foreign.json['code'] !== 'step_up_needed';
        if (!same || !refused || !lookedUp)
          faults.push(
            `${party.name}: ${operation.method} ${operation.address} → ${foreign.status} ${foreign.text.slice(0, 200)} | none: ${none.status} ${none.text.slice(0, 120)}`,
          );
      }
    }
    process.stdout.write(`foreign records: ${compared} refusals equal to those of absent ones\n`);
    expect(faults).toEqual([]);
    expect(await stateOf(house)).toEqual(before);
  }, 180_000);

  it('tells nobody else, in any list, who the enterprise is or which records it has', async () => {
    const secret = [
      'Kiln And Sons',
      'kiln-and-sons',
      cast.sme.signatory.organisationId as string,
      cast.sme.signatory.personId as string,
      ...['clientId', 'caseId', 'complaintId', 'awardId', 'endpointId', 'documentId', 'sessionId'].map(
        (name) => records[name] as string,
      ),
    ];
    const outsiders = [cast.otherSme, cast.rival, cast.anchor, cast.guarantor].flatMap((people) =>
      Object.values<Party>(people),
    );
    const faults: string[] = [];
    for (const operation of house.document.operations) {
      if (operation.method !== 'GET') continue;
      for (const party of [visitor, ...outsiders]) {
        const answer = await send(party, operation, urlOf(operation, records));
        const told = secret.find(
          (needle) => answer.text.includes(needle) && !urlOf(operation, records).includes(needle),
        );
        if (told) faults.push(`${party.name}: ${operation.address} tells ${told}`);
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);
});

/** A fingerprint of everything that a wrong party could have changed. */
async function stateOf(house: EdgeHouse): Promise<Record<string, string>> {
  const ignored = /^(?:idempotency_key|audit_|outbox_|migration|sign_in_failure|timer)/;
  const tables = await house.rows<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name',
  );
  const sums: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !ignored.test(table.name))) {
    const [row] = await house.rows<{ Checksum: string }>(`CHECKSUM TABLE ${name}`);
    sums[name] = String(row?.Checksum);
  }
  return sums;
}
