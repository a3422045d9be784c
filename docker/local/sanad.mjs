// `npm run -s sanad -- <command>`: brings packages and build up to date with progress on standard error only, then is the
// command line itself, in this very process: standard input, output and exit code are the command's own.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, runFile, secretFile } from './places.mjs';
import { isReady } from './project.mjs';

/** Commands that work on a market: they need its database, given or started by `npm start`. */
const onAMarket = new Set(['migrate', 'seed', 'audit', 'doctor', 'import', 'report']);
const offline = new Set(['export openapi']);

async function main(words) {
  if (!isReady()) {
    const [{ checkNode, prepare }, { Steps }] = await Promise.all([import('./project.mjs'), import('./steps.mjs')]);
    const steps = new Steps(process.stderr);
    try {
      checkNode();
      await prepare(steps);
    } catch (error) {
      steps.fail(error);
      process.exit(1);
    }
  }
  const help = words.includes('--help') || words.includes('-h');
  const needsMarket = (onAMarket.has(words[0]) || words[0] === 'export') && !offline.has(words.slice(0, 2).join(' '));
  if (needsMarket && !help && !(await findMarket())) process.exit(1);
  const { main: sanad } = createRequire(import.meta.url)(join(root, 'dist/apps/cli/src/main.js'));
  process.exitCode = await sanad(words, process);
}

/** Sets the addresses of the market that runs in this folder, where none are given. */
async function findMarket() {
  const { env } = process;
  if (!env.DATABASE_URL || !env.REDIS_URL) {
    const { holderOf } = await import('./lock.mjs');
    const market = holderOf(runFile);
    if (!market?.databaseUrl) {
      process.stderr.write(
        'sanad: this command works on a market, and none runs in this folder.\n' +
          'Start one in another window with npm start, or give DATABASE_URL, REDIS_URL and SANAD_SECRET of one.\n',
      );
      return false;
    }
    env.DATABASE_URL ??= market.databaseUrl;
    env.REDIS_URL ??= market.redisUrl;
    env.PORT ??= String(market.port);
  }
  if (!env.SANAD_SECRET && existsSync(secretFile)) env.SANAD_SECRET = readFileSync(secretFile, 'utf8').trim();
  return true;
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`sanad: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
