/** `GET /status`: the catalog at work. */
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import type { ProblemFinder } from '../problems.ts';
import { parseStatusParameters } from '../query/status-parameters.ts';
import { readStatus } from '../status.ts';
import { rawQuery } from './entities.ts';

export function statusRoutes(app: FastifyInstance, catalog: Catalog, problems: ProblemFinder): void {
  const { index, engine, core } = catalog;
  const { database, activity } = core;
  app.get('/status', (request) =>
    readStatus({ database, index, engine, activity, problems }, parseStatusParameters(rawQuery(request))),
  );
}
