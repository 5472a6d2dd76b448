/**
 * Logos: an image as a data URI, an https URL, or a file, which becomes a data URI. What the page gets can be put
 * into `src` of an `<img>`, where an image cannot run anything.
 */
import { readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { messageOf } from '@callboard/kernel';

/** Bytes of a file, and of the image in a data URI. */
const MAX_BYTES = 64 * 1024;
/** Base64 makes four characters of three bytes. */
const MAX_DATA_URI = Math.ceil(MAX_BYTES / 3) * 4 + 100;
const MAX_URL = 2_000;

/** By extension; browsers show all of them. */
const TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
};

const PARAMETERS = '(?:;charset=[a-z0-9-]+|;utf8)?';
const BASE64 = new RegExp(`^data:image/[a-z0-9.+-]+${PARAMETERS};base64,[a-z0-9+/]+={0,2}$`, 'i');
const ENCODED = new RegExp(`^data:image/[a-z0-9.+-]+${PARAMETERS},[\\w!$&*+,;=:@/?.~%-]+$`, 'i');

export type Logo =
  | { readonly kind: 'logo'; readonly url: string }
  /** `why` goes on from the name of the key: "is larger …". */
  | { readonly kind: 'unusable'; readonly why: string };

/** `cwd`: what the path of a file is relative to. */
export function readLogo(text: string, { cwd }: { readonly cwd: string }): Logo {
  const trimmed = text.trim();
  if (/^data:/i.test(trimmed)) return parseDataUri(trimmed);
  if (/^https:\/\//i.test(trimmed)) return parseUrl(trimmed);
  // One letter before a colon is a drive.
  if (/^[a-z][a-z\d+.-]+:/i.test(trimmed)) {
    return unusable('is a URL that is not https, which the page cannot show');
  }
  return readFile(resolve(cwd, trimmed));
}

function parseDataUri(uri: string): Logo {
  if (uri.length > MAX_DATA_URI) return unusable('is larger than 64 KiB');
  if (BASE64.test(uri) || ENCODED.test(uri)) return { kind: 'logo', url: uri };
  return unusable('is no data URI of an image, in base64 or percent-encoded');
}

function parseUrl(text: string): Logo {
  const url = text.length <= MAX_URL && URL.canParse(text) ? new URL(text) : null;
  if (url === null) return unusable('is no valid URL');
  if (url.username !== '' || url.password !== '') return unusable('is a URL with credentials');
  return { kind: 'logo', url: url.href };
}

function readFile(file: string): Logo {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined) {
    return unusable(`is a file (${file}) that does not end with ${Object.keys(TYPES).join(', ')}`);
  }
  try {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size === 0) return unusable(`is no file with an image in it: ${file}`);
    if (stats.size > MAX_BYTES) return unusable(`is a file of ${stats.size} bytes; 65,536 is the limit`);
    return { kind: 'logo', url: `data:${type};base64,${readFileSync(file).toString('base64')}` };
  } catch (error) {
    return unusable(`is a file that cannot be read: ${messageOf(error)}`);
  }
}

const unusable = (why: string): Logo => ({ kind: 'unusable', why });
