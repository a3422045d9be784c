import { randomBytes } from 'node:crypto';
import {
  answerText,
  protocolVersion,
  questionText,
  type RegistryAnswer,
  type RegistryQuestion,
} from '../domain/registry-protocol.js';
import { registryVerdicts } from '../domain/hold.js';
import { isSignature, peerKeyId, signature } from './peer-keys.js';

const answerLimitMs = 5_000;
const answerBytes = 64 * 1024;

/** Asks another registry about up to a hundred claims. Throws where it does not answer, or not in its own name. */
export async function askPeer(
  url: string,
  key: string,
  questions: readonly RegistryQuestion[],
): Promise<ReadonlyMap<string, RegistryAnswer['verdict']>> {
  const timestamp = new Date().toISOString();
  const nonce = randomBytes(18).toString('base64url');
  const response = await fetch(`${url}/v1/registry/queries`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(answerLimitMs),
    headers: {
      'content-type': 'application/json',
      'registry-version': protocolVersion,
      'registry-key-id': peerKeyId(key),
      'registry-timestamp': timestamp,
      'registry-nonce': nonce,
      'registry-signature': signature(key, questionText(timestamp, nonce, questions)),
    },
    body: JSON.stringify({ questions }),
  });
  if (response.status !== 200) throw new Error(`answered with status ${response.status}`);
  const { answers, signature: signed } = readAnswer(await bodyOf(response));
  if (!isSignature(key, answerText(nonce, answers), signed))
    throw new Error('the answer is not signed with the shared key');
  const verdicts = new Map(answers.map(({ reference, verdict }) => [reference, verdict]));
  if (questions.some(({ reference }) => !verdicts.has(reference))) throw new Error('the answer leaves a question out');
  return verdicts;
}

/** The beginning of a body: an answer that never ends must not fill the memory. */
async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > answerBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(text: string): { answers: RegistryAnswer[]; signature: string } {
  const { answers, signature: signed } = JSON.parse(text) as { answers?: unknown; signature?: unknown };
  const isAnswer = (value: unknown): value is RegistryAnswer => {
    const { reference, verdict } = (value ?? {}) as Partial<RegistryAnswer>;
    return typeof reference === 'string' && registryVerdicts.includes(verdict as RegistryAnswer['verdict']);
  };
  if (!Array.isArray(answers) || !answers.every(isAnswer) || typeof signed !== 'string')
    throw new Error('the answer cannot be read');
  return { answers, signature: signed };
}
