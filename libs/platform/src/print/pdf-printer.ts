import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Logger } from 'pino';
import { defineErrors } from '#kernel';
import type { Environment } from '../config/environment.js';
import { printedPagePolicy } from './printed-page.js';

export const printError = defineErrors({
  printer_busy: {
    kind: 'unavailable',
    title: 'Many documents are being printed at this moment.',
    next: 'Ask for the document again after the time in Retry-After.',
  },
});

/** A browser takes some 100 MB while it prints. */
const atOnce = 2;
/** More than this would wait longer than a caller does. */
const mayWait = 30;
const longestSoundMs = 20_000;

/**
 * Without a display, a profile kept, or anything from outside: the proxy is a port where nobody listens, for addresses of this
 * machine too. Scripts are forbidden by the page's policy, since the browser's own switch also stops its printing.
 */
const flags = [
  '--headless',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pdf-header-footer',
  '--proxy-server=127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
];

/** Makes PDF of HTML with the system's Chromium; where there is none, says so. */
export class PdfPrinter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly environment: Pick<Environment, 'chromiumPath' | 'chromiumSandbox'>,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly timeoutMs = longestSoundMs,
  ) {}

  /**
   * The document as PDF, or `undefined` where no Chromium was found or it failed: the caller then answers with the same page
   * as HTML, which every browser prints. Nothing that the page names outside itself is loaded.
   */
  async print(html: string): Promise<Buffer | undefined> {
    const { chromiumPath, chromiumSandbox } = this.environment;
    if (chromiumPath === undefined) return undefined;
    await this.enter();
    try {
      return await printWith(
        [chromiumPath, ...flags, ...(chromiumSandbox ? [] : ['--no-sandbox'])],
        html,
        this.timeoutMs,
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'a document was not printed as PDF; it is answered as HTML');
      return undefined;
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < atOnce) {
      this.running++;
      return;
    }
    if (this.waiting.length >= mayWait) throw printError('printer_busy', { retryAfterSeconds: 10 });
    // The place is handed over by the one who leaves, so that nobody comes between.
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
  }
}

async function printWith(
  [chromium, ...words]: readonly [string, ...string[]],
  html: string,
  timeoutMs: number,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sanad-print-'));
  try {
    const [page, pdf] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
    // First in the file, so that it holds whatever the page says of itself.
    await writeFile(
      page,
      `<!doctype html><meta http-equiv="Content-Security-Policy" content="${printedPagePolicy}">${html}`,
    );
    const output = await run(
      chromium,
      [...words, `--user-data-dir=${join(folder, 'profile')}`, `--print-to-pdf=${pdf}`, pathToFileURL(page).href],
      folder,
      timeoutMs,
    );
    return await readFile(pdf).catch(() => {
      throw new Error(`Chromium wrote no PDF: ${output.slice(-500)}`);
    });
  } finally {
    // Its last processes may still be writing into the profile.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** Runs it in a process group of its own, which is ended whole: Chromium starts more processes. */
function run(program: string, words: readonly string[], folder: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Nothing of this program's own environment: it holds the secrets of the market.
      env: { HOME: folder, TMPDIR: folder, PATH: '/usr/local/bin:/usr/bin:/bin' },
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    });
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group is gone already.
      }
    };
    const alarm = setTimeout(() => {
      end();
      reject(new Error(`Chromium did not finish within ${timeoutMs} ms`));
    }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(alarm);
      reject(error);
    });
    child.once('exit', (code) => {
      clearTimeout(alarm);
      end();
      if (code === 0) resolve(said);
      else reject(new Error(`Chromium ended with ${code}: ${said.slice(-500)}`));
    });
  });
}
