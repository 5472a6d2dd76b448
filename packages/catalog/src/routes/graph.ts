/** The route of the relations graph. */
import { CodedError } from '@callboard/kernel';
import { createRelationEdges } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { neighbourhood } from '../query/neighbourhood.ts';
import { parseNeighbourhoodParameters } from '../query/neighbourhood-parameters.ts';
import { rawQuery } from './entities.ts';

export function graphRoutes(app: FastifyInstance, { index, model }: Catalog): void {
  const edgeOf = createRelationEdges(model.kinds);

  app.get('/graph', (request) => {
    const asked = parseNeighbourhoodParameters(rawQuery(request));
    const missing = asked.roots.find((ref) => index.ordinalOf(ref) === undefined);
    if (missing === undefined) return neighbourhood(index, asked, edgeOf);
    throw new CodedError(404, 'catalog/entity-not-found', `No entity named '${missing}' is in the catalog`);
  });
}
