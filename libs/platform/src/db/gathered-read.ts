interface Waiting<Value> {
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Statements of one kind that run at the same time; who asks meanwhile is gathered for the next. */
const statementsAtOnce = 2;
const keysAtOnce = 100;

/**
 * Reads by key, gathered: those who ask in the same instant share one statement, so that a busy process sends fewer of them. Nothing is
 * kept: every statement begins after everybody asked whom it answers.
 */
export class GatheredRead<Value> {
  private waiting = new Map<string, Waiting<Value>[]>();
  private running = 0;
  private planned = false;

  /** @param read finds the values of some keys, by key; a key that it does not answer has no value */
  constructor(private readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>) {}

  of(key: string): Promise<Value | undefined> {
    return new Promise((resolve, reject) => {
      const others = this.waiting.get(key);
      if (others) others.push({ resolve, reject });
      else this.waiting.set(key, [{ resolve, reject }]);
      this.plan();
    });
  }

  /** After all that has arrived by now was looked at. */
  private plan(): void {
    if (this.planned || this.running >= statementsAtOnce || this.waiting.size === 0) return;
    this.planned = true;
    setImmediate(() => {
      this.planned = false;
      void this.run(this.take());
    });
  }

  private take(): Map<string, Waiting<Value>[]> {
    const taken = this.waiting;
    this.waiting = new Map();
    if (taken.size > keysAtOnce)
      for (const [key, others] of [...taken].slice(keysAtOnce)) {
        taken.delete(key);
        this.waiting.set(key, others);
      }
    return taken;
  }

  private async run(taken: ReadonlyMap<string, readonly Waiting<Value>[]>): Promise<void> {
    this.running += 1;
    this.plan();
    try {
      const values = await this.read([...taken.keys()]);
      for (const [key, others] of taken) for (const { resolve } of others) resolve(values.get(key));
    } catch (error) {
      for (const others of taken.values()) for (const { reject } of others) reject(error);
    } finally {
      this.running -= 1;
      this.plan();
    }
  }
}
