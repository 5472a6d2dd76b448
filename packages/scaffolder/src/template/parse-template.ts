/**
 * An entity becomes a template: checked by the model of the catalog, then by what only the engine knows. What is wrong is
 * told with its path; a template with an error is none, one with warnings can be used.
 */
import {
  BUILTIN_KINDS,
  createModel,
  hasErrors,
  isObject,
  itemPath,
  childPath,
  toDiagnostic,
  refOf,
  type Diagnostic,
  type Entity,
  type JsonObject,
  type JsonValue,
} from '@callboard/model';
import { RESERVED_KEYS } from '../expression/values.ts';
import { baseUrlOf } from './base-url.ts';
import { TEMPLATE_API_VERSION, type TaskStep, type Template } from './template.ts';
import { templateVersion } from './version.ts';

export interface ParsedTemplate {
  /** Null when there is an error among the diagnostics. */
  readonly template: Template | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Of a step whose id another step has already: the id as it is written, under which expressions see its output. Steps of
 * one id, of which an `if` lets one run, are common; the id of such a step in a task is another.
 */
export const WRITTEN_ID = 'callboard:writtenId';

/** Deeper ones cannot be rendered. */
const MAX_DEPTH = 150;

const model = createModel({ kinds: BUILTIN_KINDS.filter(({ kind }) => kind === 'Template') });

/** Reads an entity, or what should be one, as a template. Never throws for JSON. */
export function parseTemplate(value: unknown): ParsedTemplate {
  const early = earlyProblem(value);
  if (early !== null) return { template: null, diagnostics: [early] };
  const parsed = model.parse(asWritten(value));
  if (!parsed.ok)
    return { template: null, diagnostics: parsed.problems.map((problem) => toDiagnostic(problem)) };
  const { entity } = parsed;
  const written = listOf(entity.spec?.['steps']).filter(isJsonObject);
  const diagnostics = [...written.flatMap(stepProblems), ...pageProblems(entity), ...repeatedIds(written)];
  return { template: hasErrors(diagnostics) ? null : toTemplate(entity, written), diagnostics };
}

/** An entity without what the catalog adds to it. */
function asWritten(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'relations' && key !== 'status'));
}

function toTemplate(entity: Entity, written: readonly JsonObject[]): Template {
  const spec = entity.spec ?? {};
  const secrets = objectOf(spec['secrets']);
  return {
    ref: refOf(entity),
    entity,
    version: templateVersion(entity),
    baseUrl: baseUrlOf(entity),
    pages: pagesOf(spec['parameters']),
    steps: toSteps(written),
    output: objectOf(spec['output']) ?? {},
    secretsSchema: objectOf(secrets?.['schema']),
    approval: toApproval(spec['callboard:approval']),
  };
}

/** A list of pages; a single page is a list of one. */
function pagesOf(parameters: JsonValue | undefined): readonly JsonObject[] {
  if (isJsonObject(parameters)) return [parameters];
  return listOf(parameters).filter(isJsonObject);
}

function toSteps(written: readonly JsonObject[]): readonly TaskStep[] {
  const ids = written.map((step, index) => textOf(step['id']) ?? `step-${index + 1}`);
  const taken = new Set<string>(ids);
  const used = new Set<string>();
  return written.map((step, index) => {
    const id = ids[index] ?? '';
    const unique = used.has(id) ? freeId(id, taken) : id;
    used.add(id);
    taken.add(unique);
    const approval = toApproval(step['callboard:approval']);
    const action = textOf(step['action']) ?? '';
    return {
      ...without(step, 'callboard:approval'),
      ...(approval === null ? {} : { 'callboard:approval': approval }),
      ...(unique === id ? {} : { [WRITTEN_ID]: id }),
      id: unique,
      name: textOf(step['name']) ?? action,
      action,
    };
  });
}

function freeId(id: string, taken: ReadonlySet<string>): string {
  let count = 2;
  while (taken.has(`${id}-${count}`)) count += 1;
  return `${id}-${count}`;
}

/** A text or a list is short for who has to agree. */
function toApproval(value: JsonValue | undefined): JsonObject | null {
  if (isJsonObject(value)) return value;
  if (typeof value === 'string') return { by: [value] };
  return Array.isArray(value) ? { by: value } : null;
}

function earlyProblem(value: unknown): Diagnostic | null {
  if (depthOf(value) > MAX_DEPTH) {
    return broken('', `The template is nested more than ${MAX_DEPTH} levels deep.`, 'Make it flatter.');
  }
  if (!isObject(value) || value['kind'] !== 'Template') return null;
  const { apiVersion } = value;
  if (typeof apiVersion !== 'string' || apiVersion === TEMPLATE_API_VERSION) return null;
  return broken(
    'apiVersion',
    `The template has the apiVersion "${apiVersion}", which this engine does not run.`,
    `Write it as ${TEMPLATE_API_VERSION}.`,
  );
}

function stepProblems(step: JsonObject, index: number): Diagnostic[] {
  const at = itemPath('spec.steps', index);
  const { id, each, action } = step;
  const problems: Diagnostic[] = [];
  if (typeof id === 'string' && RESERVED_KEYS.has(id)) {
    problems.push(broken(childPath(at, 'id'), `No step can have the id "${id}".`, 'Choose another one.'));
  }
  if (each !== undefined && (each === null || typeof each === 'number' || typeof each === 'boolean')) {
    const hint = 'Write a list, an object, or an expression that gives one.';
    problems.push(broken(childPath(at, 'each'), `Nothing can be done for each item of ${each}.`, hint));
  }
  if (typeof action === 'string' && action.trim() === '') {
    problems.push(broken(childPath(at, 'action'), 'The step names no action.', 'Write the id of one.'));
  }
  return problems;
}

/** Pages that cannot be a form: `properties` and `required` have one shape only. */
function pageProblems(entity: Entity): Diagnostic[] {
  const parameters = entity.spec?.['parameters'];
  const isOne = isJsonObject(parameters);
  return pagesOf(parameters).flatMap((page, index) => {
    const at = isOne ? 'spec.parameters' : itemPath('spec.parameters', index);
    const { properties, required } = page;
    const found: Diagnostic[] = [];
    if (properties !== undefined && !isJsonObject(properties)) {
      found.push(
        broken(
          childPath(at, 'properties'),
          'The properties of a page are no mapping.',
          'Map names to JSON schemas.',
        ),
      );
    }
    // In the words of Port, what is required may be a rule.
    const isRule = isJsonObject(required) && typeof required['jqQuery'] === 'string';
    if (required !== undefined && !Array.isArray(required) && !isRule) {
      found.push(
        broken(
          childPath(at, 'required'),
          'The required fields of a page are no list.',
          'Write a list of names.',
        ),
      );
    }
    return found;
  });
}

function repeatedIds(written: readonly JsonObject[]): Diagnostic[] {
  const seen = new Set<string>();
  return written.flatMap(({ id }, index): Diagnostic[] => {
    if (typeof id !== 'string' || id === '') return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [
      {
        severity: 'warning',
        code: 'scaffolder/repeated-step-id',
        summary: `More than one step has the id "${id}".`,
        detail: `In expressions, steps.${id} is the one of them that ran last.`,
        path: childPath(itemPath('spec.steps', index), 'id'),
      },
    ];
  });
}

function broken(path: string, summary: string, detail: string): Diagnostic {
  return { severity: 'error', code: 'scaffolder/bad-template', summary, detail, path };
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return depth;
  let deepest = depth;
  for (const member of Object.values(value)) deepest = Math.max(deepest, depthOf(member, depth + 1));
  return deepest;
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isObject(value);
}

function objectOf(value: JsonValue | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function without(value: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key && name !== '__proto__'));
}
