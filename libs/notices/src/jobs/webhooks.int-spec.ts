// size: one receiver, set up once, for everything that a webhook does
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { identityPersistence } from '#identity';
import {
  type DomainEvent,
  EventHandlers,
  idText,
  JobQueue,
  newId,
  OutboxRelay,
  platformPersistence,
  systemContext,
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { DeliverWebhooks } from '../application/deliver-webhooks.js';
import { QueueDeliveries } from '../application/queue-deliveries.js';
import { ReplayDelivery, ReplayMissed, TestEndpoint } from '../application/replay-webhooks.js';
import {
  AddWebhookEndpoint,
  ChangeWebhookEndpoint,
  RemoveWebhookEndpoint,
  RotateWebhookSecret,
} from '../application/webhook-endpoints.js';
import { WebhookReader } from '../application/webhook.reader.js';
import { noticesPersistence } from '../index.js';
import { DeliverWebhooksLoop } from './deliver-webhooks.loop.js';
import { OnAnyEvent } from './on-any-event.handler.js';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let database: TestDatabase;
let queue: JobQueue;
let server: Server;
let url: string;
let received: Received[];
/** What the receiver answers; `hang` never does. */
let answer: number | 'hang';
const organisationId = newId();
const context = contextOf({ organisationId });

beforeAll(async () => {
  database = await createTestDatabase([platformPersistence, identityPersistence, noticesPersistence]);
  queue = new JobQueue(database.environment);
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      if (answer === 'hang') return;
      response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end('thank you');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`;
});
beforeEach(async () => {
  received = [];
  answer = 200;
  for (const table of ['webhook_attempt', 'webhook_delivery', 'webhook_endpoint', 'outbox_event', 'outbox_delivery'])
    await database.dataSource.query(`DELETE FROM ${table}`);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await queue.close();
  await database.stop();
});

const add = (events: readonly string[] = ['*']) =>
  new AddWebhookEndpoint(database.unitOfWork, database.environment).execute(context, {
    url,
    description: 'test',
    events,
  });
const reader = () => new WebhookReader(database.dataSource);
const deliveries = async (endpointId: string) => (await reader().deliveries(organisationId, endpointId, {})).items;
/** One pass of the delivery loop when the database's clock is `seconds` ahead. */
const pass = (seconds = 0) =>
  new DeliverWebhooksLoop(
    new DeliverWebhooks(new UnitOfWork(database.dataSource, seconds), database.environment),
  ).work();

async function emit(changes: Partial<DomainEvent> = {}): Promise<string> {
  const event: DomainEvent = {
    name: 'organisation.registered',
    subjectType: 'organisation',
    subjectId: newId(),
    version: 1,
    audience: [organisationId],
    payload: { kind: 'enterprise' },
    ...changes,
  };
  await database.unitOfWork.run(systemContext('test'), async (tx) => tx.emit(event));
  const relay = new OutboxRelay(database.unitOfWork, new EventHandlers([new OnAnyEvent(new QueueDeliveries())]), queue);
  await relay.relay();
  const open = await database.dataSource.query<{ event_id: Buffer; handler: string }[]>(
    'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL',
  );
  for (const { event_id, handler } of open) await relay.deliver(idText(event_id), handler);
  return event.subjectId;
}

describe('a webhook', () => {
  it('carries the event, signed, to whom may know it and subscribed, and leaves a log', async () => {
    const { endpointId, secret } = await add(['organisation.*']);
    const subjectId = await emit();
    await emit({ name: 'webhook.test' });
    await emit({ audience: [newId()] });
    await emit({ audience: [] });
    expect(await pass()).toBe(1);
    expect(await pass()).toBe(0);
    expect(received).toHaveLength(1);
    const { headers, body } = received[0] as Received;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'organisation.registered',
      data: { kind: 'enterprise', subject: { type: 'organisation', id: subjectId, version: 1 } },
    });
    const [logged] = await deliveries(endpointId);
    expect(logged).toMatchObject({ state: 'delivered', attempts: 1, lastStatus: 200, eventId: headers['webhook-id'] });
    expect(await reader().delivery(organisationId, logged?.id ?? '')).toMatchObject({
      log: [{ status: 200, answer: 'thank you' }],
    });
    await expect(reader().delivery(newId(), logged?.id ?? '')).rejects.toMatchObject({ code: 'webhook_unknown' });
    await expect(reader().deliveries(newId(), endpointId, {})).rejects.toMatchObject({ code: 'webhook_unknown' });
  });

  it('leaves no row at all where nobody subscribed', async () => {
    const rows = async (table: string) => (await database.dataSource.query<object[]>(`SELECT 1 FROM ${table}`)).length;
    await add(['organisation.standing_changed']);
    await emit();
    await emit({ audience: [newId()] });
    expect([await rows('outbox_event'), await rows('outbox_delivery')]).toEqual([2, 0]);
    await emit({ name: 'organisation.standing_changed' });
    expect([await rows('outbox_delivery'), await rows('webhook_delivery')]).toEqual([1, 1]);
  });

  it('keeps no secret for a replay of the command, and tells who replayed events', async () => {
    const claimed = contextOf({ organisationId }, `key-${newId()}`);
    const { endpointId } = await new AddWebhookEndpoint(database.unitOfWork, database.environment).execute(claimed, {
      url,
      description: 'test',
      events: ['*'],
    });
    await new RotateWebhookSecret(database.unitOfWork, database.environment).execute(claimed, endpointId);
    expect(await database.dataSource.query('SELECT answer FROM idempotency_key')).toEqual([]);
    await emit();
    await pass();
    const [delivery] = await deliveries(endpointId);
    await new ReplayDelivery(database.unitOfWork).execute(context, delivery?.id ?? '');
    await new ReplayMissed(database.unitOfWork).execute(context, endpointId, new Date());
    const replays = await database.dataSource.query<{ data: string }[]>(
      "SELECT data FROM audit_entry WHERE action = 'webhook_endpoint.replay' ORDER BY id",
    );
    expect(replays.map(({ data }) => JSON.parse(data) as object)).toMatchObject([
      { deliveryId: delivery?.id },
      { deliveries: 0 },
    ]);
  });

  it('is delivered once however many processes deliver', async () => {
    await add();
    for (let n = 0; n < 5; n++) await emit();
    await Promise.all([pass(), pass(), pass(), pass()]);
    expect(received).toHaveLength(5);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
  });

  it('is tried again under the same id, later each time, and can be replayed', async () => {
    const { endpointId } = await add();
    await emit();
    answer = 503;
    await pass();
    expect(await pass(4)).toBe(0);
    await pass(10);
    answer = 302;
    await pass(400);
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const [waiting] = await deliveries(endpointId);
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 3, lastStatus: 302 });
    answer = 204;
    await new ReplayDelivery(database.unitOfWork).execute(context, waiting?.id ?? '');
    await pass();
    expect((await deliveries(endpointId))[0]).toMatchObject({ state: 'delivered', attempts: 1, lastStatus: 204 });
    expect((await reader().endpoint(organisationId, endpointId)).failingSince).toBeNull();
  });

  it('fails for good after ten attempts, and what was missed is replayed together', async () => {
    const { endpointId } = await add();
    const since = new Date(Date.now() - 60_000);
    await emit();
    answer = 500;
    let clock = 0;
    // Each a little after the longest wait before it: 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours.
    for (const seconds of [0, 6, 340, 2_000, 8_000, 20_000, 40_000, 56_000, 80_000, 96_000])
      await pass((clock += seconds));
    const [failed] = await deliveries(endpointId);
    expect(failed).toMatchObject({ state: 'failed', attempts: 10 });
    answer = 200;
    expect(await new ReplayMissed(database.unitOfWork).execute(context, endpointId, since)).toEqual({ deliveries: 1 });
    await pass();
    expect((await deliveries(endpointId))[0]?.state).toBe('delivered');
  });

  it('tells its people before the endpoint is switched off; events are held meanwhile', async () => {
    const { endpointId } = await add();
    answer = 500;
    const told = async () =>
      (
        await database.dataSource.query<{ payload: string }[]>(
          "SELECT payload FROM outbox_event WHERE name = 'notice.requested' ORDER BY id",
        )
      ).map(({ payload }) => (JSON.parse(payload) as { template: string }).template);
    const day = 86_400;
    for (const at of [0, 0.5, 1.1, 2, 3, 4]) {
      await emit();
      await pass(at * day);
    }
    expect(await told()).toEqual(['webhook_failing']);
    expect(await reader().endpoint(organisationId, endpointId)).toMatchObject({ enabled: true });
    await pass(5.2 * day);
    expect(await told()).toEqual(['webhook_failing', 'webhook_disabled']);
    expect(await reader().endpoint(organisationId, endpointId)).toMatchObject({ enabled: false });
    await emit();
    expect(await pass(6 * day)).toBe(0);
    const { version } = await reader().endpoint(organisationId, endpointId);
    const change = new ChangeWebhookEndpoint(database.unitOfWork, database.environment);
    await expect(change.execute(context, endpointId, version + 1, { enabled: true })).rejects.toMatchObject({
      code: 'record_changed',
    });
    await change.execute(context, endpointId, version, { enabled: true });
    answer = 200;
    received = [];
    await new ReplayMissed(database.unitOfWork).execute(context, endpointId, new Date(Date.now() - 60_000));
    await pass();
    expect(received).toHaveLength(7);
  });

  it('signs with both secrets for a day after a rotation', async () => {
    const { endpointId, secret } = await add();
    const rotated = await new RotateWebhookSecret(database.unitOfWork, database.environment).execute(
      context,
      endpointId,
    );
    await new TestEndpoint(database.unitOfWork).execute(context, endpointId);
    await pass();
    const { headers, body } = received[0] as Received;
    for (const known of [secret, rotated.secret])
      expect(new Webhook(known).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'webhook.test',
      });
    const [kept] = await database.dataSource.query<{ secret: Buffer }[]>('SELECT secret FROM webhook_endpoint');
    expect(kept?.secret.includes(Buffer.from(rotated.secret.slice(6)))).toBe(false);
  });

  it('belongs to its organisation, names known events, and may be taken away', async () => {
    const { endpointId } = await add();
    const stranger = contextOf({ organisationId: newId() });
    const remove = new RemoveWebhookEndpoint(database.unitOfWork);
    await expect(remove.execute(stranger, endpointId)).rejects.toMatchObject({ code: 'webhook_unknown' });
    await expect(add(['no_such.event'])).rejects.toMatchObject({ code: 'webhook_event_unknown' });
    await remove.execute(context, endpointId);
    await emit();
    expect(await pass()).toBe(0);
    await expect(reader().endpoint(organisationId, endpointId)).rejects.toMatchObject({ code: 'webhook_unknown' });
  });
});
