import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { TargetGuard } from './target-guard.js';

export interface Answer {
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** The beginning of the answer, or what went wrong. */
  readonly text: string;
  readonly durationMs: number;
}

const shownCharacters = 500;

/** Sends one POST within `limitMs` in all. Follows no redirect, reads only the beginning of the answer, never throws. */
export async function post(
  guard: TargetGuard,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  limitMs: number,
): Promise<Answer> {
  const started = performance.now();
  const done = (status: number | null, text: string): Answer => ({
    status,
    text: printable(text),
    durationMs: Math.round(performance.now() - started),
  });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !guard.mayConnect(host)) return done(null, `${host} is no public address`);
  const signal = AbortSignal.timeout(limitMs);
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    lookup: guard.lookup as NonNullable<RequestOptions['lookup']>,
    signal,
    agent: false,
  };
  return new Promise((resolve) => {
    const failed = (error: Error) =>
      resolve(done(null, signal.aborted ? `no answer within ${limitMs / 1000} seconds` : error.message));
    const call = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (response) => {
      let text = '';
      const end = () => {
        response.destroy();
        resolve(done(response.statusCode ?? null, text));
      };
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > shownCharacters) end();
      });
      response.on('end', end);
      response.on('error', failed);
    });
    call.on('error', failed);
    call.end(body);
  });
}

function printable(text: string): string {
  return text.slice(0, shownCharacters).replaceAll(/[\u0000-\u001f\u007f]+/g, ' ');
}
