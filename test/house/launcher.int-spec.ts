/** The private servers as the launcher starts them: apart from each other, ended with it, started again when they die. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const launcher = join(root, 'docker/local/servers.mjs');

interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly port: number;
  pid(name: 'mariadb' | 'redis'): number;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie has ended, although its number still answers.
    return !/^\d+ \(.*\) Z/.test(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '');
  } catch {
    return false;
  }
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 20_000; !(await holds());) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a MySQL-protocol server greets on the port. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean) => (socket.destroy(), resolve(answer));
    socket.once('data', (bytes) => end(bytes[4] === 10));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

const begun: ChildProcess[] = [];

async function start(): Promise<Started> {
  const child = spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] });
  begun.push(child);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  await until(() => output.includes('SANAD_SERVERS='), 'the servers are up');
  const folder = /SANAD_SERVERS='(.+)'/.exec(output)?.[1] ?? '';
  const port = Number(/DATABASE_URL='mysql:.+:(\d+)\/sanad'/.exec(output)?.[1]);
  return {
    child,
    folder,
    port,
    pid: (name) => Number(readFileSync(join(folder, `${name}.pid`), 'utf8').split('\n')[0]),
  };
}

afterEach(() => {
  for (const child of begun.splice(0)) child.kill('SIGTERM');
});

describe('the private servers', () => {
  it('run twice at once on ports and folders of their own, and go in order', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.port).not.toBe(two.port);
    expect(one.folder).not.toBe(two.folder);
    const pids = [one.pid('mariadb'), one.pid('redis')];
    one.child.kill('SIGTERM');
    await until(() => !pids.some(isRunning) && !existsSync(one.folder), 'the first ones are gone');
    expect(await greets(two.port)).toBe(true);
  });

  it('leave nothing behind when the launcher is killed with -9', async () => {
    const { child, folder, pid } = await start();
    const pids = [pid('mariadb'), pid('redis')];
    expect(pids.every(isRunning)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !pids.some(isRunning), 'the servers have ended');
    await until(() => !existsSync(folder), 'the data is removed');
  });

  it('are started again on the same port when one dies', async () => {
    const { port, pid } = await start();
    const before = pid('mariadb');
    process.kill(before, 'SIGKILL');
    await until(async () => pid('mariadb') !== before && (await greets(port)), 'the database answers again');
  });
});

describe('the lock of a folder', () => {
  const take = (path: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { takeLock } from ${JSON.stringify(join(root, 'docker/local/lock.mjs'))}; console.log(takeLock(process.argv[1]).held)`,
        path,
      ],
      { encoding: 'utf8' },
    ).stdout.trim();

  it('is refused while its holder lives, and taken over from one that crashed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sanad-lock-'));
    try {
      const path = join(folder, 'run.json');
      expect(take(path)).toBe('true');
      // That process has ended without releasing it.
      expect(take(path)).toBe('true');
      const birth = existsSync('/proc/self/stat')
        ? readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]
        : spawnSync('ps', ['-o', 'lstart=', '-p', String(process.pid)], { encoding: 'utf8' }).stdout.trim();
      writeFileSync(path, JSON.stringify({ pid: process.pid, birth }));
      expect(take(path)).toBe('false');
      // The same number born at another time is another process.
      writeFileSync(path, JSON.stringify({ pid: process.pid, birth: '1' }));
      expect(take(path)).toBe('true');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the command line', () => {
  it('keeps standard output for the answer', () => {
    const input = JSON.stringify({ calendar: 'SA', submittedAt: '2026-03-12T10:00:00', workingDays: 3 });
    const sanad = join(root, 'docker/local/sanad.mjs');
    const { status, stdout } = spawnSync(process.execPath, [sanad, 'calc', 'due'], { input, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(stdout) as object)).toContain('dueAt');
    expect(spawnSync(process.execPath, [sanad, 'no-such-command'], { encoding: 'utf8' }).status).toBe(2);
  });
});
