import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  type CommandContext,
  ENVIRONMENT,
  type Environment,
  httpError,
  isDuplicateKey,
  newId,
  UnitOfWork,
  withoutReplay,
} from '#platform';
import { receivableError } from '../domain/errors.js';
import { allPeers, insertPeer, lockPeer, type RegistryPeer, updatePeer } from '../persistence/peer.store.js';
import { newPeerKey, peerKeyId, sealPeerKey } from './peer-keys.js';

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The other registries, kept by the operator. */
@Injectable()
export class RegistryPeers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async list() {
    const peers = await allPeers((sql, parameters) => this.dataSource.query(sql, parameters));
    return { items: peers.map(peerView), nextCursor: null };
  }

  /** Without a key one is made and shown once; with a key it is the one that the other registry made. */
  async add(context: CommandContext, input: { readonly name: string; readonly url: string; readonly key?: string }) {
    const url = this.address(input.url);
    const key = input.key ?? newPeerKey();
    const secret = this.environment.secret;
    return this.unitOfWork.run(withoutReplay(context), async (tx) => {
      const peer: RegistryPeer = {
        id: newId(),
        name: input.name,
        url,
        keySealed: sealPeerKey(secret, key),
        keyId: peerKeyId(key),
        active: true,
        version: 1,
        createdAt: await tx.now(),
      };
      await insertPeer(tx, peer).catch((error: unknown) => {
        throw isDuplicateKey(error) ? receivableError('registry_peer_exists') : error;
      });
      tx.audit({
        action: 'registry_peer.add',
        subjectType: 'registry_peer',
        subjectId: peer.id,
        data: { name: peer.name, url },
      });
      return { ...peerView(peer), ...(input.key ? {} : { key }) };
    });
  }

  /** Switches a registry on or off; while it is off its answer is not waited for and it is not answered. */
  async change(context: CommandContext, id: string, version: number, input: { readonly active: boolean }) {
    return this.unitOfWork.run(context, async (tx) => {
      const before = await lockPeer(tx, id);
      if (!before) throw httpError('record_unknown');
      if (before.version !== version) throw httpError('record_changed', { data: { version: before.version } });
      const after = { ...before, active: input.active, version: version + 1 };
      await updatePeer(tx, after);
      tx.audit({
        action: 'registry_peer.change',
        subjectType: 'registry_peer',
        subjectId: id,
        data: { active: input.active },
      });
      return peerView(after);
    });
  }

  /** https to anywhere; plain http to this machine only, and only in the sandbox. */
  private address(text: string): string {
    const refuse = (message: string) =>
      receivableError('registry_address_refused', { fields: [{ pointer: '/url', rule: 'address', message }] });
    if (!URL.canParse(text)) throw refuse('must be a full address such as https://registry.example');
    const url = new URL(text);
    if (url.username || url.password || url.search || url.hash) throw refuse('must hold no user, query or fragment');
    const isLocal = loopbackHosts.has(url.hostname);
    const allowed = url.protocol === 'https:' || (isLocal && url.protocol === 'http:');
    if (!allowed || (isLocal && this.environment.stage === 'live')) throw refuse('must begin with https://');
    return url.toString().replace(/\/$/, '');
  }
}

function peerView({ id, name, url, keyId, active, version, createdAt }: RegistryPeer) {
  return { id, name, url, keyName: keyId, active, version, createdAt: createdAt.toISOString() };
}
