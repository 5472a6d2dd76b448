/**
 * Fields of plugins that are nothing but rules: in the pages of a form, each becomes what its author could have written
 * instead. Everybody who reads a form reads it like this: the browser, a submit, the linter and the command line.
 */
import { messageOf } from '@callboard/kernel';
import {
  childPath,
  isObject,
  itemPath,
  type Diagnostic,
  type JsonObject,
  type JsonValue,
} from '@callboard/model';
import type { FieldDeclaration } from '@callboard/plugin';
import { checkAgainst } from './validate-values.ts';

export interface ExpandedPages {
  /** The same objects where nothing is expanded. */
  readonly pages: readonly JsonObject[];
  /** Of options that do not fit; the field is left as it is written. */
  readonly warnings: readonly Diagnostic[];
}

export type FieldDeclarations = Readonly<Record<string, FieldDeclaration>>;

/** Values, and not more of the form. */
const VALUES = ['default', 'const', 'enum', 'examples', 'ui:options'];
const MAX_DEPTH = 64;
const MAX_SHOWN = 300;

interface Spot {
  readonly path: string;
  /** Name of the property that is being read. */
  readonly key: string;
  readonly depth: number;
}

/** `isList`: the template has a list of pages, which their paths show. */
export function expandFields(
  pages: readonly JsonObject[],
  asked: { readonly declarations: FieldDeclarations; readonly isList: boolean },
): ExpandedPages {
  const { declarations } = asked;
  if (Object.keys(declarations).length === 0) return { pages, warnings: [] };
  const warnings: Diagnostic[] = [];
  const expand = (schema: JsonObject, spot: Spot): JsonObject => {
    if (spot.depth > MAX_DEPTH) return schema;
    const inner = mapMembers(schema, (key, value) => {
      if (VALUES.includes(key) || value === undefined) return value;
      const path = childPath(spot.path, key);
      if (isJsonObject(value)) {
        const isProperties = key === 'properties' || key === 'definitions' || key === '$defs';
        return isProperties
          ? mapMembers(value, (name, property) =>
              isJsonObject(property)
                ? expand(property, { path: childPath(path, name), key: name, depth: spot.depth + 1 })
                : property,
            )
          : expand(value, { ...spot, path, depth: spot.depth + 1 });
      }
      if (!isList(value)) return value;
      return mapItems(value, (item, index) =>
        isJsonObject(item)
          ? expand(item, { ...spot, path: itemPath(path, index), depth: spot.depth + 1 })
          : item,
      );
    });
    const { rules, warning } = rulesOf(inner, { declarations, spot });
    if (warning !== null) warnings.push(warning);
    // What the template writes itself wins.
    return rules === null ? inner : { ...rules, ...inner };
  };
  const expanded = pages.map((page, index) => {
    const path = asked.isList ? itemPath('spec.parameters', index) : 'spec.parameters';
    return expand(page, { path, key: '', depth: 0 });
  });
  return { pages: expanded, warnings };
}

function rulesOf(
  schema: JsonObject,
  { declarations, spot }: { readonly declarations: FieldDeclarations; readonly spot: Spot },
): { readonly rules: JsonObject | null; readonly warning: Diagnostic | null } {
  const name = schema['ui:field'];
  const declaration =
    typeof name === 'string' && Object.hasOwn(declarations, name) ? declarations[name] : undefined;
  if (declaration === undefined || typeof name !== 'string') return { rules: null, warning: null };
  const options = isJsonObject(schema['ui:options']) ? schema['ui:options'] : {};
  const refused = (why: string): Diagnostic => ({
    severity: 'warning',
    code: 'template/field-options',
    summary: `The field ${name} is left plain: ${why}`,
    detail: `Correct its ui:options. ${declaration.description}`.slice(0, MAX_SHOWN),
    path: childPath(spot.path, 'ui:options'),
  });
  try {
    const wrong = checkAgainst(declaration.schema.uiOptions ?? {}, options, 'ui:options');
    if (wrong !== null) return { rules: null, warning: refused(wrong) };
    const given: unknown = declaration.expand(options, { key: spot.key });
    if (!isObject(given)) return { rules: null, warning: refused('its plugin gave no keywords for it.') };
    const rules: JsonObject = JSON.parse(JSON.stringify(given));
    return { rules, warning: null };
  } catch (error) {
    return { rules: null, warning: refused(messageOf(error).slice(0, MAX_SHOWN)) };
  }
}

/** The same object where nothing changes. */
function mapMembers(
  of: JsonObject,
  change: (key: string, value: JsonValue | undefined) => JsonValue | undefined,
): JsonObject {
  let isSame = true;
  const entries = Object.entries(of).map(([key, value]): [string, JsonValue | undefined] => {
    const changed = change(key, value);
    if (changed !== value) isSame = false;
    return [key, changed];
  });
  return isSame ? of : Object.fromEntries(entries);
}

function mapItems(
  of: readonly JsonValue[],
  change: (item: JsonValue, index: number) => JsonValue,
): readonly JsonValue[] {
  const items = of.map(change);
  return items.every((item, index) => item === of[index]) ? of : items;
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
