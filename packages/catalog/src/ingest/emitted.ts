/** What processors emit as children of an entity: checked like documents are, before anything is stored. */
import {
  ANNOTATION,
  isObject,
  parseLocationRef,
  refOf,
  type Diagnostic,
  type EntityEnvelope,
} from '@callboard/model';
import { checkInput } from '../process/input.ts';
import { toLocationKey, UNKNOWN_LOCATION, withLocations } from '../process/location.ts';
import type { Processed } from '../process/pipeline.ts';
import type { EmittedEntity } from '../process/processor.ts';
import type { CatalogCore } from './core.ts';
import type { Incoming } from './incoming.ts';

export interface Screened {
  readonly children: readonly Incoming[];
  /** What is wrong with the others, for the entity that emitted them. */
  readonly problems: readonly Diagnostic[];
}

const NOTHING: Screened = { children: [], problems: [] };

/** `trail`: references whose processing led to the parent; emitting one of them again would never end. */
export function screenEmitted(
  core: CatalogCore,
  parent: { readonly ref: string; readonly entity: EntityEnvelope; readonly processed: Processed },
  trail: readonly string[],
): Screened {
  const { ref, entity, processed } = parent;
  if (processed.children.length === 0) return NOTHING;
  // A Location holds what is read from its targets; what else it held would be let go of with them.
  if (ref.startsWith('location:')) {
    const summary = `A processor emitted entities for ${ref}, which are not taken in`;
    return { children: [], problems: [problem('catalog/emitted-by-location', summary, FOR_LOCATIONS)] };
  }
  const children = new Map<string, Incoming>();
  const problems: Diagnostic[] = [];
  for (const emitted of processed.children) {
    const checked = check(core, emitted, entity);
    if ('summary' in checked) {
      problems.push(checked);
      continue;
    }
    const child = refOf(checked.entity);
    if (child === ref || trail.includes(child)) {
      core.log.warn('a processor emitted the entity that it was processing', { ref: child, parent: ref });
    } else children.set(child, checked);
  }
  return { children: [...children.values()], problems };
}

const FOR_LOCATIONS = 'Give the catalog a reader for the type of the location instead.';

function check(
  core: CatalogCore,
  { entity: value, location }: EmittedEntity,
  parent: EntityEnvelope,
): Incoming | Diagnostic {
  const envelope = checkInput(value);
  if (!envelope.ok) return invalid(envelope.problems[0]?.message ?? '');
  const key =
    location === undefined ? annotationOf(parent, ANNOTATION.managedByLocation) : toLocationKey(location);
  const origin = annotationOf(parent, ANNOTATION.managedByOriginLocation);
  const entity = withLocations(envelope.entity, { location: key, origin });
  if (core.isAllowed(entity, parseLocationRef(origin) ?? UNKNOWN_LOCATION))
    return { entity, locationKey: key };
  return problem(
    'catalog/kind-not-allowed',
    `Entity ${refOf(entity)} at ${key}, originated at ${origin}, is not of an allowed kind for that location`,
    `Allow ${entity.kind} in catalog.rules, or in the rules of this location in catalog.locations.`,
  );
}

function invalid(reason: string): Diagnostic {
  const summary = `A processor emitted something that is no entity: ${reason}`;
  return problem(
    'catalog/emitted-invalid',
    summary,
    'Correct the processor; its other entities are taken in.',
  );
}

function annotationOf({ metadata }: EntityEnvelope, name: string): string {
  const { annotations } = metadata;
  return isObject(annotations) ? String(annotations[name]) : '';
}

function problem(code: string, summary: string, detail: string): Diagnostic {
  return { severity: 'error', code, summary, detail };
}
