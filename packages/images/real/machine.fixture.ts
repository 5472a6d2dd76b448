/**
 * What the tests with real parts need of a machine: root on Linux, some programs, an apt mirror. `whyNot` says what is
 * missing so that a test can skip with that reason; `installPrograms` installs what Debian has.
 */
import { spawn } from 'node:child_process';
import { access, chmod, constants, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';

/** Program → the Debian package that has it. */
const PACKAGES = {
  mmdebstrap: 'mmdebstrap',
  'docker-registry': 'docker-registry',
  buildah: 'buildah',
  getfattr: 'attr',
  dnf: 'dnf',
  rpm: 'rpm',
  createrepo_c: 'createrepo-c',
  runc: 'runc',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  tar: 'tar',
} as const;

export type Program = keyof typeof PACKAGES;

/** Null when this machine can run a test with these programs, else why not, for people. */
export async function whyNot(programs: readonly Program[]): Promise<string | null> {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'needs root';
  if (process.arch !== 'x64') return `needs an amd64 processor, this is ${process.arch}`;
  const missing: Program[] = [];
  for (const program of programs) if (!(await hasProgram(program))) missing.push(program);
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

/** Installs those that are missing with apt-get; null when all are there afterwards, else why not. */
export async function installPrograms(programs: readonly Program[]): Promise<string | null> {
  const before = await whyNot(programs);
  if (before === null || !before.startsWith('not installed')) return before;
  if (!(await hasProgram('apt-get'))) return `${before}, and there is no apt-get to install it with`;
  const packages = [...new Set(programs.map((program) => PACKAGES[program]))];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', '-qq', '-y', '--no-install-recommends', 'install', '--', ...packages];
  try {
    await runProgram(['apt-get', '-qq', 'update'], { env });
    await runProgram(install, { env });
  } catch (error) {
    return `${before}, and apt-get does not install it: ${error instanceof Error ? error.message : String(error)}`;
  }
  return whyNot(programs);
}

async function hasProgram(name: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/** A folder that is gone at the end of the scope; every user may write in it, as programs that drop root must. */
export async function temporaryFolder(name: string): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), `callboard-${name}-`));
  await chmod(path, 0o1777);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end; rejects with what it said when its exit code is not 0. */
export async function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return Buffer.concat(out).toString('utf8');
  const said = Buffer.concat(err).toString('utf8').trim().split('\n').slice(-5).join(' | ');
  throw new Error(`${argv.slice(0, 3).join(' ')} ended with ${code}: ${said}`);
}

/** Where this machine gets Debian from: its own sources, read now and written nowhere. */
export interface Mirror {
  /** Of the main suites, without a slash at the end. */
  readonly main: string;
  /** Of the security suites. */
  readonly security: string;
}

/** Throws when the machine's sources name no mirror. */
export async function machineMirror(): Promise<Mirror> {
  const entries = [...(await aptEntries())];
  const main = entries.find((entry) => !entry.suites.includes('-security'));
  if (main === undefined) throw new Error('The apt sources of this machine name no mirror.');
  const security = entries.find((entry) => entry.suites.includes('-security'));
  return { main: main.uri, security: security?.uri ?? `${new URL(main.uri).origin}/debian-security` };
}

interface AptEntry {
  readonly uri: string;
  readonly suites: string;
}

/** Both forms: one line an entry (`deb URI suite …`), and stanzas (`URIs:`, `Suites:`). */
async function aptEntries(): Promise<AptEntry[]> {
  const parts = await readdir('/etc/apt/sources.list.d').catch((): string[] => []);
  const names = parts
    .filter((part) => /\.(list|sources)$/.test(part))
    .map((part) => `sources.list.d/${part}`);
  const entries: AptEntry[] = [];
  for (const name of ['sources.list', ...names]) {
    const text = await readFile(`/etc/apt/${name}`, 'utf8').catch(() => '');
    for (const [, uri = '', suites = ''] of text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(.+)$/gm))
      entries.push({ uri: uri.replace(/\/$/, ''), suites });
    for (const stanza of text.split(/\n\s*\n/)) {
      const uri = /^URIs:\s*(\S+)/m.exec(stanza)?.[1];
      if (uri === undefined) continue;
      entries.push({ uri: uri.replace(/\/$/, ''), suites: /^Suites:\s*(.+)$/m.exec(stanza)?.[1] ?? '' });
    }
  }
  return entries.filter((entry) => /\/debian(-security)?$/.test(entry.uri));
}
