/** A network that has nothing but recorded answers: a test that asks for more is told so, and reaches nobody. */
import { readFile } from 'node:fs/promises';
import { CodedError, createUrlReader } from '@callboard/kernel';
import type { UrlTrees } from '../actions/fetch/url-trees.ts';
import { readFileTree } from '../upgrade/file-tree.ts';
import type { RecordedExchange } from './outside.ts';

export interface RecordedHttp {
  readonly fetch: typeof fetch;
  /** The same for what `fetch:` actions read. The folder of a repository is a recorded `file` that is a folder. */
  readonly urls: UrlTrees;
  /** `GET https://…` of every request, in order. */
  readonly requests: readonly string[];
}

/**
 * The same request gets its recorded answers one after the other, and the last one again and again.
 * @param options.fileOf absolute path of a file beside the tests
 */
export function createRecordedHttp(
  exchanges: readonly RecordedExchange[],
  options: { readonly fileOf: (path: string) => string },
): RecordedHttp {
  const requests: string[] = [];
  const asked = new Map<string, number>();
  const next = (key: string): RecordedExchange => {
    const answers = exchanges.filter(({ method, url }) => `${method} ${new URL(url).href}` === key);
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    const found = answers[Math.min(count, answers.length - 1)];
    if (found !== undefined) return found;
    const message = `No answer to ${key} is recorded. Add it to 'http' of the test.`;
    throw new CodedError(400, 'scaffolder/not-recorded', message);
  };
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const key = `${request.method} ${request.url}`;
    requests.push(key);
    const found = next(key);
    const { status, headers } = found;
    // The Fetch standard allows these no body.
    const body = [204, 205, 304].includes(status) ? null : await bodyOf(found, options);
    const type = found.body.kind === 'json' ? { 'content-type': 'application/json' } : {};
    return new Response(body, { status, headers: { ...type, ...headers } });
  };
  return { fetch: answer, urls: recordedUrls({ answer, next, ...options }), requests };
}

function recordedUrls(parts: {
  readonly answer: typeof fetch;
  readonly next: (key: string) => RecordedExchange;
  readonly fileOf: (path: string) => string;
}): UrlTrees {
  const { answer, next, fileOf } = parts;
  return {
    readTree: async (url, { visit }) => {
      const { body } = next(`GET ${new URL(url).href}`);
      if (body.kind !== 'file') {
        const message = `The answer to GET ${url} is no folder. Name one in 'file' of the test.`;
        throw new CodedError(400, 'scaffolder/not-recorded', message);
      }
      for (const [path, { content, mode }] of await readFileTree(fileOf(body.path))) {
        if (mode === '120000') await visit({ kind: 'link', path, target: content.toString('utf8') });
        else await visit({ kind: 'file', path, content, executable: mode === '100755' });
      }
    },
    readFile: async (url) => {
      const response = await answer(url);
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      throw new CodedError(400, 'scaffolder/not-recorded', `${url} answers ${response.status}, as recorded`);
    },
    // It only computes; nothing may be read by it.
    resolveUrl: (url, base) => createUrlReader({ allow: [], integrations: [] }).resolveUrl(url, base),
  };
}

async function bodyOf(
  { body }: RecordedExchange,
  { fileOf }: { readonly fileOf: (path: string) => string },
): Promise<string | Uint8Array<ArrayBuffer>> {
  if (body.kind === 'text') return body.text;
  if (body.kind === 'json') return JSON.stringify(body.value);
  return new Uint8Array(await readFile(fileOf(body.path)));
}
