/** `GET /records/{hash}`: plans, scripts, prompts and verdicts, which never change. */
import type { FastifyInstance } from 'fastify';
import type { PatchDesk } from '../images.ts';
import type { RecordKind } from '../patches/patch.ts';
import { routeError } from './errors.ts';
import { parseHash, refuseQuery } from './parameters.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

const TYPES: Readonly<Record<RecordKind, string>> = {
  scan: JSON_TYPE,
  plan: JSON_TYPE,
  script: TEXT_TYPE,
  prompt: TEXT_TYPE,
  answer: TEXT_TYPE,
  verdict: JSON_TYPE,
  seal: JSON_TYPE,
};

/** For those alone who may ask, and for ever: another text has another hash. */
const CACHING = 'private, max-age=31536000, immutable';

export function recordRoutes(app: FastifyInstance, patches: Pick<PatchDesk, 'record'>): void {
  app.get<{ Params: { readonly hash: string } }>('/records/:hash', async ({ url, params }, reply) => {
    refuseQuery(url);
    const hash = parseHash(params.hash);
    const record = await patches.record(hash);
    if (record === null) throw routeError('images/record-not-found', `No record has the hash ${hash}.`);
    return reply.headers({ 'content-type': TYPES[record.kind], 'cache-control': CACHING }).send(record.text);
  });
}
