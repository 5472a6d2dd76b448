/** The routes that read, refresh and delete entities. Paths are relative to `/api/catalog`. */
import { CodedError } from '@callboard/kernel';
import { isObject, parseRef, refOf, stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Catalog } from '../catalog.ts';
import { explain } from '../explain.ts';
import { evaluate } from '../index/evaluate.ts';
import { encodeAfter, encodeCursor } from '../query/cursor.ts';
import { countFacets } from '../query/facets.ts';
import { listEntities, queryPage } from '../query/page.ts';
import { createParameterCache } from '../query/parameter-cache.ts';
import {
  parseByQueryBody,
  parseByQueryParameters,
  parseByRefsBody,
  parseEntitiesParameters,
  parseFacetsBody,
  parseFacetsParameters,
  type ByQueryRequest,
  type EntitiesRequest,
  type FacetsRequest,
} from '../query/parameters.ts';
import { entityRows } from '../store/store.ts';
import { AnswerCache } from './answer-cache.ts';
import { BARE_LIST, entityList, entityStream, oneEntity, sendJson } from './answer.ts';

/** What led to an entity. */
interface Ancestry {
  readonly rootEntityRef: string;
  readonly items: readonly { readonly entity: Entity; readonly parentEntityRefs: readonly string[] }[];
}

/** Bodies of queries may be long lists of references. */
const QUERY_BODY_LIMIT = 5 * 1024 * 1024;

export function entityRoutes(app: FastifyInstance, catalog: Catalog): void {
  const { index } = catalog;
  const entitiesRequest = createParameterCache(parseEntitiesParameters);
  const byQueryRequest = createParameterCache(parseByQueryParameters);
  const facetsRequest = createParameterCache(parseFacetsParameters);
  const answers = new AnswerCache(index);
  const body = { bodyLimit: QUERY_BODY_LIMIT };

  app.get('/entities', (request, reply) =>
    answerList(catalog, entitiesRequest(rawQuery(request)), { request, reply }),
  );
  app.get('/entities/by-query', (request, reply) => {
    const asked = byQueryRequest(rawQuery(request));
    return sendJson(
      reply,
      answers.answer(asked, () => pageOf(catalog, asked)),
    );
  });
  app.post('/entities/by-query', body, (request, reply) =>
    sendJson(reply, pageOf(catalog, parseByQueryBody(request.body))),
  );
  app.get('/entity-facets', (request, reply) => {
    const asked = facetsRequest(rawQuery(request));
    return sendJson(
      reply,
      answers.answer(asked, () => facetsOf(catalog, asked)),
    );
  });
  app.post('/entity-facets', body, (request, reply) =>
    sendJson(reply, facetsOf(catalog, parseFacetsBody(request.body))),
  );

  app.post('/entities/by-refs', body, (request, reply) => {
    const { entityRefs, predicate, fields } = parseByRefsBody(request.body, rawQuery(request));
    const matching = evaluate(index, predicate);
    const ordinals = entityRefs.map((text) => {
      const ordinal = index.ordinalOf(text.toLowerCase());
      return ordinal !== undefined && matching.has(ordinal) ? ordinal : undefined;
    });
    return sendJson(
      reply,
      entityList(index, ordinals, { frame: { before: '{"items":[', after: ']}' }, fields }),
    );
  });

  app.get<{ Params: { uid: string } }>('/entities/by-uid/:uid', (request, reply) => {
    const { uid } = request.params;
    const ordinal = index.ordinalOfUid(uid);
    if (ordinal === undefined) throw notFound(`No entity with uid ${uid}`);
    return sendJson(reply, oneEntity(index, ordinal));
  });

  app.delete<{ Params: { uid: string } }>('/entities/by-uid/:uid', async (request, reply) => {
    await catalog.removeByUid(request.params.uid);
    return reply.code(204).send();
  });

  app.get<{ Params: EntityRef }>('/entities/by-name/:kind/:namespace/:name', (request, reply) =>
    sendJson(reply, oneEntity(index, namedOrdinal(catalog, request.params))),
  );

  app.get<{ Params: EntityRef }>('/entities/by-name/:kind/:namespace/:name/ancestry', (request) =>
    ancestryOf(catalog, stringifyRef(request.params)),
  );

  app.get<{ Params: EntityRef }>('/entities/by-name/:kind/:namespace/:name/diagnostics', async (request) => {
    const ref = stringifyRef(request.params);
    const found = await explain(catalog, ref);
    if (found === null) throw notFound(`No entity named '${ref}' is known`);
    return found;
  });

  app.post('/refresh', async (request, reply) => {
    const entityRef = isObject(request.body) ? request.body['entityRef'] : undefined;
    if (typeof entityRef !== 'string') {
      throw new CodedError(
        400,
        'catalog/invalid-ref',
        "request/body must have required property 'entityRef'",
      );
    }
    const parsed = parseRef(entityRef);
    const ref = parsed === null ? entityRef : stringifyRef(parsed);
    // Entities that were never good are not in the index, and are refreshed to become so.
    const known = index.ordinalOf(ref) !== undefined || (await isStored(catalog, ref));
    if (!known) throw notFound(`Failed to schedule ${entityRef} for refresh: no such entity is known`);
    await catalog.engine.refresh(ref);
    return reply.code(200).send();
  });
}

/** Everything after the question mark. */
export function rawQuery(request: FastifyRequest): string {
  const { url = '' } = request.raw;
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}

function answerList(
  catalog: Catalog,
  asked: EntitiesRequest,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const { index } = catalog;
  const all = listEntities(index, asked);
  if (asked.page === null) return sendJson(reply, entityStream(index, all, asked.fields));
  const { offset, limit } = asked.page;
  const end = limit === null ? all.length : offset + limit;
  if (limit !== null && end < all.length) {
    const url = new URL(request.url, 'http://ignored');
    url.searchParams.delete('offset');
    url.searchParams.set('after', encodeAfter({ limit, offset: end }));
    reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
  }
  const { fields } = asked;
  return sendJson(reply, entityList(index, all.slice(offset, end), { frame: BARE_LIST, fields }));
}

function pageOf(catalog: Catalog, asked: ByQueryRequest): Buffer {
  const { ordinals, totalItems, next, previous } = queryPage(catalog.index, asked);
  const pageInfo = {
    ...(next !== null && { nextCursor: encodeCursor(next) }),
    ...(previous !== null && { prevCursor: encodeCursor(previous) }),
  };
  const frame = {
    before: '{"items":[',
    after: `],"totalItems":${totalItems},"pageInfo":${JSON.stringify(pageInfo)}}`,
  };
  return entityList(catalog.index, ordinals, { frame, fields: asked.fields });
}

function facetsOf(catalog: Catalog, asked: FacetsRequest): Buffer {
  return Buffer.from(JSON.stringify({ facets: countFacets(catalog.index, asked) }));
}

async function isStored(catalog: Catalog, ref: string): Promise<boolean> {
  const rows = await entityRows(catalog.core.database, [ref]);
  return rows.length > 0;
}

function namedOrdinal(catalog: Catalog, ref: EntityRef): number {
  const ordinal = catalog.index.ordinalOf(stringifyRef(ref));
  if (ordinal !== undefined) return ordinal;
  const { kind, namespace, name } = ref;
  throw notFound(`No entity named '${name}' found, with kind '${kind}' in namespace '${namespace}'`);
}

/** The entity and everything that led to it, up to the location a provider brought. */
function ancestryOf(catalog: Catalog, ref: string): Ancestry {
  const { index } = catalog;
  if (index.ordinalOf(ref) === undefined) throw notFound(`No such entity ${ref}`);
  const items: Ancestry['items'][number][] = [];
  const seen = new Set([ref]);
  const toVisit = [ref];
  for (let current = toVisit.pop(); current !== undefined; current = toVisit.pop()) {
    const ordinal = index.ordinalOf(current);
    if (ordinal === undefined) continue;
    const parentEntityRefs = index
      .sourcesOf(ordinal)
      .filter((source) => source.startsWith('entity:'))
      .map((source) => source.slice('entity:'.length))
      .filter((parent) => index.ordinalOf(parent) !== undefined);
    items.push({ entity: index.entityOf(ordinal), parentEntityRefs });
    for (const parent of parentEntityRefs) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      toVisit.push(parent);
    }
  }
  return { rootEntityRef: refOf(index.entityOf(index.ordinalOf(ref) ?? 0)), items };
}

function notFound(message: string): CodedError {
  return new CodedError(404, 'catalog/entity-not-found', message);
}
