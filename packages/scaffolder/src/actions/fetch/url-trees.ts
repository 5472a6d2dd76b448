/** What actions read from elsewhere, and how the portal's reader of URLs gives it. */
import { CodedError, type TreeEntry, type UrlReader } from '@callboard/kernel';

export interface UrlTrees {
  /** What is in a folder of a repository, one entry after the other. Rejects with what a visit throws. */
  readTree(
    url: string,
    options: UrlOptions & { readonly visit: (entry: TreeEntry) => Promise<void> | void },
  ): Promise<unknown>;
  readFile(url: string, options: UrlOptions): Promise<Uint8Array>;
  /** Makes a URL absolute that is relative to that of a file in a repository; with a slash first, to its root. */
  resolveUrl(url: string, base: string): string;
}

interface UrlOptions {
  /** Somebody's own token for the forge of the URL. Secret. */
  readonly token?: string;
  readonly signal: AbortSignal;
}

/** The reader of the portal, with its allow-list and its limits. */
export function urlTreesOf(reader: Pick<UrlReader, 'read' | 'readTree' | 'resolveUrl'>): UrlTrees {
  return {
    readTree: (url, options) => reader.readTree(url, options),
    readFile: async (url, options) => {
      const result = await reader.read(url, options);
      if (result.kind === 'content') return result.bytes;
      throw new CodedError(503, 'reading/http-status', `'${url}' answered that nothing changed, unasked.`);
    },
    resolveUrl: (url, base) => reader.resolveUrl(url, base),
  };
}
