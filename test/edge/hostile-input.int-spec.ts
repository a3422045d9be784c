import * as fc from 'fast-check';
import { type Cast, castOf } from './house/cast.js';
import type { Operation } from './house/api-document.js';
import { EdgeHouse, headersOf, type Party, visitor } from './house/edge-house.js';
import { type HostileRequest, hostileRequests } from './house/hostile.js';

const atLeast = 10_000;
/** These end the session that the other requests need; they are tried without one. */
const endsSession = new Set(['DELETE /v1/session', 'POST /v1/session/organisation']);

interface ProblemJson {
  readonly code?: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

describe('hostile input', () => {
  let house: EdgeHouse;
  let cast: Cast;
  let sent = 0;
  const seen = new Map<number, number>();

  beforeAll(async () => {
    house = await EdgeHouse.open();
    cast = await castOf(house);
  }, 60_000);
  afterAll(() => house.close());

  function partyFor(operation: Operation): Party {
    if (operation.isPublic || endsSession.has(`${operation.method} ${operation.address}`)) return visitor;
    const { sme, bank, operator, anchor, guarantor } = cast;
    const people = [
      sme.signatory,
      bank.maker,
      bank.checker,
      operator.review_lead,
      operator.registry_officer,
      anchor.maker,
      anchor.checker,
      anchor.administrator,
      guarantor.maker,
      guarantor.checker,
    ];
    const party = people.find(({ permissions }) => permissions?.has(operation.permission as string));
    if (!party) throw new Error(`nobody may ${operation.permission}`);
    return party;
  }

  async function check(operation: Operation, party: Party, request: HostileRequest): Promise<void> {
    const started = performance.now();
    const response = await house.app.inject({
      method: operation.method as 'GET',
      url: request.url,
      headers: { ...headersOf(party, operation.method), ...request.headers },
      ...(request.payload === undefined ? {} : { payload: request.payload }),
    });
    sent += 1;
    seen.set(response.statusCode, (seen.get(response.statusCode) ?? 0) + 1);
    const told = `${response.statusCode} ${response.payload.slice(0, 500)}`;
    if (performance.now() - started > 5_000) throw new Error(`took ${performance.now() - started} ms: ${told}`);
    if (response.statusCode >= 500) throw new Error(told);
    if (response.statusCode < 400) return;
    const type = String(response.headers['content-type']);
    if (operation.address === '/v1/oauth/token') {
      // Programs that speak OAuth get its own form of errors.
      const odd = house.document.faultOf(operation, response.statusCode, type, JSON.parse(response.payload));
      if (odd) throw new Error(`${odd}: ${told}`);
      return;
    }
    if (!type.startsWith('application/problem+json')) throw new Error(`no problem document: ${told}`);
    const problem = JSON.parse(response.payload) as ProblemJson;
    const fault = house.document.faultOf(operation, response.statusCode, 'application/problem+json', problem);
    if (fault) throw new Error(`${fault}: ${told}`);
    const { pointer } = request;
    if (problem.code !== 'input_invalid') return;
    if (!problem.errors?.length) throw new Error(`names no field: ${told}`);
    if (pointer === undefined) return;
    const named = problem.errors.some(
      (error) => error.pointer.startsWith(pointer) || pointer.startsWith(error.pointer),
    );
    if (!named) throw new Error(`does not name ${pointer}: ${told}`);
  }

  it(`of at least ${atLeast} requests over every route is refused by name, and breaks nothing`, async () => {
    const { operations } = house.document;
    const runs = Math.ceil(atLeast / operations.length);
    const faults = new Map<string, string[]>();
    for (const operation of operations) {
      const party = partyFor(operation);
      const property = fc.asyncProperty(hostileRequests(house.document, operation), (request) =>
        check(operation, party, request),
      );
      const result = await fc.check(property, {
        numRuns: runs,
        seed: Number(process.env.FUZZ_SEED ?? 20_261_121),
        endOnFailure: true,
      });
      if (!result.failed) continue;
      const [request] = result.counterexample as [HostileRequest];
      const why = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
      const kind = why.replace(/[0-9a-f-]{36}/g, '…').slice(0, 200);
      const example = `${operation.method} ${request.url.slice(0, 160)} [${request.what}] ${JSON.stringify(request.headers).slice(0, 160)} ${request.payload?.slice(0, 200) ?? ''}`;
      faults.set(kind, [...(faults.get(kind) ?? []), example]);
    }
    process.stdout.write(
      `hostile requests: ${sent} over ${operations.length} routes, by status ${JSON.stringify(Object.fromEntries(seen))}\n`,
    );
    // One example of each kind of fault, and how many routes have it.
    expect([...faults].map(([why, [example, ...more]]) => ({ why, example, alsoAt: more.length }))).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(atLeast);
  }, 400_000);
});
