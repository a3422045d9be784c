import 'reflect-metadata';
import { readEnvironment } from '#platform';
import { createApi } from './create-api.js';
import { serveReference } from './reference-page.js';

async function main(): Promise<void> {
  const environment = readEnvironment();
  const app = await createApi(environment);
  serveReference(app);
  await app.listen(environment.port, environment.host);
  process.stdout.write(`api: listening on ${await app.getUrl()}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`api: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
