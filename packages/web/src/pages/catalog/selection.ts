/**
 * Which entities are selected: some, by reference, or everything that a list matches, loaded or not. References are
 * full and in lower case.
 */
import type { ListRequest } from './requests.ts';

export type Selection =
  | { readonly kind: 'refs'; readonly refs: ReadonlySet<string> }
  | {
      readonly kind: 'query';
      readonly request: ListRequest;
      /** What the list matched when it was selected. */
      readonly total: number;
      /** What was taken out of the selection again. */
      readonly except: ReadonlySet<string>;
    };

export const NOTHING: Selection = { kind: 'refs', refs: new Set() };

export function isSelected(selection: Selection, ref: string): boolean {
  return selection.kind === 'refs' ? selection.refs.has(ref) : !selection.except.has(ref);
}

export function selectedCount(selection: Selection): number {
  return selection.kind === 'refs' ? selection.refs.size : selection.total - selection.except.size;
}

/** The selection with entities added or taken away. */
export function withRefs(selection: Selection, refs: readonly string[], change: 'add' | 'remove'): Selection {
  if (selection.kind === 'refs') return { ...selection, refs: changed(selection.refs, refs, change) };
  const next = {
    ...selection,
    except: changed(selection.except, refs, change === 'add' ? 'remove' : 'add'),
  };
  return selectedCount(next) <= 0 ? NOTHING : next;
}

/** Everything that a list matches. */
export function selectAll(request: ListRequest, total: number): Selection {
  return { kind: 'query', request, total, except: new Set() };
}

function changed(
  before: ReadonlySet<string>,
  refs: readonly string[],
  change: 'add' | 'remove',
): ReadonlySet<string> {
  const after = new Set(before);
  for (const ref of refs) {
    if (change === 'add') after.add(ref);
    else after.delete(ref);
  }
  return after;
}
