/** What an image shows, read from its layers as a registry has them: for comparing what engines made. */
import { createHash } from 'node:crypto';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { cleanPath, hardLinkTarget, hiddenBy, roleOf } from '../image/layer-entry.ts';
import { layerEntries } from '../image/layers.ts';
import type { TarHeader } from '../image/tar.ts';
import { HERE } from './image.fixture.ts';

interface Shown {
  readonly header: TarHeader;
  readonly hash: string;
  /** The file that this is another name of. */
  readonly inode: string;
}

function removeBelow(files: Map<string, Shown>, path: string): void {
  for (const other of files.keys()) {
    if (path === '' || other.startsWith(`${path}/`)) {
      files.delete(other);
    }
  }
}

/** A line for each path: kind, mode, owner, size, content, target, attributes, other names. */
export async function fileList(client: RegistryClient, at: ImageAt): Promise<ReadonlyMap<string, string>> {
  const image = await client.image({ ...at, reference: at.digest }, HERE);
  let files = new Map<string, Shown>();
  for (const [index, layer] of image.manifest.layers.entries()) {
    const blob = await client.readBlob(at, layer);
    const added = new Map<string, Shown>();
    const whiteouts: string[] = [];
    const opaque: string[] = [];
    for await (const { header, content } of layerEntries(blob)) {
      const path = cleanPath(header.path);
      const hash = createHash('sha256');
      for await (const chunk of content) {
        hash.update(chunk);
      }
      const hidden = hiddenBy(header, path);
      if (hidden !== null) {
        (roleOf(header, path) === 'opaque' ? opaque : whiteouts).push(hidden);
      } else {
        const twin = header.kind === 'hardlink' ? added.get(hardLinkTarget(header)) : undefined;
        added.set(path, twin ?? { header, hash: hash.digest('hex').slice(0, 16), inode: `${index}:${path}` });
      }
    }
    for (const path of opaque) {
      removeBelow(files, path);
    }
    for (const path of whiteouts) {
      files.delete(path);
      removeBelow(files, path);
    }
    for (const [path, shown] of added) {
      if (shown.header.kind !== 'folder') {
        removeBelow(files, path);
      }
    }
    files = new Map([...files, ...added]);
  }
  return describe(files);
}

function describe(files: ReadonlyMap<string, Shown>): ReadonlyMap<string, string> {
  const names = new Map<string, string[]>();
  for (const [path, { inode }] of files) {
    names.set(inode, [...(names.get(inode) ?? []), path]);
  }
  const lines = new Map<string, string>();
  for (const path of [...files.keys()].toSorted()) {
    const shown = files.get(path);
    if (shown === undefined || path === '') {
      continue;
    }
    const { header, hash, inode } = shown;
    const xattrs = [...header.xattrs].map(([name, value]) => `${name}=${value.toString('hex')}`).toSorted();
    const others = (names.get(inode) ?? []).filter((name) => name !== path).toSorted();
    const owner = `${header.uid}:${header.gid}`;
    const parts = [
      header.kind,
      header.mode.toString(8),
      owner,
      header.size,
      hash,
      header.link,
      ...xattrs,
      ...others,
    ];
    lines.set(path, parts.join(' '));
  }
  return lines;
}
