// `npm run demo`: a throw-away market tells its whole story through its public HTTP API (test/demo/story.mjs).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runWithMarket } from './with-market.mjs';
import { StepFailure } from './failure.mjs';
import { root } from './places.mjs';

const story = join(root, 'test/demo/story.mjs');

runWithMarket({ mode: 'throw-away', programs: true }, async ({ run, env }) => {
  if (!existsSync(story)) throw new StepFailure('the story is not in this checkout (test/demo/story.mjs)');
  return run(process.execPath, [story, ...process.argv.slice(2)], env);
});
