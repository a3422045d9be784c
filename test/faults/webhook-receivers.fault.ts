import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { judge } from './house/evidence.js';
import { type Firm, makeFirm } from './house/parties.js';
import type { Json } from './house/person.js';
import { money } from './house/requests.js';
import { RunningMarket } from './house/running-market.js';
import { until } from './house/until.js';

jest.setTimeout(120_000);

interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

/** Somebody's program that takes webhooks; `status` 0 never answers. */
class Receiver {
  readonly calls: Call[] = [];

  private constructor(
    private readonly server: Server,
    public status: number,
  ) {}

  static async start(status: number): Promise<Receiver> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        receiver.calls.push({ headers: request.headers, body, at: performance.now() });
        if (receiver.status !== 0) response.writeHead(receiver.status).end();
      });
    });
    const receiver = new Receiver(server, status);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let market: RunningMarket;
let firms: Firm[];
let slow: Receiver;
let healthy: Receiver;
let broken: Receiver;
let brokenEndpoint: Json;

const listen = async ({ owner }: Firm, { url }: Receiver): Promise<Json> =>
  owner.post('/v1/webhook-endpoints', { url, description: 'our ledger', events: ['*'] });

/** Beginning a request is an event for its firm. */
const happen = ({ owner }: Firm): Promise<Json> => owner.post('/v1/requests', { amount: money('1000.00') });

const deliveriesOf = async ({ owner }: Firm, endpoint: Json): Promise<readonly Json[]> =>
  (await owner.get(`/v1/webhook-endpoints/${String(endpoint['endpointId'])}/deliveries`)).items;

beforeAll(async () => {
  market = await RunningMarket.open();
  firms = [
    await makeFirm(market, { verified: false }),
    await makeFirm(market, { verified: false }),
    await makeFirm(market, { verified: false }),
  ];
  await market.settle();
  [slow, healthy, broken] = await Promise.all([Receiver.start(0), Receiver.start(204), Receiver.start(500)]);
});
afterAll(async () => {
  for (const receiver of [slow, healthy, broken]) receiver.stop();
  await market.close();
});

describe('a webhook receiver', () => {
  it('that never answers holds back only its own deliveries', async () => {
    const [first, second] = firms as [Firm, Firm];
    await listen(first, slow);
    const endpoint = await listen(second, healthy);
    for (let n = 0; n < 30; n++) await happen(first);
    await until('the slow receiver called', () => slow.calls.length > 0);
    const began = performance.now();
    await happen(second);
    // News from before, such as the firm's verification, may come first.
    const call = await until('the healthy receiver called', () =>
      healthy.calls.find(({ body }) => body.includes('"funding_request.created"')),
    );
    expect(call.at - began).toBeLessThan(5_000);
    const verified = new Webhook(String(endpoint['secret'])).verify(call.body, call.headers as Record<string, string>);
    expect(verified).toMatchObject({ type: 'funding_request.created' });
  });

  it('that answers 500 is tried again under the same id, and an event can be sent again', async () => {
    const [, , third] = firms as [Firm, Firm, Firm];
    brokenEndpoint = await listen(third, broken);
    await happen(third);
    await until('a second attempt', () => broken.calls.length >= 2);
    const [one, two] = broken.calls as [Call, Call];
    expect(two.headers['webhook-id']).toBe(one.headers['webhook-id']);
    expect(two.at - one.at).toBeGreaterThan(4_900);
    const [delivery] = await deliveriesOf(third, brokenEndpoint);
    broken.status = 200;
    await third.owner.post(`/v1/webhook-deliveries/${delivery?.id}/replay`);
    await until(
      'the event sent again',
      async () => (await deliveriesOf(third, brokenEndpoint))[0]?.state === 'delivered',
    );
    expect(broken.calls.at(-1)?.headers['webhook-id']).toBe(one.headers['webhook-id']);
  });

  it('that is dead for days is switched off, but only after its people were told', async () => {
    const [, , third] = firms as [Firm, Firm, Firm];
    const told = async () => {
      const { items } = await third.owner.get('/v1/notices?limit=50');
      return items.map((notice) => String(notice['title'])).filter((title) => /webhook/i.test(title)).length;
    };
    const show = () => third.owner.get(`/v1/webhook-endpoints/${String(brokenEndpoint['endpointId'])}`);
    broken.status = 500;
    await happen(third);
    await until('the first failure', async () => (await show())['failingSince'] !== null);
    expect([(await show())['enabled'], await told()]).toEqual([true, 0]);
    await market.moveClockTo(market.instant(1.1));
    await until('the warning', async () => (await show())['warnedAt'] !== null);
    await market.settle();
    expect([(await show())['enabled'], await told()]).toEqual([true, 1]);
    await market.moveClockTo(market.instant(4.1));
    await until('the switching off', async () => (await show())['enabled'] === false);
    await market.settle();
    expect(await told()).toBe(2);
    const since = market.instant(-1);
    await happen(third);
    await market.settle();
    expect((await deliveriesOf(third, brokenEndpoint))[0]?.state).toBe('held');
    broken.status = 200;
    const id = String(brokenEndpoint['endpointId']);
    await third.owner.must(
      'PATCH',
      `/v1/webhook-endpoints/${id}`,
      { enabled: true },
      { version: (await show()).version },
    );
    await third.owner.post(`/v1/webhook-endpoints/${id}/replay`, { since });
    await until(
      'what was held is delivered',
      async () => (await deliveriesOf(third, brokenEndpoint))[0]?.state === 'delivered',
    );
    await judge(market);
  });
});
