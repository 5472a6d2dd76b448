/** A form that is open, as its fields and what stands around it see it. */
import { useMemo, useRef } from 'react';
import { keysOf, type FormGraph, type FormSession } from '@callboard/form';
import type { PageView } from './page-view.ts';
import { titleOfField, type OpenForm } from './session-context.ts';
import { pageOfKey } from './use-problems.ts';

export interface OpenedFormParts {
  readonly session: FormSession;
  readonly graph: FormGraph;
  readonly view: PageView;
  /** Puts the keyboard into the field at a path, on the page with this index; -1 when no page has it. */
  readonly openAt: (page: number, path: readonly string[]) => void;
}

export function useOpenedForm({ session, graph, view, openAt }: OpenedFormParts): OpenForm {
  const latest = useRef(openAt);
  latest.current = openAt;
  return useMemo(
    () => ({
      session,
      isDynamic: graph.isDynamic,
      titleOf: (id) => titleOfField(graph, session, id),
      openField(id) {
        const path = keysOf(id);
        latest.current(pageOfKey(view.now().pages, path[0]), path);
      },
    }),
    [session, graph, view],
  );
}
