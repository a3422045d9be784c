// One holder at a time, known by process number and birth, so that a crashed holder's lock is taken over.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { birthOf } from './processes.mjs';

/** The content of a lock whose holder lives, else undefined. */
export function holderOf(path) {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const holder = JSON.parse(text);
    return holder.birth && birthOf(holder.pid) === holder.birth ? holder : undefined;
  } catch {
    return undefined;
  }
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock, or gives the living holder's content.
 * @returns {{held: true, write: (content: object) => void, release: () => void} | {held: false, holder: object}}
 */
export function takeLock(path, content = {}) {
  const me = { pid: process.pid, birth: birthOf(process.pid) };
  const own = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  const write = (more) => writeFileSync(own, JSON.stringify({ ...me, ...more }), { mode: 0o600 });
  write(content);
  for (;;) {
    try {
      // A link appears with its content at once, so nobody ever reads half a lock.
      linkSync(own, path);
      rmSync(own);
      return {
        held: true,
        write: (more) => {
          write(more);
          renameSync(own, path);
        },
        release: () => rmSync(path, { force: true }),
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const seen = readText(path);
    const holder = holderOf(path);
    if (holder) {
      rmSync(own, { force: true });
      return { held: false, holder };
    }
    // Stale: move it away, and put it back when another process was quicker and it is a living one by now.
    const aside = `${own}.stale`;
    try {
      renameSync(path, aside);
      if (readText(aside) !== seen) linkSync(aside, path);
    } catch {
      // Somebody else moved it away first.
    }
    rmSync(aside, { force: true });
  }
}

/** Runs `work` while holding the lock; waits for another holder. */
export async function withLock(path, work, { patience = 600_000, onWait = () => undefined } = {}) {
  let told = false;
  for (const until = Date.now() + patience; ; await wait(200)) {
    const lock = takeLock(path);
    if (lock.held) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) onWait(lock.holder);
    told = true;
    if (Date.now() > until) throw new Error(`process ${lock.holder.pid} has held ${path} for ten minutes`);
  }
}
