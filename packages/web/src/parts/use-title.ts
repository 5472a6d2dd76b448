/** The title of the browser's tab. */
import { useEffect } from 'react';
import { useAppConfig } from '../api/app-config.ts';
import { messages } from '../messages.ts';

/** Sets the title to the parts that are given, the most exact first, and the name of the portal. */
export function useTitle(...parts: readonly string[]): void {
  const title = messages.pageTitle([...parts, useAppConfig().title]);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
