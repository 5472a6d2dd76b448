/** The pages of an open form as they are now: without what the rules hide. One that has nothing left is passed over. */
import { useSyncExternalStore } from 'react';
import { pageWith, type FormGraph, type FormSession, type Resolution } from '@callboard/form';
import type { FormPage } from '../../../api/scaffolder.ts';
import { toWizardPage, type WizardPage } from './pages.ts';
import type { SplitDeps } from './split-schema.ts';

export interface ShownPages {
  readonly pages: readonly WizardPage[];
  /** Those of which everything is hidden. */
  readonly skipped: ReadonlySet<number>;
}

export interface PageView {
  /** With everything that they may ask for. */
  readonly all: readonly WizardPage[];
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object as long as nothing comes or goes. */
  readonly now: () => ShownPages;
}

export interface PageViewDeps {
  /** Those that the graph is made of. */
  readonly pages: readonly FormPage[];
  readonly graph: FormGraph;
  readonly session: Pick<FormSession, 'resolution' | 'subscribe'>;
  readonly words: SplitDeps;
}

export function createPageView({ pages, graph, session, words }: PageViewDeps): PageView {
  const all = pages.map((page) => toWizardPage(page, words));
  const whole: ShownPages = { pages: all, skipped: new Set() };
  if (!graph.isDynamic) return { all, subscribe: session.subscribe, now: () => whole };
  const made = new WeakMap<object, WizardPage>();
  let last: { readonly of: Resolution['fields']; readonly shown: ShownPages } | null = null;

  function pageNow(index: number, resolution: Resolution): WizardPage | null {
    const page = pages[index];
    const given = graph.pages[index];
    const usual = all[index];
    if (page === undefined || usual === undefined) return null;
    const schema = given === undefined ? page.schema : pageWith(given, resolution);
    if (schema === given) return usual;
    const found = made.get(schema) ?? toWizardPage({ ...page, schema }, words);
    made.set(schema, found);
    return found;
  }

  return {
    all,
    subscribe: session.subscribe,
    now() {
      const resolution = session.resolution();
      if (last?.of === resolution.fields) return last.shown;
      const next = all.map((usual, index) => pageNow(index, resolution) ?? usual);
      const before = last?.shown ?? whole;
      const isSame = next.every((page, index) => page === before.pages[index]);
      last = { of: resolution.fields, shown: isSame ? before : { pages: next, skipped: emptied(all, next) } };
      return last.shown;
    },
  };
}

export function useShownPages(view: PageView): ShownPages {
  return useSyncExternalStore(view.subscribe, view.now);
}

function emptied(all: readonly WizardPage[], now: readonly WizardPage[]): ReadonlySet<number> {
  return new Set(
    all.keys().filter((index) => (all[index]?.keys.size ?? 0) > 0 && now[index]?.keys.size === 0),
  );
}

/** The page after one that has something to ask for; the number of pages for what comes after the last. */
export function pageAfter(at: number, { pages, skipped }: ShownPages): number {
  let next = at + 1;
  while (next < pages.length && skipped.has(next)) next += 1;
  return Math.min(next, pages.length);
}

/** -1: there is none before it. */
export function pageBefore(at: number, { skipped }: ShownPages): number {
  let next = at - 1;
  while (next >= 0 && skipped.has(next)) next -= 1;
  return next;
}
