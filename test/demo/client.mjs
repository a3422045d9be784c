// The people of the story at the public HTTP API: each signs in and acts as the portal would for them.
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

export const address = process.env.SANAD_URL ?? 'http://127.0.0.1:3000';

export class StoryBroken extends Error {
  name = 'StoryBroken';
}

async function send(method, path, body, headers = {}) {
  const bytes = body instanceof Uint8Array;
  const answer = await fetch(address + path, {
    method,
    headers: {
      ...(body === undefined || bytes ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** Calls without a session; a refusal ends the story. */
export async function visit(method, path, body) {
  return expectDone(method, path, await send(method, path, body));
}

function expectDone(method, path, { status, body }) {
  if (status >= 300) throw new StoryBroken(`${method} ${path} was refused with ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Signs a person in. `ifMatch` is the version that an edit is based on. */
export async function signIn(email, password) {
  const { status, headers, body } = await send('POST', '/v1/sessions', { email, password });
  if (status !== 201) throw new StoryBroken(`${email} cannot sign in: ${JSON.stringify(body)}`);
  const own = { cookie: headers.get('set-cookie').split(';')[0], 'x-csrf-token': body.csrfToken };
  const call = (method, path, input, { ifMatch, headers: more } = {}) =>
    send(method, path, input, { ...own, ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }), ...more });
  const person = {
    email,
    get: async (path) => expectDone('GET', path, await call('GET', path)),
    post: async (path, input, options) => expectDone('POST', path, await call('POST', path, input, options)),
    /** What is no JSON, such as a payment file. */
    text: async (path) => {
      const answer = await fetch(address + path, { headers: own, signal: AbortSignal.timeout(60_000) });
      if (answer.status >= 300) throw new StoryBroken(`GET ${path} was refused with ${answer.status}`);
      return answer.text();
    },
    put: async (path, input, options) => expectDone('PUT', path, await call('PUT', path, input, options)),
    patch: async (path, input, options) => expectDone('PATCH', path, await call('PATCH', path, input, options)),
    /** The code of the refusal that this call meets; null when it was done. */
    refusal: async (method, path, input, options) => {
      const answer = await call(method, path, input, options);
      return answer.status < 300 ? null : answer.body;
    },
    upload: async (kind, title) => {
      const path = `/v1/enterprise/documents?kind=${kind}&name=${encodeURIComponent(`${title}.pdf`)}`;
      const pdf = { headers: { 'content-type': 'application/pdf' } };
      return expectDone('POST', path, await call('POST', path, onePage(title), pdf));
    },
    /** Sends a PDF of one page to an address that takes files. */
    file: async (path, title) =>
      expectDone(
        'POST',
        path,
        await call('POST', path, onePage(title), { headers: { 'content-type': 'application/pdf' } }),
      ),
    /** Shows the second factor; binding steps are open for ten minutes. */
    stepUp: async (secret) => {
      const show = (seconds) => call('POST', '/v1/session/step-up', { code: totp(secret, seconds) });
      const answer = await show();
      // A code works once: who showed it within this half minute shows the next one, which the tolerance allows.
      const again = answer.body.code === 'second_factor_wrong' ? await show(Date.now() / 1000 + 30) : answer;
      await expectDone('POST', 'step-up', again);
    },
  };
  return person;
}

/** The code of this moment by RFC 6238: HMAC-SHA-1 of the half minute's number, cut to six digits as RFC 4226 says. */
export function totp(secret, seconds = Date.now() / 1000) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll('=', '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Asks again until the answer is as wished: matching and notices follow the command by a moment. */
export async function until(what, ask, holds, seconds = 30) {
  for (const end = Date.now() + seconds * 1000; ;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end) throw new StoryBroken(`${what} did not come within ${seconds} seconds`);
    await wait(150);
  }
}

/** A PDF of one page with one line. */
function onePage(title) {
  const text = `BT /F1 18 Tf 60 760 Td (${title.replaceAll(/[()\\]/g, '')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, n) => {
    const at = body.length;
    body += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}
