/**
 * Checks a configuration against the schemas of rooms and plugins and says, with file and line, what to
 * correct. The validator is loaded on first use: it costs about 20 ms, and nothing else here needs it.
 */
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type { Diagnostic, JsonObject } from '@callboard/model';
import { messageOf } from '../error.ts';
import { typeName } from './accept.ts';
import type { Config } from './config.ts';
import { checkKeys } from './keys.ts';
import type { ConfigSchema } from './schema.ts';
import {
  diagnostic,
  isJsonObject,
  nodeAt,
  pathText,
  toJson,
  type ConfigNode,
  type MapNode,
  type Path,
  type Place,
} from './tree.ts';

/**
 * Violations are errors. Keys that a schema does not know, deprecated keys and contradicting schemas are
 * warnings. Texts count as the numbers and booleans they spell, since variables are texts.
 */
export async function checkConfig(
  config: Config,
  schemas: readonly ConfigSchema[],
): Promise<readonly Diagnostic[]> {
  if (schemas.length === 0) return [];
  const root = config.tree();
  const relevant = schemas.filter(({ schema }) => concerns(schema, root));
  const keys = checkKeys(root, schemas);
  if (relevant.length === 0) return keys;
  const ajv = await loadValidator();
  const broken = relevant.flatMap((schema) => {
    try {
      return violations(ajv.compile(schema.schema), schema, root);
    } catch (error) {
      return [invalidSchema(schema, error)];
    }
  });
  return [...broken, ...keys];
}

let validator: Promise<Ajv> | null = null;

/** One for the process: it keeps the compiled schemas, so that a reload does not compile them again. */
function loadValidator(): Promise<Ajv> {
  validator ??= import('ajv').then(
    ({ Ajv }) =>
      new Ajv({
        allErrors: true,
        coerceTypes: true,
        strict: false,
        validateSchema: false,
        validateFormats: false,
        addUsedSchema: false,
        logger: false,
      }),
  );
  return validator;
}

/** Keywords that ask nothing of a configuration without the keys in `properties`. */
const IDLE: ReadonlySet<string> = new Set(
  '$schema $id title description type properties definitions $defs additionalProperties x-known-keys'.split(
    ' ',
  ),
);

/** Whether a schema can be violated at all. Compiling one takes milliseconds, and most plugins are not used. */
function concerns(schema: JsonObject, root: MapNode): boolean {
  if (!Object.keys(schema).every((keyword) => IDLE.has(keyword))) return true;
  const { properties } = schema;
  return isJsonObject(properties) && Object.keys(properties).some((key) => root.entries.has(key));
}

function violations(validate: ValidateFunction, schema: ConfigSchema, root: MapNode): Diagnostic[] {
  // Coercion writes into the data, so every schema gets its own copy.
  validate(toJson(root));
  return summarize(validate.errors ?? []).map(({ error, hints }) =>
    violation(error, { hints, schema, root }),
  );
}

interface Finding {
  readonly error: ErrorObject;
  /** Of a failed anyOf or oneOf: what each alternative was missing. */
  readonly hints: readonly string[];
}

/** Folds the errors of alternatives into the one that says none of them fits. */
function summarize(errors: readonly ErrorObject[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const error of errors) {
    if (error.keyword === 'additionalProperties' && !isInAlternative(error)) continue;
    if (error.keyword === 'if') continue;
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      findings.push({ error, hints: [] });
      continue;
    }
    const start = findings.findLastIndex((finding) => !isBranch(finding.error, error)) + 1;
    const branches = findings.splice(start);
    const hints = branches.map((branch) => describe(branch.error, error.instancePath));
    findings.push({ error, hints: [...new Set(hints)] });
  }
  return findings;
}

function isInAlternative(error: ErrorObject): boolean {
  return /\/(?:anyOf|oneOf)\/\d+\//.test(error.schemaPath);
}

/** The validator lists the errors of the alternatives right before the one of the whole. */
function isBranch(error: ErrorObject, whole: ErrorObject): boolean {
  const below = error.instancePath.startsWith(whole.instancePath);
  const inside = error.schemaPath.startsWith(`${whole.schemaPath}/`) || isReferred(error);
  return below && inside;
}

/** Errors inside a `$ref` carry the path of the definition, not of its use. */
function isReferred(error: ErrorObject): boolean {
  return /^#\/(?:definitions|\$defs)\//.test(error.schemaPath);
}

function violation(
  error: ErrorObject,
  context: { readonly hints: readonly string[]; readonly schema: ConfigSchema; readonly root: MapNode },
): Diagnostic {
  const { hints, schema, root } = context;
  const holder = pathOf(error.instancePath);
  const missing = missingProperty(error);
  const path = missing === null ? holder : [...holder, missing];
  const node = nodeAt(root, holder) ?? root;
  const found = error.keyword === 'type' ? `, not ${typeName(node)}` : '';
  const name = path.length === 0 ? 'The configuration' : `'${pathText(path)}'`;
  const advice = missing === null ? 'Correct the value' : 'Add the key';
  const choices = hints.length === 0 ? '' : ` Against the alternatives: ${hints.join('; ')}.`;
  return diagnostic('error', 'config/schema-violation', {
    place: placeOf(node),
    path,
    summary: missing === null ? `${name} ${wordsOf(error)}${found}` : `${name} is missing`,
    detail: `${advice}; ${schema.id} describes it.${choices}`,
  });
}

/** Rather a line in a file than the variable that has the last word on one of the values inside. */
function placeOf(node: ConfigNode): Place {
  const { place } = node.origin;
  if (node.kind !== 'map' || place.line !== undefined) return place;
  const written = node.entries.values().find((child) => child.origin.place.line !== undefined);
  return written?.origin.place ?? place;
}

/** One error of an alternative, relative to the value that has the alternatives. */
function describe(error: ErrorObject, from: string): string {
  const missing = missingProperty(error);
  const relative = pathOf(error.instancePath.slice(from.length));
  if (missing !== null) return `'${pathText([...relative, missing])}' is missing`;
  return relative.length === 0 ? wordsOf(error) : `'${pathText(relative)}' ${wordsOf(error)}`;
}

function wordsOf(error: ErrorObject): string {
  const { keyword, params, message } = error;
  if (keyword === 'enum') return `must be one of ${listOf(params.allowedValues)}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'type') return `must be ${[params.type].flat().join(' or ')}`;
  if (keyword === 'anyOf') return 'fits none of its alternatives';
  if (keyword === 'oneOf') {
    return Array.isArray(params.passingSchemas)
      ? 'fits several alternatives'
      : 'fits none of its alternatives';
  }
  if (keyword === 'additionalProperties') return `must not have the key '${params.additionalProperty}'`;
  return message ?? `violates '${keyword}'`;
}

function listOf(values: unknown): string {
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
}

function missingProperty(error: ErrorObject): string | null {
  const missing: unknown = error.keyword === 'required' ? error.params.missingProperty : null;
  return typeof missing === 'string' ? missing : null;
}

/** Of a JSON pointer. Indexes are told from keys by looking like numbers; the tree takes either. */
function pathOf(pointer: string): Path {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(key) ? Number(key) : key;
  });
}

function invalidSchema(schema: ConfigSchema, error: unknown): Diagnostic {
  return diagnostic('error', 'config/schema-invalid', {
    summary: `The configuration schema of ${schema.id} is broken: ${messageOf(error)}`,
    detail: 'Update or remove the plugin it belongs to; its part of the configuration was not checked.',
  });
}
