// `npm run demo`: the whole story of the market, told through its public HTTP API. Every figure is computed again here by
// other means; a wrong one makes the exit code 1. SANAD_URL is the address of a running api with the demonstration market.
import { theAudit } from './chapters/the-audit.mjs';
import { theAward } from './chapters/the-award.mjs';
import { theCompetition } from './chapters/the-competition.mjs';
import { theFirm } from './chapters/the-firm.mjs';
import { theMarket } from './chapters/the-market.mjs';
import { theMatch } from './chapters/the-match.mjs';
import { theMurabaha } from './chapters/the-murabaha.mjs';
import { theRequest } from './chapters/the-request.mjs';
import { StoryBroken } from './client.mjs';
import { counts } from './teller.mjs';

const started = Date.now();
try {
  const market = await theMarket();
  const firm = await theFirm(market);
  const request = await theRequest(market, firm);
  await theMatch(market, firm, request);
  await theCompetition(market, firm, request);
  await theAward(market);
  await theMurabaha(market);
  await theAudit(market, firm, request);
} catch (error) {
  if (!(error instanceof StoryBroken)) throw error;
  counts.wrong += 1;
  process.stdout.write(`\nThe story broke off: ${error.message}\n`);
}
const seconds = ((Date.now() - started) / 1000).toFixed(1);
process.stdout.write(
  `\n${counts.right} facts and figures computed again and right, ${counts.wrong} wrong; told in ${seconds} s.\n`,
);
process.exitCode = counts.wrong === 0 ? 0 : 1;
