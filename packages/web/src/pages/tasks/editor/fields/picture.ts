/**
 * A form as a picture: a card for each field that others depend on or that depends on others, and a list of the rest. What
 * stands where is made of the graph alone; what the fields are now is put in with each change.
 */
import {
  checkValues,
  keysOf,
  type FieldId,
  type FieldState,
  type FormGraph,
  type GraphField,
  type Resolution,
} from '@callboard/form';
import type { Diagnostic, JsonObject, JsonValue } from '@callboard/model';
import { labelOfValue, textOfValue } from '../../../create/form/option-words.ts';
import { isSecret, partOf } from '../../../create/form/pages.ts';
import { withoutRules } from '../../../create/form/rule-words.ts';
import { layoutGraph, type Layout, type Orientation } from '../../../graph/layout/layout.ts';

/** Pixels. */
export const CARD = { width: 192, height: 74 } as const;
const LAYER_GAP = 48;

export interface FieldStructure {
  /** Fields with edges, by their id in the graph. */
  readonly linked: readonly FieldId[];
  readonly loose: readonly FieldId[];
  /** By index in `linked`: from a field to one that depends on it. */
  readonly edges: readonly (readonly [number, number])[];
}

export function structureOf(graph: FormGraph): FieldStructure {
  const ids = [...new Set(graph.fields.map(({ id }) => id))].toSorted(inFormOrder(graph));
  const pairs = new Map<string, readonly [FieldId, FieldId]>();
  for (const { id, dependsOn } of graph.fields) {
    for (const other of dependsOn) {
      if (graph.byId.has(other) && other !== id) pairs.set(`${other} ${id}`, [other, id]);
    }
  }
  const joined = new Set([...pairs.values()].flat());
  const linked = ids.filter((id) => joined.has(id));
  const indexes = new Map(linked.map((id, index) => [id, index]));
  const edges = [...pairs.values()].map(([from, to]): readonly [number, number] => [
    indexes.get(from) ?? 0,
    indexes.get(to) ?? 0,
  ]);
  return { linked, loose: ids.filter((id) => !joined.has(id)), edges };
}

/** Smaller than so, nothing can be read. */
export const LEAST_ZOOM = 0.8;

/** Where the cards stand: from left to right, or from top to bottom where that takes less of a narrow room. In pixels. */
export function layoutIn({ linked, edges }: FieldStructure, room: number): Layout {
  const draw = (orientation: Orientation): Layout =>
    layoutGraph({
      nodes: linked.length,
      edges,
      roots: [],
      orientation,
      card: CARD,
      layerGap: LAYER_GAP,
    });
  const across = draw('LR');
  if (across.width * LEAST_ZOOM <= room) return across;
  const down = draw('TB');
  return down.width < across.width ? down : across;
}

/** As people meet them; the graph has those first that others depend on. */
function inFormOrder(graph: FormGraph): (a: FieldId, b: FieldId) => number {
  const places = new Map<FieldId, number>();
  let next = 0;
  for (const page of graph.pages) for (const key of namesIn(page)) places.set(key, (next += 1));
  const placeOf = (id: FieldId): number => places.get(keysOf(id)[0] ?? '') ?? next + 1;
  return (a, b) => placeOf(a) - placeOf(b);
}

/** The names of a page, those of its branches after its own. */
function namesIn(page: JsonObject): readonly string[] {
  const names: string[] = [];
  const parts: unknown[] = [page];
  for (const part of parts) {
    if (Array.isArray(part)) parts.push(...part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) continue;
    for (const [key, value] of Object.entries(part)) {
      if (key === 'properties' && typeof value === 'object' && value !== null) {
        names.push(...Object.keys(value));
      } else if (BRANCHES.has(key))
        parts.push(...(key === 'dependencies' ? Object.values(value ?? {}) : [value]));
    }
  }
  return names;
}

const BRANCHES = new Set(['allOf', 'anyOf', 'oneOf', 'then', 'else', 'dependencies']);

export type Mark =
  | 'absent'
  | 'hidden'
  | 'disabled'
  | 'required'
  | 'suggested'
  | 'replaced'
  | 'waiting'
  | 'loading'
  | 'failed'
  | 'wrong'
  | 'rule';

export interface FieldNow {
  /** In the graph. */
  readonly id: FieldId;
  readonly field: GraphField;
  /** One, or one for each item of the lists that it stands in; none for a field without rules. */
  readonly states: readonly FieldState[];
  /** Null: it has none. */
  readonly value: string | null;
  readonly marks: readonly Mark[];
  /** What the schema says of the value. Goes on from the name of the field. */
  readonly wrong: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly dependsOn: readonly FieldId[];
  readonly neededBy: readonly FieldId[];
}

/** Every field of the form as it is now, by its id in the graph. */
export function fieldsNow(graph: FormGraph, resolution: Resolution): ReadonlyMap<FieldId, FieldNow> {
  const statesOf = Map.groupBy(resolution.fields.values(), ({ field }) => field.id);
  const diagnosticsOf = Map.groupBy(graph.diagnostics, (one) => fieldOfPath(graph, one.path ?? '') ?? '');
  const alternatives = Map.groupBy(graph.fields, ({ id }) => id);
  const neededBy = new Map<FieldId, Set<FieldId>>();
  for (const { id, dependsOn } of graph.fields) {
    for (const other of dependsOn) neededBy.set(other, (neededBy.get(other) ?? new Set()).add(id));
  }
  const now = new Map<FieldId, FieldNow>();
  for (const [id, [first, ...others]] of alternatives) {
    if (first === undefined) continue;
    const states = statesOf.get(id) ?? [];
    const field = states[0]?.field ?? first;
    const values = valuesAt(resolution.values, keysOf(id));
    const diagnostics = diagnosticsOf.get(id) ?? [];
    const wrong = wrongOf(field, graph, values);
    now.set(id, {
      id,
      field,
      states,
      value: valueText(field, states, values),
      marks: [...new Set([...marksOf(states, { wrong, diagnostics }), ...requiredOf(field, graph, states)])],
      wrong,
      diagnostics,
      dependsOn: [...new Set([first, ...others].flatMap(({ dependsOn }) => dependsOn))],
      neededBy: [...(neededBy.get(id) ?? [])],
    });
  }
  return now;
}

function marksOf(
  states: readonly FieldState[],
  { wrong, diagnostics }: Pick<FieldNow, 'wrong' | 'diagnostics'>,
): readonly Mark[] {
  const marks = states.flatMap(marksOfState);
  if (wrong.length > 0) marks.push('wrong');
  if (diagnostics.some(({ severity }) => severity !== 'info')) marks.push('rule');
  return marks;
}

function marksOfState(state: FieldState): Mark[] {
  if (!state.isPresent) return ['absent'];
  if (!state.isVisible) return ['hidden'];
  const marks: Mark[] = [];
  if (state.isDisabled) marks.push('disabled');
  if (state.replaced !== null) marks.push('replaced');
  else if (state.origin === 'suggested' && state.value !== undefined) marks.push('suggested');
  if (state.options !== null && state.options.status !== 'ready') marks.push(state.options.status);
  const kinds = state.problems.map(({ kind }) => kind);
  if (kinds.includes('rule-failed')) marks.push('rule');
  if (kinds.includes('not-an-option') || kinds.includes('check')) marks.push('wrong');
  return marks;
}

function requiredOf(field: GraphField, graph: FormGraph, states: readonly FieldState[]): readonly Mark[] {
  if (states.length > 0) return states.some(({ isRequired }) => isRequired) ? ['required'] : [];
  const keys = keysOf(field.id);
  const parentId = keys.length === 1 ? '' : field.id.slice(0, field.id.lastIndexOf('/'));
  const parent = parentId === '' ? graph.pages[field.page] : graph.byId.get(parentId)?.schema;
  const required: unknown = parent?.['required'];
  return Array.isArray(required) && required.includes(keys.at(-1)) ? ['required'] : [];
}

/** What is wrong with the value of the field itself; parts of it are fields of their own. */
function wrongOf(field: GraphField, graph: FormGraph, values: readonly JsonValue[]): readonly string[] {
  const schema = withoutRules(field.schema);
  const messages = values.flatMap((value) =>
    checkValues(schema, value, graph.pages[field.page] ?? {}).flatMap(({ path, message }) =>
      path.length === 0 ? [message] : [],
    ),
  );
  return [...new Set(messages)];
}

function valueText(
  field: GraphField,
  states: readonly FieldState[],
  values: readonly JsonValue[],
): string | null {
  if (values.length === 0) return null;
  if (isSecretField(field)) return SECRET;
  const [state] = states;
  return values
    .map((value) => (state === undefined ? textOfValue(value) : labelOfValue(state, value)))
    .join(', ');
}

/** Stands for what may not be shown. */
export const SECRET = '••••••';

export function isSecretField({ schema }: GraphField): boolean {
  return isSecret(schema);
}

/** The values of a field: of one in a list, those of all items. */
function valuesAt(values: JsonObject, keys: readonly string[]): readonly JsonValue[] {
  let found: readonly unknown[] = [values];
  for (const key of keys) {
    found = found.flatMap((one) => {
      if (key === '*') return Array.isArray(one) ? one : [];
      const part = partOf(one, key);
      return part === undefined ? [] : [part];
    });
  }
  // What comes out of JSON is JSON.
  return found.filter((one): one is JsonValue => one !== undefined);
}

/** The field that a path of a template is about: the innermost one around it. */
function fieldOfPath(graph: FormGraph, path: string): FieldId | null {
  let best: GraphField | null = null;
  for (const field of graph.fields) {
    const isAround = path === field.at || path.startsWith(`${field.at}.`) || path.startsWith(`${field.at}[`);
    if (isAround && field.at.length > (best?.at.length ?? 0)) best = field;
  }
  return best?.id ?? null;
}

/** The fields of a ring, in their order; null for a diagnostic that is about none. */
export function ringOf({ code, summary }: Diagnostic, graph: FormGraph): readonly FieldId[] | null {
  if (code !== 'form/cycle') return null;
  const ids = summary
    .slice(summary.lastIndexOf(': ') + 2)
    .split(' → ')
    .map((name) => `/${name}`);
  return ids.length > 1 && ids.every((id) => graph.byId.has(id)) ? ids.slice(0, -1) : null;
}

/** What a person calls a field, by its id in the graph or in the values. */
export function titleIn(graph: FormGraph, id: FieldId): string {
  const inGraph = id
    .split('/')
    .map((key) => (/^\d+$/.test(key) ? '*' : key))
    .join('/');
  return (graph.byId.get(id) ?? graph.byId.get(inGraph))?.title ?? id.slice(1);
}
