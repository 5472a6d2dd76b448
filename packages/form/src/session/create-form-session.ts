/**
 * An open form. Writes are seen at once; what follows from them is found before the next paint, in microtasks, and told in one
 * go. Sources are asked beside it. Whatever the order of writes and answers, what counts in the end is what `resolveForm`
 * gives for what was entered.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import type { FieldId, FieldState, FormGraph, Resolution } from '../graph.ts';
import { isDeepEqual } from '../resolve/deep-equal.ts';
import { createDraft } from '../resolve/draft.ts';
import { searchOptions } from '../resolve/options.ts';
import { hasAt, idOf, isJsonObject, isList, jsonAt, keysOf, valueAt, type Keys } from '../resolve/pointer.ts';
import { asEntered } from '../resolve/resolve-form.ts';
import { createResolver, type Resolved, type Resolver } from '../resolve/resolver.ts';
import { createAsker } from './asker.ts';
import type { FormSession, FormSessionOptions } from './form-session.ts';
import { changedPlaces, fillMissing, mergeChange, pickKeys } from './merge-change.ts';
import { withStopped } from './own-problems.ts';
import { withoutRuled } from './plain-defaults.ts';
import { createWriteGuard, type After } from './write-guard.ts';

const TIMERS: { readonly after: After } = {
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
};

export function createFormSession(options: FormSessionOptions): FormSession {
  const { user, ask, pause = 150, clock = TIMERS } = options;
  const listeners = new Set<() => void>();
  let waiting: (() => void)[] = [];
  let graph = options.graph;
  let entered: JsonObject = options.entered ?? {};
  /** Defaults that the drawn form adds; they count where nothing was entered and no rule says anything. */
  let missing: JsonObject = {};
  let shown: Resolution = asEntered(entered);
  let resolved: Resolved | null = null;
  let resolver: Promise<Resolver> | null = null;
  /** Goes up with whatever a resolution is made of. */
  let version = 0;
  let isRunning = false;
  let isClosed = false;
  let failure: { readonly thrown: unknown } | null = null;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const guard = createWriteGuard(clock.after, () => {
    const { fields } = resolved?.resolution ?? shown;
    shown = { ...shown, fields: withStopped(graph.isDynamic ? fields : new Map(), guard.stopped(), graph) };
    tell();
  });
  const asker = createAsker({ ask, pause, after: clock.after, answered: () => schedule() });

  const entire = (): JsonObject => toObject(fillMissing(entered, withoutRuled(missing, graph)));
  const show = (values: JsonObject): void => {
    if (values !== shown.values) shown = { ...shown, values };
  };
  const isOpen = (): boolean => !isClosed && graph.isDynamic;
  function schedule(): void {
    version += 1;
    if (isRunning || !isOpen()) return;
    isRunning = true;
    void run();
  }
  async function run(): Promise<void> {
    try {
      failure = null;
      // Whatever is written in the same turn is resolved with it.
      await Promise.resolve();
      for (let at = -1; at !== version && isOpen();) {
        at = version;
        const { resolve } = await (resolver ??= load(graph));
        const next = await resolve({ entered: entire(), user, answers: asker.answers });
        if (at === version && isOpen()) install(next);
      }
    } catch (thrown) {
      failure = { thrown };
      // What could not be loaded is loaded anew with the next write.
      resolver = null;
    } finally {
      isRunning = false;
      wake();
    }
  }
  function install(next: Resolved): void {
    resolved = next;
    const { needs } = next.resolution;
    const values = isDeepEqual(shown.values, next.resolution.values) ? shown.values : next.resolution.values;
    const stopped = guard.stopped();
    const fields =
      stopped.size === 0 ? next.resolution.fields : withStopped(next.resolution.fields, stopped, graph);
    const isSame = values === shown.values && fields === shown.fields && needs === shown.needs;
    if (!isSame) shown = { values, fields, needs };
    asker.update(needs, next.used);
    if (!isSame) tell();
  }
  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const go of woken) go();
  }
  /** Takes over what was entered; `values` are shown until it is resolved. */
  const take = (nextEntered: JsonObject, values: JsonObject): void => {
    if (nextEntered === entered && values === shown.values) return;
    const isShown = values !== shown.values;
    entered = nextEntered;
    show(values);
    schedule();
    if (isShown) tell();
  };
  const replaceEntered = (keys: Keys, value: JsonValue | undefined): void => {
    const made = createDraft(entered);
    if (value === undefined) made.remove(keys);
    else made.set(keys, value);
    const next = made.values();
    if (!isDeepEqual(next, entered)) take(next, shown.values);
  };

  const session: FormSession = {
    get: () => shown.values,
    entered: () => entered,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(before, handed) {
      const next = withoutEndless(before, handed);
      missing = without(missing, changedPlaces(before, next));
      take(toObject(mergeChange(before, next, entered)), toObject(mergeChange(before, next, shown.values)));
      return mergeChange(before, next, pickKeys(shown.values, [before, next]));
    },
    enter(path, value) {
      const keys = path.map(String);
      guard.forgive(idOf(keys));
      const put = (into: JsonObject): JsonObject => {
        const draft = createDraft(into);
        if (value === undefined) draft.remove(keys);
        else draft.set(keys, value);
        const made = draft.values();
        return isDeepEqual(made, into) ? into : made;
      };
      const index = path.findIndex((key) => typeof key === 'number');
      take(put(index > 0 ? withList(entered, keys.slice(0, index)) : entered), put(shown.values));
    },
    addMissing(defaults) {
      const filled = toObject(fillMissing(missing, defaults));
      if (filled === missing) return;
      missing = filled;
      show(toObject(fillMissing(shown.values, withoutRuled(missing, graph))));
      schedule();
    },
    restore(id) {
      guard.forgive(id);
      replaceEntered(keysOf(id), undefined);
    },
    accept(id) {
      const state = shown.fields.get(id);
      if (state === undefined || state.replaced === null) return;
      replaceEntered(keysOf(id), state.origin === 'entered' ? state.value : undefined);
    },
    field: (id) => shown.fields.get(id),
    resolution: () => shown,
    async settled() {
      for (;;) {
        if (failure !== null) throw failure.thrown;
        if (!isOpen() || (!isRunning && !asker.isBusy())) return shown;
        asker.hurry();
        await new Promise<void>((go) => waiting.push(go));
      }
    },
    async search(id, text, signal) {
      const state = optionsOf(shown.fields.get(id));
      const need = resolved?.asks.get(id);
      if (need === undefined || !state.isTruncated) {
        const found = searchOptions(state.options, text);
        return { options: found, total: found.length };
      }
      const answer = await ask(need, { search: text, signal });
      const narrow = (await resolver)?.narrow;
      const found = narrow === undefined ? answer.options : await narrow(id, answer.options, user);
      const left = answer.options.length - found.length;
      return { options: found, total: Math.max(found.length, answer.total - left) };
    },
    retry(id) {
      asker.retry(resolved?.usedBy.get(id) ?? []);
      schedule();
    },
    replaceGraph(next) {
      if (next === graph) return;
      graph = next;
      resolver = null;
      resolved = null;
      const values = entire();
      if (!next.isDynamic) {
        shown = asEntered(isDeepEqual(values, shown.values) ? shown.values : values);
        asker.update([], new Set());
      }
      schedule();
      wake();
      tell();
    },
    close() {
      isClosed = true;
      listeners.clear();
      asker.close();
      guard.close();
      wake();
    },
  };

  /** An item can only be entered in a list that is entered. */
  function withList(into: JsonObject, keys: Keys): JsonObject {
    const list = jsonAt(shown.values, keys);
    if (keys.length === 0 || !isList(list) || isList(valueAt(into, keys))) return into;
    const draft = createDraft(into);
    draft.set(keys, list);
    return draft.values();
  }

  /** What a field hands in, without what it writes for ever. */
  function withoutEndless(before: unknown, next: unknown): unknown {
    const endless = changedPlaces(before, next).filter((id) => {
      const value = valueAt(next, keysOf(id));
      return !isDeepEqual(value, valueAt(shown.values, keysOf(id))) && !guard.allows(id, value);
    });
    if (endless.length === 0 || !isJsonObject(next)) return next;
    const draft = createDraft(next);
    for (const id of endless) {
      const keys = keysOf(id);
      const value = valueAt(before, keys);
      if (value === undefined) draft.remove(keys);
      else draft.set(keys, value);
    }
    return draft.values();
  }

  schedule();
  return session;
}

/** A default that somebody changed, or took away, does not come back. */
function without(defaults: JsonObject, places: readonly FieldId[]): JsonObject {
  const held = places.map(keysOf).filter((keys) => hasAt(defaults, keys));
  if (held.length === 0) return defaults;
  const draft = createDraft(defaults);
  for (const keys of held) draft.remove(keys);
  return draft.values();
}

async function load(graph: FormGraph): Promise<Resolver> {
  return createResolver(graph, await loadExpressions());
}

/** Values of a form are an object, whatever a field makes of them. */
function toObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function optionsOf(state: FieldState | undefined): {
  readonly options: Extract<NonNullable<FieldState['options']>, { status: 'ready' }>['options'];
  readonly isTruncated: boolean;
} {
  return state?.options?.status === 'ready' ? state.options : { options: [], isTruncated: false };
}
