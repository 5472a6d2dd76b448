/** What is known of a source of a field: it waits for other fields, is asked, gave options or a value, or failed. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Answered, FieldId, Option, OptionsState, Source, SourceNeed, TemplateValue } from '../graph.ts';
import { equalityKey } from './deep-equal.ts';
import { projected, readsAt, type Place } from './evaluation.ts';
import { labelOf } from './options.ts';
import { valueAt } from './pointer.ts';
import { pendingReads, type Findings, type Round } from './round.ts';
import { shapeOptions } from './shape-options.ts';

export type SourceState =
  | Extract<OptionsState, { status: 'waiting' | 'loading' | 'failed' }>
  | {
      readonly status: 'options';
      readonly options: readonly Option[];
      readonly total: number;
      readonly key: string | null;
    }
  | { readonly status: 'value'; readonly value: JsonValue | undefined };

export interface SourceUse {
  readonly source: Source;
  readonly fingerprint: string;
  /** Of the field in the graph. */
  readonly field: FieldId;
}

export async function readSource(use: SourceUse, findings: Findings, round: Round): Promise<SourceState> {
  const { source } = use;
  const { place, problems } = findings;
  const reads = readsAt(source.reads, place);
  const pending = pendingReads(source.reads, place, round);
  const empty = reads.filter(({ keys }) => isEmpty(round.draft.get(keys))).map(({ id }) => id);
  // Nothing is asked about values that are not known yet, even where it may be asked about none.
  const waitsFor = source.whenEmpty === 'wait' ? [...new Set([...empty, ...pending])] : pending;
  if (waitsFor.length > 0) return { status: 'waiting', for: waitsFor };
  if (source.request.kind === 'static') return readStatic(use, source.request.items, findings, round);
  const need = needOf(use, findings, round);
  round.asks.set(place.id, need);
  const answered = askFor(need, findings, round);
  if (answered === undefined) return { status: 'loading', key: need.key };
  if (answered.status === 'failed') {
    problems.push({ kind: 'source-failed', message: `cannot be looked up: ${answered.message}` });
    return { status: 'failed', message: answered.message, key: need.key };
  }
  const { options, total, value } = answered.answer;
  if (source.gives === 'value') return { status: 'value', value: value ?? options[0]?.value };
  return { status: 'options', options, total: Math.max(total, options.length), key: need.key };
}

/** The answer, when there is one; else it is noted that it is needed. */
export function askFor(need: SourceNeed, { place }: Findings, round: Round): Answered | undefined {
  round.used.add(need.key);
  const keys = round.usedBy.get(place.id);
  if (keys === undefined) round.usedBy.set(place.id, [need.key]);
  else keys.push(need.key);
  const answered = round.request.answers.get(need.key);
  if (answered === undefined) round.needs.set(need.key, need);
  return answered;
}

function needOf(
  { source, fingerprint, field }: SourceUse,
  { place }: Findings,
  { draft }: Round,
): SourceNeed {
  const { form, item } = projected(readsAt(source.reads, place), place, draft);
  const key = equalityKey([field, 'options', fingerprint, form, item]);
  return { key, field, what: 'options', form, item, holds: [] };
}

/** The same, for values that the answer did not name because it was cut. */
export function holdingNeed(need: SourceNeed, holds: readonly JsonValue[]): SourceNeed {
  return { ...need, key: `${need.key} ${holds.map(equalityKey).join(' ')}`, holds };
}

/** Nothing is looked up for a static list: it is in the template. */
async function readStatic(
  { source }: SourceUse,
  items: TemplateValue,
  findings: Findings,
  round: Round,
): Promise<SourceState> {
  const { evaluation, draft } = round;
  const { place, problems } = findings;
  const read = readsAt(source.reads, place).map(({ keys }) => draft.get(keys));
  const shaped = await evaluation.remember(`${place.id} ${source.at}`, read, async () => {
    const failures: string[] = [];
    const given = await render(items, failures, { place, round });
    const [failure] = failures;
    if (failure !== undefined) return { failure, by: 'rule' };
    // JSONata gives a list of one as its item.
    const isWhole = given === undefined || Array.isArray(given) || source.shape.items !== null;
    return shapeOptions(isWhole ? (given ?? []) : [given], {
      shape: source.shape,
      language: evaluation.language,
    });
  });
  if ('failure' in shaped) {
    problems.push({
      kind: 'source-failed',
      message: `has a list of options that cannot be read: ${shaped.failure}`,
    });
    return { status: 'failed', message: shaped.failure, key: '' };
  }
  const { options } = shaped;
  if (source.gives === 'value') return { status: 'value', value: options[0]?.value };
  return { status: 'options', options, total: options.length, key: null };
}

interface Rendering {
  readonly place: Place;
  readonly round: Round;
}

async function render(
  value: TemplateValue,
  failures: string[],
  rendering: Rendering,
): Promise<JsonValue | undefined> {
  switch (value.kind) {
    case 'literal':
      return value.value;
    case 'expression': {
      const { place, round } = rendering;
      const { draft, evaluation, request } = round;
      const { expression } = value;
      const asked = { place, expression, what: 'options', user: request.user, draft } as const;
      const { outcome } = await evaluation.ask(asked);
      if ('value' in outcome) return outcome.value;
      failures.push(outcome.failure);
      return undefined;
    }
    case 'text': {
      const texts: string[] = [];
      for (const part of value.parts) {
        const inner: TemplateValue =
          typeof part === 'string'
            ? { kind: 'literal', value: part }
            : { kind: 'expression', expression: part };
        const given = await render(inner, failures, rendering);
        texts.push(given === undefined || given === null ? '' : labelOf(given));
      }
      return texts.join('');
    }
    case 'object': {
      const entries: [string, JsonValue | undefined][] = [];
      for (const [key, part] of Object.entries(value.entries))
        entries.push([key, await render(part, failures, rendering)]);
      const made: JsonObject = Object.fromEntries(entries);
      return made;
    }
    case 'list': {
      const items: JsonValue[] = [];
      for (const item of value.items) items.push((await render(item, failures, rendering)) ?? null);
      return items;
    }
    default:
      return value satisfies never;
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).every((key) => valueAt(value, [key]) === undefined);
}
