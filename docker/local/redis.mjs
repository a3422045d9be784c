// The private Redis. Its configuration goes through a file, so that the password is on no command line.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange, superviseServer } from './server-process.mjs';

/**
 * @param {{program: string, env: object}} programs
 * @param {{folder: string, password: string, wishedPort?: number, log: (name: string) => string, onCrash: Function}} options
 */
export function startRedis(programs, { folder, password, wishedPort, log, onCrash, onRestart }) {
  const data = join(folder, 'redis');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const settings = join(folder, 'redis.conf');
  const args = (port) => {
    writeFileSync(
      settings,
      [
        'bind 127.0.0.1',
        `port ${port}`,
        `requirepass ${password}`,
        `dir "${data}"`,
        'daemonize no',
        'appendonly yes',
        'save ""',
        'maxmemory-policy noeviction',
        '',
      ].join('\n'),
      { mode: 0o600 },
    );
    return [settings];
  };
  return superviseServer({
    name: 'Redis',
    program: programs.program,
    args,
    env: programs.env,
    log: log('redis.log'),
    pidFile: join(folder, 'redis.pid'),
    wishedPort,
    onCrash,
    onRestart,
    answers: async (port) => {
      const answer = await exchange(
        port,
        `AUTH ${password}\r\nPING\r\n`,
        (text) => text.includes('PONG') || text.includes('-'),
      );
      return answer.toString().includes('+PONG');
    },
  });
}
