import type { RegistryVerdict } from './hold.js';

/** The version of the protocol between registries; a request of another version is refused. */
export const protocolVersion = '1';

/** How far the clocks of two registries may be apart. */
export const clockToleranceSeconds = 300;

/** Claims that one request may ask about. */
export const questionsAtMost = 100;

/** A question about one claim: hashes only. `reference` is the asker's own and comes back with the answer. */
export interface RegistryQuestion {
  readonly reference: string;
  /** 32 hexadecimal characters each. */
  readonly exact: string;
  readonly loose: readonly string[];
}

export interface RegistryAnswer {
  readonly reference: string;
  readonly verdict: RegistryVerdict;
}

/** The text that the asker signs: no two requests have the same, however their JSON is written. */
export function questionText(timestamp: string, nonce: string, questions: readonly RegistryQuestion[]): string {
  const lines = questions.map(({ reference, exact, loose }) => `${reference} ${exact} ${loose.join(',')}`);
  return ['sanad-registry-query', protocolVersion, timestamp, nonce, ...lines].join('\n');
}

/** The text that the answerer signs; it holds the question's nonce, so that an answer fits no other question. */
export function answerText(nonce: string, answers: readonly RegistryAnswer[]): string {
  const lines = answers.map(({ reference, verdict }) => `${reference} ${verdict}`);
  return ['sanad-registry-answer', protocolVersion, nonce, ...lines].join('\n');
}
