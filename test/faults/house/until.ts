import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until `find` gives something; fails with what it was about after `seconds`. */
export async function until<T>(
  what: string,
  find: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 30,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(25)) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`did not happen within ${seconds} s: ${what}`);
}
