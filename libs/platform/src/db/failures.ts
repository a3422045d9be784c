/** Errors of the MySQL protocol, by number: the texts differ between servers. */
const errno = {
  duplicate: 1062,
  lockWait: 1205,
  deadlock: 1213,
  /** MariaDB with snapshot isolation: the row was changed since it was read. */
  recordChanged: 1020,
  checkMariadb: 4025,
  checkMysql: 3819,
} as const;

function numberOf(error: unknown): number | undefined {
  const value = (error as { errno?: unknown; driverError?: { errno?: unknown } } | null) ?? {};
  const found = value.errno ?? value.driverError?.errno;
  return typeof found === 'number' ? found : undefined;
}

export function isDuplicateKey(error: unknown): boolean {
  return numberOf(error) === errno.duplicate;
}

export function isLockWait(error: unknown): boolean {
  return numberOf(error) === errno.lockWait;
}

export function isCheckViolation(error: unknown): boolean {
  const found = numberOf(error);
  return found === errno.checkMariadb || found === errno.checkMysql;
}

/** The whole transaction may be tried again from its beginning. */
export function isRetryable(error: unknown): boolean {
  const found = numberOf(error);
  return found === errno.deadlock || found === errno.lockWait || found === errno.recordChanged;
}

const lostCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ER_SERVER_SHUTDOWN',
]);

/** A database that hangs: told as one that cannot be reached. */
export function silence(message: string): Error {
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}

/** The database cannot be reached at the moment; whether a COMMIT in flight was done is unknown. */
export function isConnectionLost(error: unknown): boolean {
  const value = (error as { code?: unknown; driverError?: { code?: unknown } } | null) ?? {};
  const code = value.code ?? value.driverError?.code;
  return (
    (typeof code === 'string' && lostCodes.has(code)) ||
    /closed state|Connection lost/i.test(String((error as Error)?.message))
  );
}
