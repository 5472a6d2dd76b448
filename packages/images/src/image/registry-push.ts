/** Pushing blobs: not at all when they are there, by mount from another repository, else in one piece or what is left of it. */
import { CodedError } from '@callboard/kernel';
import type { CallOptions, NewBlob, Repository } from './registry-client.ts';
import { nextAddress } from './registry-address.ts';
import { registryError } from './registry-errors.ts';
import { checkSaidDigest, nameOf, type Ask, type Exchange } from './registry-exchange.ts';
import { skipBytes, type Sendable } from './registry-http.ts';
import { PassingFault } from './registry-retry.ts';

const NO_BODY: Sendable = { size: 0, open: async function* () {} };

export async function pushBlob(
  exchange: Exchange,
  at: Repository,
  blob: NewBlob,
  options: CallOptions & { readonly from?: string } = {},
): Promise<void> {
  const { signal } = options;
  const about = { at, what: `blob ${blob.digest} for ${nameOf(at)}`, signal };
  if (await hasBlob(exchange, about, blob)) return;
  let upload = await start(exchange, about, { blob, from: options.from });
  let sent = 0;
  for (let tried = 1; upload !== null; tried += 1) {
    try {
      await finish(exchange, about, { blob, upload, sent });
      return;
    } catch (error) {
      const fault = isLostUpload(error, sent) ? new PassingFault(error) : error;
      if (!(fault instanceof PassingFault)) throw error;
      await exchange.backOff(fault, tried, signal);
      // It may be there, although the answer that says so was lost.
      if (await hasBlob(exchange, about, blob)) return;
      const rest = await progress(exchange, about, { upload, blob });
      sent = rest?.sent ?? 0;
      upload = rest?.upload ?? (await start(exchange, about, { blob, from: undefined }));
    }
  }
}

type About = Pick<Ask, 'at' | 'what' | 'signal'>;

async function hasBlob(exchange: Exchange, about: About, blob: NewBlob): Promise<boolean> {
  const ask: Ask = { ...about, method: 'HEAD', path: `blobs/${blob.digest}`, expect: [200, 404] };
  return await exchange.ask(ask, async (answer) => {
    await answer.discard();
    return answer.status === 200;
  });
}

/** The address of a new upload; null when the registry mounted the blob, so that there is nothing left to do. */
async function start(
  exchange: Exchange,
  about: About,
  { blob, from }: { readonly blob: NewBlob; readonly from: string | undefined },
): Promise<URL | null> {
  const mount = from === undefined ? '' : `?${new URLSearchParams({ mount: blob.digest, from }).toString()}`;
  const ask: Ask = {
    ...about,
    method: 'POST',
    path: `blobs/uploads/${mount}`,
    body: NO_BODY,
    expect: from === undefined ? [202] : [201, 202],
    from,
  };
  return await exchange.ask(ask, async (answer) => {
    await answer.discard();
    return answer.status === 201 ? null : nextAddress(answer.url, answer.headers.get('location'));
  });
}

interface Upload {
  readonly blob: NewBlob;
  readonly upload: URL;
  /** Bytes that the registry has. */
  readonly sent: number;
}

async function finish(exchange: Exchange, about: About, { blob, upload, sent }: Upload): Promise<void> {
  const rest: Sendable = { size: blob.size - sent, open: () => restOf(blob, sent) };
  const target = sent === 0 ? upload : await patch(exchange, about, { upload, rest, sent });
  const url = new URL(target);
  url.searchParams.set('digest', blob.digest);
  const answer = await exchange.once({
    ...about,
    method: 'PUT',
    path: url,
    headers: { 'content-type': 'application/octet-stream' },
    body: sent === 0 ? rest : NO_BODY,
    expect: [201],
  });
  await answer.discard();
  checkSaidDigest(answer, blob.digest, about.what);
}

async function patch(
  exchange: Exchange,
  about: About,
  { upload, rest, sent }: { readonly upload: URL; readonly rest: Sendable; readonly sent: number },
): Promise<URL> {
  if (rest.size === 0) return upload;
  const answer = await exchange.once({
    ...about,
    method: 'PATCH',
    path: upload,
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `${sent}-${sent + rest.size - 1}`,
    },
    body: rest,
    expect: [202, 404, 416],
  });
  await answer.discard();
  if (answer.status === 202) return nextAddress(answer.url, answer.headers.get('location'));
  const message = `${about.at.registry} does not go on with the upload of ${about.what} (${answer.status}).`;
  throw new PassingFault(registryError('images/registry-unreachable', message));
}

/** How far an upload got; null when it has to begin again. */
async function progress(
  exchange: Exchange,
  about: About,
  { upload, blob }: { readonly upload: URL; readonly blob: NewBlob },
): Promise<{ readonly upload: URL; readonly sent: number } | null> {
  const ask: Ask = { ...about, method: 'GET', path: upload, expect: [204, 400, 404, 405, 416] };
  return await exchange.ask(ask, async (answer) => {
    await answer.discard();
    if (answer.status !== 204) return null;
    // The range is inclusive, and «0-0» is what registries say of nothing as well as of one byte.
    const last = Number(/^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1] ?? 0);
    if (last === 0 || last >= blob.size) return null;
    const location = answer.headers.get('location');
    return { upload: location === null ? upload : nextAddress(answer.url, location), sent: last + 1 };
  });
}

/** The registry forgot the upload, or put it together in another way than we think: a new one may do. */
function isLostUpload(error: unknown, sent: number): error is CodedError {
  if (!(error instanceof CodedError)) return false;
  return (
    error.code === 'images/registry-not-found' || (error.code === 'images/registry-wrong-digest' && sent > 0)
  );
}

function restOf(blob: NewBlob, sent: number): ReturnType<Sendable['open']> {
  const source = blob.open();
  if (sent === 0) return source;
  return Object.assign(skipBytes(source, sent), { destroy: () => source.destroy() });
}
