// Completes the lock file with the optional packages of other systems. npm leaves them out where the registry that it asked
// does not have them, and `npm ci` then refuses the whole file on a machine whose registry has.

/** What the end of a package's name says of the system that it is for. */
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];
const libraries = { gnu: 'glibc', gnueabihf: 'glibc', glibc: 'glibc', musl: 'musl', musleabihf: 'musl' };

function systemOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.find((word) => words.includes(word));
  const cpu = processors.find((word) => words.includes(word));
  const libc = words.map((word) => libraries[word]).find(Boolean);
  if (!cpu || (!os && cpu !== 'wasm32')) return undefined;
  return { cpu: [cpu], ...(os === 'linux' && libc ? { libc: [libc] } : {}), ...(os ? { os: [os] } : {}) };
}

/** Where npm looks for `name` from the package at `path`: beside it, then one level up at a time. */
function places(path, name) {
  const folders = [path];
  for (let at = path; at; folders.push(at)) at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1));
  return folders.map((folder) => `${folder && `${folder}/`}node_modules/${name}`);
}

/** @param {string} text package-lock.json @returns {{text: string, unknown: string[]}} */
export function completeLockFile(text) {
  const lock = JSON.parse(text);
  const unknown = [];
  const added = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (places(path, name).some((place) => lock.packages[place] ?? added[place])) continue;
      const system = systemOf(name);
      if (!system || !/^\d+\.\d+\.\d+/.test(version)) unknown.push(`${name}@${version}`);
      else added[`node_modules/${name}`] = { version, ...(entry.dev ? { dev: true } : {}), ...system, optional: true };
    }
  }
  if (Object.keys(added).length === 0) return { text, unknown };
  const { '': project, ...rest } = { ...lock.packages, ...added };
  const sorted = Object.entries(rest).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return {
    text: `${JSON.stringify({ ...lock, packages: { '': project, ...Object.fromEntries(sorted) } }, null, 2)}\n`,
    unknown,
  };
}
