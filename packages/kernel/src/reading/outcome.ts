/** What an HTTP answer means for a reading: the content, that it is unchanged, or why there is none. */
import type { IncomingMessage } from 'node:http';
import { readingError, shown, type ReadingCode } from './codes.ts';
import { readBody } from './exchange.ts';
import type { RawRequest } from './forges.ts';
import type { Integration } from './integration.ts';

export type ReadResult =
  | { readonly kind: 'not-modified' }
  | {
      readonly kind: 'content';
      readonly bytes: Uint8Array;
      readonly etag: string | null;
      /** The Last-Modified header as it came. */
      readonly lastModified: string | null;
      readonly contentType: string | null;
      /** The URL that gave the bytes, after redirects and translation to an API. */
      readonly url: string;
    };

export interface Asked {
  /** The URL of the last request. */
  readonly url: URL;
  readonly integration: Integration | null;
  /** True when an ETag was sent. */
  readonly conditional: boolean;
}

/** Reads the answer to its end. Throws a CodedError for everything that is no content. */
export async function toResult(
  response: IncomingMessage,
  asked: Asked & Pick<RawRequest, 'encoding'> & { readonly maxBytes: number },
): Promise<ReadResult> {
  if (!hasContent(response, asked)) return { kind: 'not-modified' };
  const { headers } = response;
  const body = await readBody(response, asked.maxBytes);
  return {
    kind: 'content',
    bytes: asked.encoding === 'base64' ? Buffer.from(Buffer.from(body).toString('latin1'), 'base64') : body,
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null,
    contentType: headers['content-type'] ?? null,
    url: asked.url.href,
  };
}

/** False when what was asked for is unchanged. Throws a CodedError for every other status that is no success. */
export function hasContent(response: IncomingMessage, asked: Asked): boolean {
  const status = response.statusCode ?? 0;
  // Azure answers with a sign-in page and the status 203 when the token is wrong.
  const isSignIn = status === 203 && asked.integration?.type === 'azure';
  if (status >= 200 && status <= 299 && !isSignIn) return true;
  if (status === 304 && asked.conditional) {
    // It has no body; reading to its end keeps the connection.
    response.resume();
    return false;
  }
  response.destroy();
  throw failure(isSignIn ? 401 : status, response, asked);
}

function failure(status: number, response: IncomingMessage, asked: Asked): Error {
  const isGone = status === 404 || status === 410;
  const code: ReadingCode = isGone ? 'reading/not-found' : 'reading/http-status';
  const advice = adviceFor(status, response, asked.integration);
  return readingError(
    code,
    `'${shown(asked.url)}' answered with ${status}.${advice === '' ? '' : ` ${advice}`}`,
  );
}

function adviceFor(status: number, { headers }: IncomingMessage, integration: Integration | null): string {
  const isLimited = status === 429 || (status === 403 && headers['x-ratelimit-remaining'] === '0');
  const key = integration === null ? null : `integrations.${integration.type} (${integration.host})`;
  const hasToken = integration !== null && integration.credentials.length > 0;
  if (isLimited) {
    const token = key === null || hasToken ? '' : ` A token under ${key} has a higher limit.`;
    return `The host limits how often it may be asked.${token}`;
  }
  if (status !== 401 && status !== 403 && status !== 404) return '';
  if (key === null) return status === 404 ? '' : 'The host wants a token: list its forge under integrations.';
  if (!hasToken) return `A private repository needs a token under ${key}.`;
  return `Check that the token under ${key} may read this repository.`;
}
