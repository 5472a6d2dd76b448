/** The catalog's REST API, mounted at `/api/catalog`. */
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { checkingRoutes } from './checking.ts';
import { entityRoutes } from './entities.ts';
import { locationRoutes } from './locations.ts';
import { catalogOpenApi } from './openapi.ts';

export function catalogRoutes(app: FastifyInstance, catalog: Catalog): void {
  entityRoutes(app, catalog);
  locationRoutes(app, catalog);
  checkingRoutes(app, catalog);
  app.get('/openapi.json', () => catalogOpenApi());
}
