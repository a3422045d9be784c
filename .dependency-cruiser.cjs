/**
 * Who may import whom (docs/adr/0001). `npm run verify` cruises the sources with these rules, proves on planted
 * violations that each rule fires, and fails when a source was not looked at.
 */

/** Lowest first; what stands in one row does not know each other. A library may import those of the rows below it. */
const layers = [
  ['kernel'],
  ['finance'],
  ['invoices'],
  ['platform'],
  ['identity'],
  ['notices'],
  ['ledger', 'review'],
  ['enterprises', 'institutions'],
  ['receivables'],
  ['credit'],
  ['guarantee'],
  ['marketplace'],
  ['servicing'],
  ['programmes', 'disclosure'],
];
const pure = ['kernel', 'finance', 'invoices'];
const contexts = layers.flat().filter((name) => !pure.includes(name) && name !== 'platform');

const anyOf = (names) => `(?:${names.join('|')})`;
const tests = String.raw`\.(?:spec|int-spec|journey)\.ts$|^test/|^libs/[^/]+/src/testing/`;
const context = `^libs/${anyOf(contexts)}/src`;
/** Packages that only calculate or parse: a pure library or a domain folder may stand on them. */
const purePackages = ['decimal\\.js', 'fast-xml-parser', 'csv-parse', 'read-excel-file', 'write-excel-file'];

/** Parts of Node that turn bytes into bytes and reach nothing outside. */
const inMemory = '^(?:node:)?(?:buffer|stream|string_decoder|util|zlib)(?:/|$)';

const layerRules = layers.flatMap((row, height) =>
  row.map((name) => ({
    name: `layer-${name}`,
    comment: `${name} may know only what lies below it; news that goes up travels as an event.`,
    severity: 'error',
    from: { path: `^libs/${name}/` },
    to: {
      path: '^(?:libs|apps|config|test)/',
      pathNot: [`^libs/${anyOf([name, ...layers.slice(0, height).flat()])}/`],
    },
  })),
);

const rules = [
  {
    name: 'through-the-front-door',
    comment: 'Another library is used through its src/index.ts or a declared subpath, so that its inside can change.',
    severity: 'error',
    from: { path: '^(libs/[^/]+|apps|config|test)/' },
    to: {
      path: '^libs/',
      pathNot: [
        '^$1/',
        '^libs/[^/]+/src/index\\.ts$',
        '^libs/platform/src/rulebooks/index\\.ts$',
        '^libs/[^/]+/src/testing/',
      ],
    },
  },
  {
    name: 'testing-in-tests-only',
    comment: 'What opens throw-away databases must not reach a running market.',
    severity: 'error',
    from: { path: '^(?:libs|apps|config)/', pathNot: [tests] },
    to: { path: '^(?:libs/[^/]+/src/testing|test)/' },
  },
  {
    name: 'pure-stays-pure',
    comment:
      'Pure libraries and domain folders calculate; files, network, framework and database are given from outside.',
    severity: 'error',
    from: { path: [`^libs/${anyOf(pure)}/src/`, `${context}/domain/`], pathNot: [tests] },
    to: {
      dependencyTypesNot: ['local', 'aliased', 'aliased-tsconfig', 'aliased-tsconfig-paths', 'aliased-subpath-import'],
      pathNot: [`node_modules/${anyOf(purePackages)}/`, inMemory, '^(?:libs|apps|config|test)/'],
    },
  },
  {
    name: 'domain-knows-only-the-pure',
    comment: 'A rule of the business must be testable in milliseconds, without database, clock or framework.',
    severity: 'error',
    from: { path: `^(libs/${anyOf(contexts)}/src/domain)/`, pathNot: [tests] },
    to: { path: '^(?:libs|apps|config)/', pathNot: ['^$1/', `^libs/${anyOf(pure)}/`] },
  },
  {
    name: 'application-below-its-callers',
    comment: 'A use case does not know who calls it: http and jobs stand above it.',
    severity: 'error',
    from: { path: `^(libs/${anyOf(contexts)}/src)/application/`, pathNot: [tests] },
    to: { path: '^$1/(?:http|jobs)/' },
  },
  {
    name: 'persistence-lowest',
    comment: "Entities and repositories implement the domain's types and know nothing else of their context.",
    severity: 'error',
    from: { path: `^(libs/${anyOf(contexts)}/src)/persistence/`, pathNot: [tests] },
    to: { path: '^$1/', pathNot: ['^$1/(?:persistence|domain)/'] },
  },
  {
    name: 'http-and-jobs-call-use-cases',
    comment: 'A controller or a processor parses, calls one use case and stops; it does not reach for the tables.',
    severity: 'error',
    from: { path: `^(libs/${anyOf(contexts)}/src)/(?:http|jobs)/`, pathNot: [tests] },
    to: { path: '^$1/persistence/' },
  },
  {
    name: 'http-and-jobs-are-ends',
    comment: 'Nothing but the module imports controllers and processors.',
    severity: 'error',
    from: {
      path: `^(libs/${anyOf(contexts)}/src)/`,
      pathNot: [tests, `${context}/(?:http|jobs)/`, `${context}/[^/]+\\.module\\.ts$`, `${context}/index\\.ts$`],
    },
    to: { path: '^$1/(?:http|jobs)/' },
  },
  {
    name: 'jobs-apart-from-http',
    comment: 'The worker runs without the api, and the other way round.',
    severity: 'error',
    from: { path: `^(libs/${anyOf(contexts)}/src)/(http|jobs)/`, pathNot: [tests] },
    to: { path: '^$1/(?:http|jobs)/', pathNot: ['^$1/$2/'] },
  },
  {
    name: 'apps-apart',
    comment:
      'The programs share libraries, not each other; the command line reads the api to print its document, and runs api and worker in one process to live through the demonstration.',
    severity: 'error',
    from: {
      path: '^apps/([^/]+)/',
      pathNot: [tests, '^apps/cli/src/commands/export-', '^apps/cli/src/demo/market-at'],
    },
    to: { path: '^apps/', pathNot: ['^apps/$1/'] },
  },
  {
    name: 'no-cycles',
    comment: 'A cycle means that two files are one; it also breaks decorators and class fields at load time.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    comment: 'An import that is found by chance on one machine fails on another.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-development-packages',
    comment: 'A deployment installs no development packages.',
    severity: 'error',
    from: { path: '^(?:libs|apps|config)/', pathNot: [tests] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['node_modules/@types/'] },
  },
];

module.exports = {
  forbidden: [...layerRules, ...rules],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|\\.local)/' },
    // Without it imports of decorators and types, thus of the framework, vanish before they are looked at.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
