import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Everything that may differ between deployments, read once at start. No other file reads `process.env`. */
export interface Environment {
  readonly databaseUrl: string;
  /** Connections to the database that one process may hold. */
  readonly databasePool: number;
  /** Seconds that a caller waits for a connection, and a statement for a sign of life; 0 is without end. */
  readonly databaseTimeoutSeconds: number;
  readonly redisUrl: string;
  /** All Redis keys of this market; one hash tag, so that a Redis Cluster keeps them together. */
  readonly redisPrefix: string;
  readonly host: string;
  readonly port: number;
  /** Where people reach the portal; links in notices begin with it. */
  readonly publicUrl: string;
  /** ISO 3166 code of the country whose rule books hold. */
  readonly country: string;
  /** Documents, mails without a mail server, and exports are kept below this folder. */
  readonly dataFolder: string;
  /** `sandbox` shows the demonstration logins; `live` never does. */
  readonly stage: 'sandbox' | 'live';
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  /** Seconds added to the database's time, for tests and rehearsals; refused in `live`. */
  readonly clockOffsetSeconds: number;
  readonly logLevel: string;
  /**
   * Whose `X-Forwarded-For` is believed: `false` nobody's, a number of hops, or addresses and networks with commas
   * (`loopback`, `uniquelocal`, `10.0.0.0/8`). Believing everybody would let a caller choose its own address.
   */
  readonly trustProxy: false | number | string;
  /** Requests a minute that one address may send to public routes, and to those where passwords and codes are tried; 0 is without limit. */
  readonly publicRequestsPerMinute: number;
  readonly signInsPerMinute: number;
  /** Seconds between "not ready" and the end of listening, in which load balancers turn away. */
  readonly shutdownDelaySeconds: number;
  /** Key of hashes that must not be guessable from outside (session tokens, fingerprints); at least 32 characters. */
  readonly secret: string;
  /** The program that prints documents as PDF; without it they are answered as printable HTML. */
  readonly chromiumPath: string | undefined;
  /** Whether Chromium shuts itself in; containers seldom let it, and root never can. */
  readonly chromiumSandbox: boolean;
}

type Reader = { readonly [K in keyof Environment]: (read: (name: string) => string | undefined) => Environment[K] };

class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

function required(name: string, what: string, read: (name: string) => string | undefined): string {
  const value = read(name);
  if (!value) throw new ConfigurationError(`${name} is not set: ${what}`);
  return value;
}

function wholeNumber(name: string, fallback: number, read: (name: string) => string | undefined): number {
  const text = read(name);
  if (text === undefined || text === '') return fallback;
  if (!/^-?\d{1,9}$/.test(text)) throw new ConfigurationError(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function proxyTrust(text: string): Environment['trustProxy'] {
  if (text === '') return false;
  if (/^\d{1,2}$/.test(text)) return Number(text) || false;
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => !/^(?:loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(?:\/\d{1,3})?)$/.test(part));
  if (wrong !== undefined)
    throw new ConfigurationError(`TRUST_PROXY names hops, addresses or networks such as 10.0.0.0/8, not "${wrong}"`);
  return parts.join(',');
}

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** As named, or by its usual names; `off` where documents shall be HTML although it is there. */
function chromiumOf(named: string | undefined, searchPath: string): string | undefined {
  if (named === 'off') return undefined;
  if (named) {
    if (!isProgram(named)) throw new ConfigurationError(`CHROMIUM_PATH is no program: "${named}"; "off" means none`);
    return named;
  }
  return [
    ...searchPath.split(delimiter).flatMap((folder) => chromiumNames.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ].find(isProgram);
}

const readers: Reader = {
  databaseUrl: (read) => required('DATABASE_URL', 'mysql://user:password@host:port/database, or run `npm start`', read),
  databasePool: (read) => wholeNumber('DATABASE_POOL', 16, read),
  databaseTimeoutSeconds: (read) => wholeNumber('DATABASE_TIMEOUT_SECONDS', 30, read),
  redisUrl: (read) => required('REDIS_URL', 'redis://host:port, or run `npm start`', read),
  redisPrefix: (read) => read('REDIS_PREFIX') ?? '{sanad}',
  host: (read) => read('HOST') ?? '127.0.0.1',
  port: (read) => wholeNumber('PORT', 3000, read),
  publicUrl: (read) => read('PUBLIC_URL') ?? `http://127.0.0.1:${wholeNumber('PORT', 3000, read)}`,
  country: (read) => (read('COUNTRY') ?? 'SA').toUpperCase(),
  dataFolder: (read) => read('DATA_FOLDER') ?? join(projectRoot(), '.local', 'data'),
  stage: (read) => {
    const stage = read('STAGE') ?? 'sandbox';
    if (stage !== 'sandbox' && stage !== 'live')
      throw new ConfigurationError(`STAGE is "sandbox" or "live", not "${stage}"`);
    return stage;
  },
  smtpUrl: (read) => read('SMTP_URL') || undefined,
  mailFrom: (read) => read('MAIL_FROM') ?? 'Sanad <no-reply@sanad.example>',
  clockOffsetSeconds: (read) => {
    const offset = wholeNumber('CLOCK_OFFSET_SECONDS', 0, read);
    if (offset !== 0 && read('STAGE') === 'live')
      throw new ConfigurationError('CLOCK_OFFSET_SECONDS is for tests only');
    return offset;
  },
  logLevel: (read) => read('LOG_LEVEL') ?? 'info',
  trustProxy: (read) => proxyTrust(read('TRUST_PROXY') ?? ''),
  publicRequestsPerMinute: (read) => wholeNumber('PUBLIC_REQUESTS_PER_MINUTE', 600, read),
  signInsPerMinute: (read) => wholeNumber('SIGN_INS_PER_MINUTE', 60, read),
  shutdownDelaySeconds: (read) => wholeNumber('SHUTDOWN_DELAY_SECONDS', 0, read),
  secret: (read) => {
    const secret = required('SANAD_SECRET', 'at least 32 random characters', read);
    if (secret.length < 32) throw new ConfigurationError('SANAD_SECRET must have at least 32 characters');
    return secret;
  },
  chromiumPath: (read) => chromiumOf(read('CHROMIUM_PATH'), read('PATH') ?? ''),
  chromiumSandbox: (read) => {
    const wanted = read('CHROMIUM_SANDBOX') || 'on';
    if (wanted !== 'on' && wanted !== 'off')
      throw new ConfigurationError(`CHROMIUM_SANDBOX is "on" or "off", not "${wanted}"`);
    return wanted === 'on' && process.getuid?.() !== 0;
  },
};

/** Reads and checks the environment; a fault names the variable and what it should hold. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const entries = Object.entries(readers).map(([key, reader]) => [key, reader((name) => source[name])]);
  return Object.freeze(Object.fromEntries(entries) as unknown as Environment);
}

/** The folder that holds package.json, from the sources as well as from `dist`. */
export function projectRoot(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'sanad') {
      return folder;
    }
  }
  throw new ConfigurationError('package.json of sanad was not found above the program');
}
