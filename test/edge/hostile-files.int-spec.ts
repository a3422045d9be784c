import { deflateRawSync } from 'node:zlib';
import { idBytes } from '#platform';
import { BatchLoop } from '#receivables';
import { type Cast, castOf } from './house/cast.js';
import { EdgeHouse, headersOf } from './house/edge-house.js';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const header = 'invoice_number,issue_date,due_date,currency,seller_name,buyer_name,buyer_tax_id,amount_due\n';
/** What one file may cost: far below what the packed content would, unpacked. */
const [secondsAtMost, mebibytesAtMost] = [20, 200];

/** A zip archive of these files; each is compressed, whatever that makes of it. */
function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(content.length, 22);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(head, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

const workbook = (sheet: Buffer) =>
  zip({
    '[Content_Types].xml': Buffer.from('<Types/>'),
    'xl/workbook.xml': Buffer.from('<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>'),
    'xl/_rels/workbook.xml.rels': Buffer.from(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    'xl/worksheets/sheet1.xml': sheet,
  });

const laughs = Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');

const hostile: Readonly<Record<string, readonly [string, () => Buffer]>> = {
  'a workbook whose sheet unpacks to 300 MB': [xlsx, () => workbook(Buffer.alloc(300 * 1024 * 1024, ' '))],
  'entities that laugh a billion times': [
    'application/xml',
    () => Buffer.from(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><Invoice>&l12;</Invoice>`),
  ],
  'an entity that reads a file': [
    'text/xml',
    () =>
      Buffer.from('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Invoice>&f;</Invoice>'),
  ],
  'one line of 30 MB': ['text/csv', () => Buffer.from(header + 'x'.repeat(30 * 1024 * 1024))],
  'a quote that never ends': ['text/csv', () => Buffer.from(`${header}"${'x\n'.repeat(1024 * 1024)}`)],
  'bytes that are no UTF-8': ['text/csv', () => Buffer.concat([Buffer.from(header), Buffer.alloc(20_000, 0xff)])],
  'XML in a false encoding': [
    'application/xml',
    () => Buffer.concat([Buffer.from('<?xml version="1.0" encoding="utf-8"?><Invoice>'), Buffer.alloc(1000, 0xc3)]),
  ],
  'XML nested 100,000 deep': ['application/xml', () => Buffer.from('<a>'.repeat(100_000))],
  'a binary under a false name': ['text/csv', () => Buffer.alloc(5_000_000)],
  'a table of other columns': ['text/csv', () => Buffer.from('a,b,c\n1,2,3\n')],
};

describe('hostile files, sent to the route', () => {
  let house: EdgeHouse;
  let cast: Cast;
  beforeAll(async () => {
    house = await EdgeHouse.open();
    cast = await castOf(house);
    await house.rows(
      `INSERT INTO anchor_profile (id, kind, visibility, tax_id, about, website, status, version, created_at, updated_at)
       VALUES (?, 'company', 'public', 'T-1', 'Buys.', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(cast.anchor.maker.organisationId as string)],
    );
  }, 60_000);
  afterAll(() => house.close());

  const send = (type: string, payload: Buffer) =>
    house.app.inject({
      method: 'POST',
      url: '/v1/receivable-batches',
      headers: { ...headersOf(cast.sme.signatory, 'POST'), 'content-type': type },
      payload,
    });
  const work = async () => {
    while ((await house.get(BatchLoop).work()) > 0);
  };
  const show = (id: string) => house.done(cast.sme.signatory, 'GET', `/v1/receivable-batches/${id}`);

  it.each(Object.entries(hostile))(
    '%s is refused in bounded time and memory',
    async (_what, [type, make]) => {
      const content = make();
      globalThis.gc?.();
      const [started, before] = [performance.now(), process.memoryUsage().rss];
      const answer = await send(type, content);
      expect(answer.statusCode).toBe(202);
      await work();
      const { state, refusal, rows } = await show(String((JSON.parse(answer.payload) as { id: string }).id));
      expect([state, rows]).toEqual(['refused', { done: 0, created: 0, existing: 0, refused: 0 }]);
      expect(refusal).toMatchObject({ code: expect.stringMatching(/^invoice_/) });
      expect((performance.now() - started) / 1000).toBeLessThan(secondsAtMost);
      expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(mebibytesAtMost);
    },
    60_000,
  );

  it('a file above the limit is refused before it is read', async () => {
    const answer = await send('text/csv', Buffer.alloc(100 * 1024 * 1024, 'x'));
    expect(answer.statusCode).toBe(413);
    expect((await send(xlsx, Buffer.alloc(11 * 1024 * 1024))).statusCode).toBe(413);
    expect((await send('text/csv', Buffer.from('%PDF-1.7'))).statusCode).toBe(422);
    expect((await send('application/octet-stream', Buffer.from('x'))).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('a formula in a cell stays text, and its row is answered', async () => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const line = `=HYPERLINK(1),${day(-1)},${day(60)},SAR,@SUM(A1),Buyer,T-1,12.00\n`;
    const answer = await send('text/csv', Buffer.from(header + line));
    await work();
    const { id } = JSON.parse(answer.payload) as { id: string };
    const { items } = await house.done(cast.sme.signatory, 'GET', `/v1/receivable-batches/${id}/rows`);
    expect(items).toEqual([expect.objectContaining({ number: '=HYPERLINK(1)', result: 'created' })]);
  });
});
