/** Blobs, read as verified streams: when the connection is cut, the rest is asked for with `Range`. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { CodedError } from '@callboard/kernel';
import { endDigest } from './digest.ts';
import type { Descriptor } from './image.ts';
import type { CallOptions, Repository } from './registry-client.ts';
import { registryError } from './registry-errors.ts';
import { nameOf, type Ask, type Exchange } from './registry-exchange.ts';
import { skipBytes, type HttpAnswer } from './registry-http.ts';
import { PassingFault } from './registry-retry.ts';

/** Progress after which a cut connection counts as the first one again, in bytes. */
const PROGRESS = 1024 * 1024;

/** Rejects when the blob cannot be had at all; what goes wrong later is the error of the stream. */
export async function openBlob(
  exchange: Exchange,
  at: Repository,
  blob: Descriptor,
  { signal }: CallOptions = {},
): Promise<Readable> {
  const ask: Ask = {
    at,
    method: 'GET',
    path: `blobs/${blob.digest}`,
    expect: [200],
    what: `blob ${blob.digest} of ${nameOf(at)}`,
    signal,
  };
  const first = await exchange.ask(ask, async (answer) => {
    await checkLength(answer, blob.size, ask.what);
    return answer;
  });
  return Readable.from(verified(exchange, { ask, blob, first }), { objectMode: false });
}

interface Opened {
  readonly ask: Ask;
  readonly blob: Descriptor;
  readonly first: HttpAnswer;
}

async function* verified(exchange: Exchange, { ask, blob, first }: Opened): AsyncGenerator<Uint8Array, void> {
  const hash = createHash('sha256');
  let answer: HttpAnswer | null = first;
  let got = 0;
  let cuts = 0;
  let lastCut = 0;
  try {
    while (got < blob.size || answer !== null) {
      try {
        answer ??= await resume(exchange, ask, { from: got, size: blob.size });
        for await (const chunk of answer.chunks()) {
          got += chunk.length;
          if (got > blob.size) throw wrongSize(ask.what, blob.size, 'more');
          hash.update(chunk);
          yield chunk;
        }
        if (got < blob.size) throw new PassingFault(wrongSize(ask.what, blob.size, 'fewer'));
      } catch (error) {
        if (!(error instanceof PassingFault)) throw error;
        cuts = got - lastCut >= PROGRESS ? 1 : cuts + 1;
        lastCut = got;
        await exchange.backOff(error, cuts, ask.signal);
      }
      answer = null;
    }
  } finally {
    await answer?.discard();
  }
  const digest = endDigest(hash);
  if (digest === blob.digest) return;
  throw registryError('images/registry-wrong-digest', `${capital(ask.what)} has the digest ${digest}.`);
}

/** An answer that goes on where the last one was cut, also of a registry that does not know ranges. */
async function resume(
  exchange: Exchange,
  ask: Ask,
  { from, size }: { readonly from: number; readonly size: number },
): Promise<HttpAnswer> {
  if (from === 0) return await exchange.once(ask);
  const answer = await exchange.once({
    ...ask,
    headers: { ...ask.headers, range: `bytes=${from}-` },
    expect: [200, 206, 416],
  });
  if (answer.status === 416) {
    await answer.discard();
    throw wrongSize(ask.what, size, 'fewer');
  }
  if (answer.status === 200) return { ...answer, chunks: () => skipBytes(answer.chunks(), from) };
  const starts = /^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1];
  if (Number(starts) === from) return answer;
  await answer.discard();
  const message = `${ask.at.registry} was asked for ${ask.what} from byte ${from} on, and sends another part.`;
  throw registryError('images/registry-bad-answer', message);
}

async function checkLength(answer: HttpAnswer, size: number, what: string): Promise<void> {
  const said = answer.headers.get('content-length');
  if (said === null || Number(said) === size) return;
  await answer.discard();
  throw wrongSize(what, size, Number(said) > size ? 'more' : 'fewer');
}

function wrongSize(what: string, size: number, which: 'more' | 'fewer'): CodedError {
  const message = `${capital(what)} has ${which} bytes than the ${size} that its manifest says.`;
  return registryError('images/registry-wrong-size', message);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
