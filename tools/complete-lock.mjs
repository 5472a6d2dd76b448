// Completes package-lock.json after an install from a registry mirror that lacks the binaries of other platforms.
// npm leaves such optional packages out of the lock file and then refuses it in `npm ci`. What it would have written
// is known: the version from whoever asks for the package, the platform from its name. Run by hand after adding or
// upgrading packages: `node tools/complete-lock.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[hoisted] !== undefined) continue;
    const platform = platformOf(name);
    // Anything else that is missing is a real mistake, which npm should go on reporting.
    if (platform === null || !/^\d/.test(version)) continue;
    const dev = entry.dev === true ? { dev: true } : {};
    lock.packages[hoisted] = { version, ...platform, ...dev, license: entry.license, optional: true };
    added.push(`${name}@${version}`);
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'Nothing is missing.' : `Added ${added.length}: ${added.join(', ')}`);

/** The `os`, `cpu` and `libc` of a binary package, from names like `@scope/binding-linux-arm64-musl`. */
function platformOf(name) {
  const match =
    /(android|darwin|freebsd|linux|openharmony|win32|wasm32)(?:-([a-z0-9]+))?(?:-([a-z]+))?$/.exec(name);
  if (match === null) return null;
  const [, os, cpu, abi] = match;
  if (os === 'wasm32') return { cpu: ['wasm32'] };
  if (cpu === undefined) return null;
  const libc = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }[abi];
  return {
    cpu: [cpu],
    ...(os === 'linux' && libc !== undefined && { libc: [libc] }),
    os: [os],
  };
}
