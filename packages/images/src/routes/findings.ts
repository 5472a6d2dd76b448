/** The routes of findings. */
import type { FastifyInstance } from 'fastify';
import type { Images } from '../images.ts';
import {
  noFinding,
  parseFindingId,
  parseFindingsFilter,
  parseFindingsQuery,
  refuseQuery,
} from './parameters.ts';

export function findingRoutes(app: FastifyInstance, { findings }: Pick<Images, 'findings'>): void {
  app.get('/findings', async ({ url }) => {
    const { items, next } = await findings.list(parseFindingsQuery(url));
    return { items, nextCursor: next };
  });

  app.get('/findings/counts', async ({ url }) => ({
    items: await findings.counts(parseFindingsFilter(url)),
  }));

  app.get<{ Params: { readonly id: string } }>('/findings/:id', async ({ url, params }) => {
    refuseQuery(url);
    const found = await findings.get(parseFindingId(params.id));
    if (found === null) throw noFinding(params.id);
    return found;
  });
}
