/**
 * Placeholders: a mapping with one key that starts with `$`, such as `$text: ./openapi.yaml`, stands for
 * what is at that place. This file finds and replaces them; reading the places is the catalog's business.
 */
import type { EntityEnvelope } from './entity.ts';
import { isObject } from './json.ts';
import { childPath, itemPath } from './path.ts';

export interface Placeholder {
  /** Where the mapping is, such as `spec.definition`. */
  readonly path: string;
  /** What kind of placeholder, without the `$`: `text`, `json`, `yaml`. */
  readonly key: string;
  /** What it points to. The built-in kinds expect a URL or relative path and refuse anything else. */
  readonly value: unknown;
}

/**
 * The placeholders of an entity, in the order in which they are written.
 * A mapping with a `$` key is not looked into: with further keys, or with a key that is not known, it is
 * data that happens to look like a placeholder (a JSON schema with `$ref`, say) and stays as it is.
 * @param knownKeys without the `$`.
 */
export function findPlaceholders(
  entity: EntityEnvelope,
  knownKeys: { has(key: string): boolean },
): Placeholder[] {
  const found: Placeholder[] = [];
  const trail: (string | number)[] = [];

  function visit(value: unknown): void {
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) descend(index, value[index]);
    } else if (isObject(value)) {
      const key = dollarKey(value);
      if (key === undefined) for (const name of Object.keys(value)) descend(name, value[name]);
      else if (key !== null && knownKeys.has(key.slice(1))) {
        found.push({ path: pathOf(trail), key: key.slice(1), value: value[key] });
      }
    }
  }

  function descend(step: string | number, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    trail.push(step);
    visit(value);
    trail.pop();
  }

  visit(entity);
  return found;
}

/**
 * A copy of the entity with each placeholder that has a replacement replaced; replacements are keyed by the
 * path of the placeholder. Nothing is looked for inside a replacement. Parts without placeholders are
 * shared with the entity, which is not changed and is itself the result when there is nothing to replace.
 */
export function replacePlaceholders<T extends EntityEnvelope>(
  entity: T,
  replacements: ReadonlyMap<string, unknown>,
): T {
  if (replacements.size === 0) return entity;

  function replaced(value: unknown, path: string): unknown {
    if (Array.isArray(value)) {
      const items = value.map((item: unknown, index) => replaced(item, itemPath(path, index)));
      return items.every((item, index) => item === value[index]) ? value : items;
    }
    if (!isObject(value)) return value;
    const key = dollarKey(value);
    if (key === undefined) return replacedMembers(value, path) ?? value;
    return key !== null && replacements.has(path) ? replacements.get(path) : value;
  }

  /** A copy with replaced members, or null when none was. `fromEntries` keeps a key like `__proto__` a key. */
  function replacedMembers(object: object, path: string): Record<string, unknown> | null {
    let isChanged = false;
    const members = Object.entries(object).map(([key, value]: [string, unknown]): [string, unknown] => {
      const result = replaced(value, childPath(path, key));
      if (result !== value) isChanged = true;
      return [key, result];
    });
    return isChanged ? Object.fromEntries(members) : null;
  }

  const changed = replacedMembers(entity, '');
  return changed === null ? entity : { ...entity, ...changed };
}

/** The only key when it starts with `$`; null when there are such keys among others; undefined without. */
function dollarKey(object: Record<string, unknown>): string | null | undefined {
  const keys = Object.keys(object);
  if (!keys.some((key) => key.startsWith('$'))) return undefined;
  return keys.length === 1 ? (keys[0] ?? null) : null;
}

function pathOf(trail: readonly (string | number)[]): string {
  let path = '';
  for (const step of trail) path = typeof step === 'number' ? itemPath(path, step) : childPath(path, step);
  return path;
}
