/** What registering a location would bring, without registering it: everything below it, processed. */
import { CodedError } from '@callboard/kernel';
import { refOf, type Entity, type LocationRef } from '@callboard/model';
import type { Catalog } from './catalog.ts';
import type { RegisteredLocation } from './locations.ts';
import { targetsToRead } from './ingest/targets.ts';
import { checkInput } from './process/input.ts';
import {
  locationEntityRef,
  toLocationEntity,
  toLocationKey,
  withLocations,
  writtenTargets,
} from './process/location.ts';
import { parseDocuments } from './source/documents.ts';

/** A location that brings more than this is refused, as are chains of locations that do not end. */
const MAX_ENTITIES = 10_000;

export interface DryRunResult {
  readonly location: RegisteredLocation;
  readonly entities: readonly Entity[];
  /** True when the location is registered already. */
  readonly exists: boolean;
}

/** @throws CodedError 400 with the first things that are wrong. */
export async function dryRun(catalog: Catalog, location: LocationRef): Promise<DryRunResult> {
  const { allowedTypes } = catalog.locations;
  if (!allowedTypes.includes(location.type)) {
    throw new CodedError(
      400,
      'catalog/location-type',
      `Registered locations must be of an allowed type ${JSON.stringify(allowedTypes)}`,
    );
  }
  const key = toLocationKey(location);
  const entities = new Map<string, Entity>();
  const waiting: unknown[] = [toLocationEntity(location)];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entity = await processOne(catalog, next, { location, isRoot: entities.size === 0 });
    const ref = refOf(entity);
    if (entities.has(ref)) throw refused([`Duplicate nested entity: ${ref}`]);
    entities.set(ref, entity);
    if (entities.size > MAX_ENTITIES) throw refused([`${key} brings more than ${MAX_ENTITIES} entities`]);
    if (entity.kind === 'Location') waiting.push(...(await readTargets(catalog, entity, key)));
  }
  return {
    location: { ...location, id: key, entityRef: locationEntityRef(location) },
    entities: [...entities.values()],
    exists: catalog.locations.find(location) !== undefined,
  };
}

async function processOne(
  catalog: Catalog,
  value: unknown,
  { location, isRoot }: { location: LocationRef; isRoot: boolean },
): Promise<Entity> {
  const envelope = checkInput(value);
  if (!envelope.ok) throw refused(envelope.problems.map((problem) => problem.message));
  if (!isRoot && !catalog.core.isAllowed(envelope.entity, location)) {
    throw refused([`Entity ${refOf(envelope.entity)} is not of an allowed kind for that location`]);
  }
  const { entity, problems } = await catalog.pipeline(envelope.entity);
  if (entity === null) throw refused(problems.map((problem) => problem.summary));
  return entity;
}

async function readTargets(catalog: Catalog, entity: Entity, origin: string): Promise<unknown[]> {
  const { type } = writtenTargets(entity);
  const found: unknown[] = [];
  for (const target of targetsToRead(catalog.core, entity)) {
    if ('kind' in target) throw refused([target.diagnostic.summary]);
    for await (const outcome of target.reader.read({ ...target.request, fingerprints: new Map() })) {
      if (outcome.kind === 'failed') throw refused([outcome.diagnostic.summary]);
      if (outcome.kind !== 'content') continue;
      const { documents, diagnostics } = parseDocuments({ bytes: outcome.bytes, file: outcome.target });
      const errors = diagnostics.filter((problem) => problem.severity === 'error');
      if (errors.length > 0) throw refused(errors.map((problem) => problem.summary));
      const at = { location: toLocationKey({ type, target: outcome.target }), origin };
      for (const { value } of documents) {
        const envelope = checkInput(value);
        found.push(envelope.ok ? withLocations(envelope.entity, at) : value);
      }
    }
  }
  return found;
}

function refused(reasons: readonly string[]): CodedError {
  return new CodedError(400, 'catalog/location-refused', reasons.slice(0, 20).join(', '));
}
