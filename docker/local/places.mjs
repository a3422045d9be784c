import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Everything that the launchers keep: data, logs, unpacked programs, the secret. Never committed. */
export const local = join(root, '.local');

/** Written while `npm start` runs: who it is and where it is reached. Readable by its owner only. */
export const runFile = join(local, 'run.json');
export const secretFile = join(local, 'secret');
