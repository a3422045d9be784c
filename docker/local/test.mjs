// `npm test`: throw-away servers, then every tier; the last line counts them all. Words after `--` go to jest, so that one
// file or one name can be run; SANAD_TEST_TIER names one tier.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { local, root } from './places.mjs';
import { dismissKeeper, interruptRuns, whenNpmIsGone } from './processes.mjs';
import { checkNode, prepare } from './project.mjs';
import { environmentOf, startServers } from './servers.mjs';
import { Steps } from './steps.mjs';

const steps = new Steps();
const tiers = process.env.SANAD_TEST_TIER ? [process.env.SANAD_TEST_TIER] : ['unit', 'service', 'journey'];
const total = { passed: 0, failed: 0, skipped: 0 };
let servers;
let jest;
let ending;

function end(code) {
  ending ??= (async () => {
    await interruptRuns();
    if (jest && jest.exitCode === null && jest.signalCode === null) {
      jest.kill('SIGTERM');
      await new Promise((resolve) => jest.once('exit', resolve));
    }
    await servers?.stop();
    dismissKeeper();
    process.exit(code);
  })();
  return ending;
}

async function main(words) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(130));
  whenNpmIsGone(() => void end(130));
  checkNode();
  mkdirSync(join(local, 'logs'), { recursive: true });
  await prepare(steps);
  let env = {};
  if (tiers.some((tier) => tier !== 'unit')) {
    await steps.run('starting throw-away MariaDB and Redis', async (say) => {
      servers = await startServers({ mode: 'throw-away', say, onCrash: (_name, text) => steps.say(text) });
    });
    env = environmentOf(servers);
  }
  for (const tier of tiers) if (!ending) count(await runTier(tier, words, env));
  if (ending) return ending;
  const { passed, failed, skipped } = total;
  steps.say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  // Nothing run is no success: a wrong file name must not look like one.
  await end(failed > 0 || passed === 0 ? 1 : 0);
}

/** Runs one tier in jest and gives its results; undefined when jest ended without any. */
async function runTier(tier, words, env) {
  const output = join(local, 'logs', `test-${tier}-${process.pid}.json`);
  rmSync(output, { force: true });
  steps.say(`\n${tier} tests`);
  const args = ['-c', 'test/jest.config.cjs', '--passWithNoTests', '--json', `--outputFile=${output}`, ...words];
  jest = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, SANAD_TEST_TIER: tier },
  });
  const code = await new Promise((resolve) => jest.once('exit', (exit) => resolve(exit ?? 1)));
  try {
    return { code, ...JSON.parse(readFileSync(output, 'utf8')) };
  } catch {
    return { code };
  } finally {
    rmSync(output, { force: true });
  }
}

function count({ code, numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, ...more }) {
  const broken = more.numRuntimeErrorTestSuites ?? 0;
  total.passed += numPassedTests;
  total.skipped += numPendingTests + numTodoTests;
  // A file that could not even be loaded, or jest ending badly for another reason, counts as one failure each.
  total.failed += numFailedTests + broken || (code === 0 ? 0 : 1);
}

main(process.argv.slice(2)).catch(async (error) => {
  if (!ending) {
    steps.fail(error);
    steps.say(`\n${total.passed} passed, ${total.failed + 1} failed`);
  }
  await end(1);
});
