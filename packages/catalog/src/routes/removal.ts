/** The route that says what would go with an entity. */
import { CodedError } from '@callboard/kernel';
import { stringifyRef, type EntityRef } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { previewRemoval } from '../removal.ts';

export function removalRoutes(app: FastifyInstance, catalog: Catalog): void {
  app.get<{ Params: EntityRef }>('/entities/by-name/:kind/:namespace/:name/removal', async (request) => {
    const ref = stringifyRef(request.params);
    const found = await previewRemoval(catalog, ref);
    if (found !== null) return found;
    throw new CodedError(404, 'catalog/entity-not-found', `No entity named '${ref}' is known`);
  });
}
