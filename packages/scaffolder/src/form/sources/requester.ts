/**
 * Sends one request of a source and hands out the answer as it comes in. Redirects are not followed here. A host that a
 * template names is only connected to at public addresses: the address is checked where the connection is made, so a name
 * cannot lead elsewhere a moment later.
 */
import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

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
    const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
    if (reach === 'public' && isIP(literal) !== 0 && !isPublic(literal)) {
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
    if (first === undefined || addresses.some(({ address }) => !isPublic(address))) {
      return callback(new PrivateAddress(), []);
    }
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};

/** Not of the internet, by the IANA registries of special-purpose addresses. */
const SPECIAL: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  // Parts of 2000::/3 that are not public, or carry an IPv4 address.
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
];

const special = new BlockList();
for (const [net, prefix, family] of SPECIAL) special.addSubnet(net, prefix, family);
const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');

/** Of IPv6, only addresses of 2000::/3 that stand for no IPv4 address. */
function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4');
  return given.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
