// Servers of one fault test's own, which it may kill: node private-servers.mjs, told what to do by messages of its parent.
//   { kill: 'MariaDB' | 'Redis' }   ends the server with -9 and keeps it down
//   { start: 'MariaDB' | 'Redis' }  lets it come back, on the same port and with the same data
// Answers { servers } once both run, { down } and { up }. Ends with its parent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, startServers } from '../../../docker/local/servers.mjs';
import { dismissKeeper } from '../../../docker/local/processes.mjs';

const pidFiles = { MariaDB: 'mariadb.pid', Redis: 'redis.pid' };
const doors = new Map();
const say = (text) => process.stderr.write(`${text}\n`);

const servers = await startServers({
  mode: 'throw-away',
  say,
  // The launcher starts a server again when this is over.
  onCrash: (name) =>
    new Promise((open) => {
      doors.set(name, open);
      process.send?.({ down: name });
    }),
  onRestart: (name) => process.send?.({ up: name }),
});

process.on('message', ({ kill, start }) => {
  if (kill && !doors.has(kill))
    process.kill(Number(readFileSync(join(servers.folder, pidFiles[kill]), 'utf8').split('\n')[0]), 'SIGKILL');
  if (start) {
    doors.get(start)?.();
    doors.delete(start);
  }
});

let ending = false;
const end = async () => {
  if (ending) return;
  ending = true;
  for (const open of doors.values()) open();
  await servers.stop();
  dismissKeeper();
  process.exit(0);
};
process.on('disconnect', () => void end());
process.on('SIGTERM', () => void end());
process.send?.({ servers: environmentOf(servers) });
