/**
 * Makes a vulnerability database for a real Trivy out of what Debian publishes with the fixes themselves: each package
 * that the security suite would upgrade is downloaded, and the entries of its changelog between the installed version
 * and the new one name the CVEs that they fix. So "none left" proves versions and pipeline, not that Debian knows all.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { aptSources } from './base.fixture.ts';
import { toBolt, type Bucket } from './bolt.fixture.ts';
import { runProgram } from './machine.fixture.ts';

/** A fix: what was wrong, in which source package, from which version on it is right. */
export interface Fix {
  readonly vulnerability: string;
  readonly source: string;
  readonly fixedVersion: string;
  /** Changelogs have no severity: this is their urgency, `high` or not. */
  readonly severity: 'HIGH' | 'MEDIUM';
}

/** What the security suite has newer than the root. */
export interface Upgrade {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface MadeDatabase {
  /** For `--cache-dir`. */
  readonly cacheDir: string;
  readonly fixes: readonly Fix[];
  readonly upgrades: readonly Upgrade[];
  /** Seconds. */
  readonly took: number;
}

/** Of the root in the tar; the folder is used for the downloads and keeps the database. */
export async function makeDatabase(options: { tar: string; folder: string }): Promise<MadeDatabase> {
  const started = performance.now();
  const apt = await prepareApt(options);
  await runProgram(['apt-get', ...apt.options, '-qq', 'update']);
  const simulated = await runProgram(['apt-get', ...apt.options, '-s', 'dist-upgrade']);
  const upgrades = [...simulated.matchAll(/^Inst (\S+) \[(\S+)\] \((\S+) /gm)].map(
    ([, name = '', from = '', to = '']): Upgrade => ({ name, from, to }),
  );
  const fixes = await fixesOf(upgrades, apt);
  const cacheDir = join(options.folder, 'trivy');
  await writeDatabase(cacheDir, fixes);
  await rm(apt.folder, { recursive: true, force: true });
  return { cacheDir, fixes, upgrades, took: (performance.now() - started) / 1000 };
}

interface Apt {
  readonly folder: string;
  readonly options: readonly string[];
  /** Of the root: package → its source and the version of that. */
  readonly installed: ReadonlyMap<string, { readonly source: string; readonly version: string }>;
}

/** An apt of our own that believes the root's packages to be installed; nothing of the machine's is touched. */
async function prepareApt(options: { tar: string; folder: string }): Promise<Apt> {
  const folder = join(options.folder, 'apt');
  for (const path of ['lists/partial', 'archives/partial', 'parts', 'debs']) {
    await mkdir(join(folder, path), { recursive: true });
  }
  await runProgram([
    'tar',
    '-xf',
    options.tar,
    '-C',
    folder,
    '--strip-components=4',
    './var/lib/dpkg/status',
  ]);
  await writeFile(join(folder, 'sources.list'), await aptSources());
  const settings = {
    'Dir::State': folder,
    'Dir::State::status': join(folder, 'status'),
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': folder,
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'parts'),
    'Dir::Etc::preferencesparts': join(folder, 'parts'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Debug::NoLocking': 'true',
  };
  const installed = sourcesOf(await readFile(join(folder, 'status'), 'utf8'));
  return {
    folder,
    options: Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    installed,
  };
}

function sourcesOf(status: string): Map<string, { source: string; version: string }> {
  const sources = new Map<string, { source: string; version: string }>();
  for (const stanza of status.split('\n\n')) {
    const name = /^Package: (\S+)/m.exec(stanza)?.[1];
    const version = /^Version: (\S+)/m.exec(stanza)?.[1];
    if (name === undefined || version === undefined) continue;
    const [, source = name, of = version] = /^Source: (\S+)(?: \((\S+)\))?/m.exec(stanza) ?? [];
    sources.set(name, { source, version: of });
  }
  return sources;
}

async function fixesOf(upgrades: readonly Upgrade[], apt: Apt): Promise<Fix[]> {
  const debs = join(apt.folder, 'debs');
  const wanted = upgrades.map(({ name, to }) => `${name}=${to}`);
  if (wanted.length === 0) return [];
  await runProgram(['apt-get', ...apt.options, '-qq', 'download', ...wanted], { cwd: debs });
  const fixes = new Map<string, Fix>();
  for (const file of await readdir(debs)) {
    const installed = apt.installed.get(file.split('_')[0] ?? '');
    if (installed === undefined) continue;
    const changelog = await changelogOf(join(debs, file));
    for (const fix of await fixesSince(changelog, installed))
      fixes.set(`${fix.source}/${fix.vulnerability}`, fix);
  }
  return [...fixes.values()];
}

/** Empty when the package has none of its own but a link to that of a sibling. */
async function changelogOf(deb: string): Promise<string> {
  const folder = `${deb}.doc`;
  await mkdir(folder);
  // No shell, so the archive goes through a file.
  await runProgram(['dpkg-deb', '-x', deb, folder]);
  let text = '';
  const docs = join(folder, 'usr/share/doc');
  for (const name of await readdir(docs).catch((): string[] => [])) {
    for (const file of ['changelog.Debian.gz', 'changelog.gz']) {
      const bytes = await readFile(join(docs, name, file)).catch(() => null);
      if (bytes === null) continue;
      const read = gunzipSync(bytes).toString('utf8');
      if (!/^\S+ \([^)]+\) [^;]+; urgency=/.test(read)) continue;
      text = read;
      break;
    }
  }
  await rm(folder, { recursive: true, force: true });
  return text;
}

/** Of the entries above the installed version; the oldest entry that names a CVE fixed it. */
async function fixesSince(changelog: string, installed: { source: string; version: string }): Promise<Fix[]> {
  const fixes = new Map<string, Fix>();
  for (const entry of changelog.split(/^(?=\S+ \([^)]+\) [^;]+;)/m)) {
    const [, fixedVersion, urgency] = /^\S+ \(([^)]+)\) [^;]+;.*urgency=(\w+)/.exec(entry) ?? [];
    if (fixedVersion === undefined) continue;
    if (!(await isNewer(fixedVersion, installed.version))) break;
    const severity = urgency === 'high' ? 'HIGH' : 'MEDIUM';
    for (const [vulnerability] of entry.matchAll(/CVE-\d{4}-\d{4,7}/g))
      fixes.set(vulnerability, { vulnerability, source: installed.source, fixedVersion, severity });
  }
  return [...fixes.values()];
}

const run = promisify(execFile);

async function isNewer(version: string, than: string): Promise<boolean> {
  return run('dpkg', ['--compare-versions', version, 'gt', than]).then(
    () => true,
    () => false,
  );
}

/** Schema 2 of Trivy's database: `<platform>/<source>/<CVE>`, `vulnerability/<CVE>`, `data-source/<platform>`. */
async function writeDatabase(cacheDir: string, fixes: readonly Fix[]): Promise<void> {
  const platform = 'debian 11';
  const advisories: Record<string, Record<string, Buffer>> = {};
  const details: Record<string, Buffer> = {};
  for (const { source, vulnerability, fixedVersion, severity } of fixes) {
    advisories[source] = { ...advisories[source], [vulnerability]: json({ FixedVersion: fixedVersion }) };
    details[vulnerability] = json({ Title: `named in the changelog of ${source}`, Severity: severity });
  }
  const root: Bucket = {
    [platform]: advisories,
    vulnerability: details,
    'data-source': {
      [platform]: json({ ID: 'debian', Name: 'Changelogs of Debian', URL: 'https://debian.org' }),
    },
  };
  await mkdir(join(cacheDir, 'db'), { recursive: true });
  await writeFile(join(cacheDir, 'db/trivy.db'), toBolt(root));
  const now = new Date().toISOString();
  const metadata = { Version: 2, NextUpdate: '2099-01-01T00:00:00Z', UpdatedAt: now, DownloadedAt: now };
  await writeFile(join(cacheDir, 'db/metadata.json'), json(metadata));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
