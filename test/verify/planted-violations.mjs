// One small library tree in which each rule of .dependency-cruiser.cjs is broken once.

const libraries =
  'kernel finance invoices platform identity notices ledger review enterprises institutions receivables credit ' +
  'guarantee marketplace servicing programmes disclosure';

/** Every library knows the api: upwards for each of them. */
const upwards = Object.fromEntries(
  libraries
    .split(' ')
    .map((name) => [
      `libs/${name}/src/up.ts`,
      "import { api } from '../../../apps/api/src/main.js';\nexport const up = api;\n",
    ]),
);

const fronts = Object.fromEntries(
  libraries.split(' ').map((name) => [`libs/${name}/src/index.ts`, 'export const front = 1;\n']),
);

export const planted = {
  ...upwards,
  ...fronts,
  'apps/api/src/main.ts': 'export const api = 1;\n',
  // apps-apart
  'apps/worker/src/main.ts': "export { api } from '../../api/src/main.js';\n",
  // through-the-front-door, by a type only
  'libs/servicing/src/back-door.ts':
    "import type { rule } from '../../marketplace/src/domain/rule.js';\nexport type Rule = typeof rule;\n",
  'libs/platform/src/testing/index.ts': 'export const throwAway = 1;\n',
  // testing-in-tests-only
  'libs/identity/src/application/open.ts': "export { throwAway } from '#platform/testing';\n",
  // pure-stays-pure
  'libs/kernel/src/file.ts': "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('x');\n",
  // domain-knows-only-the-pure
  'libs/marketplace/src/domain/rule.ts': "import { front } from '#platform';\nexport const rule = front;\n",
  'libs/marketplace/src/http/offers.controller.ts':
    "export { rows } from '../persistence/rows.js';\nexport const route = 1;\n",
  'libs/marketplace/src/jobs/processor.ts': "export { route } from '../http/offers.controller.js';\n",
  // application-below-its-callers, http-and-jobs-are-ends
  'libs/marketplace/src/application/place-offer.ts': "export { route } from '../http/offers.controller.js';\n",
  // persistence-lowest
  'libs/marketplace/src/persistence/rows.ts':
    "export { place } from '../application/award.js';\nexport const rows = 1;\n",
  'libs/marketplace/src/application/award.ts': 'export const place = 1;\n',
  // no-cycles
  'libs/credit/src/one.ts': "import { two } from './two.js';\nexport const one = () => two;\n",
  'libs/credit/src/two.ts': "import { one } from './one.js';\nexport const two = () => one;\n",
  // resolvable
  'libs/credit/src/lost.ts': "export { nothing } from './nowhere.js';\n",
  // no-development-packages
  'libs/platform/src/early.ts': "import fc from 'fast-check';\nexport const early = fc;\n",
};
