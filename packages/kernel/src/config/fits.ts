/**
 * Whether a value can be what a schema describes: enough of JSON Schema to choose among alternatives, not
 * to validate. Keys that a schema does not know, formats, patterns and limits are not looked at.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import { isJsonList, isJsonObject, isNull, toJson, type ConfigNode } from './tree.ts';

/** A part of a schema, and the document in which its references lead somewhere. */
export interface SchemaPart {
  readonly schema: JsonObject;
  readonly root: JsonObject;
}

export function fits(node: ConfigNode, part: SchemaPart): boolean {
  return fitsPart(node, part, new Set());
}

/** `open` holds the schemas that are being tried for this very value: references may go in circles. */
function fitsPart(node: ConfigNode, part: SchemaPart, open: ReadonlySet<JsonObject>): boolean {
  const { schema, root } = part;
  if (open.has(schema)) return true;
  const inner = new Set(open).add(schema);
  const alternative = (other: JsonValue | undefined): boolean =>
    isJsonObject(other) ? fitsPart(node, { schema: other, root }, inner) : other !== false;
  const { allOf, anyOf, oneOf, $ref } = schema;
  return (
    fitsType(node, schema) &&
    fitsConstant(node, schema) &&
    fitsContent(node, part) &&
    (!isJsonList(allOf) || allOf.every(alternative)) &&
    (!isJsonList(anyOf) || anyOf.some(alternative)) &&
    (!isJsonList(oneOf) || oneOf.some(alternative)) &&
    (typeof $ref !== 'string' || alternative(resolveReference(root, $ref)))
  );
}

function fitsType(node: ConfigNode, { type }: JsonObject): boolean {
  if (type === undefined) return true;
  return [type].flat().some((name) => isOfType(node, name));
}

/** Texts pass for the numbers and booleans they spell, as in the validation. */
function isOfType(node: ConfigNode, type: JsonValue | undefined): boolean {
  if (node.kind === 'map') return type === 'object';
  if (node.kind === 'list') return type === 'array';
  const { value } = node;
  if (type === 'null') return value === null;
  if (value === null) return false;
  if (type === 'string') return true;
  if (type === 'boolean') return typeof value === 'boolean' || value === 'true' || value === 'false';
  const number = type === 'number' || type === 'integer';
  return number && value !== '' && typeof value !== 'boolean' && Number.isFinite(Number(value));
}

function fitsConstant(node: ConfigNode, schema: JsonObject): boolean {
  const { enum: allowed, const: only } = schema;
  if (allowed === undefined && only === undefined) return true;
  const text = JSON.stringify(toJson(node));
  if (isJsonList(allowed) && !allowed.some((value) => JSON.stringify(value) === text)) return false;
  return only === undefined || JSON.stringify(only) === text;
}

function fitsContent(node: ConfigNode, { schema, root }: SchemaPart): boolean {
  const below = (child: ConfigNode, part: JsonValue | undefined): boolean =>
    isJsonObject(part) ? fits(child, { schema: part, root }) : true;
  if (node.kind === 'list') return node.items.every((item) => below(item, schema.items));
  if (node.kind === 'scalar') return true;
  const { required, properties } = schema;
  const has = (key: JsonValue): boolean => {
    const child = typeof key === 'string' ? node.entries.get(key) : undefined;
    return child !== undefined && !isNull(child);
  };
  if (isJsonList(required) && !required.every(has)) return false;
  if (!isJsonObject(properties)) return true;
  return Object.entries(properties).every(([key, part]) => {
    const child = node.entries.get(key);
    return child === undefined || isNull(child) || below(child, part);
  });
}

/** What a reference into the same document leads to, such as `#/definitions/host`. */
export function resolveReference(root: JsonObject, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#')) return undefined;
  let target: JsonValue | undefined = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (isJsonList(target)) target = target[Number(key)];
    else target = isJsonObject(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  return target;
}
