/** The catalog's REST API, mounted at `/api/catalog`. */
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { createProblems } from '../problems.ts';
import { checkingRoutes } from './checking.ts';
import { entityRoutes } from './entities.ts';
import { graphRoutes } from './graph.ts';
import { historyRoutes } from './history.ts';
import { locationRoutes } from './locations.ts';
import { catalogOpenApi } from './openapi.ts';
import { problemRoutes } from './problems.ts';
import { removalRoutes } from './removal.ts';
import { statusRoutes } from './status.ts';

export function catalogRoutes(app: FastifyInstance, catalog: Catalog): void {
  entityRoutes(app, catalog);
  historyRoutes(app, catalog);
  removalRoutes(app, catalog);
  graphRoutes(app, catalog);
  locationRoutes(app, catalog);
  checkingRoutes(app, catalog);
  const { database, activity } = catalog.core;
  const problems = createProblems({ database, index: catalog.index, activity });
  problemRoutes(app, problems);
  statusRoutes(app, catalog, problems);
  app.get('/openapi.json', () => catalogOpenApi());
}
