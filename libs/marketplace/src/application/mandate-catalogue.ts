import { Injectable } from '@nestjs/common';
import { type MandatePage, MandateReader } from '#institutions';
import type { Mandate } from '#kernel';
import { failedRules, type MatchRule } from '../domain/matching.policy.js';
import { MandateIndex } from '../domain/mandate-index.js';
import type { AnonymousBrief } from '../domain/request-terms.js';

/**
 * Every live mandate in memory. Before each use it catches up with the numbered log of mandate changes, so that a change is seen by
 * every process at once, and a process that just started knows as much as the others.
 */
@Injectable()
export class MandateCatalogue {
  private readonly index = new MandateIndex();
  private sequence: bigint | undefined;
  private catchingUp: Promise<void> | undefined;

  constructor(private readonly mandates: MandateReader) {}

  /** The mandates that fit the brief. */
  async matching(brief: AnonymousBrief): Promise<readonly Mandate[]> {
    await this.catchUp();
    return this.index.matching(brief);
  }

  /** The mandates that nearly fit, with what each fails: first those that fail fewest rules. */
  async nearest(
    brief: AnonymousBrief,
    atMost: number,
  ): Promise<readonly { readonly mandate: Mandate; readonly failed: readonly MatchRule[] }[]> {
    await this.catchUp();
    return this.index
      .all()
      .map((mandate) => ({ mandate, failed: failedRules(mandate, brief) }))
      .filter(({ failed }) => failed.length > 0 && failed.length <= 3)
      .sort((a, b) => a.failed.length - b.failed.length || (a.mandate.id < b.mandate.id ? -1 : 1))
      .slice(0, atMost);
  }

  /** One catch-up at a time; who comes meanwhile starts another after it, because its change may be newer. */
  private async catchUp(): Promise<void> {
    const running = this.catchingUp;
    if (running) await running;
    this.catchingUp ??= this.read().finally(() => (this.catchingUp = undefined));
    await this.catchingUp;
  }

  private async read(): Promise<void> {
    if (this.sequence === undefined) {
      const from = await this.mandates.currentSequence();
      for (let cursor: string | null = null; ;) {
        const page: MandatePage = await this.mandates.loadAll(cursor, 5_000);
        for (const mandate of page.mandates) this.index.put(mandate);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      this.sequence = from;
    }
    for (;;) {
      const changes = await this.mandates.changesSince(this.sequence, 1_000);
      for (const change of changes) {
        if (change.mandate) this.index.put(change.mandate);
        else this.index.remove(change.mandateId);
        this.sequence = change.sequence;
      }
      if (changes.length < 1_000) return;
    }
  }
}
