import type { CommandContext } from './command-context.js';
import type { GroupCommand, GroupWork, UnitOfWork } from './unit-of-work.js';

interface Waiting<Input, Result> extends GroupCommand<Input> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commands that need one hot row wait for each other anyway: those of a process that wait at the same moment are taken
 * together into one transaction, which locks the row once and commits once. A command is answered after the commit that
 * holds it, so that a process that dies takes with it only what nobody was told of.
 */
export class GroupCommit<Input, Result> {
  private readonly queues = new Map<string, Waiting<Input, Result>[]>();

  /** `rowOf` names the hot row: commands of different rows do not wait for each other. */
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rowOf: (input: Input) => string,
    private readonly work: GroupWork<Input, Result>,
    private readonly atMost = 64,
  ) {}

  submit(context: CommandContext, input: Input): Promise<Result> {
    return new Promise((resolve, reject) => {
      const row = this.rowOf(input);
      const waiting = { context, input, resolve, reject };
      const queue = this.queues.get(row);
      if (queue) {
        queue.push(waiting);
        return;
      }
      this.queues.set(row, [waiting]);
      // What arrives in this turn of the event loop goes along.
      setImmediate(() => void this.drain(row));
    });
  }

  private async drain(row: string): Promise<void> {
    for (;;) {
      const queue = this.queues.get(row) ?? [];
      const batch = this.take(queue);
      if (batch.length === 0) {
        this.queues.delete(row);
        return;
      }
      try {
        const outcomes = await this.unitOfWork.runTogether(batch, this.work);
        batch.forEach(({ resolve, reject }, index) => {
          const outcome = outcomes[index];
          if (outcome && 'result' in outcome) resolve(outcome.result);
          else reject(outcome?.error);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  /** The first of the queue; of two with one idempotency key the later waits for the next transaction, which finds its answer. */
  private take(queue: Waiting<Input, Result>[]): Waiting<Input, Result>[] {
    const keys = new Set<string>();
    const batch: Waiting<Input, Result>[] = [];
    const left: Waiting<Input, Result>[] = [];
    for (const waiting of queue) {
      const claim = waiting.context.idempotency;
      const key = claim && `${claim.clientId} ${claim.key}`;
      if (batch.length === this.atMost || (key && keys.has(key))) left.push(waiting);
      else {
        batch.push(waiting);
        if (key) keys.add(key);
      }
    }
    queue.splice(0, queue.length, ...left);
    return batch;
  }
}
