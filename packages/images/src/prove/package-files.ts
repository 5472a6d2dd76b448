/**
 * What packages say their files are, in the words of dpkg, rpm and apk, brought to one form: paths, hashes, links and
 * modes. Where it comes from decides what it is worth: a package that was downloaded again cannot have been edited in
 * the image, the image's own database can.
 */
import type { FileContent } from './layer.ts';

export type HashName = Exclude<keyof FileContent, 'size' | 'elf'>;

export interface PackageFile {
  /** Null for what has none: folders, links, configuration files. */
  readonly hash: { readonly name: HashName; readonly value: string } | null;
  /** Of a symbolic link. */
  readonly target: string | null;
  /** Permission bits with setuid and setgid; null when they are not told. */
  readonly mode: number | null;
}

/** By path, beginning with `/`, as the package has it. */
export type PackageFiles = ReadonlyMap<string, PackageFile>;

const UNTOLD: PackageFile = { hash: null, target: null, mode: null };

/** From `dpkg-deb --contents` and the `md5sums` of a package. */
export function parseDebFiles(contents: string, md5sums: string): PackageFiles {
  const files = new Map<string, PackageFile>();
  for (const line of contents.split('\n')) {
    const found = /^([-dlhbcp])([-rwxsStT]{9}) \S+\s+\d+ \d{4}-\d{2}-\d{2} \d{2}:\d{2} (.+)$/.exec(line);
    if (found === null) continue;
    const [, type = '', bits = '', rest = ''] = found;
    const [name = '', target = null] = type === 'l' ? rest.split(' -> ') : [rest.split(' link to ')[0]];
    files.set(absolute(name), { hash: null, target, mode: type === 'l' ? null : parseMode(bits) });
  }
  return withMd5sums(files, md5sums);
}

/** From `PACKAGE.list` and `PACKAGE.md5sums` below `/var/lib/dpkg/info`. */
export function parseDebDatabase(list: string, md5sums: string): PackageFiles {
  const files = new Map<string, PackageFile>();
  for (const path of list.split('\n')) if (path.startsWith('/') && path !== '/.') files.set(path, UNTOLD);
  return withMd5sums(files, md5sums);
}

function withMd5sums(files: Map<string, PackageFile>, md5sums: string): PackageFiles {
  for (const [, value = '', name = ''] of md5sums.matchAll(/^([0-9a-f]{32}) [ *](.+)$/gm)) {
    const path = absolute(name);
    files.set(path, { ...(files.get(path) ?? UNTOLD), hash: { name: 'md5', value } });
  }
  return files;
}

const RPM_HASHES: Readonly<Record<number, HashName>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };
const FILE_TYPE = 0o170000;
const [REGULAR, LINK] = [0o100000, 0o120000];

/** From `rpm --query --dump`: `path size mtime digest mode owner group isconfig isdoc rdev symlink`. */
export function parseRpmDump(dump: string): PackageFiles {
  const files = new Map<string, PackageFile>();
  for (const line of dump.split('\n')) {
    const found = /^(\/.*) \d+ \d+ ([0-9a-fX]*) (0[0-7]+) \S+ \S+ ([01]) [01] \d+ (.*)$/.exec(line);
    if (found === null) continue;
    const [, path = '', digest = '', octal = '', config, target = ''] = found;
    const mode = Number.parseInt(octal, 8);
    const name = RPM_HASHES[digest.length];
    const isFile = (mode & FILE_TYPE) === REGULAR && config === '0' && !/^0+$/.test(digest);
    files.set(path, {
      hash: isFile && name !== undefined ? { name, value: digest } : null,
      target: (mode & FILE_TYPE) === LINK ? target : null,
      mode: (mode & FILE_TYPE) === LINK ? null : mode & 0o7777,
    });
  }
  return files;
}

/** From `/lib/apk/db/installed`: every package's files. Those below `/etc` are configuration and may differ. */
export function parseApkDatabase(installed: string): ReadonlyMap<string, PackageFiles> {
  const packages = new Map<string, PackageFiles>();
  for (const block of installed.split('\n\n')) {
    const files = new Map<string, PackageFile>();
    let [name, folder, path] = ['', '', ''];
    for (const line of block.split('\n')) {
      const [key, value] = [line.slice(0, 2), line.slice(2)];
      if (key === 'P:') name = value;
      if (key === 'F:') folder = value === '' ? '' : `/${value}`;
      if (key === 'R:') path = `${folder}/${value}`;
      if (key === 'R:') files.set(path, UNTOLD);
      if (key === 'a:') files.set(path, { ...UNTOLD, mode: Number.parseInt(value.split(':')[2] ?? '0', 8) });
      // A link's hash is that of where it leads, so it is not one of content.
      if (key !== 'Z:' || !value.startsWith('Q1')) continue;
      const hash = Buffer.from(value.slice(2), 'base64').toString('hex');
      const known = files.get(path) ?? UNTOLD;
      if (!path.startsWith('/etc/')) files.set(path, { ...known, hash: { name: 'sha1', value: hash } });
    }
    if (name !== '') packages.set(name, files);
  }
  return packages;
}

function absolute(name: string): string {
  const path = name.replace(/^\.?\/+/, '').replace(/\/$/, '');
  return `/${path}`;
}

/** `rwsr-xr-x` as bits. */
function parseMode(bits: string): number {
  let mode = 0;
  for (const [index, bit] of bits.split('').entries()) {
    if (bit !== '-' && bit !== 'S' && bit !== 'T') mode |= 1 << (8 - index);
    if (/[sS]/.test(bit)) mode |= index === 2 ? 0o4000 : 0o2000;
    if (/[tT]/.test(bit)) mode |= 0o1000;
  }
  return mode;
}
