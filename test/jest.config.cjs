/**
 * One configuration, three tiers chosen by file name (see docs/guide/testing.md):
 *   unit      *.spec.ts      pure, beside the code, no server
 *   service   *.int-spec.ts  on the private MariaDB and Redis that the launcher starts
 *   journey   test/journeys, test/faults   the public HTTP API of running processes, also while parts of it die
 */
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** jest cannot require ESM packages on Node 20: the ones that declare it are compiled to CommonJS too. */
function esmPackages() {
  const modules = join(root, 'node_modules');
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((sub) => `${name}/${sub}`) : [name],
  );
  return names.filter((name) => {
    const manifest = join(modules, name, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
  });
}

const tiers = {
  unit: [
    '<rootDir>/libs/**/*.spec.ts',
    '<rootDir>/apps/**/*.spec.ts',
    '<rootDir>/test/golden/**/*.spec.ts',
    '<rootDir>/test/house/**/*.spec.ts',
  ],
  service: ['<rootDir>/libs/**/*.int-spec.ts', '<rootDir>/apps/**/*.int-spec.ts', '<rootDir>/test/**/*.int-spec.ts'],
  journey: ['<rootDir>/test/journeys/**/*.journey.ts', '<rootDir>/test/faults/**/*.fault.ts'],
};

module.exports = {
  rootDir: root,
  testEnvironment: 'node',
  testMatch: process.env.SANAD_TEST_TIER ? tiers[process.env.SANAD_TEST_TIER] : Object.values(tiers).flat(),
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.local'],
  moduleNameMapper: {
    '^#([a-z]+)/([a-z]+)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^#([a-z]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '\\.[cm]?[jt]s$': ['@swc/jest', JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'))] },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages().join('|')})/)`],
  testTimeout: 30_000,
  // A set-up that failed leaves connections open; the run must end and say so.
  forceExit: true,
};
