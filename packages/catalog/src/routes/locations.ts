/** The routes that register, list, change and remove locations. Paths are relative to `/api/catalog`. */
import { CodedError } from '@callboard/kernel';
import { isObject, type EntityRef, type LocationRef } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { dryRun } from '../dry-run.ts';
import { encodeLocationsCursor } from '../query/cursor.ts';
import { parseLocationsQueryBody } from '../query/parameters.ts';

export function locationRoutes(app: FastifyInstance, catalog: Catalog): void {
  const { locations } = catalog;

  app.post('/locations', async (request, reply) => {
    const location = parseLocationBody(request.body);
    const query = new URL(request.url, 'http://ignored').searchParams;
    if (isYes(query.get('dryRun'))) return reply.code(201).send(await dryRun(catalog, location));
    refuseWhenReadonly(catalog);
    const created = await locations.create(location, onConflict(catalog, query.get('onConflict')));
    return reply.code(201).send({ location: created, entities: [] });
  });

  app.get('/locations', () => locations.all().map((location) => ({ data: location })));

  app.post('/locations/by-query', (request) => {
    const asked = parseLocationsQueryBody(request.body);
    const { items, totalItems, hasMore } = locations.query(asked);
    const { limit, predicate } = asked;
    const last = items.at(-1);
    const nextCursor =
      hasMore && last !== undefined ? encodeLocationsCursor({ limit, predicate, afterId: last.id }) : null;
    return { items, totalItems, pageInfo: { ...(nextCursor !== null && { nextCursor }) } };
  });

  app.get<{ Params: { id: string } }>('/locations/:id', (request) => locations.get(request.params.id));

  app.put<{ Params: { id: string } }>('/locations/:id', (request) => {
    const location = parseLocationBody(request.body);
    refuseWhenReadonly(catalog);
    return locations.update(request.params.id, location);
  });

  app.delete<{ Params: { id: string } }>('/locations/:id', async (request, reply) => {
    refuseWhenReadonly(catalog);
    await locations.remove(request.params.id);
    return reply.code(204).send();
  });

  app.get<{ Params: EntityRef }>('/locations/by-entity/:kind/:namespace/:name', (request) =>
    locations.ofEntity(request.params),
  );
}

/** The `{ type, target, presence? }` of a body. @throws CodedError 400 `catalog/invalid-location` */
export function parseLocationBody(body: unknown): LocationRef {
  if (!isObject(body)) throw invalid('Expected body to be a JSON object');
  const { type, target, presence, ...others } = body;
  if (typeof type !== 'string' || type === '')
    throw invalid('Malformed request: type is required and a string');
  if (typeof target !== 'string' || target === '')
    throw invalid('Malformed request: target is required and a string');
  if (presence !== undefined && presence !== 'required' && presence !== 'optional') {
    throw invalid('Malformed request: presence is required or optional');
  }
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) throw invalid(`Malformed request: unrecognized key '${foreign}'`);
  return { type, target };
}

function invalid(message: string): CodedError {
  return new CodedError(400, 'catalog/invalid-location', message);
}

function refuseWhenReadonly(catalog: Catalog): void {
  if (!catalog.settings.readonly) return;
  throw new CodedError(403, 'catalog/readonly', 'This operation not allowed in readonly mode');
}

function onConflict(catalog: Catalog, text: string | null): 'refresh' | 'reject' {
  if (text === 'refresh' || text === 'reject') return text;
  if (text === null) return catalog.settings.locationConflictStrategy;
  throw invalid('request/query/onConflict must be equal to one of the allowed values: refresh, reject');
}

function isYes(text: string | null): boolean {
  return text !== null && /^(?:y|yes|true|1|on)$/i.test(text);
}
