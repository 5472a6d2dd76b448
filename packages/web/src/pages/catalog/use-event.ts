/** Functions that stay the same from one rendering to the next, so that rows need not be rendered again for them. */
import { useCallback, useLayoutEffect, useRef } from 'react';

/** Calls the function of the latest rendering. Not to be called while rendering. */
export function useEvent<A extends readonly unknown[], R>(handler: (...args: A) => R): (...args: A) => R {
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
