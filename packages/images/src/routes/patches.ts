/** The routes of patches: look, start, and decide. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PatchDesk } from '../images.ts';
import { parseApproval, parseReason, parseStart } from './bodies.ts';
import { parsePatchId, parsePatchQuery, refuseQuery } from './parameters.ts';

export interface PatchRoutesDeps {
  readonly patches: PatchDesk;
  readonly whoOf: WhoOf;
}

/** Entity reference or subject of who sent these headers; rejects when that is nobody. */
export type WhoOf = (headers: { readonly authorization?: string | undefined }) => Promise<string>;

type OfPatch = { Params: { readonly id: string } };

/** What is done for a reason alone. */
const DEEDS = ['reject', 'retry', 'cancel', 'promote', 'rollback'] as const;
/** Bytes: a reason of 1,000 characters, however it is written in JSON. */
const SMALL = { bodyLimit: 16 * 1024 };

export function patchRoutes(app: FastifyInstance, { patches, whoOf }: PatchRoutesDeps): void {
  app.get('/patches', async ({ url }) => {
    const { items, next } = await patches.list(parsePatchQuery(url));
    return { items, nextCursor: next };
  });

  app.post('/patches', SMALL, async ({ url, headers, body }, reply) => {
    const by = await whoOf(headers);
    refuseQuery(url);
    const items = await patches.start({ ...parseStart(body), by });
    return reply.code(202).send({ items });
  });

  app.get<OfPatch>('/patches/:id', async ({ url, params }) => {
    refuseQuery(url);
    return patches.get(parsePatchId(params.id));
  });

  const asked = async (request: FastifyRequest<OfPatch>): Promise<{ by: string; id: string }> => {
    const by = await whoOf(request.headers);
    refuseQuery(request.url);
    return { by, id: parsePatchId(request.params.id) };
  };

  app.post<OfPatch>('/patches/:id/approve', SMALL, async (request) => {
    const { by, id } = await asked(request);
    return patches.approve(id, { ...parseApproval(request.body), by });
  });

  for (const deed of DEEDS) {
    app.post<OfPatch>(`/patches/:id/${deed}`, SMALL, async (request) => {
      const { by, id } = await asked(request);
      return patches[deed](id, { ...parseReason(request.body), by });
    });
  }
}
