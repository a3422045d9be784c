// Children that never outlive the launcher: started in a session of their own (Ctrl-C reaches only the launcher, which
// ends them in order), with a parent-death signal on Linux, and under a keeper that notices a launcher killed with -9.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepFailure } from './failure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

let keeper;

function tellKeeper(line) {
  if (!keeper) {
    keeper = spawn('/bin/sh', [join(here, 'keeper.sh')], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    keeper.stdin.on('error', () => undefined);
    keeper.on('error', () => undefined);
    keeper.unref();
    keeper.stdin.unref?.();
  }
  keeper.stdin.write(`${line}\n`);
}

/** The folder is removed when the launcher ends in whatever way. Its path must contain `sanad-`. */
export function removeAtTheEnd(folder) {
  tellKeeper(`folder ${folder}`);
}

/** To be called when everything has ended in order. */
export function dismissKeeper() {
  if (!keeper) return;
  keeper.stdin.end('done\n');
  keeper = undefined;
}

/**
 * Starts a child that ends with the launcher.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{env?: object, cwd?: string, log?: string}} [options] `log`: a file that takes its output, appended
 * @returns {import('node:child_process').ChildProcess}
 */
export function startChild(program, args, { env = process.env, cwd, log, mayFinish = false } = {}) {
  const output = log ? openSync(log, 'a', 0o600) : 'ignore';
  const [file, words] =
    setpriv && !mayFinish ? [setpriv, ['--pdeathsig', 'TERM', '--', program, ...args]] : [program, args];
  const child = spawn(file, words, { env, cwd, stdio: ['ignore', output, output], detached: true });
  if (log) closeSync(output);
  child.on('error', () => undefined);
  if (child.pid && !mayFinish) {
    tellKeeper(`pid ${child.pid}`);
    child.once('exit', () => keeper && tellKeeper(`forget ${child.pid}`));
  }
  return child;
}

/** Ends a child in order: the signal, and after `patience` milliseconds SIGKILL. */
export async function endChild(child, { signal = 'SIGTERM', patience = 15_000 } = {}) {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill(signal);
  });
}

/** Whether a process of that number runs. One of another user counts as running. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Tells two processes with one number apart: when it began, in the words of the system. Empty when it has ended. */
export function birthOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return '';
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
}

/** Whether nobody listens on a port: it can be taken, and nobody answers (macOS lets a second one take it). */
export async function isFree(port, host = '127.0.0.1') {
  const takes = await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
  return takes && (process.platform === 'linux' || !(await answers(port)));
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer) => () => (socket.destroy(), resolve(answer));
    socket.once('connect', end(true)).once('error', end(false)).setTimeout(500, end(false));
  });
}

/**
 * A free port: one of `wished` in their order, else any. Chosen below 32768, where the system takes no ports for
 * outgoing connections, so that it is still free a moment later.
 */
export async function freePort(...wished) {
  for (const port of wished) if (port && (await isFree(port))) return port;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new StepFailure('no free port between 20000 and 32000 was found', { next: 'End some programs and try again.' });
}

const toTheEnd = new Set();

/**
 * Runs a program to its end with its output in a log file.
 * @param {{env?: object, cwd?: string, log?: string, mayFinish?: boolean}} [options] `mayFinish`: harm would be done by
 *   ending it halfway, so it outlives even a killed launcher
 * @returns {Promise<number>} the exit code; 127 when the program could not be started
 */
export async function runToEnd(program, args, { mayFinish = false, ...options } = {}) {
  const child = startChild(program, args, { ...options, mayFinish });
  if (!mayFinish) toTheEnd.add(child);
  try {
    return await new Promise((resolve) => {
      child.once('error', () => resolve(127));
      child.once('exit', (code) => resolve(code ?? 1));
    });
  } finally {
    toTheEnd.delete(child);
  }
}

/** Ends what {@link runToEnd} has under way. */
export async function interruptRuns() {
  await Promise.all([...toTheEnd].map((child) => endChild(child, { patience: 5_000 })));
}

/** The output of a quick command, or undefined when it failed. */
export function outputOf(program, args, options = {}) {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', ...options });
  return status === 0 ? stdout : undefined;
}

/**
 * Calls `gone` when the npm that started this launcher is gone without having told it: killed with -9, it can not pass
 * anything on. A launcher that was started without npm has no such parent.
 */
export function whenNpmIsGone(gone) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parents = [process.ppid];
  const above = outputOf('ps', ['-o', 'ppid=,comm=', '-p', String(process.ppid)]) ?? parentFromProc(process.ppid);
  const [, pid, name] = /(\d+)\s+(\S+)/.exec(above) ?? [];
  // npm may stand behind a shell of its own.
  if (/^(.*\/)?(sh|dash|bash|zsh)$/.test(name ?? '') && Number(pid) > 1) parents.push(Number(pid));
  const watch = setInterval(() => {
    if (parents.every((parent) => isAlive(parent) && (process.platform !== 'linux' || birthOf(parent)))) return;
    clearInterval(watch);
    gone();
  }, 1_000);
  watch.unref();
}

function parentFromProc(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = status.slice(status.indexOf('(') + 1, status.lastIndexOf(')'));
    return `${status.slice(status.lastIndexOf(')') + 2).split(' ')[1]} ${name}`;
  } catch {
    return '';
  }
}
