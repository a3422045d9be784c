import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { IdentityReader, identityPersistence, RegisterOrganisation } from '#identity';
import {
  EventHandlers,
  idBytes,
  idText,
  JobQueue,
  newId,
  OutboxRelay,
  platformPersistence,
  systemContext,
  UnitOfWork,
} from '#platform';
import { contextOf, createTestDatabase, type TestDatabase } from '#platform/testing';
import { notify, type NoticeRequest } from '../application/notify.js';
import { OwnNotices } from '../application/own-notices.js';
import { SendMail } from '../application/send-mail.js';
import { WriteNotices } from '../application/write-notices.js';
import { noticesPersistence } from '../index.js';
import { OnNoticeRequested } from './on-notice-requested.handler.js';
import { SendMailLoop } from './send-mail.loop.js';

let database: TestDatabase;
let queue: JobQueue;
let notices: OwnNotices;
let organisationId: string;
let folder: string;
const people: Record<'en' | 'ar' | 'zh', string> = { en: '', ar: '', zh: '' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notices-'));
  const contexts = [platformPersistence, identityPersistence, noticesPersistence];
  database = await createTestDatabase(contexts, { country: 'SA', dataFolder: folder, smtpUrl: undefined });
  queue = new JobQueue(database.environment);
  notices = new OwnNotices(database.dataSource, database.unitOfWork);
  const register = new RegisterOrganisation(database.unitOfWork);
  await database.unitOfWork.run(systemContext('test'), async (tx) => {
    const made = await register.within(
      tx,
      {
        kind: 'enterprise',
        name: 'A firm',
        localName: 'شركة',
        country: 'SA',
        registrationNumber: '1',
        contactEmail: 'a@example.org',
      },
      {
        email: 'en@example.org',
        name: 'en',
        password: '',
        passwordHash: 'none',
        locale: 'en',
        roles: ['signatory'],
      },
    );
    organisationId = made.organisationId;
    people.en = made.personId;
    for (const locale of ['ar', 'zh'] as const) {
      people[locale] = newId();
      await tx.execute(
        "INSERT INTO person (id, email, name, password_hash, locale, created_at) VALUES (?, ?, ?, 'none', ?, UTC_TIMESTAMP(6))",
        [idBytes(people[locale]), `${locale}@example.org`, locale, locale],
      );
      await tx.execute('INSERT INTO membership (id, person_id, organisation_id, roles) VALUES (?, ?, ?, ?)', [
        idBytes(newId()),
        idBytes(people[locale]),
        idBytes(organisationId),
        JSON.stringify(['preparer']),
      ]);
    }
  });
});
afterEach(async () => {
  await queue.close();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Asks for a notice and lets the worker's part happen. */
async function tell(request: NoticeRequest): Promise<void> {
  await database.unitOfWork.run(systemContext('test'), async (tx) => notify(tx, request));
  await deliver();
}

async function deliver(): Promise<void> {
  const handlers = new EventHandlers([
    new OnNoticeRequested(new WriteNotices(new IdentityReader(database.dataSource), database.environment)),
  ]);
  const relay = new OutboxRelay(database.unitOfWork, handlers, queue);
  await relay.relay();
  const open = await database.dataSource.query<{ event_id: Buffer; handler: string }[]>(
    'SELECT event_id, handler FROM outbox_delivery WHERE done_at IS NULL',
  );
  for (const { event_id, handler } of open)
    await Promise.all([relay.deliver(idText(event_id), handler), relay.deliver(idText(event_id), handler)]);
}

const returned = { template: 'review_returned', parameters: { days: 10 } } as const;

describe('a notice', () => {
  it('reaches everybody of an organisation in their own language, once, and can be read', async () => {
    await tell({ ...returned, organisationId, link: '/requests/1' });
    const titles = await Promise.all(
      (['en', 'ar', 'zh'] as const).map(async (language) => {
        const { items } = await notices.list(people[language], {});
        expect(items).toHaveLength(1);
        return items[0]?.title;
      }),
    );
    expect(titles).toEqual(['Your case was returned', 'أُعيدت حالتك إليك', '您的案件已退回']);
    const context = contextOf({ organisationId, id: people.en });
    const [notice] = (await notices.list(people.en, { unread: true })).items;
    expect(await notices.unread(people.en)).toEqual({ unread: 1 });
    await expect(
      notices.markRead(contextOf({ organisationId, id: people.ar }), notice?.id ?? ''),
    ).rejects.toMatchObject({ code: 'notice_unknown' });
    await notices.markRead(context, notice?.id ?? '');
    expect(await notices.unread(people.en)).toEqual({ unread: 0 });
    expect((await notices.list(people.en, { unread: true })).items).toEqual([]);
    expect((await notices.list(people.en, {})).items[0]?.readAt).toBeInstanceOf(Date);
  });

  it('reaches those with a role, one person, and by the ways they chose', async () => {
    await notices.choose(contextOf({ organisationId, id: people.en }), [
      { topic: 'review', channel: 'email', enabled: false },
    ]);
    await tell({ ...returned, organisationId, roles: ['signatory'] });
    await tell({ ...returned, personId: people.zh });
    expect((await notices.list(people.en, {})).items).toHaveLength(1);
    expect((await notices.list(people.ar, {})).items).toHaveLength(0);
    const mails = await database.dataSource.query<{ address: string }[]>('SELECT address FROM mail');
    expect(mails).toEqual([{ address: 'zh@example.org' }]);
    const choices = await notices.choices(people.en);
    expect(choices.filter(({ enabled }) => !enabled)).toMatchObject([{ topic: 'review', channel: 'email' }]);
  });

  it('is not told when the transaction that asked for it is rolled back', async () => {
    await database.unitOfWork
      .run(systemContext('test'), async (tx) => {
        notify(tx, { ...returned, organisationId });
        throw new Error('no');
      })
      .catch(() => undefined);
    await deliver();
    expect((await notices.list(people.en, {})).items).toEqual([]);
  });
});

describe('an e-mail', () => {
  it('without a mail server is a file, one each however many processes send', async () => {
    await tell({ ...returned, organisationId, link: '/requests/1' });
    const loops = [1, 2, 3].map(() => new SendMailLoop(new SendMail(database.unitOfWork, database.environment)));
    expect((await Promise.all(loops.map((loop) => loop.work()))).reduce((a, b) => a + b)).toBe(3);
    expect(await loops[0]?.work()).toBe(0);
    const files = await readdir(join(folder, 'outbox'));
    expect(files).toHaveLength(3);
    const letters = await Promise.all(files.map((file) => readFile(join(folder, 'outbox', file), 'utf8')));
    const english = letters.find((letter) => letter.includes('To: en@example.org')) ?? '';
    expect(english).toContain('Subject: Your case was returned');
    expect(english).toContain('http://127.0.0.1:3000/requests/1');
    const arabic = letters.find((letter) => letter.includes('To: ar@example.org')) ?? '';
    expect(arabic).toContain('Content-Language: ar');
    const states = await database.dataSource.query<object[]>('SELECT DISTINCT state, attempts FROM mail');
    expect(states).toEqual([{ state: 'sent', attempts: 1 }]);
  });

  it('is tried again when the server fails, and never after it was accepted', async () => {
    await tell({ ...returned, personId: people.en });
    const mailServer = await smtpServer(1);
    const environment = { ...database.environment, smtpUrl: `smtp://127.0.0.1:${mailServer.port}` };
    const at = (seconds: number) =>
      new SendMailLoop(new SendMail(new UnitOfWork(database.dataSource, seconds), environment));
    await at(0).work();
    const [failed] = await database.dataSource.query<{ state: string; last_error: string }[]>(
      'SELECT state, last_error FROM mail',
    );
    expect(failed).toMatchObject({ state: 'waiting', last_error: expect.stringContaining('451') });
    expect(await at(5).work()).toBe(0);
    expect(await at(15).work()).toBe(1);
    expect(await at(100_000).work()).toBe(0);
    expect(mailServer.accepted()).toBe(1);
    mailServer.stop();
  });
});

/** A mail server that refuses the first `failures` letters with 451 and accepts the rest. */
async function smtpServer(failures: number): Promise<{ port: number; accepted: () => number; stop: () => void }> {
  let [left, accepted] = [failures, 0];
  const server: Server = createServer((socket) => {
    let inData = false;
    socket.write('220 test ESMTP\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        if (inData) {
          if (line !== '.') continue;
          inData = false;
          accepted += 1;
          socket.write('250 accepted\r\n');
        } else if (/^EHLO/i.test(line)) socket.write('250 test\r\n');
        else if (/^MAIL/i.test(line) && left-- > 0) socket.write('451 try again later\r\n');
        else if (/^DATA/i.test(line)) {
          inData = true;
          socket.write('354 go on\r\n');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, accepted: () => accepted, stop: () => server.close() };
}
