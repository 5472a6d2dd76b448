/** The open form, for the fields in it: each finds its own state by the id that rjsf gives it. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FieldId, FieldState, FormGraph, FormSession, Resolution } from '@callboard/form';

export interface OpenForm {
  readonly session: FormSession;
  /** Whether any field has rules; if not, none looks for its state. */
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

/** Null for a field without rules. `name`: of the property, which tells `a_b` from the `b` of `a`. */
export function useFieldState(elementId: string, name: string): FieldState | null {
  const form = useContext(OpenFormContext);
  const read = (): FieldState | null => {
    if (form === null || !form.isDynamic) return null;
    const id = fieldIdOf(form.session.resolution(), { elementId, name });
    return id === null ? null : (form.session.field(id) ?? null);
  };
  return useSyncExternalStore(form?.isDynamic === true ? form.session.subscribe : never, read);
}

function never(): () => void {
  return () => undefined;
}

/** What a person calls a field, with rules or without. */
export function titleOfField({ byId }: FormGraph, { field }: FormSession, id: FieldId): string {
  return field(id)?.field.title ?? byId.get(id)?.title ?? keysOfId(id).at(-1) ?? '';
}

/** Keys from the root of the values. */
export function keysOfId(id: FieldId): readonly string[] {
  return id
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** By the id of the element, as rjsf makes it: `root_regions_0_name`. */
const known = new WeakMap<Resolution['fields'], ReadonlyMap<string, readonly FieldId[]>>();

/** Null when there is no such field with rules. */
export function fieldIdOf(
  resolution: Resolution,
  { elementId, name }: { readonly elementId: string; readonly name: string },
): FieldId | null {
  const ids = idsOf(resolution.fields).get(elementId) ?? [];
  return ids.find((id) => isNamed(keysOfId(id).at(-1) ?? '', name)) ?? null;
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
    const elementId = ['root', ...keysOfId(id)].join('_');
    ids.set(elementId, [...(ids.get(elementId) ?? []), id]);
  }
  known.set(fields, ids);
  return ids;
}
