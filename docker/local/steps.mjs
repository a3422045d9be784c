// What the person at the keyboard sees: each step with the time it takes, and a failure with what to do about it.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { StepFailure } from './failure.mjs';

const heartbeatMs = 10_000;
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs steps one after the other and tells of them on `out`.
 * On a terminal the running step is one line with a clock; elsewhere it is told at its begin, every ten seconds and at its end.
 */
export class Steps {
  constructor(out = process.stdout) {
    this.out = out;
    this.line = '';
  }

  /**
   * @template T
   * @param {string} title
   * @param {(say: (detail: string) => void) => Promise<T>} work calls `say` when it turns to another part
   * @returns {Promise<T>}
   */
  async run(title, work) {
    const since = Date.now();
    let detail = '';
    const show = () => this.draw(`  … ${title}${detail && `: ${detail}`} (${seconds(since)})`);
    if (this.out.isTTY) show();
    else this.say(`  … ${title}`);
    const clock = setInterval(
      () => (this.out.isTTY ? show() : this.say(`    ${title}: still ${detail || 'at it'} (${seconds(since)})`)),
      this.out.isTTY ? 200 : heartbeatMs,
    );
    try {
      const result = await work((text) => {
        detail = text;
        if (this.out.isTTY) show();
        else this.say(`    ${title}: ${text}`);
      });
      this.say(`  ✓ ${title} (${seconds(since)})`);
      return result;
    } catch (error) {
      this.say(`  ✗ ${title} (${seconds(since)})`);
      throw error;
    } finally {
      clearInterval(clock);
    }
  }

  /** One line of its own. */
  say(text) {
    this.draw('');
    this.out.write(`${text}\n`);
  }

  draw(text) {
    if (!this.out.isTTY) return;
    const shown = text.slice(0, (this.out.columns ?? 100) - 1);
    if (this.line || shown) this.out.write(`\r\x1b[2K${shown}`);
    this.line = shown;
  }

  /** Tells why the command could not go on: what happened, what to do, where to read more. */
  fail(error) {
    this.draw('');
    const lines = [`\nThis did not work: ${error instanceof Error ? error.message : String(error)}`];
    if (error instanceof StepFailure) {
      if (error.log && existsSync(error.log)) {
        const tail = readFileSync(error.log, 'utf8').trimEnd().split('\n').slice(-12);
        lines.push(
          '',
          ...tail.map((line) => `    ${line}`),
          '',
          `Log: ${relative(process.cwd(), error.log) || error.log}`,
        );
      }
      if (error.next) lines.push(`What to do: ${error.next}`);
    } else if (error instanceof Error) {
      lines.push(error.stack ?? '', 'This is a fault of the launcher itself; please report it with these lines.');
    }
    this.out.write(`${lines.join('\n')}\n`);
  }
}
