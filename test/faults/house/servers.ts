import { fork } from 'node:child_process';
import { join } from 'node:path';

type ServerName = 'MariaDB' | 'Redis';
type Message = { readonly servers?: Record<string, string>; readonly down?: ServerName; readonly up?: ServerName };

/** MariaDB and Redis that belong to one test, so that it may kill and empty them. */
export interface PrivateServers {
  /** `DATABASE_URL`, `REDIS_URL` and the rest of what programs need. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends a server with -9; it stays down. */
  kill(name: ServerName): Promise<void>;
  /** Lets it come up again on the same port, and waits until it answers. */
  start(name: ServerName): Promise<void>;
  stop(): Promise<void>;
}

export async function startPrivateServers(): Promise<PrivateServers> {
  const child = fork(join(__dirname, 'private-servers.mjs'), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  const heard = <T>(read: (message: Message) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the private servers ended: ${errors}`));
      const listen = (message: unknown) => {
        const found = read(message as Message);
        if (found === undefined) return;
        child.off('message', listen).off('exit', ended);
        resolve(found);
      };
      child.on('message', listen).once('exit', ended);
    });
  const env = await heard(({ servers }) => servers);
  return {
    env,
    async kill(name) {
      const down = heard((message) => message.down === name || undefined);
      child.send({ kill: name });
      await down;
    },
    async start(name) {
      const up = heard((message) => message.up === name || undefined);
      child.send({ start: name });
      await up;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
