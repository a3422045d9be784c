// HEALTHCHECK of the image: an api must answer; a worker, which has no port, must be running as the first process.
import { readFileSync } from 'node:fs';

const program = readFileSync('/tmp/sanad-program', 'utf8');
if (program === 'api') {
  const { ok } = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`, {
    signal: AbortSignal.timeout(4_000),
  });
  process.exit(ok ? 0 : 1);
}
process.exit(readFileSync('/proc/1/cmdline', 'utf8').includes(`/${program}/`) ? 0 : 1);
