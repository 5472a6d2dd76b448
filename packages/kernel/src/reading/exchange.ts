/**
 * One HTTP exchange: connects to addresses that were checked before, streams the body, and stops at the
 * limit. Redirects, policy and meaning of the status are the caller's.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, Transform, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Address } from './addresses.ts';
import { readingError } from './codes.ts';

interface ExchangeRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The only addresses to connect to. */
  readonly addresses: readonly Address[];
  /** Connections to private addresses are kept apart: no other request may reuse one. */
  readonly pool: 'public' | 'private';
  readonly signal: AbortSignal;
}

/** Sends a GET request; the response's body is still to be read or destroyed. */
export type Exchange = (request: ExchangeRequest) => Promise<IncomingMessage>;

const IDLE_MS = 5000;
const MAX_ATTEMPTS = 3;

export function createExchange(): Exchange {
  const options = { keepAlive: true, timeout: IDLE_MS };
  const agents = {
    public: { http: new HttpAgent(options), https: new HttpsAgent(options) },
    private: { http: new HttpAgent(options), https: new HttpsAgent(options) },
  };
  return async (request) => {
    const agent = agents[request.pool][request.url.protocol === 'https:' ? 'https' : 'http'];
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const response = await send(request, agent);
      if (response !== null) return response;
    }
    throw readingError('reading/network', `${request.url.host} closes every connection.`);
  };
}

/** Null when the host closed an idle connection just as it was taken from the pool: then nothing was sent. */
function send(
  { url, headers, signal, addresses }: ExchangeRequest,
  agent: HttpAgent | HttpsAgent,
): Promise<IncomingMessage | null> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = start(url, { headers, agent, signal, lookup: answer(addresses) }, resolve);
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = sent.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted;
      if (isStale) resolve(null);
      else reject(error);
    });
    sent.end();
  });
}

/** A lookup that asks nobody, so that the name cannot lead elsewhere than a moment ago. */
function answer(addresses: readonly Address[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family ?? 0);
  };
}

/** Reads a body to its end, decompressed. Throws `reading/too-large` as soon as it is over `maxBytes`. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  checkDeclared(response, maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decompressed(response)) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) {
      response.destroy();
      throw tooLarge(maxBytes);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

/** A body as it comes in, decompressed. Fails with `reading/too-large` as soon as it is over `maxBytes`. */
export function download(response: IncomingMessage, maxBytes: number): Readable {
  checkDeclared(response, maxBytes);
  let size = 0;
  const count = new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => {
      size += chunk.length;
      if (size > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  // Errors of every part come out of the last.
  return pipeline(decompressed(response), count, () => undefined);
}

/** Throws `reading/too-large` when the host says itself that it is. */
function checkDeclared(response: IncomingMessage, maxBytes: number): void {
  if (Number(response.headers['content-length'] ?? 0) <= maxBytes) return;
  response.destroy();
  throw tooLarge(maxBytes);
}

/** The body as it was before HTTP compressed it. */
function decompressed(response: IncomingMessage): Readable {
  const decoder = decoderFor(response.headers['content-encoding']);
  // Errors of either end come out of the decoder.
  return decoder === null ? response : pipeline(response, decoder, () => undefined);
}

function decoderFor(encoding: string | undefined): Transform | null {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw readingError('reading/http-status', `The host used the content encoding '${encoding}' unasked.`);
  }
}

function tooLarge(maxBytes: number): Error {
  return readingError('reading/too-large', `The content is larger than ${maxBytes} bytes.`);
}
