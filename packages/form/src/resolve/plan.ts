/**
 * A graph made ready to be resolved: the fields in an order in which everything that a field is made of, and every object or
 * list that it stands in, comes before it; alternatives of one id together.
 */
import { isObject, pathSegments, type JsonObject } from '@callboard/model';
import type { Condition, FieldId, FormGraph, GraphField } from '../graph.ts';
import { idOf, isRelated, isWithin, keysOf, type Keys } from './pointer.ts';

export interface PlannedField {
  readonly field: GraphField;
  /** What the schema says where no rule does. */
  readonly isRequired: boolean;
  /** Differs when the source is another, so that answers are never taken for those of another source. */
  readonly fingerprint: string;
  readonly conditionReads: readonly FieldId[];
}

export interface PlannedGroup {
  readonly id: FieldId;
  readonly keys: Keys;
  readonly alternatives: readonly PlannedField[];
  /** Whether there is anything to find out: else its value is what was entered. */
  readonly isPlain: boolean;
}

export interface Plan {
  readonly groups: readonly PlannedGroup[];
  readonly byId: ReadonlyMap<FieldId, PlannedGroup>;
}

export function createPlan(graph: FormGraph): Plan {
  const groups = Map.groupBy(graph.fields, (field) => field.id);
  const planned = new Map<FieldId, PlannedGroup>();
  for (const [id, fields] of groups) {
    const alternatives = fields.map((field) => planField(field, graph.pages));
    planned.set(id, { id, keys: keysOf(id), alternatives, isPlain: alternatives.every(isPlainField) });
  }
  return { groups: inOrder(planned), byId: planned };
}

function isPlainField({ field }: PlannedField): boolean {
  return field.rules === null && field.conditions.length === 0 && field.schema['default'] === undefined;
}

function planField(field: GraphField, pages: readonly JsonObject[]): PlannedField {
  const { rules } = field;
  return {
    field,
    isRequired: isRequiredBySchema(field, pages),
    fingerprint: rules === null ? '' : hash(JSON.stringify([rules.source, rules.remoteCheck])),
    conditionReads: [...new Set(field.conditions.flatMap(readsOfCondition))],
  };
}

/** The name of the property is in `required` of the schema that holds its `properties`. */
function isRequiredBySchema(field: GraphField, pages: readonly JsonObject[]): boolean {
  const segments = pathSegments(field.at) ?? [];
  const page = pages[field.page];
  for (let from = 0; from < segments.length; from += 1) {
    const holders: unknown[] = [page];
    for (const segment of segments.slice(from)) holders.push(memberOf(holders.at(-1), segment));
    const [holder, , last] = holders.slice(-3);
    if (last === undefined || !isObject(holder)) continue;
    const required = holder['required'];
    return Array.isArray(required) && required.includes(segments.at(-1));
  }
  return false;
}

function memberOf(holder: unknown, segment: string | number): unknown {
  if (Array.isArray(holder)) return typeof segment === 'number' ? holder[segment] : undefined;
  return isObject(holder) && Object.hasOwn(holder, segment) ? holder[segment] : undefined;
}

/** Keywords that look at more than the properties they name. */
const WHOLE = [
  'additionalProperties',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  '$ref',
];

function readsOfCondition({ of, schema }: Condition): readonly FieldId[] {
  const names = new Set<string>();
  return collectNames(schema, names) ? [...names].map((name) => `${of}${idOf([name])}`) : [of];
}

/** False when all of the object is looked at. */
function collectNames(schema: unknown, names: Set<string>): boolean {
  if (!isObject(schema)) return true;
  if (WHOLE.some((keyword) => Object.hasOwn(schema, keyword))) return false;
  if (Array.isArray(schema['required'])) for (const name of schema['required']) names.add(String(name));
  if (isObject(schema['properties'])) for (const name of Object.keys(schema['properties'])) names.add(name);
  const parts = [schema['not'], schema['if'], schema['then'], schema['else']];
  const lists = [schema['allOf'], schema['anyOf'], schema['oneOf']];
  return [...parts, ...lists.flat()].every((part) => collectNames(part, names));
}

/** Depth first; where the graph has a ring after all, it is cut where it was entered. */
function inOrder(groups: ReadonlyMap<FieldId, PlannedGroup>): readonly PlannedGroup[] {
  const below = new Map<FieldId, PlannedGroup[]>();
  for (const group of groups.values()) {
    for (let depth = 0; depth <= group.keys.length; depth += 1) {
      const id = idOf(group.keys.slice(0, depth));
      const list = below.get(id);
      if (list === undefined) below.set(id, [group]);
      else list.push(group);
    }
  }
  const before = (group: PlannedGroup): readonly PlannedGroup[] => {
    const found = new Set<PlannedGroup>(above(group.keys.slice(0, -1), groups));
    for (const { field, conditionReads } of group.alternatives) {
      for (const read of [...field.dependsOn, ...conditionReads]) {
        for (const other of above(keysOf(read), groups)) found.add(other);
        for (const other of below.get(read) ?? []) if (isRelated(other.id, read)) found.add(other);
      }
    }
    // An object is never made of what stands in it, and what stands in it is never made of all of it.
    for (const other of found) if (isWithin(other.id, group.id)) found.delete(other);
    return [...found];
  };
  const done = new Set<PlannedGroup>();
  const order: PlannedGroup[] = [];
  for (const start of groups.values()) {
    if (done.has(start)) continue;
    done.add(start);
    const stack = [{ group: start, left: before(start).values() }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.left.next();
      if (next.done === true) {
        order.push(top.group);
        stack.pop();
      } else if (!done.has(next.value)) {
        done.add(next.value);
        stack.push({ group: next.value, left: before(next.value).values() });
      }
    }
  }
  return order;
}

function above(keys: Keys, groups: ReadonlyMap<FieldId, PlannedGroup>): readonly PlannedGroup[] {
  return keys.flatMap((_, index) => groups.get(idOf(keys.slice(0, index + 1))) ?? []);
}

/** FNV-1a, 32 bits. */
function hash(text: string): string {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  }
  return (sum >>> 0).toString(36);
}
