/**
 * A place for each custom field that stays the same component while what is drawn in it is replaced: rjsf takes any two
 * functions for equal, and would go on with the old version of a field until something else changes.
 */
import { useSyncExternalStore, type ComponentType, type ReactElement } from 'react';
import type { FieldProps } from '@rjsf/utils';
import type { FormExtensions } from '../../pages/create/form/field-extension.ts';
import { PlainField } from './broken-field.tsx';

interface Slot {
  readonly component: ComponentType<FieldProps>;
  readonly put: (drawn: ComponentType<FieldProps>) => void;
}

/** Of all versions of the fields; a field that is gone is drawn as it would be without its `ui:field`. */
export function createSlots(): (parts: FormExtensions) => FormExtensions {
  const slots = new Map<string, Slot>();
  return (parts) => {
    const left = new Map(slots);
    const fields = parts.fields.map((field) => {
      const slot = slots.get(field.name) ?? createSlot(field.component);
      slots.set(field.name, slot);
      left.delete(field.name);
      slot.put(field.component);
      return { ...field, component: slot.component };
    });
    for (const slot of left.values()) slot.put(PlainField);
    return { ...parts, fields };
  };
}

function createSlot(first: ComponentType<FieldProps>): Slot {
  const listeners = new Set<() => void>();
  let drawn = first;
  const get = (): ComponentType<FieldProps> => drawn;
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    component: function FieldSlot(props: FieldProps): ReactElement {
      const Drawn = useSyncExternalStore(subscribe, get);
      return <Drawn {...props} />;
    },
    put(next) {
      if (next === drawn) return;
      drawn = next;
      for (const listener of listeners) listener();
    },
  };
}
