import { Inject, Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IdentityReader } from '#identity';
import { ENVIRONMENT, type Environment, httpError, systemContext, type Transaction, UnitOfWork } from '#platform';
import { groupBy } from '../domain/group-by.js';
import type { RegistryVerdict } from '../domain/hold.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { questionsAtMost } from '../domain/registry-protocol.js';
import {
  askSoon,
  type Inquiry,
  keepAnswer,
  keepFault,
  lienSource,
  peerSource,
  takeInquiries,
} from '../persistence/inquiry.store.js';
import { allPeers } from '../persistence/peer.store.js';
import { looseKeysOf } from './fingerprints.js';
import { openPeerKey } from './peer-keys.js';
import { LienRegister, type PriorLien } from './ports/lien-register.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { Receivables } from './receivables.js';
import { Registry } from './registry.js';
import { askPeer } from './registry-client.js';

const asSystem = systemContext('receivables.ask_registries');

/** Asks other registries and the register of liens, never inside a transaction; each answer is kept with its time. */
@Injectable()
export class AskRegistries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly registry: Registry,
    private readonly receivables: Receivables,
    private readonly identity: IdentityReader,
    private readonly book: ReceivableRuleBook,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Optional() private readonly liens?: LienRegister,
  ) {}

  /** Asks every register about these receivables now; for the moment before a listing or an award. */
  async execute(receivableIds: readonly string[]): Promise<void> {
    await this.unitOfWork.run(asSystem, async (tx) =>
      askSoon(tx, receivableIds, await this.registry.sources(tx), await tx.now()),
    );
    await this.work(receivableIds);
  }

  /** One round: what is due, by register. Returns how many questions were put. */
  async work(only: readonly string[] = []): Promise<number> {
    const taken = await this.unitOfWork.run(asSystem, async (tx) => {
      const now = await tx.now();
      const retryAt = new Date(now.getTime() + this.book.rules.registry.retryMinutes * 60_000);
      return takeInquiries(tx, now, retryAt, questionsAtMost, only);
    });
    const bySource = groupBy(taken, ({ source }) => source);
    for (const [source, inquiries] of bySource) {
      if (source === lienSource) await this.askLiens(inquiries);
      else await this.askPeer(source, inquiries);
    }
    return taken.length;
  }

  private async askPeer(source: string, inquiries: readonly Inquiry[]): Promise<void> {
    const peers = await allPeers((sql, parameters) => this.dataSource.query(sql, parameters));
    const peer = peers.find(({ id, active }) => active && peerSource(id) === source);
    if (!peer) return;
    const questions = await this.unitOfWork.run(asSystem, async (tx) => {
      const found = await this.receivables.readAll(
        tx,
        inquiries.map(({ receivableId }) => receivableId),
      );
      const list = [];
      for (const receivable of found) {
        const prints = await this.registry.printsOf(tx, receivable);
        const loose = looseKeysOf(prints).map((hash) => hash.toString('hex'));
        list.push({ reference: receivable.id, exact: prints.exact.toString('hex'), loose });
      }
      return list;
    });
    const verdicts = await this.answered(inquiries, async () =>
      askPeer(peer.url, openPeerKey(this.environment.secret, peer.keySealed), questions),
    );
    for (const [receivableId, verdict] of verdicts ?? [])
      await this.keep({ receivableId, source }, verdict, (receivable, tx) =>
        this.registry.hold(tx, receivable, [{ kind: 'registry', against: source, otherId: null }]),
      );
  }

  private async askLiens(inquiries: readonly Inquiry[]): Promise<void> {
    const register = this.liens;
    if (!register) return;
    for (const inquiry of inquiries) {
      const query = await this.lienQuery(inquiry.receivableId);
      const liens = await this.answered([inquiry], () => register.search(query));
      if (!liens) continue;
      await this.keep(inquiry, liens.length > 0 ? 'lien' : 'clear', (receivable, tx) =>
        this.registry.hold(tx, receivable, liens.map(lienReason)),
      );
    }
  }

  private async lienQuery(receivableId: string) {
    return this.unitOfWork.run(asSystem, async (tx) => {
      const [receivable] = await this.receivables.readAll(tx, [receivableId]);
      if (!receivable) throw httpError('record_unknown');
      const parties = await this.identity.organisationsWithin([receivable.sellerId, receivable.anchorId], tx);
      const [seller, debtor] = [parties.get(receivable.sellerId), parties.get(receivable.anchorId)];
      return {
        sellerCountry: seller?.country ?? '',
        sellerRegistration: seller?.registrationNumber ?? '',
        debtorCountry: debtor?.country ?? '',
        debtorRegistration: debtor?.registrationNumber ?? '',
        documentNumber: receivable.number,
        issuedOn: receivable.issuedOn,
      };
    });
  }

  private async keep(
    inquiry: Pick<Inquiry, 'receivableId' | 'source'>,
    verdict: RegistryVerdict | 'lien',
    hold: (receivable: ReceivableRecord, tx: Transaction) => Promise<void>,
  ): Promise<void> {
    await this.unitOfWork.run(asSystem, async (tx) => {
      const receivable = await this.receivables.lock(tx, inquiry.receivableId);
      await keepAnswer(tx, inquiry, verdict, await tx.now());
      tx.audit({
        action: 'receivable.registry_answer',
        subjectType: 'receivable',
        subjectId: inquiry.receivableId,
        data: { source: inquiry.source, verdict },
      });
      if (verdict !== 'clear') await hold(receivable, tx);
    });
  }

  /** What the register outside says; its failure is kept and asked again. Our own (a busy database) goes to the caller, who may try again at once. */
  private async answered<T>(inquiries: readonly Inquiry[], ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      await this.unitOfWork.run(asSystem, (tx) => keepFault(tx, inquiries, fault));
      return undefined;
    }
  }
}

const lienReason = ({ filing }: PriorLien) => ({
  kind: 'lien' as const,
  against: `lien:${filing.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 100)}`,
  otherId: null,
});
