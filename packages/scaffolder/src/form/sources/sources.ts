/**
 * Asks what forms choose from: the rules come from the template, only values from who asks. The same answers serve the
 * browser, a submit and the command line.
 */
import {
  loadExpressions,
  type FormGraph,
  type FormUser,
  type GraphField,
  type Option,
  type OptionShape,
  type Source,
  type SourceAnswer,
  type SourceNeed,
  type SourceRequest,
} from '@callboard/form';
import { CodedError } from '@callboard/kernel';
import { isObject, type JsonValue } from '@callboard/model';
import type { OptionsProvider } from '@callboard/plugin';
import type { CatalogPort } from '../../catalog-port.ts';
import { createAnswerCache } from './answer-cache.ts';
import { allEntities, askEntities, ENTITY_DEFAULTS } from './ask-catalog.ts';
import { askHttp } from './ask-http.ts';
import { askProvider } from './ask-provider.ts';
import { messagesIn } from './check-messages.ts';
import { canonical, chooseOptions } from './choose-options.ts';
import { renderRequest, type AskedRequest } from './render-request.ts';
import type { Requester } from './requester.ts';
import { toOptions, type ShapedSource } from './shape-options.ts';
import { sourceFailed } from './source-error.ts';
import { SOURCE_DEFAULTS, type SourceEndpoint, type SourceSettings } from './source-settings.ts';
import { targetOf } from './target-url.ts';

export interface SourcesDeps {
  readonly settings: SourceSettings;
  readonly catalog: Pick<CatalogPort, 'query'>;
  /** By the name that templates use. */
  readonly providers: Readonly<Record<string, OptionsProvider>>;
  readonly request: Requester;
  readonly now: () => number;
}

export interface AskedOf {
  readonly graph: FormGraph;
  /** Who fills the form in: what they may not see is not listed. */
  readonly user: FormUser;
  /** Default: everything. */
  readonly search?: string;
  readonly signal: AbortSignal;
}

export interface Sources {
  /**
   * @throws CodedError 404 `scaffolder/unknown-form-field` when the field has no such source, 503
   *   `scaffolder/source-failed` with a message for the person at the form, 400 `scaffolder/source-refused`
   */
  ask(need: Omit<SourceNeed, 'key'>, asked: AskedOf): Promise<SourceAnswer>;
}

/** Milliseconds that an answer of a plugin, or of the catalog, is used again. */
const OWN_CACHE = 5_000;
/** Bytes that an option takes in memory, more or less. */
const OPTION_SIZE = 200;

interface Kept {
  readonly answer: JsonValue;
  readonly status: number;
}

export function createSources(deps: SourcesDeps): Sources {
  const { settings, catalog, providers, now } = deps;
  const answers = createAnswerCache<Kept>({ now });
  /** What answers became, as long as they are kept. */
  const shaped = new WeakMap<Kept, Map<string, Promise<readonly Option[]>>>();

  const optionsOf = (kept: Kept, source: ShapedSource): Promise<readonly Option[]> => {
    const known = shaped.get(kept) ?? new Map<string, Promise<readonly Option[]>>();
    shaped.set(kept, known);
    const key = shapeKey(source.shape);
    const options = known.get(key) ?? toOptions(kept.answer, source);
    known.set(key, options);
    return options;
  };

  /** One question at a time to whoever is asked, and its answer for a while. */
  const load = async (asked: AskedRequest, { user, signal, what }: AskedOf & { readonly what: string }) => {
    const mine = { ref: user.ref, groups: user.groups };
    switch (asked.kind) {
      case 'static':
        return { answer: asked.items, status: 200 };
      case 'catalog': {
        const who = { ref: user.ref, ownership: user.groups };
        return answers.get(canonical(['catalog', asked.filter, mine]), {
          keep: OWN_CACHE,
          signal,
          load: async () => {
            const answer = await allEntities(catalog, { filter: asked.filter, who });
            return { value: { answer, status: 200 }, size: answer.length * 10 * OPTION_SIZE };
          },
        });
      }
      case 'provider': {
        const provider = Object.hasOwn(providers, asked.provider) ? providers[asked.provider] : undefined;
        if (provider === undefined) throw noProvider(asked.provider, Object.keys(providers));
        const name = `The provider ${asked.provider}`;
        return answers.get(canonical(['provider', asked.provider, asked.input, mine]), {
          keep: OWN_CACHE,
          signal,
          load: async (stop) => {
            const answer = await askProvider(provider, {
              name,
              input: asked.input,
              user: mine,
              signal: stop,
            });
            return { value: { answer, status: 200 }, size: answer.length * OPTION_SIZE };
          },
        });
      }
      case 'http': {
        const { method, headers, endpoint, url } = asked;
        const target = targetOf(settings, { endpoint, url, method });
        refuseOwnHeaders(headers, target.endpoint);
        const body = asked.body === null ? null : JSON.stringify(asked.body);
        return answers.get(canonical(['http', what, endpoint, target.url.href, method, headers, body]), {
          keep: target.endpoint?.cache ?? SOURCE_DEFAULTS.cache,
          signal,
          load: async (stop) => {
            const takes = (status: number): boolean => what === 'check' && [400, 409, 422].includes(status);
            const found = await askHttp(deps.request, { target, method, headers, body, signal: stop, takes });
            return { value: { answer: found.body, status: found.status }, size: found.size };
          },
        });
      }
      default:
        return asked satisfies never;
    }
  };

  const askSource = async (
    source: Source,
    need: Omit<SourceNeed, 'key'>,
    asked: AskedOf,
  ): Promise<SourceAnswer> => {
    const { search = '', user } = asked;
    const { holds } = need;
    const { shape } = source;
    if (source.whenEmpty === 'wait' && !isAnswerable(source.reads, need)) return NOTHING;
    const request = await renderRequest(source.request, { need, user });
    if (request.kind === 'catalog' && isPlain(shape) && source.gives === 'options') {
      const who = { ref: user.ref, ownership: user.groups };
      return askEntities(catalog, { filter: request.filter, who, holds, search });
    }
    const kept = await load(request, { ...asked, what: 'options' });
    if (source.gives === 'value') return { ...NOTHING, ...(await valueOf(kept.answer, shape)) };
    const defaults = request.kind === 'catalog' ? { defaults: ENTITY_DEFAULTS } : {};
    const options = await optionsOf(kept, { shape, name: nameOf(source.request), ...defaults });
    return chooseOptions(options, { holds, search });
  };

  return {
    ask: async (need, asked) => {
      const field = fieldOf(asked.graph, need);
      const { rules } = field;
      if (need.what === 'check') {
        const check = rules?.remoteCheck;
        if (check === undefined || check === null) throw unknownField(need);
        const request = await renderRequest(check.request, { need, user: asked.user });
        const { answer, status } = await load(request, { ...asked, what: 'check' });
        return { ...NOTHING, value: messagesIn(answer, { status, field: need.field }) };
      }
      if (rules === null || rules.source === null) throw unknownField(need);
      return askSource(rules.source, need, asked);
    },
  };
}

const NOTHING: SourceAnswer = { options: [], total: 0, isTruncated: false, held: [] };

/** Only rules of the template count, and of several branches with a field of this name, the one that reads these values. */
function fieldOf(graph: FormGraph, need: Omit<SourceNeed, 'key'>): GraphField {
  const declared = graph.fields.filter((field) => field.id === need.field && readsOf(field, need) !== null);
  const field = declared.find((one) => isAnswerable(readsOf(one, need) ?? [], need)) ?? declared[0];
  if (field === undefined) throw unknownField(need);
  return field;
}

/** Null when it has nothing to ask. */
function readsOf({ rules }: GraphField, { what }: Omit<SourceNeed, 'key'>): readonly string[] | null {
  const asks = what === 'check' ? rules?.remoteCheck : rules?.source;
  return asks?.reads ?? null;
}

/** Whether every value that is read is there. */
function isAnswerable(reads: readonly string[], { form, item }: Omit<SourceNeed, 'key'>): boolean {
  return reads.every((read) => {
    const keys = read
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const inItem = keys.lastIndexOf('*') + 1;
    let value: unknown = inItem > 0 && item !== null ? item : form;
    for (const key of keys.slice(item === null ? 0 : inItem)) {
      if (key === '*') break;
      value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    return value !== undefined && value !== null && value !== '';
  });
}

/** For a source that gives a value: `items`, then `value`, of the answer; the answer itself without them. */
async function valueOf(answer: JsonValue, shape: OptionShape): Promise<{ readonly value?: JsonValue }> {
  const { evaluate } = await loadExpressions();
  let value: JsonValue | undefined = answer;
  for (const step of [shape.items, shape.value]) {
    if (step === null) continue;
    const result = await evaluate(step, value);
    if ('failure' in result) throw sourceFailed(`An expression of the source failed: ${result.failure}`);
    value = result.value;
    if (value === undefined) return {};
  }
  return { value };
}

/** The catalog can search by itself where a source says nothing of its entities. */
function isPlain({ items, value, label, description, group }: OptionShape): boolean {
  return [items, value, label, description, group].every((one) => one === null);
}

function shapeKey({ items, value, label, description, group }: OptionShape): string {
  return JSON.stringify([items, value, label, description, group].map((one) => one?.text));
}

/** A template may add headers to those of an endpoint, not change them. */
function refuseOwnHeaders(headers: Readonly<Record<string, string>>, endpoint: SourceEndpoint | null): void {
  if (endpoint === null) return;
  const own = new Set(Object.keys(endpoint.headers).map((name) => name.toLowerCase()));
  const allowed = endpoint.allowedHeaders;
  for (const name of Object.keys(headers)) {
    if (!own.has(name) && (allowed === null || allowed.includes(name))) continue;
    throw sourceFailed(`A template may not set the header ${JSON.stringify(name)} of this endpoint.`);
  }
}

function nameOf(request: SourceRequest): string {
  switch (request.kind) {
    case 'static':
      return 'The list';
    case 'catalog':
      return 'The catalog';
    case 'provider':
      return `The provider ${request.provider}`;
    case 'http':
      return request.endpoint === null ? 'The source' : `The endpoint ${JSON.stringify(request.endpoint)}`;
    default:
      return request satisfies never;
  }
}

function noProvider(name: string, known: readonly string[]): CodedError {
  const all = known.toSorted().join(', ') || 'there are none';
  return sourceFailed(
    `Nothing lists ${JSON.stringify(name.slice(0, 60))}; known: ${all}. Add the plugin that does.`,
  );
}

function unknownField({ field, what }: Omit<SourceNeed, 'key'>): CodedError {
  const shown = JSON.stringify(field.slice(0, 100));
  const message = `The form has no field ${shown} with a ${what === 'check' ? 'check' : 'source'}.`;
  return new CodedError(404, 'scaffolder/unknown-form-field', message);
}
