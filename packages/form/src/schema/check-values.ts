/**
 * What is wrong with values by their JSON Schema, found as ajv finds it, so that the browser and the server agree.
 * The schema is interpreted: the page's Content Security Policy lets nothing be compiled.
 */
import { format, validate, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { isObject } from '@callboard/model';
import {
  pointerKeys,
  prepareSchema,
  WRITTEN_PATTERN,
  type Prepared,
  type PreparedSchema,
} from './prepare-schema.ts';
import { customMessage, wordsFor, type Finding } from './schema-words.ts';

export interface ValueError {
  /** Keys from the root of the values to what is wrong, or to what is missing. */
  readonly path: readonly string[];
  /** Goes on from the name of the field: `has to have at least 3 characters`. */
  readonly message: string;
  /** The keyword of the schema, as `minLength`. */
  readonly keyword: string;
}

/** Keywords whose parts say what is wrong. */
const WRAPPERS = new Set([
  '$ref',
  'additionalItems',
  'allOf',
  'dependentSchemas',
  'if',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
  'unevaluatedItems',
]);
/** Keywords that say it themselves; what is said below them is about something else. */
const WHOLE = new Set(['contains', 'minContains', 'maxContains', 'propertyNames']);

// The fields for times write 10:30:00, without the time zone that the standard wants; templates live with that.
format['time'] = (text) =>
  /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)?$/i.test(text);

/** `root`: what `$ref`s are looked up in. Default: the schema. */
export function checkValues(schema: unknown, values: unknown, root: unknown = schema): readonly ValueError[] {
  const prepared = prepareSchema(schema, root);
  const json = toJson(values);
  if (json === undefined) return missingWhole(prepared.schema);
  const { errors } = run(prepared, json);
  const findings = errors.map((unit) => toFinding(unit, prepared));
  return withoutParts(chooseBranches(findings)).flatMap((finding) => {
    const error = toError(finding);
    return error === null ? [] : [error];
  });
}

/** Whether values fit a schema. Nothing at all fits when the schema does not say what it has to be. */
export function isValid(schema: unknown, values: unknown, root: unknown = schema): boolean {
  const prepared = prepareSchema(schema, root);
  const json = toJson(values);
  if (json === undefined) return missingWhole(prepared.schema).length === 0;
  return run(prepared, json).valid;
}

/** Draft 2019-09 is draft 7 with `$ref` beside other keywords, which is how ajv runs draft 7. */
function run(
  { schema, targets }: PreparedSchema,
  json: unknown,
): { readonly valid: boolean; readonly errors: readonly OutputUnit[] } {
  const lookup: Record<string, Schema | boolean> = Object.assign(Object.create(null), targets);
  try {
    return validate(json, schema, '2019-09', lookup, false);
  } catch (thrown) {
    // References that only lead to each other never end.
    if (!(thrown instanceof RangeError)) throw thrown;
    return { valid: true, errors: [] };
  }
}

/** The value without what JSON cannot say: `undefined` is not there in an object, and null in a list. */
export function toJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => toJson(item) ?? null);
  if (!isObject(value)) return typeof value === 'function' || typeof value === 'bigint' ? null : value;
  const made: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    const json = toJson(part);
    if (json !== undefined) made[key] = json;
  }
  return made;
}

function missingWhole(schema: Prepared): readonly ValueError[] {
  if (schema === true) return [];
  if (schema === false) return [{ path: [], keyword: 'false', message: wordsFor('false', undefined, '') }];
  const keyword = ['type', 'const', 'enum'].find((key) => key in schema);
  if (keyword === undefined) return [];
  return [{ path: [], keyword, message: wordsFor(keyword, schema[keyword], '') }];
}

/** Where the schema says what a unit is about. */
function toFinding(unit: OutputUnit, { schema, targets }: PreparedSchema): Finding {
  let holder: unknown = schema;
  let place: unknown = schema;
  for (const key of pointerKeys(unit.keywordLocation)) {
    holder = place;
    if (key === '$ref' && isObject(place) && typeof place['$ref'] === 'string')
      place = targets[place['$ref']];
    else if (Array.isArray(place)) place = place[Number(key)];
    else place = isObject(place) ? place[key] : undefined;
  }
  return {
    keyword: unit.keyword,
    value: place,
    holder,
    said: unit.error,
    keywordLocation: unit.keywordLocation,
    instanceLocation: unit.instanceLocation,
  };
}

/** Of several alternatives that all failed, only what is wrong with the nearest one. */
function chooseBranches(findings: readonly Finding[]): readonly Finding[] {
  let left = findings;
  for (const whole of findings) {
    if ((whole.keyword !== 'oneOf' && whole.keyword !== 'anyOf') || !left.includes(whole)) continue;
    const below = left.filter((other) => isBelow(other, whole));
    if (below.length === 0) continue;
    const branches = Map.groupBy(below, (other) => branchOf(other, whole));
    const nearest = [...branches.values()].toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
    const isChoice = below.every(({ keyword }) => keyword === 'const' || keyword === 'enum');
    left = left.flatMap((finding) => {
      if (finding === whole) return isChoice ? [{ ...whole, keyword: 'enum' }] : [];
      if (!below.includes(finding)) return [finding];
      return !isChoice && nearest.includes(finding) ? [finding] : [];
    });
  }
  return left;
}

/** A branch of the wrong type is farther than one that lacks something. */
function weight(findings: readonly Finding[]): number {
  return findings.reduce((sum, { keyword }) => {
    if (keyword === 'type' || keyword === 'const' || keyword === 'enum') return sum + 10;
    return WRAPPERS.has(keyword) ? sum : sum + 1;
  }, 0);
}

function branchOf(finding: Finding, whole: Finding): string {
  return finding.keywordLocation.slice(whole.keywordLocation.length + 1).split('/')[0] ?? '';
}

function isBelow(finding: Finding, whole: Finding): boolean {
  if (finding === whole || !finding.keywordLocation.startsWith(`${whole.keywordLocation}/`)) return false;
  return isAt(finding.instanceLocation, whole.instanceLocation);
}

function isAt(location: string, place: string): boolean {
  return location === place || location.startsWith(`${place}/`);
}

function withoutParts(findings: readonly Finding[]): readonly Finding[] {
  const wholes = findings.filter(({ keyword }) => WHOLE.has(keyword));
  const closed = findings.filter(({ keyword, value }) => isClosed(keyword) && value === false);
  return findings.filter((finding) => {
    if (WRAPPERS.has(finding.keyword)) return false;
    if (isClosed(finding.keyword) && finding.value !== false) return false;
    if (finding.keyword === 'dependencies' && finding.said.includes('dependant schema')) return false;
    if (finding.keyword === 'false') {
      return !closed.some(({ instanceLocation }) => isAt(finding.instanceLocation, instanceLocation));
    }
    return !wholes.some((whole) => isBelow(finding, whole));
  });
}

function isClosed(keyword: string): boolean {
  return keyword === 'additionalProperties' || keyword === 'unevaluatedProperties';
}

function toError(finding: Finding): ValueError | null {
  const { keyword, said, holder } = finding;
  const written = keyword === 'pattern' && isObject(holder) ? holder[WRITTEN_PATTERN] : undefined;
  const value = written ?? finding.value;
  const at = pointerKeys(finding.instanceLocation);
  const missing = keyword === 'required' ? missingKey(said) : null;
  const path = missing === null ? at : [...at, missing];
  const message = customMessage(holder, keyword, missing) ?? wordsFor(keyword, value, said);
  return { path, message, keyword };
}

function missingKey(said: string): string {
  return /property "(.*)"\.$/s.exec(said)?.[1] ?? '';
}
