import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENVIRONMENT, type Environment } from '#platform';
import { receivableError } from '../domain/errors.js';
import type { RegistryVerdict } from '../domain/hold.js';
import {
  answerText,
  clockToleranceSeconds,
  protocolVersion,
  questionText,
  type RegistryQuestion,
} from '../domain/registry-protocol.js';
import { peerByKeyId, registeredHashes } from '../persistence/peer.store.js';
import { isSignature, openPeerKey, signature } from './peer-keys.js';

/** What the headers of a question say about who asks. */
export interface QuestionHeaders {
  readonly version: string | undefined;
  readonly keyId: string | undefined;
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly signature: string | undefined;
}

/** Answers another registry about hashes. It learns whether a claim is registered here, and nothing else. */
@Injectable()
export class AnswerRegistry {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async execute(headers: QuestionHeaders, questions: readonly RegistryQuestion[]) {
    if (headers.version !== protocolVersion)
      throw receivableError('registry_version_unknown', { data: { version: protocolVersion } });
    const key = await this.keyOf(headers, questions);
    const exact = await this.known(
      'registry_exact',
      questions.map((question) => question.exact),
    );
    const loose = await this.known(
      'registry_loose',
      questions.flatMap((question) => question.loose),
    );
    const answers = questions.map((question) => {
      const looksAlike = question.loose.some((hash) => loose.has(hash));
      const verdict: RegistryVerdict = exact.has(question.exact) ? 'exact' : looksAlike ? 'loose' : 'clear';
      return { reference: question.reference, verdict };
    });
    return { answers, signature: signature(key, answerText(headers.nonce ?? '', answers)) };
  }

  /** The shared key, once the signature and the time are right; one refusal for every fault, so that nothing can be learned from it. */
  private async keyOf(
    { keyId = '', timestamp = '', nonce = '', signature: given = '' }: QuestionHeaders,
    questions: readonly RegistryQuestion[],
  ): Promise<string> {
    const peer = /^[0-9a-f]{16}$/.test(keyId) ? await peerByKeyId(this.query, keyId) : undefined;
    const isFresh = Math.abs(Date.now() - Date.parse(timestamp)) <= clockToleranceSeconds * 1000;
    const isWellFormed = /^[0-9A-Za-z_-]{16,64}$/.test(nonce) && /^[0-9a-f]{64}$/.test(given);
    const key = peer && openPeerKey(this.environment.secret, peer.keySealed);
    if (!key || !isFresh || !isWellFormed || !isSignature(key, questionText(timestamp, nonce, questions), given))
      throw receivableError('registry_signature_invalid');
    return key;
  }

  private async known(table: 'registry_exact' | 'registry_loose', hashes: readonly string[]) {
    return registeredHashes(
      this.query,
      table,
      [...new Set(hashes)].map((hash) => Buffer.from(hash, 'hex')),
    );
  }

  private readonly query = <Row extends object>(sql: string, parameters: unknown[]): Promise<Row[]> =>
    this.dataSource.query<Row[]>(sql, parameters);
}
