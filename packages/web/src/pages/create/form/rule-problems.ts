/** What the rules of fields have against the values of a page; and what its schema says that the rules have overruled. */
import { idOf, keysOf, type FieldState, type Resolution } from '@callboard/form';
import { messages } from '../messages.ts';
import type { Problem } from './check-page.ts';

export interface SchemaProblem extends Problem {
  /** Of the schema, as `required`. */
  readonly keyword: string;
}

/** Leaves out what is said of fields that are hidden, and that they are missing where a rule says that they may be. */
export function heeded(found: readonly SchemaProblem[], resolution: Resolution): readonly Problem[] {
  return found
    .filter(({ path, keyword }) => {
      if (isHidden(path, resolution)) return false;
      const state = resolution.fields.get(idOf(path));
      const isRuled = state !== undefined && (state.field.rules?.required ?? null) !== null;
      return !(keyword === 'required' && isRuled && !state.isRequired);
    })
    .map(({ path, message }) => ({ path, message }));
}

/** What the checks of the fields of a page say, and which of those are missing that only a rule requires. */
export function ruleProblems(
  page: number,
  resolution: Resolution,
  known: readonly Problem[],
): readonly Problem[] {
  const places = new Set(known.map(({ path }) => path.join('/')));
  return [...resolution.fields.values()].flatMap((state) => {
    if (state.field.page !== page || !state.isPresent || !state.isVisible) return [];
    const path = pathOf(state);
    const said: Problem[] = state.problems.flatMap(({ kind, message }) =>
      kind === 'check' || kind === 'not-an-option' ? [{ path, message }] : [],
    );
    const isMissing = state.isRequired && state.value === undefined && !places.has(path.join('/'));
    return isMissing && said.length === 0 ? [{ path, message: messages.missingValue }] : said;
  });
}

/** Whether a value, or one that it is in, is hidden by a rule. */
export function isHidden(path: Problem['path'], resolution: Resolution): boolean {
  return path.some((_key, index) => {
    const state = resolution.fields.get(idOf(path.slice(0, index + 1)));
    return state !== undefined && !(state.isPresent && state.isVisible);
  });
}

function pathOf({ id, field }: FieldState): Problem['path'] {
  const inGraph = keysOf(field.id);
  // In a list a key is a number; the graph has a star there.
  return keysOf(id).map((key, index) => (inGraph[index] === '*' ? Number(key) : key));
}
