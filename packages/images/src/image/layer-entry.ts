/**
 * What one entry of a layer is, told by its header alone: its path, whether it takes something away, and whether it may
 * be in a layer at all. OCI image layer specification 1.1.
 */
import { refused } from './layer-errors.ts';
import type { TarHeader } from './tar.ts';

export const OPAQUE_MARKER = '.wh..wh..opq';
export const WHITEOUT_PREFIX = '.wh.';

// null, zero, full, random, urandom, tty, console, ptmx: in old base images; `/dev` is mounted over in a build.
const HARMLESS_DEVICES = new Set(['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:1', '5:2']);

/** `./a//b/` → `a/b`; the root is the empty text. Throws for names that could lead elsewhere. */
export function cleanPath(path: string): string {
  if (path.startsWith('/')) {
    throw refused('images/layer-absolute-path', path, 'begins with a slash');
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path === '' || parts.includes('..')) {
    throw refused('images/layer-bad-path', path, path === '' ? 'is no name' : 'has a ".." in it');
  }
  if (parts.some((part) => part.length > 255)) {
    throw refused('images/layer-bad-path', path, 'has a part of more than 255 bytes');
  }
  return parts.join('/');
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What an entry is for the unpacking: `drop` for devices and pipes, which are not made, and for old bookkeeping. */
export type EntryRole = 'keep' | 'drop' | 'opaque' | 'whiteout';

/** `path` is clean. */
export function roleOf(header: TarHeader, path: string): EntryRole {
  const name = nameOf(path);
  if (name === OPAQUE_MARKER) {
    return 'opaque';
  }
  if (name.startsWith(WHITEOUT_PREFIX) && name !== WHITEOUT_PREFIX) {
    // Names of the old aufs bookkeeping, as `.wh..wh.plnk`, mean nothing to anybody today.
    return name.startsWith('.wh..wh.') ? 'drop' : 'whiteout';
  }
  if (header.kind === 'character' && header.major === 0 && header.minor === 0) {
    return 'whiteout';
  }
  return header.kind === 'character' || header.kind === 'block' || header.kind === 'fifo' ? 'drop' : 'keep';
}

/** The path that a whiteout takes away, or the folder that an opaque marker empties; null for other entries. */
export function hiddenBy(header: TarHeader, path: string): string | null {
  const role = roleOf(header, path);
  if (role !== 'whiteout' && role !== 'opaque') {
    return null;
  }
  const isDevice = header.kind === 'character';
  if (!isDevice && (header.kind !== 'file' || header.size > 0)) {
    throw refused('images/layer-bad-path', header.path, 'takes something away and is no empty file');
  }
  const parent = parentOf(path);
  if (role === 'opaque') {
    return parent;
  }
  const name = nameOf(path);
  const hidden = name.startsWith(WHITEOUT_PREFIX) ? name.slice(WHITEOUT_PREFIX.length) : name;
  if (hidden === '' || hidden === '.' || hidden === '..') {
    throw refused('images/layer-bad-path', header.path, 'takes away what is no name');
  }
  return parent === '' ? hidden : `${parent}/${hidden}`;
}

/** The path that a hard link leads to. Some writers give it as an absolute path of the image. */
export function hardLinkTarget(header: TarHeader): string {
  return cleanPath(header.link.replace(/^\/+/, ''));
}

/** Attributes that an image may carry; others are of one machine only and are passed over. */
export function keptAttributes(xattrs: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const kept = [...xattrs].filter(
    ([name]) =>
      name === 'security.capability' || (name.startsWith('user.') && !name.startsWith('user.overlay.')),
  );
  return kept.length === xattrs.size ? xattrs : new Map(kept);
}

/** Names go into logs, lists and command lines of people; no package has one with a control character. */
export function checkNames({ path, link }: TarHeader): void {
  for (const name of [path, link]) {
    for (let at = 0; at < name.length; at += 1) {
      const code = name.charCodeAt(at);
      if (code < 0x20 || code === 0x7f) {
        throw refused('images/layer-bad-path', name, 'has a control character in it');
      }
    }
  }
}

/** An overlay file system obeys attributes of its own, wherever they come from. */
export function checkAttributes(header: TarHeader): void {
  for (const name of header.xattrs.keys()) {
    if (name.startsWith('trusted.') || name.startsWith('user.overlay.')) {
      throw refused('images/layer-attribute', header.path, `has the attribute ${JSON.stringify(name)}`);
    }
  }
}

/** Devices that an image may bring are the harmless ones in `/dev`; `path` is clean. */
export function checkDropped(header: TarHeader, path: string): void {
  const isDevice = header.kind === 'character' || header.kind === 'block';
  if (!isDevice) {
    return;
  }
  const number = `${header.major}:${header.minor}`;
  if (header.kind === 'block' || !path.startsWith('dev/') || !HARMLESS_DEVICES.has(number)) {
    throw refused('images/layer-device', header.path, `is the ${header.kind} device ${number}`);
  }
}

/** A link may lead anywhere in the image, and not above its root; `path` is clean. */
export function checkSymlink(header: TarHeader, path: string): void {
  // Absolute targets are of the image: commands see them from inside. A relative one has a depth to stay in.
  let depth = path.split('/').length - 1;
  if (header.link === '') {
    throw refused('images/layer-link-out', header.path, 'is a link to nowhere');
  }
  if (header.link.startsWith('/')) {
    depth = 0;
  }
  for (const part of header.link.split('/')) {
    if (part === '' || part === '.') {
      continue;
    }
    depth += part === '..' ? -1 : 1;
    if (depth < 0) {
      throw refused(
        'images/layer-link-out',
        header.path,
        `is a link to ${JSON.stringify(header.link)}, above the root`,
      );
    }
  }
}
