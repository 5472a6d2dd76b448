/** Lists that a registry gives in pages: tags and referrers. The next page is named by a `Link` header (RFC 8288). */
import { isObject } from '@callboard/model';
import type { Digest } from './image.ts';
import { isIndex, OCI_INDEX, parseIndex, parseJson, type IndexEntry } from './manifest.ts';
import { isTag } from './reference.ts';
import { nextAddress } from './registry-address.ts';
import type { CallOptions, Referrer, Repository } from './registry-client.ts';
import { quoted, registryError } from './registry-errors.ts';
import { nameOf, type Ask, type Exchange } from './registry-exchange.ts';
import type { HttpAnswer } from './registry-http.ts';

/** Sorted as the registry does. */
export async function listTags(
  exchange: Exchange,
  at: Repository,
  { signal }: CallOptions = {},
): Promise<readonly string[]> {
  const what = `list of tags of ${nameOf(at)}`;
  const ask: Ask = { at, method: 'GET', path: 'tags/list?n=1000', expect: [200], what, signal };
  return await eachPage(exchange, ask, async (answer) =>
    parseTags(await answer.bytes(exchange.limits.answerBytes), what),
  );
}

/** Null when the registry has no such API. */
export async function listReferrers(
  exchange: Exchange,
  { at, digest }: { readonly at: Repository; readonly digest: Digest },
  { signal }: CallOptions = {},
): Promise<readonly Referrer[] | null> {
  const what = `list of referrers of ${nameOf(at)}@${digest}`;
  const headers = { accept: OCI_INDEX };
  const ask: Ask = {
    at,
    method: 'GET',
    path: `referrers/${digest}`,
    headers,
    expect: [200, 400, 404, 405, 406],
    what,
    signal,
  };
  let known = true;
  const referrers = await eachPage(exchange, ask, async (answer) => {
    const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    // A registry without it may also answer with its web page.
    if (answer.status === 200 && isIndex(type)) {
      return parseIndex(await answer.bytes(exchange.limits.manifestBytes)).map(toReferrer);
    }
    await answer.discard();
    known = false;
    return [];
  });
  return known ? referrers : null;
}

export function toReferrer({ mediaType, digest, size, artifactType, annotations }: IndexEntry): Referrer {
  return { mediaType, digest, size, artifactType, annotations };
}

async function eachPage<T>(
  exchange: Exchange,
  ask: Ask,
  parse: (answer: HttpAnswer) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const items: T[] = [];
  const seen = new Set<string>();
  let path: Ask['path'] | null = ask.path;
  while (path !== null) {
    seen.add(String(path));
    const page: { items: readonly T[]; next: URL | null } = await exchange.ask(
      { ...ask, path },
      async (answer) => ({ items: await parse(answer), next: nextPage(answer) }),
    );
    items.push(...page.items);
    path = page.next;
    if (items.length > exchange.limits.listItems || (path !== null && page.items.length === 0)) {
      const message = `The ${ask.what} has more than ${exchange.limits.listItems} items, or empty pages.`;
      throw registryError('images/registry-too-large', message);
    }
    if (path !== null && seen.has(String(path))) {
      throw registryError(
        'images/registry-bad-answer',
        `The ${ask.what} leads back to a page that was read.`,
      );
    }
  }
  return items;
}

function nextPage({ headers, url }: HttpAnswer): URL | null {
  const next = /<([^<>]{1,4096})>\s*;[^,]{0,200}\brel="?next"?/i.exec(headers.get('link') ?? '')?.[1];
  return next === undefined ? null : nextAddress(url, next);
}

function parseTags(bytes: Buffer, what: string): readonly string[] {
  const answer = parseJson(bytes, `The ${what}`);
  // A repository whose last tag was deleted has null.
  const tags: unknown = isObject(answer) ? (answer['tags'] ?? []) : null;
  if (!Array.isArray(tags)) throw registryError('images/registry-bad-answer', `The ${what} is no list.`);
  return tags.map((tag: unknown) => {
    if (typeof tag === 'string' && isTag(tag)) return tag;
    throw registryError(
      'images/registry-bad-answer',
      `The ${what} has ${quoted(String(tag))}, which is no tag.`,
    );
  });
}
