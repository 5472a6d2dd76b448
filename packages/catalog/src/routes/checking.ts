/** The routes that look at entities without keeping them, and those that show what could not be kept. */
import { CodedError } from '@callboard/kernel';
import { checkEnvelope, isObject, parseJson, parseLocationRef } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import { analyzeLocation } from '../analyze.ts';
import type { Catalog } from '../catalog.ts';
import { parseDiagnostics } from '../explain.ts';
import { withLocations } from '../process/location.ts';
import { failedEntityRows, type EntityRow } from '../store/store.ts';
import { parseLocationBody } from './locations.ts';

interface ShownError {
  readonly name: string;
  readonly message: string;
}

export function checkingRoutes(app: FastifyInstance, catalog: Catalog): void {
  app.post('/validate-entity', async (request, reply) => {
    const errors = await validate(catalog, request.body);
    if (errors.length > 0) return reply.code(400).send({ errors });
    return reply.code(200).send();
  });

  app.post('/analyze-location', async (request) => {
    const body = isObject(request.body) ? request.body : {};
    const location = parseLocationBody(body['location']);
    const name = body['catalogFilename'] ?? body['catalogFileName'];
    if (name !== undefined && typeof name !== 'string') {
      throw new CodedError(
        400,
        'catalog/invalid-parameter',
        'Malformed request: catalogFilename is a string',
      );
    }
    return analyzeLocation(catalog, { location, ...(name !== undefined && { catalogFilename: name }) });
  });

  app.get<{ Querystring: Record<string, never> }>('/entities/unprocessed/failed', async (request) => {
    const owner = new URL(request.url, 'http://ignored').searchParams.get('owner');
    const rows = await failedEntityRows(catalog.core.database);
    const entities = rows.map(toUnprocessed).filter((row) => owner === null || ownerOf(row) === owner);
    return { type: 'failed', entities };
  });

  // Entities are processed when they arrive and never wait in the database, so none is ever pending.
  app.get('/entities/unprocessed/pending', () => ({ type: 'pending', entities: [] }));

  app.delete<{ Params: { id: string } }>('/entities/unprocessed/delete/:id', async (request, reply) => {
    const { id } = request.params;
    if (!(await catalog.removeUnprocessed(id))) {
      throw new CodedError(404, 'catalog/entity-not-found', `No entity with id ${id}`);
    }
    return reply.code(204).send();
  });
}

async function validate(catalog: Catalog, body: unknown): Promise<ShownError[]> {
  const { entity, location } = isObject(body) ? body : {};
  const envelope = checkEnvelope(entity);
  if (!envelope.ok) return envelope.problems.map(({ message }) => ({ name: 'TypeError', message }));
  const parsed = typeof location === 'string' ? parseLocationRef(location) : null;
  if (typeof location !== 'string' || parsed?.type !== 'url') {
    const message = `Invalid location ref ${String(location)}, only 'url:<target>' is supported, e.g. url:https://host/path`;
    return [{ name: 'TypeError', message }];
  }
  const { problems } = await catalog.pipeline(withLocations(envelope.entity, { location, origin: location }));
  return problems
    .filter((problem) => problem.severity === 'error')
    .map((problem) => ({ ...problem, name: 'InputError', message: problem.summary }));
}

/** A row in the shape of Backstage's unprocessed-entities module. */
function toUnprocessed(row: EntityRow) {
  const input: unknown = parseJson(row.input ?? row.entity ?? 'null');
  return {
    entity_id: row.uid,
    entity_ref: row.ref,
    unprocessed_entity: input,
    processed_entity: row.entity === null ? null : parseJson(row.entity),
    unprocessed_hash: row.input_hash,
    errors: parseDiagnostics(row.errors),
    location_key: row.location_key,
    last_discovery_at: new Date(row.processed_at).toISOString(),
    next_update_at: new Date(row.processed_at).toISOString(),
  };
}

function ownerOf(row: { unprocessed_entity: unknown }): unknown {
  const { unprocessed_entity: entity } = row;
  const spec = isObject(entity) ? entity['spec'] : null;
  return isObject(spec) ? spec['owner'] : null;
}
