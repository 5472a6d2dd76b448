/** The open form, for the fields in it: each finds its own state by the id that rjsf gives it. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import {
  keysOf,
  type FieldId,
  type FieldState,
  type FormGraph,
  type FormSession,
  type Resolution,
} from '@callboard/form';

export interface OpenForm {
  readonly session: FormSession;
  /** Whether any field has rules. */
  readonly isDynamic: boolean;
  /** What a person calls a field, by its id. */
  readonly titleOf: (id: FieldId) => string;
  /** Puts the keyboard into a field, on whichever page it is. */
  readonly openField: (id: FieldId) => void;
}

const OpenFormContext = createContext<OpenForm | null>(null);

export const OpenFormProvider = OpenFormContext.Provider;

export function useOpenForm(): OpenForm | null {
  return useContext(OpenFormContext);
}

/**
 * Null for a field without rules, unless it was stopped from writing for ever. `name`: of the property, which tells `a_b`
 * from the `b` of `a`.
 */
export function useFieldState(elementId: string, name: string): FieldState | null {
  const session = useContext(OpenFormContext)?.session ?? null;
  const read = (): FieldState | null => {
    if (session === null) return null;
    const id = fieldIdOf(session.resolution(), { elementId, name });
    return id === null ? null : (session.field(id) ?? null);
  };
  return useSyncExternalStore(session?.subscribe ?? never, read);
}

function never(): () => void {
  return () => undefined;
}

/** What a person calls a field, with rules or without. */
export function titleOfField({ byId }: FormGraph, { field }: FormSession, id: FieldId): string {
  return field(id)?.field.title ?? byId.get(id)?.title ?? keysOf(id).at(-1) ?? '';
}

/** By the id of the element, as rjsf makes it: `root_regions_0_name`. */
const known = new WeakMap<Resolution['fields'], ReadonlyMap<string, readonly FieldId[]>>();

/** Null when there is no such field with rules. */
export function fieldIdOf(
  resolution: Resolution,
  { elementId, name }: { readonly elementId: string; readonly name: string },
): FieldId | null {
  const ids = idsOf(resolution.fields).get(elementId) ?? [];
  return ids.find((id) => isNamed(keysOf(id).at(-1) ?? '', name)) ?? null;
}

/** An item of a list has no name of its own. */
function isNamed(key: string, name: string): boolean {
  return key === name || /^\d+$/.test(key);
}

function idsOf(fields: Resolution['fields']): ReadonlyMap<string, readonly FieldId[]> {
  const found = known.get(fields);
  if (found !== undefined) return found;
  const ids = new Map<string, FieldId[]>();
  for (const id of fields.keys()) {
    const elementId = ['root', ...keysOf(id)].join('_');
    ids.set(elementId, [...(ids.get(elementId) ?? []), id]);
  }
  known.set(fields, ids);
  return ids;
}
