/**
 * Sends one request of a source and hands out the answer as it comes in. Redirects are not followed here. A host that a
 * template names is only connected to at public addresses: the address is checked where the connection is made, so a name
 * cannot lead elsewhere a moment later.
 */
import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, literalAddress } from '@callboard/kernel';

export interface SourceRequestSent {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** `public`: only addresses of the internet. */
  readonly reach: 'any' | 'public';
  readonly signal: AbortSignal;
}

export interface SourceResponse {
  readonly status: number;
  /** Null when there is none. Names are lower case. */
  readonly header: (name: string) => string | null;
  /** Abandoned when it is not read to its end. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Rejects when there is no answer. */
export type Requester = (request: SourceRequestSent) => Promise<SourceResponse>;

/** Told apart from other failures by its name. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/** Over the network. */
export function createRequester(): Requester {
  return ({ url, method, headers, body, reach, signal }) => {
    const literal = literalAddress(url.hostname);
    if (reach === 'public' && literal !== null && !isPublicAddress(literal.address)) {
      return Promise.reject(new PrivateAddress());
    }
    const { promise, resolve, reject } = Promise.withResolvers<SourceResponse>();
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = start(
      url,
      {
        method,
        headers: { ...headers, ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }) },
        // Answers are kept, connections are not: one that was checked for this request is for no other.
        agent: false,
        signal,
        ...(reach === 'public' && { lookup: publicLookup }),
      },
      (message) => resolve(toResponse(message)),
    );
    sent.on('error', reject);
    sent.end(body ?? undefined);
    return promise;
  };
}

/** Over a `fetch`, as the recorded one of tests. */
export function requesterOf(send: typeof fetch): Requester {
  return async ({ url, method, headers, body, signal }) => {
    const response = await send(url.href, {
      method,
      headers: { ...headers },
      body,
      signal,
      redirect: 'manual',
    });
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: response.body ?? empty(),
    };
  };
}

async function* empty(): AsyncGenerator<Uint8Array> {}

function toResponse(message: IncomingMessage): SourceResponse {
  return {
    status: message.statusCode ?? 0,
    header: (name) => {
      const value = message.headers[name];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
    body: message,
  };
}

/** Asks for all addresses, and takes them only when every one is public. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(new PrivateAddress(), []);
    }
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};
