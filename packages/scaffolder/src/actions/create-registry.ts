/** Puts the actions of all sources together, and says where an action could come from that nobody has. */
import type { Diagnostic } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import type { ActionRegistry } from './registry.ts';

export interface ActionSource {
  /** As messages name it: `the portal`, `the plugin @callboard/plugin-github`, or the path of a file. */
  readonly name: string;
  readonly actions: readonly Action[];
}

export interface AssembledActions extends ActionRegistry {
  /** `scaffolder/duplicate-action`: one for each action that was left out. */
  readonly diagnostics: readonly Diagnostic[];
  /** Name of the source that an action is of; null when nobody has it. */
  sourceOf(id: string): string | null;
}

/** The first source that has an id keeps it: nobody replaces an action of the portal by accident. */
export function createActionRegistry(sources: readonly ActionSource[]): AssembledActions {
  const known = new Map<string, { readonly action: Action; readonly source: string }>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, actions } of sources) {
    for (const action of actions) {
      const first = known.get(action.id);
      if (first === undefined) known.set(action.id, { action, source: name });
      else diagnostics.push(duplicate(action.id, { first: first.source, second: name }));
    }
  }
  const list = [...known.values()]
    .map(({ action }) => action)
    .toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  return {
    find: (id) => known.get(id)?.action ?? null,
    list: () => list,
    sourceOf: (id) => known.get(id)?.source ?? null,
    diagnostics,
  };
}

function duplicate(id: string, { first, second }: Readonly<Record<'first' | 'second', string>>): Diagnostic {
  return {
    severity: 'error',
    code: 'scaffolder/duplicate-action',
    summary: `The action ${id} of ${second} is left out: ${first} has one of that name.`,
    detail: 'Give it another id, or take one of the two out of the configuration.',
  };
}

/** Plugins that bring actions by their ids, the special before the general. */
const BRINGERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:github:|publish:github)/, "the plugin '@callboard/plugin-github'"],
  [/^(?:gitlab:|publish:gitlab)/, "the plugin '@callboard/plugin-gitlab'"],
];

/** Names that other portals use for actions that are here. */
const RENAMED: Readonly<Record<string, string>> = {
  'roadiehq:utils:fs:merge': 'roadiehq:utils:merge',
  'roadiehq:utils:json:transform': 'roadiehq:utils:jsonata:json:transform',
  'roadiehq:utils:yaml:transform': 'roadiehq:utils:jsonata:yaml:transform',
  'fetch:file': 'fetch:plain:file',
};

/** One or two sentences on an id that the registry does not have: what it could have meant, and what to do. */
export function explainUnknownAction(registry: ActionRegistry, id: string): string {
  const [, bringer] = BRINGERS.find(([pattern]) => pattern.test(id)) ?? [];
  const ids = registry.list().map((action) => action.id);
  const family = id.slice(0, id.indexOf(':') + 1);
  // Where some of a plugin's actions are there, the plugin is, and the id is misspelt.
  const isAbsent = bringer !== undefined && !ids.some((known) => sameBringer(known, bringer));
  if (isAbsent)
    return `Nobody brings the action ${id}: it is of ${bringer}. Add it to "plugins" of the configuration.`;
  const renamed = RENAMED[id];
  const near = renamed !== undefined && ids.includes(renamed) ? [renamed] : nearNames(id, ids);
  if (near.length > 0) return `There is no action ${id}. Did you mean ${near.join(' or ')}?`;
  const others = family === '' ? [] : ids.filter((known) => known.startsWith(family));
  const hint = others.length === 0 ? '' : ` Those of ${family} are ${others.slice(0, 8).join(', ')}.`;
  return `There is no action ${id}.${hint} Actions come with the portal, with plugins, and from files that "scaffolder.actions" names.`;
}

function sameBringer(id: string, bringer: string): boolean {
  return BRINGERS.some(([pattern, name]) => name === bringer && pattern.test(id));
}

const MOST_NEAR = 3;

/** At most three, the nearest first. */
function nearNames(id: string, ids: readonly string[]): readonly string[] {
  const limit = Math.max(2, Math.floor(id.length / 5));
  return ids
    .map((known) => ({ known, distance: distance(id.toLowerCase(), known.toLowerCase(), limit) }))
    .filter((entry) => entry.distance <= limit)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST_NEAR)
    .map(({ known }) => known);
}

/** Levenshtein's; any number over the limit when it is over it. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || a.length > 200) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
