/** Entities as the API sends them, checked at the edge: whole ones, and the few fields that lists ask for. */
import {
  DEFAULT_NAMESPACE,
  isObject,
  parseRef,
  stringifyRef,
  type Entity,
  type EntityLink,
  type EntityRef,
  type EntityRelation,
  type EntityStatusItem,
} from '@callboard/model';

/** What a list shows of an entity. */
export interface EntityRow {
  readonly ref: EntityRef;
  readonly name: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly type: string | null;
  readonly lifecycle: string | null;
  readonly owner: EntityRef | null;
  readonly system: EntityRef | null;
  readonly tags: readonly string[];
  /** True when the entity carries an error of its processing. */
  readonly hasErrors: boolean;
}

/** The fields that a row is made of, for the `fields` of a request. */
export const ROW_FIELDS: readonly string[] = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.system',
  'spec.domain',
  'spec.profile.displayName',
  'status',
];

/** Null when the value has no kind or name. */
export function toRow(value: unknown): EntityRow | null {
  const ref = toRef(value);
  if (ref === null || !isObject(value)) return null;
  const metadata = objectIn(value, 'metadata');
  const spec = objectIn(value, 'spec');
  const { namespace } = ref;
  const system = textIn(spec, 'system');
  const domain = textIn(spec, 'domain');
  return {
    ref,
    name: ref.name,
    title: titleOf(value),
    description: textIn(metadata, 'description'),
    type: textIn(spec, 'type'),
    lifecycle: textIn(spec, 'lifecycle'),
    owner: parseRef(textIn(spec, 'owner') ?? '', { kind: 'group', namespace }),
    system:
      parseRef(system ?? '', { kind: 'system', namespace }) ??
      parseRef(domain ?? '', { kind: 'domain', namespace }),
    tags: textsIn(metadata, 'tags'),
    hasErrors: statusItems(value).some((item) => item.level === 'error'),
  };
}

/** The name for people: `metadata.title`, or the display name of a user or a group; null when there is neither. */
export function titleOf(entity: unknown): string | null {
  const profile = objectIn(objectIn(entity, 'spec'), 'profile');
  return textIn(objectIn(entity, 'metadata'), 'title') ?? textIn(profile, 'displayName');
}

/** The reference of anything that has a kind and a name, as written; null for anything else. */
export function toRef(value: unknown): EntityRef | null {
  if (!isObject(value)) return null;
  const metadata = objectIn(value, 'metadata');
  const kind = textIn(value, 'kind');
  const name = textIn(metadata, 'name');
  if (kind === null || name === null) return null;
  return { kind, namespace: textIn(metadata, 'namespace') ?? DEFAULT_NAMESPACE, name };
}

/** True of an object that has the envelope of an entity. Optional parts are read with the functions below. */
export function isEntity(value: unknown): value is Entity {
  return isObject(value) && typeof value['apiVersion'] === 'string' && toRef(value) !== null;
}

/** The relations that are well formed, each once. */
export function relationsOf(entity: Entity): readonly EntityRelation[] {
  const found = new Map<string, EntityRelation>();
  for (const relation of listIn(entity, 'relations')) {
    const type = textIn(relation, 'type');
    const target = parseRef(textIn(relation, 'targetRef') ?? '');
    if (type === null || target === null) continue;
    const targetRef = stringifyRef(target);
    found.set(`${type} ${targetRef}`, { type, targetRef });
  }
  return [...found.values()];
}

export function linksOf(entity: Entity): readonly EntityLink[] {
  const links: EntityLink[] = [];
  for (const link of listIn(entity.metadata, 'links')) {
    const url = textIn(link, 'url');
    const title = textIn(link, 'title');
    if (url !== null) links.push(title === null ? { url } : { url, title });
  }
  return links;
}

export function statusItems(entity: unknown): readonly EntityStatusItem[] {
  const items: EntityStatusItem[] = [];
  for (const item of listIn(objectIn(entity, 'status'), 'items')) {
    const message = textIn(item, 'message');
    const level = textIn(item, 'level');
    if (message === null || (level !== 'error' && level !== 'warning' && level !== 'info')) continue;
    items.push({ type: textIn(item, 'type') ?? '', level, message });
  }
  return items;
}

/** A value of `spec` that is text and not empty. */
export function specText(entity: Entity, key: string): string | null {
  return textIn(entity.spec, key);
}

export function annotation(entity: Entity, key: string): string | null {
  return textIn(entity.metadata.annotations, key);
}

/** The entries of `metadata.labels` that are text. */
export function labelsOf(entity: Entity): readonly (readonly [string, string])[] {
  const labels: [string, string][] = [];
  for (const [key, value] of Object.entries(objectIn(entity.metadata, 'labels'))) {
    if (typeof value === 'string') labels.push([key, value]);
  }
  return labels;
}

export function tagsOf(entity: Entity): readonly string[] {
  return textsIn(entity.metadata, 'tags');
}

export function textIn(holder: unknown, key: string): string | null {
  const value = isObject(holder) ? holder[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}

export function objectIn(holder: unknown, key: string): Record<string, unknown> {
  const value = isObject(holder) ? holder[key] : undefined;
  return isObject(value) ? value : {};
}

export function listIn(holder: unknown, key: string): readonly unknown[] {
  const value = isObject(holder) ? holder[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/** Zero for anything but a number. */
export function numberIn(holder: unknown, key: string): number {
  const value = isObject(holder) ? holder[key] : undefined;
  return typeof value === 'number' ? value : 0;
}

/** Reads ISO 8601 text; null for anything else. */
export function dateIn(holder: unknown, key: string): Date | null {
  const date = new Date(textIn(holder, key) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

function textsIn(holder: unknown, key: string): readonly string[] {
  return listIn(holder, key).filter((item) => typeof item === 'string');
}
