import { setTimeout as pause } from 'node:timers/promises';

/** Work that a context wants done again and again by the worker, in any number of processes at once. */
export interface WorkLoop {
  /** `<context>.<what>`, for the log. */
  readonly name: string;
  /** Pause when nothing was found. */
  readonly idleMs: number;
  /** Does one batch and returns how much it found; nothing remote happens inside a transaction. */
  work(): Promise<number>;
}

/** Does `work` again and again until stopped: at once while it finds something, else after `idleMs`. */
export class Loop {
  private readonly stopper = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    name: string,
    idleMs: number,
    work: () => Promise<number>,
    onError: (name: string, error: unknown) => void,
  ) {
    this.ended = this.go(name, idleMs, work, onError);
  }

  async stop(): Promise<void> {
    this.stopper.abort();
    await this.ended;
  }

  private async go(
    name: string,
    idleMs: number,
    work: () => Promise<number>,
    onError: (name: string, error: unknown) => void,
  ) {
    while (!this.stopper.signal.aborted) {
      let found = 0;
      try {
        found = await work();
      } catch (error) {
        onError(name, error);
        await pause(Math.max(idleMs, 1000), undefined, { signal: this.stopper.signal }).catch(() => undefined);
      }
      if (found === 0) await pause(idleMs, undefined, { signal: this.stopper.signal }).catch(() => undefined);
    }
  }
}
