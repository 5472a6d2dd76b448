/**
 * Reads a URL through the allow-list. Whoever writes a catalog file chooses URLs that this process fetches
 * from inside the network, so each hop is checked by name and by address, and the connection goes to the
 * address that was checked.
 */
import { lookup as dnsLookup } from 'node:dns/promises';
import { isObject, parseJson } from '@callboard/model';
import { CodedError, messageOf } from '../error.ts';
import type { Address } from './addresses.ts';
import { createAllowList, type AllowEntry } from './allow.ts';
import { readingError, shown } from './codes.ts';
import { createExchange, download, type Exchange } from './exchange.ts';
import type { BranchQuestion } from './forge-trees.ts';
import { createForgeUrls, type ForgeUrls } from './forge-urls.ts';
import { follow } from './follow.ts';
import { startOf, treeStartOf, type Policy } from './hop.ts';
import type { Integration } from './integration.ts';
import { hasContent, toResult, type ReadResult } from './outcome.ts';
import { readTarTree } from './tar-tree.ts';
import { badArchive, TREE_LIMITS, type TreeEntry, type TreeLimits } from './tree.ts';
import { readZipTree } from './zip-tree.ts';

export interface UrlReader extends ForgeUrls {
  /**
   * Reads a URL, through the API of its forge when that is configured. Throws a CodedError with a code of
   * READING_CODES, or the reason of `signal`.
   */
  read(url: string, options?: ReadOptions): Promise<ReadResult>;
  /**
   * Gives what is in a folder of a repository, or in all of it, entry by entry while it comes in; one visit ends before
   * the next begins. Only for forges that are configured. Throws as `read` does, also `reading/too-large` in the middle,
   * or what a visit throws; then nothing more is downloaded.
   */
  readTree(url: string, options: ReadTreeOptions): Promise<TreeResult>;
}

export interface ReadOptions {
  /** That of an earlier result: the answer is `not-modified` when the content is still the same. */
  readonly etag?: string;
  /** Somebody's own token for the forge of the URL, in place of the configured one. Not sent to other hosts. Secret. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export interface ReadTreeOptions extends ReadOptions {
  readonly visit: (entry: TreeEntry) => Promise<void> | void;
}

export type TreeResult =
  | { readonly kind: 'not-modified' }
  /** `entries` were visited. */
  | { readonly kind: 'tree'; readonly etag: string | null; readonly entries: number };

export interface UrlReaderOptions {
  readonly allow: readonly AllowEntry[];
  readonly integrations: readonly Integration[];
  /** For the whole reading with its redirects, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Of the decompressed content. Default 10 MiB. */
  readonly maxBytes?: number;
  /** For a whole tree with its visits, in milliseconds. Default 300,000. */
  readonly treeTimeoutMs?: number;
  /** Default: 100 MiB downloaded, 500 MiB unpacked, 100 MiB a file, 20,000 entries. */
  readonly treeLimits?: Partial<TreeLimits>;
  /** Finds the addresses of a host name. Default: the system's resolver. */
  readonly lookup?: (hostname: string) => Promise<readonly Address[]>;
}

/** Throws `reading/config` for an allow entry that cannot be understood. Holds nothing open when idle. */
export function createUrlReader(options: UrlReaderOptions): UrlReader {
  const { allow, integrations, lookup = systemLookup } = options;
  const { timeoutMs = 10_000, treeTimeoutMs = 300_000, maxBytes = 10 * 1024 * 1024 } = options;
  const context: Context = {
    policy: { integrations, allowList: createAllowList(allow, integrations), lookup },
    exchange: createExchange(),
    maxBytes,
    treeLimits: { ...TREE_LIMITS, ...options.treeLimits },
  };
  return {
    ...createForgeUrls(integrations),
    read: (url, { signal, ...rest } = {}) =>
      guarded({ url, timeoutMs, signal: signal ?? null }, (either) =>
        readFile(context, wantedOf(url, rest), either),
      ),
    readTree: (url, { signal, visit, ...rest }) =>
      guarded({ url, timeoutMs: treeTimeoutMs, signal: signal ?? null }, (either) =>
        readFolder(context, { ...wantedOf(url, rest), visit }, either),
      ),
  };
}

interface Context {
  readonly policy: Policy;
  readonly exchange: Exchange;
  readonly maxBytes: number;
  readonly treeLimits: TreeLimits;
}

interface Guard {
  readonly url: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
}

/** Ends work at its deadline, and says of every failure what was read. */
async function guarded<Value>(
  { url, timeoutMs, signal }: Guard,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal === null ? deadline : AbortSignal.any([signal, deadline]);
  try {
    return await work(either);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof VisitFailure) throw error.cause;
    if (error instanceof CodedError) throw error;
    if (deadline.aborted) {
      const message = `Reading '${safe(url)}' took longer than ${timeoutMs} ms.`;
      throw readingError('reading/timeout', message, error);
    }
    throw readingError('reading/network', `Reading '${safe(url)}' failed: ${reasonOf(error)}.`, error);
  }
}

interface Wanted {
  readonly url: string;
  readonly etag: string | null;
  readonly token: string | null;
}

function wantedOf(url: string, { etag, token }: ReadOptions): Wanted {
  return { url, etag: etag ?? null, token: token ?? null };
}

async function readFile(context: Context, wanted: Wanted, signal: AbortSignal): Promise<ReadResult> {
  const start = startOf(context.policy, wanted);
  const { response, asked } = await follow(context, { start, etag: wanted.etag, gzip: true, signal });
  return toResult(response, {
    ...asked,
    encoding: start.request.encoding,
    maxBytes: context.maxBytes,
  });
}

interface WantedFolder extends Wanted {
  readonly visit: (entry: TreeEntry) => Promise<void> | void;
}

async function readFolder(
  context: Context,
  { url, etag, token, visit }: WantedFolder,
  signal: AbortSignal,
): Promise<TreeResult> {
  const { policy, maxBytes, treeLimits: limits } = context;
  let start = treeStartOf(policy, { url, token, branch: null });
  if (start.tree.kind === 'branch') {
    const { response, asked } = await follow(context, { start, etag: null, gzip: true, signal });
    const answer = await toResult(response, { ...asked, encoding: 'identity', maxBytes });
    const branch = branchOf(answer, start.tree);
    if (branch === null) {
      throw readingError('reading/not-found', `The repository at '${safe(url)}' has no branch yet.`);
    }
    start = treeStartOf(policy, { url, token, branch });
  }
  const { response, asked } = await follow(context, { start, etag, gzip: false, signal });
  if (!hasContent(response, asked)) return { kind: 'not-modified' };
  const { tree } = start;
  if (tree.kind === 'branch') throw badArchive('its branch is not known');
  const read = tree.format === 'zip' ? readZipTree : readTarTree;
  const entries = await read(download(response, limits.maxBytes), {
    ...tree,
    limits,
    visit: async (entry) => {
      signal.throwIfAborted();
      try {
        await visit(entry);
      } catch (cause) {
        throw new VisitFailure('a visit failed', { cause });
      }
    },
  });
  if (entries === 0 && tree.folder !== '') {
    throw readingError(
      'reading/not-found',
      `There is no folder '${tree.folder}', or it is empty, at '${safe(url)}'.`,
    );
  }
  return { kind: 'tree', etag: response.headers.etag ?? null, entries };
}

/** What a visit threw goes to whoever called, as it is. */
class VisitFailure extends Error {}

function branchOf(answer: ReadResult, { key }: BranchQuestion): string | null {
  if (answer.kind !== 'content') return null;
  let value: unknown = parseJson(Buffer.from(answer.bytes).toString());
  for (const name of key) value = isObject(value) ? value[name] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}

function safe(text: string): string {
  const url = URL.parse(text);
  return url === null ? text : shown(url);
}

/** With several addresses, Node reports one error for each and has no message for all. */
function reasonOf(error: unknown): string {
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return messageOf(one);
}

async function systemLookup(hostname: string): Promise<readonly Address[]> {
  const found = await dnsLookup(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
