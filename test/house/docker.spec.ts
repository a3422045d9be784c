/** No engine runs where this is tested: so every path, program and name in docker/ is held against the repository. */
import { parse } from 'yaml';
import { commands } from '../../apps/cli/src/commands.js';
import { environmentVariables, exists, textOf } from './repository.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: string | readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly deploy?: { readonly replicas: number };
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const lines = textOf('docker/Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() && !line.startsWith('#'));
const of = (word: string) =>
  lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const finalStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
const copied = of('COPY')
  .filter((words) => !words.startsWith('--from='))
  .flatMap((words) => words.split(/\s+/).slice(0, -1));
const compose = parse(textOf('docker/compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'sanad');

describe('the image', () => {
  it('copies what exists, and what the builder is given', () => {
    const given = textOf('.dockerignore').split('\n');
    expect(given).toContain('*');
    expect(copied.length).toBeGreaterThan(8);
    for (const path of copied) {
      expect([path, exists(path)]).toEqual([path, true]);
      expect(given).toContain(`!${path}`);
    }
  });

  it('runs scripts that package.json has', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const called = of('RUN').flatMap((line) => [...line.matchAll(/npm run (\S+)/g)].map(([, name]) => name));
    expect(called).toEqual(['build']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(called));
  });

  it('starts as an ordinary user, and its entry and health check are in it', () => {
    const user = finalStage.findIndex((line) => line === 'USER node');
    const entry = finalStage.findIndex((line) => line.startsWith('ENTRYPOINT'));
    expect(user).toBeGreaterThan(0);
    expect(entry).toBeGreaterThan(user);
    const paths = finalStage
      .filter((line) => /^(ENTRYPOINT|HEALTHCHECK)/.test(line))
      .flatMap((line) => [...line.matchAll(/"(docker\/[^"]+)"/g)].map(([, path]) => path ?? ''));
    expect(paths.toSorted()).toEqual(['docker/entry.sh', 'docker/health.mjs']);
    for (const path of paths) expect(copied).toContain(path);
  });

  it('carries the built programs and their packages without the development ones', () => {
    expect(finalStage.join('\n')).toMatch(/COPY --from=build \/sanad\/dist .\/dist/);
    expect(finalStage.join('\n')).toMatch(/COPY --from=packages \/sanad\/node_modules/);
    expect(lines.filter((line) => line.includes('--omit=dev'))).toHaveLength(1);
    for (const program of ['api', 'worker', 'cli']) expect(exists(`apps/${program}/src/main.ts`)).toBe(true);
    expect(textOf('docker/entry.sh')).toContain('dist/apps/$1/src/main.js');
    expect(textOf('docker/entry.sh')).toContain('dist/apps/cli/src/main.js');
    const flags = /apiFlags = \['([^']+)'\]/.exec(textOf('docker/local/programs.mjs'))?.[1];
    expect(textOf('docker/entry.sh')).toContain(`flags=${flags}`);
    const { outDir, filenames } = (
      JSON.parse(textOf('nest-cli.json')) as {
        compilerOptions: { builder: { options: { outDir: string; filenames: string[] } } };
      }
    ).compilerOptions.builder.options;
    expect(outDir).toBe('dist');
    for (const folder of filenames) expect(copied).toContain(folder.split('/')[0]);
  });

  it('sets and takes only variables that the programs read', () => {
    const known = [...environmentVariables(), 'NODE_ENV'];
    const set = of('ENV').flatMap((line) => [...line.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name));
    for (const name of set) expect(known).toContain(name);
    const fromFiles = /for name in ([A-Z_ ]+);/.exec(textOf('docker/entry.sh'))?.[1]?.split(' ') ?? [];
    expect(fromFiles).toHaveLength(4);
    for (const name of fromFiles) expect(known).toContain(name);
  });
});

describe('the deployment', () => {
  it('runs migration, two api and two worker replicas of one image', () => {
    expect(ours.map(([name]) => name).toSorted()).toEqual(['api', 'migrate', 'worker']);
    for (const [, service] of ours) {
      expect(service.build).toEqual({ context: '..', dockerfile: 'docker/Dockerfile' });
      const words = service.command as readonly string[];
      const isProgram = words.length === 1 && ['api', 'worker'].includes(words[0] ?? '');
      expect(isProgram || commands.some(({ name }) => name === words.join(' '))).toBe(true);
    }
    expect(compose.services['api']?.deploy?.replicas).toBe(2);
    expect(compose.services['worker']?.deploy?.replicas).toBe(2);
  });

  it('gives the programs only variables that they read', () => {
    const known = environmentVariables();
    for (const [, { environment = {} }] of ours) {
      for (const name of Object.keys(environment)) expect(known).toContain(name.replace(/_FILE$/, ''));
    }
  });

  it('declares every secret, network, volume and service that it uses', () => {
    for (const [name, service] of services) {
      for (const secret of service.secrets ?? [])
        expect([name, Object.keys(compose.secrets)]).toEqual([name, expect.arrayContaining([secret])]);
      for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
      for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(other);
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0] ?? '';
        if (source.startsWith('./')) expect(exists(`docker/${source.slice(2)}`)).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  it('has no password in it, and is live', () => {
    for (const [, service] of services) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|SECRET|DATABASE_URL|REDIS_URL/.test(name) && name !== 'MARIADB_RANDOM_ROOT_PASSWORD') {
          expect(name).toMatch(/_FILE$/);
          expect(String(value)).toMatch(/^\/run\/secrets\//);
        }
      }
    }
    for (const [, { environment }] of ours) expect(environment?.['STAGE']).toBe('live');
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
    expect(textOf('.gitignore').split('\n')).toContain('docker/secrets/');
  });

  it('lets only the proxy be reached from outside, and the proxy reaches the port of the api', () => {
    const open = services.filter(([, service]) => 'ports' in service).map(([name]) => name);
    expect(open).toEqual(['proxy']);
    const port = of('EXPOSE')[0];
    expect(textOf('docker/Caddyfile')).toContain(`api ${port}`);
    expect(of('ENV').join(' ')).toContain(`PORT=${port}`);
  });
});
