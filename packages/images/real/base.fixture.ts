/**
 * Makes the outdated image that the tests patch: Debian 11 out of its main suite alone, which no security update ever
 * reached. Nothing of this machine stays in it: neither the name of its mirror nor its resolv.conf.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineMirror, runProgram } from './machine.fixture.ts';

export const SUITE = 'bullseye';

export interface Root {
  /** An uncompressed tar of the whole root. */
  readonly tar: string;
  /** Seconds. */
  readonly took: number;
}

export interface RootOptions {
  /** Where the tar is put; it needs about 150 MB. */
  readonly folder: string;
  /** More packages than a minimal system has, as `['openssl', 'curl']`. Default: none. */
  readonly include?: readonly string[];
}

const made = new Map<string, Promise<Root>>();

/** Once for each list of packages in one process; the tar of the first caller serves all. */
export function prepareBase(options: RootOptions): Promise<Root> {
  const include = (options.include ?? []).toSorted();
  const key = include.join(',');
  const started = made.get(key) ?? makeRoot(options.folder, include);
  made.set(key, started);
  return started;
}

async function makeRoot(folder: string, include: readonly string[]): Promise<Root> {
  const started = performance.now();
  const { main } = await machineMirror();
  const tar = join(folder, `${[SUITE, ...include].join('-').slice(0, 60)}.tar`);
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, '127.0.0.1 localhost\n');
  // mmdebstrap works as another user in places, and in the folder for temporary files.
  await runProgram(
    [
      'mmdebstrap',
      '--variant=minbase',
      '--components=main',
      ...(include.length === 0 ? [] : [`--include=${include.join(',')}`]),
      '--customize-hook=printf "deb http://mirror.invalid/debian bullseye main\\n" > "$1/etc/apt/sources.list"',
      '--customize-hook=rm -f "$1/etc/resolv.conf" "$1/etc/hostname"',
      `--customize-hook=copy-in ${hosts} /etc`,
      SUITE,
      tar,
      `deb ${main} ${SUITE} main`,
    ],
    { env: { ...process.env, TMPDIR: folder } },
  );
  return { tar, took: (performance.now() - started) / 1000 };
}

/** What a build is given to reach the fixes: the sources of main and security, for `Dir::Etc::sourceparts`. */
export async function aptSources(): Promise<string> {
  const { main, security } = await machineMirror();
  return `deb ${main} ${SUITE} main\ndeb ${security} ${SUITE}-security main\n`;
}
