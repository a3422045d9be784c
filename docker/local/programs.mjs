// The market's own programs: migration and seed run to their end, api and worker are kept running.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StepFailure } from './failure.mjs';
import { local, root, secretFile } from './places.mjs';
import { endChild, runToEnd, startChild } from './processes.mjs';

const cli = join(root, 'dist/apps/cli/src/main.js');
const readyLimitMs = 90_000;
const longestPauseMs = 30_000;
const goodRunMs = 60_000;

/** How Node keeps the api's memory; docker/entry.sh has the same. Why: docs/operations/performance.md. */
export const apiFlags = ['--max-semi-space-size=4'];

/** Made once for this checkout and kept: session tokens and fingerprints stay valid over a restart. */
export function keptSecret() {
  if (!existsSync(secretFile)) {
    mkdirSync(local, { recursive: true });
    writeFileSync(secretFile, randomBytes(48).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(secretFile, 'utf8').trim();
}

async function command(words, env, log, next) {
  rmSync(log, { force: true });
  const code = await runToEnd(process.execPath, [cli, ...words], { env, log, cwd: root });
  if (code !== 0) throw new StepFailure(`sanad ${words.join(' ')} ended with exit code ${code}`, { log, next });
}

export function migrate(env, logs) {
  const next = 'Is the database reachable, and may its account create tables? The log names the statement.';
  return command(['migrate'], env, join(logs, 'migrate.log'), next);
}

export function seedDemo(env, logs) {
  return command(['seed', 'demo'], env, join(logs, 'seed.log'), 'The log names the step that was refused.');
}

/**
 * Starts api and worker and keeps them running: one that ends by itself is reported and started again, with longer
 * pauses while it keeps failing.
 * @param {object} env
 * @param {{logs: string, tell: (text: string) => void}} options
 */
export function startPrograms(env, { logs, tell }) {
  let stopping = false;
  const running = new Map();
  const keep = async (name) => {
    const main = join(root, `dist/apps/${name}/src/main.js`);
    const log = join(logs, `${name}.log`);
    if (!existsSync(main))
      throw new StepFailure(`the program ${name} is not in this build`, { next: `Is apps/${name} there?` });
    for (let pause = 1_000; !stopping;) {
      const since = Date.now();
      const child = startChild(process.execPath, [...(name === 'api' ? apiFlags : []), main], { env, cwd: root, log });
      const ended = new Promise((resolve) => {
        child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
        child.once('error', (error) => resolve(error.message));
      });
      running.set(name, child);
      const how = await ended;
      if (stopping) return;
      if (Date.now() - since > goodRunMs) pause = 1_000;
      tell(`The ${name} ended by itself (${how}); it is started again in ${pause / 1000} s. Log: ${log}`);
      await wait(pause);
      pause = Math.min(pause * 2, longestPauseMs);
    }
  };
  const failures = ['api', 'worker'].map((name) =>
    keep(name).then(
      () => undefined,
      (error) => error,
    ),
  );
  return {
    /** Resolves when the api says that it is ready. */
    async ready(address) {
      const failed = Promise.race(failures);
      for (const until = Date.now() + readyLimitMs; Date.now() < until;) {
        if (stopping) throw new StepFailure('stopped');
        if ((await statusOf(`${address}/health/ready`)) === 200) return;
        const error = await Promise.race([failed, wait(100)]);
        if (error) throw error;
      }
      throw new StepFailure('the api did not get ready', {
        log: join(logs, 'api.log'),
        next: 'The last lines of the log say why.',
      });
    },
    pids: () => Object.fromEntries([...running].map(([name, child]) => [name, child.pid])),
    async stop() {
      stopping = true;
      await Promise.all([...running.values()].map((child) => endChild(child)));
    },
  };
}

async function statusOf(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
