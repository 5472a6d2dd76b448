/** Locations registered through the API: kept in the database, held in memory, given to the catalog as a provider. */
import { randomUUID } from 'node:crypto';
import { CodedError, type Database } from '@callboard/kernel';
import {
  ANNOTATION,
  parseLocationRef,
  stringifyRef,
  type EntityRef,
  type LocationRef,
} from '@callboard/model';
import type { EntityIndex } from './index/entity-index.ts';
import type { Engine } from './ingest/engine.ts';
import { locationEntityRef, toLocationEntity, toLocationKey } from './process/location.ts';
import type { LocationsQueryRequest } from './query/parameters.ts';
import type { Predicate } from './query/predicate.ts';
import { tables } from './store/tables.ts';

/** A registered location as the API shows it. */
export interface RegisteredLocation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly entityRef: string;
}

export const API_PROVIDER = 'api';

export interface LocationsOptions {
  readonly database: Database;
  readonly index: EntityIndex;
  readonly engine: Engine;
  /** Types that may be registered. Default: `url`. */
  readonly allowedTypes?: readonly string[];
}

export interface Locations {
  readonly allowedTypes: readonly string[];
  all(): readonly RegisteredLocation[];
  query(request: LocationsQueryRequest): {
    items: RegisteredLocation[];
    totalItems: number;
    hasMore: boolean;
  };
  /** @throws CodedError 404 `catalog/location-not-found` */
  get(id: string): RegisteredLocation;
  find(location: LocationRef): RegisteredLocation | undefined;
  /** The registered location that an entity came from. @throws CodedError 404 */
  ofEntity(ref: EntityRef): RegisteredLocation;
  /** @throws CodedError 400 for a type that may not be registered, 409 when it exists and `onConflict` is `reject`. */
  create(location: LocationRef, onConflict: 'refresh' | 'reject'): Promise<RegisteredLocation>;
  update(id: string, location: LocationRef): Promise<RegisteredLocation>;
  remove(id: string): Promise<void>;
  /** Gives all of them to the catalog; once, at start. */
  provide(): Promise<void>;
}

export async function createLocations(options: LocationsOptions): Promise<Locations> {
  const { database, index, engine, allowedTypes = ['url'] } = options;
  const rows = await tables(database).selectFrom('catalog_locations').selectAll().orderBy('id').execute();
  const byId = new Map(rows.map((row) => [row.id, toLocation(row)]));

  const sorted = (): RegisteredLocation[] => [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const find: Locations['find'] = ({ type, target }) =>
    byId.values().find((known) => known.type === type && known.target === target);
  const get: Locations['get'] = (id) => {
    const known = byId.get(id);
    if (known === undefined) throw notFound(`Found no location with ID ${id}`);
    return known;
  };
  const provided = (location: RegisteredLocation) => ({
    entity: toLocationEntity(location, { name: location.entityRef.slice('location:default/'.length) }),
    locationKey: toLocationKey(location),
  });
  const provide = (location: RegisteredLocation): Promise<void> =>
    engine.mutate(API_PROVIDER, { type: 'delta', added: [provided(location)], removed: [] });
  /** A location that was pointed elsewhere keeps the Location entity that another one would have had. */
  const freeEntityRef = (location: LocationRef, id: string): string => {
    const usual = locationEntityRef(location);
    const isTaken = byId.values().some(({ entityRef }) => entityRef === usual);
    return isTaken ? locationEntityRef({ ...location, target: `${location.target}#${id}` }) : usual;
  };
  /** One change after the other: two requests for one location must not both find it absent. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const job = Promise.allSettled([last]).then(change);
    last = job;
    return job;
  };
  const checkType = ({ type }: LocationRef): void => {
    if (allowedTypes.includes(type)) return;
    throw new CodedError(
      400,
      'catalog/location-type',
      `Registered locations must be of an allowed type ${JSON.stringify(allowedTypes)}`,
    );
  };

  return {
    allowedTypes,
    all: sorted,
    query: ({ predicate, limit, afterId }) => {
      const matching = sorted().filter((location) => matches(location, predicate));
      const rest = afterId === null ? matching : matching.filter((location) => location.id > afterId);
      return {
        items: rest.slice(0, limit),
        totalItems: matching.length,
        hasMore: rest.length > limit,
      };
    },
    get,
    find,
    ofEntity: (ref) => {
      const text = stringifyRef(ref);
      const ordinal = index.ordinalOf(text);
      if (ordinal === undefined) throw notFound(`found no entity for ref ${text}`);
      const origin = index.entityOf(ordinal, 'head').metadata.annotations?.[
        ANNOTATION.managedByOriginLocation
      ];
      const location = origin === undefined ? null : parseLocationRef(origin);
      if (location === null) throw notFound(`found no origin annotation for ref ${text}`);
      const known = find(location);
      if (known !== undefined) return known;
      throw notFound(`Found no location with type ${location.type} and target ${location.target}`);
    },
    create: ({ type, target }, onConflict) =>
      inTurn(async () => {
        checkType({ type, target });
        const known = find({ type, target });
        if (known !== undefined) {
          if (onConflict === 'reject') throw alreadyExists({ type, target });
          await engine.refresh(known.entityRef);
          return known;
        }
        const id = randomUUID();
        const made = { id, type, target, entityRef: freeEntityRef({ type, target }, id) };
        await tables(database)
          .insertInto('catalog_locations')
          .values({ id: made.id, type, target, entity_ref: made.entityRef })
          .execute();
        byId.set(made.id, made);
        await provide(made);
        return made;
      }),
    update: (id, { type, target }) =>
      inTurn(async () => {
        checkType({ type, target });
        const old = get(id);
        const other = find({ type, target });
        if (other !== undefined && other.id !== id) throw alreadyExists({ type, target });
        await tables(database)
          .updateTable('catalog_locations')
          .set({ type, target })
          .where('id', '=', id)
          .execute();
        const changed = { ...old, type, target };
        byId.set(id, changed);
        // The Location entity keeps its name, so what it brought before is let go of under the old key first.
        await engine.mutate(API_PROVIDER, { type: 'delta', added: [], removed: [old.entityRef] });
        await provide(changed);
        return changed;
      }),
    remove: (id) =>
      inTurn(async () => {
        const { entityRef } = get(id);
        await tables(database).deleteFrom('catalog_locations').where('id', '=', id).execute();
        byId.delete(id);
        await engine.mutate(API_PROVIDER, { type: 'delta', added: [], removed: [entityRef] });
      }),
    provide: () => engine.mutate(API_PROVIDER, { type: 'full', entities: sorted().map(provided) }),
  };
}

function toLocation(row: {
  id: string;
  type: string;
  target: string;
  entity_ref: string;
}): RegisteredLocation {
  return { id: row.id, type: row.type, target: row.target, entityRef: row.entity_ref };
}

function notFound(message: string): CodedError {
  return new CodedError(404, 'catalog/location-not-found', message);
}

function alreadyExists({ type, target }: LocationRef): CodedError {
  return new CodedError(409, 'catalog/location-exists', `Location ${type}:${target} already exists`);
}

/** The predicate on `id`, `type`, `target` and `entityref`; values are compared without regard to case. */
function matches(location: RegisteredLocation, predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'all':
      return predicate.of.every((part) => matches(location, part));
    case 'any':
      return predicate.of.some((part) => matches(location, part));
    case 'not':
      return !matches(location, predicate.of);
    case 'exists':
      return valueOf(location, predicate.key) !== null;
    case 'in':
      return predicate.values.includes(valueOf(location, predicate.key) ?? '\0');
    case 'prefix':
      return valueOf(location, predicate.key)?.startsWith(predicate.prefix) === true;
    default:
      return predicate satisfies never;
  }
}

function valueOf(location: RegisteredLocation, key: string): string | null {
  const values: Record<string, string> = {
    id: location.id,
    type: location.type,
    target: location.target,
    entityref: location.entityRef,
  };
  return Object.hasOwn(values, key) ? (values[key] ?? '').toLowerCase() : null;
}
