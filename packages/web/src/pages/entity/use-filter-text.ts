/** The text of a tab's filter, in the address as `q`, so that a filtered list can be shared. */
import { useState } from 'react';
import { useSearchParams } from 'react-router-dom';

/** Each change replaces the address: Back leaves the tab, not one letter. */
export function useFilterText(): readonly [string, (text: string) => void] {
  const [params, setParams] = useSearchParams();
  // The field has its own copy: the address follows when there is time, and a letter must not wait for it.
  const [text, setOwnText] = useState(params.get('q') ?? '');
  const setText = (changed: string): void => {
    setOwnText(changed);
    setParams((before) => withParam(before, { name: 'q', value: changed }), {
      replace: true,
      preventScrollReset: true,
    });
  };
  return [text, setText];
}

/** The parameters with one of them set, or taken away when its value is empty. */
export function withParam(
  params: URLSearchParams,
  { name, value }: { readonly name: string; readonly value: string },
): URLSearchParams {
  const changed = new URLSearchParams(params);
  if (value === '') changed.delete(name);
  else changed.set(name, value);
  return changed;
}
