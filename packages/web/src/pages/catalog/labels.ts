/**
 * The titles of the entities that rows refer to. References that are asked for at about the same time are one request,
 * and an answer is kept for a while, so that scrolling asks only for what is new.
 */
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { stringifyRef, type EntityRef } from '@callboard/model';
import type { CatalogApi } from '../../api/catalog.ts';
import { useServices } from '../../api/services.ts';

/** References that are asked for within this many milliseconds go into one request. */
const TOGETHER_MS = 10;
/** A title is asked for again when it is older than this, in milliseconds. */
const KEPT_MS = 300_000;

export interface Labels {
  /** The title; null when there is none, or when it is not known yet. */
  readonly of: (ref: string) => string | null;
  /** Asks for a title unless it is known. */
  readonly want: (ref: string) => void;
  /** Calls `listener` when titles have arrived. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

export interface LabelsDeps {
  readonly catalog: Pick<CatalogApi, 'byRefs'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Label {
  readonly title: string | null;
  readonly until: number;
}

export function createLabels({ catalog, now }: LabelsDeps): Labels {
  const labels = new Map<string, Label>();
  const listeners = new Set<() => void>();
  let wanted = new Set<string>();

  async function ask(): Promise<void> {
    const refs = [...wanted];
    wanted = new Set();
    const until = now() + KEPT_MS;
    // Whoever asks in the meantime waits for this answer.
    for (const ref of refs) labels.set(ref, { title: labels.get(ref)?.title ?? null, until });
    try {
      const rows = await catalog.byRefs(refs);
      for (const [index, ref] of refs.entries())
        labels.set(ref, { title: rows[index]?.title ?? null, until });
      for (const listener of listeners) listener();
    } catch {
      // The names stay; the next one who asks tries again.
      for (const ref of refs) labels.delete(ref);
    }
  }

  return {
    of: (ref) => labels.get(ref)?.title ?? null,
    want(ref) {
      if ((labels.get(ref)?.until ?? 0) > now() || wanted.has(ref)) return;
      if (wanted.size === 0) setTimeout(() => void ask(), TOGETHER_MS);
      wanted.add(ref);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const KNOWN = new WeakMap<CatalogApi, Labels>();

/** The titles of one API: they outlive the page, so that going back shows them at once. */
function labelsFrom(catalog: CatalogApi): Labels {
  const labels = KNOWN.get(catalog) ?? createLabels({ catalog, now: () => Date.now() });
  KNOWN.set(catalog, labels);
  return labels;
}

/** The title of an entity; null while it is not known, and when there is none. */
export function useLabel(ref: EntityRef | null): string | null {
  const { catalog } = useServices();
  const labels = labelsFrom(catalog);
  const key = ref === null ? null : stringifyRef(ref);
  useEffect(() => {
    if (key !== null) labels.want(key);
  }, [labels, key]);
  const title = useCallback(() => (key === null ? null : labels.of(key)), [labels, key]);
  return useSyncExternalStore(labels.subscribe, title);
}
