/** The REST API of the room, mounted at `/api/images`. */
import type { FastifyInstance } from 'fastify';
import type { Images } from '../images.ts';
import { findingRoutes } from './findings.ts';
import { logRoutes, type LogPace } from './log.ts';
import { imagesOpenApi } from './openapi.ts';
import { refuseQuery } from './parameters.ts';
import { patchRoutes, type WhoOf } from './patches.ts';
import { recordRoutes } from './records.ts';
import { reportRoutes } from './reports.ts';

export interface ImagesRoutesDeps {
  readonly images: Images;
  /** Who is written down for what is done. */
  readonly whoOf: WhoOf;
  /** Of event streams, in milliseconds. Default: a comment every 15 s, an end after 1 s of silence. */
  readonly pace?: LogPace;
}

const PACE: LogPace = { heartbeat: 15_000, grace: 1_000 };

export function imagesRoutes(app: FastifyInstance, { images, whoOf, pace = PACE }: ImagesRoutesDeps): void {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });
  const { patches } = images;
  findingRoutes(app, images);
  void app.register((scope) => reportRoutes(scope, images));
  patchRoutes(app, { patches, whoOf });
  logRoutes(app, { patches, pace });
  recordRoutes(app, patches);

  app.get('/golden', async ({ url }) => {
    refuseQuery(url);
    return { items: await images.goldens() };
  });
  app.get('/figures', async ({ url }) => {
    refuseQuery(url);
    return images.figures();
  });
  app.get('/troubles', async ({ url }) => {
    refuseQuery(url);
    return { items: await images.troubles() };
  });
  app.get('/signing-key', async ({ url }, reply) => {
    refuseQuery(url);
    return reply.type('text/plain; charset=utf-8').send(await images.publicKey());
  });
  app.get('/openapi.json', async ({ url }) => {
    refuseQuery(url);
    return imagesOpenApi();
  });
}
