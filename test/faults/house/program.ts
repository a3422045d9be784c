import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from './until.js';

const root = join(__dirname, '../../..');
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
const kept = 20_000;

export type Env = Readonly<Record<string, string>>;

/** A running program of the market: the built one, as it would be deployed. */
export class Program {
  private output = '';
  private readonly ended: Promise<void>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => (this.output = (this.output + text.toString()).slice(-kept)));
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  /** Starts the api on `port` and waits until it is ready, or a worker until it runs. `preload` is required before it. */
  static async start(name: 'api' | 'worker', env: Env, preload?: string): Promise<Program> {
    const main = join(root, `dist/apps/${name}/src/main.js`);
    if (!existsSync(main)) throw new Error(`${main} is missing: run npm run build`);
    const words = [...(preload ? ['--require', preload] : []), main];
    const program = new Program(name, spawnWithUs(words, env));
    await until(
      `${name} is ready`,
      async () => {
        if (!program.alive) throw new Error(`${name} ended while starting: ${program.output}`);
        if (name === 'worker') return program.output.includes('worker: running');
        return (await statusOf(`${addressOf(env)}/health/ready`)) === 200;
      },
      60,
    );
    return program;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get text(): string {
    return this.output;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it in order, and fails when that takes longer than a deployment would wait. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    await this.ended;
    clearTimeout(late);
    if (this.child.signalCode === 'SIGKILL') throw new Error(`${this.name} did not end in order: ${this.output}`);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

/** A child that ends with this process, however that ends. */
function spawnWithUs(words: readonly string[], env: Env): ChildProcess {
  const [file, args] = setpriv
    ? [setpriv, ['--pdeathsig', 'KILL', '--', process.execPath, ...words]]
    : [process.execPath, [...words]];
  return spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs the command line to its end. */
export async function runCli(words: readonly string[], env: Env): Promise<{ code: number; output: string }> {
  const child = spawnWithUs([join(root, 'dist/apps/cli/src/main.js'), ...words], env);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
  return { code, output };
}

export const addressOf = (env: Env): string => `http://127.0.0.1:${env['PORT']}`;

/** The status of a quick look, 0 when nobody answers. */
export async function statusOf(url: string): Promise<number> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

/** A port that is free now, outside the range of outgoing connections, so that it is still free after a restart. */
export async function freePort(): Promise<number> {
  return until('a free port', async () => {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer().once('error', () => resolve(false));
      probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
    });
    return free && port;
  });
}
