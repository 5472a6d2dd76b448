/** Reads `url` locations through the allow-list, with the ETag of the last good reading. */
import { hash } from 'node:crypto';
import { CodedError, messageOf } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';
import type { ReadOutcome, ReadRequest, SourceReader } from './reader.ts';

/** What the catalog needs of something that reads URLs: the kernel's reader keeps the allow-list. */
export interface UrlReading {
  /** Throws a CodedError when the URL may not or cannot be read. */
  read(url: string, options: { readonly etag?: string }): Promise<UrlContent>;
  /** Makes a URL absolute against another; throws when they do not make one. */
  resolveUrl(url: string, base: string): string;
}

export type UrlContent =
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'content'; readonly bytes: Uint8Array; readonly etag: string | null };

export function createUrlSource(urls: UrlReading): SourceReader {
  return {
    type: 'url',
    async *read(request: ReadRequest): AsyncGenerator<ReadOutcome> {
      const { target } = request;
      if (isGlob(target)) {
        yield { kind: 'failed', target, diagnostic: globDiagnostic(target) };
        return;
      }
      const known = request.fingerprints.get(target);
      const [knownHash, knownEtag] = splitFingerprint(known);
      try {
        const result = await urls.read(target, knownEtag === null ? {} : { etag: knownEtag });
        if (result.kind === 'not-modified') {
          yield { kind: 'unchanged', target, fingerprint: known ?? '' };
          return;
        }
        const contentHash = hash('sha1', result.bytes, 'hex');
        const fingerprint = `${contentHash} ${result.etag ?? ''}`;
        if (contentHash === knownHash) yield { kind: 'unchanged', target, fingerprint };
        else yield { kind: 'content', target, fingerprint, bytes: result.bytes };
      } catch (error) {
        if (request.optional && error instanceof CodedError && error.status === 404) return;
        yield { kind: 'failed', target, diagnostic: toDiagnostic(target, error) };
      }
    },
  };
}

/** A `*` in the path asks for all files of a repository that match, which takes a forge's own API. */
function isGlob(target: string): boolean {
  return URL.canParse(target) && new URL(target).pathname.includes('*');
}

function globDiagnostic(target: string): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/url-glob',
    summary: `${target} is a pattern, and patterns in URLs are not read`,
    detail: 'Register a file that lists the others: a Location with targets.',
    file: target,
  };
}

function splitFingerprint(fingerprint: string | undefined): [string | null, string | null] {
  if (fingerprint === undefined) return [null, null];
  const space = fingerprint.indexOf(' ');
  const etag = fingerprint.slice(space + 1);
  return [fingerprint.slice(0, space), etag === '' ? null : etag];
}

function toDiagnostic(target: string, error: unknown) {
  return {
    severity: 'error',
    code: error instanceof CodedError ? error.code : 'catalog/source-unreadable',
    summary: `Unable to read url, ${messageOf(error)}`.slice(0, 5_000),
    detail: 'What it gave before stays until it can be read again.',
    file: target,
  } as const;
}
