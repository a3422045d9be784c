// A market for the time of one command: servers, schema, and where wanted api and worker with the demonstration market.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { local, root } from './places.mjs';
import { dismissKeeper, freePort, interruptRuns, whenNpmIsGone } from './processes.mjs';
import { migrate, seedDemo, startPrograms } from './programs.mjs';
import { checkNode, prepare } from './project.mjs';
import { environmentOf, startServers } from './servers.mjs';
import { Steps } from './steps.mjs';

/**
 * Runs `work` and exits with the code that it gives. Ctrl-C ends everything in order.
 * @param {{mode: 'throw-away'|'on-disk', programs: boolean, bufferPool?: string}} options
 * @param {(market: {env: object, steps: Steps, run: (program: string, args: string[], env: object) => Promise<number>})
 *   => Promise<number>} work `env.SANAD_URL` is the address of the api, when it runs
 */
export function runWithMarket({ mode, programs: withPrograms, bufferPool }, work) {
  const steps = new Steps();
  let child;
  let servers;
  let programs;
  let ending;
  const end = (code) => {
    ending ??= (async () => {
      await interruptRuns();
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await new Promise((resolve) => child.once('exit', resolve));
      }
      await programs?.stop();
      await servers?.stop();
      dismissKeeper();
      process.exit(code);
    })();
    return ending;
  };
  const run = (program, args, env) => {
    child = spawn(program, args, { cwd: root, stdio: 'inherit', env });
    return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  };
  const main = async () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(130));
    whenNpmIsGone(() => void end(130));
    checkNode();
    await prepare(steps);
    await steps.run('starting private MariaDB and Redis', async (say) => {
      servers = await startServers({ mode, bufferPool, say, onCrash: (_name, text) => steps.say(text) });
    });
    const logs = join(local, 'logs');
    mkdirSync(logs, { recursive: true });
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      ...environmentOf(servers),
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: address,
    };
    await steps.run('bringing the database to the present schema', () => migrate(env, logs));
    if (withPrograms) {
      await steps.run('making the demonstration market', () => seedDemo(env, logs));
      await steps.run('starting api and worker', async () => {
        programs = startPrograms(env, { logs: servers.folder, tell: (text) => steps.say(text) });
        await programs.ready(address);
      });
      env.SANAD_URL = address;
    }
    await end(await work({ env, steps, run }));
  };
  main().catch(async (error) => {
    if (!ending) steps.fail(error);
    await end(1);
  });
}
