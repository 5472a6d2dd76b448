/** The route that tells what an entity has been. Paths are relative to `/api/catalog`. */
import { CodedError } from '@callboard/kernel';
import { stringifyRef, type EntityRef } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { historyOf, type HistoryOptions } from '../history.ts';
import { invalidParameter, readInteger, readQueryString } from '../query/query-string.ts';

const NAMES = new Set(['limit', 'before']);
const MAX_LIMIT = 100;

export function historyRoutes(app: FastifyInstance, catalog: Catalog): void {
  app.get<{ Params: EntityRef }>(
    '/entities/by-name/:kind/:namespace/:name/history',
    async ({ params, url }) => {
      const ref = stringifyRef(params);
      const found = await historyOf(catalog.core.database, ref, parseHistoryParameters(url));
      if (found !== null) return found;
      throw new CodedError(404, 'catalog/entity-not-found', `No entity named '${ref}' is or was known`);
    },
  );
}

/** @throws CodedError 400 `catalog/invalid-parameter` */
function parseHistoryParameters(url: string): HistoryOptions {
  const mark = url.indexOf('?');
  const values = readQueryString(mark === -1 ? '' : url.slice(mark + 1), NAMES);
  const limit = readInteger(values, 'limit');
  const before = readInteger(values, 'before');
  if (limit === 0) throw invalidParameter('request/query/limit must be >= 1');
  if (limit !== null && limit > MAX_LIMIT) {
    throw invalidParameter(`request/query/limit must be <= ${MAX_LIMIT}`);
  }
  if (before === 0) throw invalidParameter('request/query/before must be the id of an item');
  return { before, ...(limit !== null && { limit }) };
}
