/** rjsf's field of the whole page, with every change put into the newest values instead of those last shown. */
import { createContext, useCallback, useContext, useRef, type ReactElement } from 'react';
import { getDefaultRegistry } from '@rjsf/core';
import type { ErrorSchema, FieldProps } from '@rjsf/utils';
import type { ValuesStore } from './values-store.ts';

const StoreContext = createContext<ValuesStore | null>(null);

export const ValuesStoreProvider = StoreContext.Provider;

const { SchemaField } = getDefaultRegistry().fields;

export function RootField(props: FieldProps): ReactElement | null {
  const store = useContext(StoreContext);
  const latest = useRef(props);
  latest.current = props;
  const onChange = useCallback(
    (next: unknown, errors?: ErrorSchema, id?: string): void => {
      const { formData, onChange: write } = latest.current;
      const shown: unknown = formData;
      write(store === null ? next : store.change(shown, next), errors, id);
    },
    [store],
  );
  if (SchemaField === undefined) return null;
  const isRoot = props.idSchema.$id === 'root';
  return isRoot ? <SchemaField {...props} onChange={onChange} /> : <SchemaField {...props} />;
}
