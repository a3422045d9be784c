// One private server: started, waited for, watched, started again when it ended by itself, stopped in order.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { StepFailure } from './failure.mjs';
import { birthOf, endChild, freePort, startChild } from './processes.mjs';

/** How long a server may take until it answers; recovery after a kill reads the whole redo log. */
const patience = 60_000;
const portTries = 5;

/**
 * @param {object} server
 * @param {string} server.name for people
 * @param {string} server.program
 * @param {(port: number) => readonly string[]} server.args
 * @param {object} server.env
 * @param {string} server.log
 * @param {string} server.pidFile holds the number of the running process
 * @param {number} [server.wishedPort]
 * @param {(port: number) => Promise<boolean>} server.answers whether it takes commands
 * @param {(name: string, text: string) => void | Promise<void>} server.onCrash it is started again when this is over
 * @param {(name: string) => void} [server.onRestart] told when it answers again
 */
export async function superviseServer(server) {
  await endLeftOver(server.pidFile);
  let port;
  let child;
  let stopping = false;
  for (let attempt = 1; ; attempt += 1) {
    port = await freePort(attempt === 1 ? server.wishedPort : undefined);
    child = start(server, port);
    const outcome = await ready(server, child, port);
    if (outcome === 'answers') break;
    await endChild(child);
    if (outcome === 'ended' && attempt < portTries && portWasTaken(server.log)) continue;
    throw new StepFailure(
      outcome === 'ended' ? `${server.name} ended while starting` : `${server.name} did not answer within a minute`,
      { log: server.log, next: 'The last lines of the log say why.' },
    );
  }
  const watch = (running) =>
    running.once('exit', async (code, signal) => {
      if (stopping) return;
      await server.onCrash(
        server.name,
        `${server.name} ended by itself (${signal ?? `exit ${code}`}); it is started again`,
      );
      for (let pause = 250; !stopping; pause = Math.min(pause * 2, 10_000)) {
        await wait(pause);
        if (stopping) return;
        child = start(server, port);
        if ((await ready(server, child, port)) === 'answers') {
          watch(child);
          return server.onRestart?.(server.name);
        }
        await endChild(child);
      }
    });
  watch(child);
  return {
    port,
    async stop() {
      stopping = true;
      await endChild(child, { patience: 30_000 });
      rmSync(server.pidFile, { force: true });
    },
  };
}

function start(server, port) {
  const child = startChild(server.program, server.args(port), { env: server.env, log: server.log });
  if (child.pid) writeFileSync(server.pidFile, `${child.pid}\n${birthOf(child.pid)}\n`);
  return child;
}

/** A server of a crashed run of this very folder, told by number and birth: it is ended before its data is opened again. */
async function endLeftOver(pidFile) {
  if (!existsSync(pidFile)) return;
  const [pid, birth] = readFileSync(pidFile, 'utf8').split('\n');
  const lives = () => birth && birthOf(Number(pid)) === birth;
  if (lives()) process.kill(Number(pid), 'SIGTERM');
  for (let tries = 0; lives() && tries < 300; tries += 1) await wait(100);
  if (lives()) process.kill(Number(pid), 'SIGKILL');
  rmSync(pidFile, { force: true });
}

async function ready(server, child, port) {
  let failed = !child.pid;
  child.once('error', () => (failed = true));
  for (const until = Date.now() + patience; Date.now() < until; await wait(25)) {
    if (failed || child.exitCode !== null || child.signalCode !== null) return 'ended';
    if (await server.answers(port)) return 'answers';
  }
  return 'silent';
}

function portWasTaken(log) {
  try {
    return /address already in use|could not create server tcp listening socket/i.test(
      readFileSync(log, 'utf8').slice(-4000),
    );
  } catch {
    return false;
  }
}

/** Sends `request` to a loopback port and gives what came back until `enough`; empty when nobody answered. */
export function exchange(port, request, enough) {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = connect({ host: '127.0.0.1', port });
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, end);
    socket.once('error', end);
    socket.once('close', end);
    socket.once('connect', () => request && socket.write(request));
    socket.on('data', (part) => {
      answer = Buffer.concat([answer, part]);
      if (enough(answer)) end();
    });
  });
}
