/** The documents of a file as entities to take in, and what is wrong with the others. */
import {
  ANNOTATION,
  refOf,
  toDiagnostic,
  type Diagnostic,
  type Entity,
  type EntityEnvelope,
  type LocationRef,
} from '@callboard/model';
import { checkInput } from '../process/input.ts';
import { annotatedLocation, toLocationKey, withLocations } from '../process/location.ts';
import { locate, parseDocuments } from '../source/documents.ts';
import type { CatalogCore } from './core.ts';
import type { Incoming, Place } from './incoming.ts';

export interface DocumentsRead {
  readonly incoming: readonly Incoming[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when something of the file could not be understood, so that it may list more than is known. */
  readonly complete: boolean;
}

/** `key`: the location key of the file; `location`: the Location entity that led to it. */
export function readDocuments(
  core: Pick<CatalogCore, 'isAllowed'>,
  { target, bytes }: { readonly target: string; readonly bytes: Uint8Array },
  { key, location }: { readonly key: string; readonly location: Entity },
): DocumentsRead {
  const source = { bytes, file: target };
  const parsed = parseDocuments(source);
  const diagnostics = [...parsed.diagnostics];
  const incoming = new Map<string, Incoming>();
  let complete = !diagnostics.some((found) => found.severity === 'error');
  const origin = annotatedLocation(location, ANNOTATION.managedByOriginLocation);
  const at = { location: key, origin: toLocationKey(origin) };
  const own = {
    ref: refOf(location),
    key: toLocationKey(annotatedLocation(location, ANNOTATION.managedByLocation)),
  };
  for (const document of parsed.documents) {
    const place = (path: string | undefined): Place => ({
      file: target,
      line: document.line,
      ...(path !== undefined && locate(source, document.index, path)),
    });
    const envelope = checkInput(document.value);
    if (!envelope.ok) {
      complete = false;
      for (const problem of envelope.problems) diagnostics.push(toDiagnostic(problem, place(problem.path)));
      continue;
    }
    const entity = withLocations(envelope.entity, at);
    const ref = refOf(entity);
    if (ref === own.ref) {
      if (key !== own.key) diagnostics.push({ ...leadsHere(own), ...place('metadata.name') });
    } else if (incoming.has(ref)) diagnostics.push({ ...twin(ref), ...place('metadata.name') });
    else if (!core.isAllowed(entity, origin)) {
      diagnostics.push({ ...notAllowed({ entity, ref, key, origin }), ...place('kind') });
    } else incoming.set(ref, { entity, locationKey: key, locate: place });
  }
  return { incoming: [...incoming.values()], diagnostics, complete };
}

/**
 * A Location is no source of itself: it would stay when nothing leads to it any more, and one whose files define it
 * differently would be read for ever.
 */
function leadsHere({ ref, key }: { readonly ref: string; readonly key: string }): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/conflict',
    summary: `${ref} is already defined at ${key}, and leads to this file; this definition is not used`,
    detail: 'Rename one of the two, or remove one.',
  };
}

function twin(ref: string): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/duplicate-entity',
    summary: `${ref} is defined twice in this file; the first one is used`,
    detail: 'References are compared without regard to case. Rename or remove one of the two.',
  };
}

function notAllowed(of: {
  entity: EntityEnvelope;
  ref: string;
  key: string;
  origin: LocationRef;
}): Diagnostic {
  const { entity, ref, key, origin } = of;
  return {
    severity: 'error',
    code: 'catalog/kind-not-allowed',
    summary: `Entity ${ref} at ${key}, originated at ${toLocationKey(origin)}, is not of an allowed kind for that location`,
    detail: `Allow ${entity.kind} in catalog.rules, or in the rules of this location in catalog.locations.`,
  };
}
