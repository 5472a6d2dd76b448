/** What a form begins with: what was typed in this tab before, else what a link brings. */
import { useEffect } from 'react';
import type { FormSession } from '@callboard/form';
import type { JsonObject } from '@callboard/model';
import { isJsonObject } from '../../../api/json-value.ts';
import { parsePrefill, readDraft, withoutSecrets, writeDraft } from './draft.ts';
import type { WizardPage } from './pages.ts';

export interface Beginning {
  readonly kind: 'new' | 'kept' | 'prefilled' | 'bad-prefill';
  /** They count as entered. */
  readonly values: JsonObject;
  readonly reached: number;
}

/** What was typed in this tab goes on, unless somebody comes by another link than then. */
export function beginningOf(asked: {
  readonly prefill: string | null;
  readonly draft: string;
  readonly isFirst: boolean;
}): Beginning {
  const kept = asked.isFirst ? readDraft(sessionStorage, asked.draft) : null;
  if (kept !== null && kept.prefill === asked.prefill && isJsonObject(kept.values)) {
    return { kind: 'kept', values: kept.values, reached: kept.reached };
  }
  const prefill = parsePrefill(asked.prefill);
  switch (prefill.kind) {
    case 'values':
      return isJsonObject(prefill.values)
        ? { kind: 'prefilled', values: prefill.values, reached: 0 }
        : { kind: 'bad-prefill', values: {}, reached: 0 };
    case 'bad':
      return { kind: 'bad-prefill', values: {}, reached: 0 };
    case 'none':
      return { kind: 'new', values: {}, reached: 0 };
    default:
      return prefill satisfies never;
  }
}

/** What is typed within this time is written together. */
const PAUSE_MS = 200;

/** What somebody entered is kept in this tab a moment after it was; what followed from it follows again. */
export function useKeptDraft(kept: {
  readonly session: FormSession;
  /** With everything that they may ask for, so that a hidden secret is known as one. */
  readonly pages: readonly WizardPage[];
  readonly draft: string;
  readonly reached: number;
  readonly prefill: string | null;
  readonly isSent: boolean;
}): void {
  const { session, pages, draft, reached, prefill, isSent } = kept;
  useEffect(() => {
    if (isSent) return undefined;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const write = (): void => {
      const values = withoutSecrets(session.entered(), pages);
      writeDraft(sessionStorage, draft, { values, reached, prefill });
    };
    const later = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(write, PAUSE_MS);
    };
    if (reached > 0) later();
    const before = session.entered();
    const stop = session.subscribe(() => {
      if (session.entered() !== before || timer !== null) later();
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [session, pages, draft, reached, prefill, isSent]);
}
