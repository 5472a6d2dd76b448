// Makes a fresh checkout ready: installs from the lock file when that is newer than what is installed, and with
// --web builds the page when its sources are newer than what was built. Runs on the machine's own Node, before
// anything is installed, so it uses nothing but Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamps = join(root, 'node_modules/.cache/callboard-setup');

install();
if (process.argv.includes('--web')) buildWeb();

function install() {
  const wanted = digest([join(root, 'package-lock.json')]);
  if (readStamp('install') === wanted) return;
  const modules = join(root, 'node_modules');
  // Somebody installed by hand, with the same lock file.
  const installed = join(modules, '.package-lock.json');
  const current =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  if (!current) run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeStamp('install', wanted);
}

function buildWeb() {
  const web = join(root, 'packages/web');
  const sources = [
    ...['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(web, name)),
    // The rooms that the browser shares with the server.
    join(root, 'packages/model/src'),
    join(root, 'packages/form/src'),
  ];
  const wanted = digest([join(root, 'package-lock.json'), ...sources.flatMap(filesIn)]);
  if (readStamp('web') === wanted && existsSync(join(web, 'dist/index.html'))) return;
  run('Building the web page', join(root, 'node_modules/.bin/node'), [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    '--logLevel=warn',
    web,
  ]);
  writeStamp('web', wanted);
}

function run(what, command, args) {
  const started = Date.now();
  console.error(`${what} …`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(`${what} failed${error === undefined ? '' : `: ${error.message}`}.`);
    process.exit(status ?? 1);
  }
  console.error(`${what}: ${((Date.now() - started) / 1_000).toFixed(1)} s`);
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function readStamp(name) {
  const file = join(stamps, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}
