/** The title of the browser's tab. */
import { useEffect } from 'react';
import { messages } from '../messages.ts';

/** Sets the title to the parts that are given, the most exact first, and the name of the product. */
export function useTitle(...parts: readonly string[]): void {
  const title = messages.pageTitle(parts);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
