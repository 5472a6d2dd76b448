/**
 * Compares the input of a step with the schema of its action, as far as it is written out: what an expression will give is
 * not known, and is never complained about.
 */
import { didYouMean, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { itemsOf, keysOf, objectsIn } from './declared.ts';
import { scanExpression } from './expression-scan.ts';
import type { Looking, WrittenStep } from './looking.ts';
import type { Path } from './source-document.ts';

interface Checked {
  readonly value: JsonValue;
  readonly schema: JsonObject;
  readonly path: Path;
  /** How messages call it: `input`, `input.files[2]`. */
  readonly name: string;
  readonly action: string;
}

export function checkInput(looking: Looking, { step, path, action }: WrittenStep): void {
  const schema = action === null ? undefined : looking.actions.find(action)?.schema?.input;
  if (action === null || schema === undefined || !isObject(schema)) return;
  const input = step['input'];
  // The input as a whole can be an expression.
  if (typeof input === 'string') return;
  const value = input ?? {};
  const at = input === undefined ? path : [...path, 'input'];
  check(looking, { value, schema, path: at, name: 'input', action });
}

function check(looking: Looking, checked: Checked): void {
  const { value, schema } = checked;
  if (typeof value === 'string' && isUnknown(value)) return;
  if (!checkType(looking, checked)) return;
  checkEnum(looking, checked);
  if (isObject(value)) checkObject(looking, { ...checked, value });
  const items = schema['items'];
  if (!Array.isArray(value) || !isObject(items)) return;
  for (const [index, item] of value.entries()) {
    check(looking, {
      ...checked,
      value: item,
      schema: items,
      path: [...checked.path, index],
      name: `${checked.name}[${index}]`,
    });
  }
}

/** An expression keeps the type of its value when it stands alone; with text around it, it is a text that is not known. */
function isUnknown(text: string): boolean {
  return scanExpression(text).isDynamic;
}

function typesOf(schema: JsonObject): readonly string[] | null {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (!Array.isArray(type)) return null;
  return type.filter((one) => typeof one === 'string');
}

function branchesOf(schema: JsonObject): readonly JsonObject[] {
  return ['anyOf', 'oneOf'].flatMap((keyword) => {
    return itemsOf(schema[keyword]).flatMap((branch) => (isObject(branch) ? [branch] : []));
  });
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

function fits(value: JsonValue, schema: JsonObject): boolean {
  const types = typesOf(schema);
  const is = typeOf(value);
  const own =
    types === null ||
    types.includes(is) ||
    (is === 'number' && types.includes('integer') && Number.isInteger(value));
  const branches = branchesOf(schema);
  return own && (branches.length === 0 || branches.some((branch) => fits(value, branch)));
}

function checkType(looking: Looking, { value, schema, path, name, action }: Checked): boolean {
  if (fits(value, schema)) return true;
  const types = new Set([schema, ...branchesOf(schema)].flatMap((one) => typesOf(one) ?? []));
  const wanted = [...types].join(' or ');
  const is = value === null ? 'empty' : `${article(typeOf(value))} (${shortly(value)})`;
  looking.report({
    severity: 'error',
    code: 'template/wrong-input',
    summary: `${name} of ${action} has to be ${wanted}, but is ${is}`,
    detail:
      types.has('string') && ['number', 'boolean'].includes(typeof value) ? 'Put it in quotes.' : undefined,
    path,
  });
  return false;
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function shortly(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function checkEnum(looking: Looking, { value, schema, path, name, action }: Checked): void {
  const values = schema['enum'];
  const isKnown = typeof value === 'string' || typeof value === 'number';
  if (!Array.isArray(values) || !isKnown || values.includes(value)) return;
  const words = values.filter((one) => typeof one === 'string');
  looking.report({
    severity: 'error',
    code: 'template/wrong-input',
    summary: `${name} of ${action} cannot be ${JSON.stringify(value)}`,
    detail:
      didYouMean(String(value), words) ?? `It can be ${values.map((one) => JSON.stringify(one)).join(', ')}.`,
    path,
  });
}

function checkObject(looking: Looking, checked: Checked & { readonly value: JsonObject }): void {
  const { value, schema, path, name, action } = checked;
  const branches = branchesOf(schema).filter((branch) => isObject(branch['properties']));
  const properties = new Map([schema, ...branches].flatMap((one) => objectsIn(one['properties'])));
  const isClosed = properties.size > 0 || schema['additionalProperties'] === false;
  const isOpen = isOpened(schema) || branches.some(isOpened);
  for (const key of Object.keys(value)) {
    const property = properties.get(key);
    const item = value[key];
    const at = [...path, key];
    if (property !== undefined && item !== undefined) {
      check(looking, { ...checked, value: item, schema: property, path: at, name: `${name}.${key}` });
    } else if (isClosed && !isOpen && property === undefined && !keysOf(schema['properties']).includes(key)) {
      looking.report({
        severity: schema['additionalProperties'] === false ? 'error' : 'warning',
        code: 'template/unknown-input',
        summary: `${action} has no ${name}.${key}`,
        detail:
          didYouMean(key, properties.keys()) ?? `It takes ${[...properties.keys()].join(', ') || 'nothing'}.`,
        path: at,
        isKey: true,
      });
    }
  }
  for (const key of missingIn(value, schema, branches)) {
    looking.report({
      severity: 'error',
      code: 'template/missing-input',
      summary: `${action} needs ${name}.${key}`,
      path,
      isKey: true,
    });
  }
}

function isOpened({ additionalProperties, patternProperties }: JsonObject): boolean {
  return additionalProperties === true || isObject(additionalProperties) || isObject(patternProperties);
}

/** With branches, one of them has to be complete; what the first one lacks is told when none is. */
function missingIn(
  value: JsonObject,
  schema: JsonObject,
  branches: readonly JsonObject[],
): readonly string[] {
  const lacks = ({ required }: JsonObject): readonly string[] =>
    Array.isArray(required)
      ? required.filter((key) => typeof key === 'string').filter((key) => value[key] === undefined)
      : [];
  const own = lacks(schema);
  const perBranch = branches.map(lacks);
  const [first = []] = perBranch;
  return perBranch.some((missing) => missing.length === 0) ? own : [...new Set([...own, ...first])];
}
