/**
 * Files and folders of plain git servers, which have no API to read them by. Their URLs are those of a remote with the
 * branch and the path behind it: `https://git.example.com/team/service.git/blob/main/catalog-info.yaml`.
 */
import { lstat, mkdtemp, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { CodedError, type UrlReader } from '@callboard/kernel';
import type { Forge, GitLogin } from '@callboard/plugin';
import type { PortalGit } from './create-git.ts';

/** Of one file. */
const MOST_BYTES = 10 * 1024 * 1024;

interface Place {
  readonly remoteUrl: string;
  readonly login: GitLogin | null;
  readonly ref: string;
  readonly path: string;
}

type ReadTree = UrlReader['readTree'];
type Read = UrlReader['read'];

/** The reader with the git servers of the configuration added: each reading is a shallow clone. */
export function withGitServers(
  reader: UrlReader,
  { servers, git }: { readonly servers: readonly Forge[]; readonly git: Pick<PortalGit, 'cloneShallow'> },
): UrlReader {
  const gits = servers.filter(({ type }) => type === 'git');
  if (gits.length === 0) return reader;

  const inClone = async <T>(
    { remoteUrl, login, ref }: Place,
    signal: AbortSignal | undefined,
    work: (folder: string, commit: string) => Promise<T>,
  ): Promise<T> => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-read-'));
    try {
      const request = { remoteUrl, login, ref, folder, ...(signal !== undefined && { signal }) };
      const { commitHash } = await git.cloneShallow(request);
      return await work(await realpath(folder), commitHash);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  const read: Read = async (url, options = {}) => {
    const place = placeOf(url, gits);
    if (place === null) return reader.read(url, options);
    return inClone(place, options.signal, async (folder, commit) => {
      const etag = `"${commit}"`;
      if (options.etag === etag) return { kind: 'not-modified' };
      const bytes = await readInside(folder, place, url);
      return { kind: 'content', bytes, etag, lastModified: null, contentType: null, url };
    });
  };
  const readTree: ReadTree = async (url, options) => {
    const place = placeOf(url, gits);
    if (place === null) return reader.readTree(url, options);
    return inClone(place, options.signal, async (folder, commit) => {
      const etag = `"${commit}"`;
      if (options.etag === etag) return { kind: 'not-modified' };
      const entries = await visitAll(join(folder, place.path), { root: folder, url, visit: options.visit });
      return { kind: 'tree', etag, entries };
    });
  };
  return { ...reader, read, readTree };
}

function placeOf(text: string, servers: readonly Forge[]): Place | null {
  const url = URL.parse(text);
  const server = servers.find(({ baseUrl }) => text.startsWith(`${baseUrl}/`));
  if (url === null || server === undefined) return null;
  const [, remote, ref, path = ''] =
    /^(.+?\.git)\/(?:blob|tree|raw)\/([^/]+)(?:\/(.*))?$/.exec(url.pathname) ?? [];
  if (remote === undefined || ref === undefined) return null;
  const { token, username = 'git' } = server;
  return {
    remoteUrl: `${url.protocol}//${url.host}${remote}`,
    login: token === null ? null : { username, password: token },
    ref: decodeURIComponent(ref),
    path: decodeURIComponent(path).replace(/^\/+|\/+$/g, ''),
  };
}

/** Links may lead to other files of the repository, not out of it. */
async function readInside(folder: string, { path }: Place, url: string): Promise<Uint8Array> {
  const file = await realpath(join(folder, path)).catch(() => null);
  if (file === null || !file.startsWith(`${folder}${sep}`)) throw notThere(url);
  const found = await lstat(file);
  if (!found.isFile()) throw notThere(url);
  if (found.size > MOST_BYTES) {
    throw new CodedError(413, 'reading/too-large', `'${url}' is larger than ${MOST_BYTES} bytes.`);
  }
  return readFile(file);
}

async function visitAll(
  start: string,
  {
    root,
    url,
    visit,
  }: { readonly root: string; readonly url: string } & Pick<Parameters<ReadTree>[1], 'visit'>,
): Promise<number> {
  const folder = await realpath(start).catch(() => null);
  const isInside = folder === root || folder?.startsWith(`${root}${sep}`) === true;
  if (folder === null || !isInside || !(await lstat(folder)).isDirectory()) throw notThere(url);
  let entries = 0;
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const at = join(folder, path);
      entries += 1;
      if (entry.isDirectory()) {
        await visit({ kind: 'folder', path });
        waiting.push(path);
      } else if (entry.isSymbolicLink()) {
        await visit({ kind: 'link', path, target: await readlink(at) });
      } else if (entry.isFile()) {
        const executable = ((await lstat(at)).mode & 0o100) !== 0;
        await visit({ kind: 'file', path, content: await readFile(at), executable });
      }
    }
  }
  return entries;
}

function notThere(url: string): CodedError {
  return new CodedError(404, 'reading/not-found', `'${url}' does not exist in its repository.`);
}
