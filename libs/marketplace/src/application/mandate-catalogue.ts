import { Injectable } from '@nestjs/common';
import { type MandatePage, MandateReader } from '#institutions';
import type { Mandate } from '#kernel';
import { MandateIndex, type NearMiss } from '../domain/mandate-index.js';
import type { AnonymousBrief } from '../domain/request-terms.js';

/** What a process knows of the mandates, and up to which change it does. */
interface Known {
  readonly index: MandateIndex;
  sequence: bigint;
}

/**
 * Every live mandate in memory. Before each use it catches up with the numbered log of mandate changes, so that a change is seen by
 * every process at once, and a process that just started knows as much as the others.
 */
@Injectable()
export class MandateCatalogue {
  private known: Known | undefined;
  private catchingUp: Promise<Known> | undefined;

  constructor(private readonly mandates: MandateReader) {}

  /** The mandates that fit the brief. */
  async matching(brief: AnonymousBrief): Promise<readonly Mandate[]> {
    return (await this.catchUp()).matching(brief);
  }

  /** The mandates that nearly fit, with what each fails: first those that fail fewest rules. */
  async nearest(brief: AnonymousBrief, atMost: number): Promise<readonly NearMiss[]> {
    return (await this.catchUp()).nearest(brief, atMost);
  }

  /** The mandate, where it may be matched now. */
  async live(mandateId: string): Promise<Mandate | undefined> {
    return (await this.catchUp()).get(mandateId);
  }

  /** One catch-up at a time; who comes meanwhile starts another after it, because its change may be newer. */
  async catchUp(): Promise<MandateIndex> {
    const running = this.catchingUp;
    if (running) await running.catch(() => undefined);
    this.catchingUp ??= this.read().finally(() => (this.catchingUp = undefined));
    return (await this.catchingUp).index;
  }

  private async read(): Promise<Known> {
    // Known only when all of it was read: after a failure in between the next reader begins anew.
    const known = (this.known ??= await this.load());
    for (;;) {
      const changes = await this.mandates.changesSince(known.sequence, 1_000);
      for (const change of changes) {
        if (change.mandate) known.index.put(change.mandate);
        else known.index.remove(change.mandateId);
        known.sequence = change.sequence;
      }
      if (changes.length < 1_000) return known;
    }
  }

  private async load(): Promise<Known> {
    const index = new MandateIndex();
    const sequence = await this.mandates.currentSequence();
    for (let cursor: string | null = null; ;) {
      const page: MandatePage = await this.mandates.loadAll(cursor, 2_000);
      for (const mandate of page.mandates) index.put(mandate);
      if (page.nextCursor === null) return { index, sequence };
      cursor = page.nextCursor;
    }
  }
}
