/**
 * What was typed into a form, kept in this tab until it is sent, so that a reload loses nothing. Secrets are not in it,
 * neither those of the field for them nor what is typed into a password field.
 */
import { isObject } from '@callboard/model';
import type { UiSchema } from '@rjsf/utils';
import type { FormValues } from '../../../api/scaffolder.ts';
import { numberIn, objectIn, textIn } from '../../../api/entity.ts';
import { isSecret, type WizardPage } from './pages.ts';

export interface Draft {
  readonly values: FormValues;
  /** The last page that may be opened, from 0. */
  readonly reached: number;
  /** The `formData` of the link that it began with. */
  readonly prefill: string | null;
}

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Names the draft of a template in one of its versions: another version may ask for other things. */
export function draftKey(templateRef: string, version: string | null): string {
  return `callboard.form.${templateRef}@${version ?? ''}`;
}

/** Null when there is none, or none that can be read. */
export function readDraft(storage: DraftStorage, key: string): Draft | null {
  try {
    const text = storage.getItem(key);
    const kept: unknown = text === null ? null : JSON.parse(text);
    if (!isObject(kept) || !isObject(kept['values'])) return null;
    return {
      values: objectIn(kept, 'values'),
      reached: numberIn(kept, 'reached'),
      prefill: textIn(kept, 'prefill'),
    };
  } catch {
    return null;
  }
}

export function writeDraft(storage: DraftStorage, key: string, draft: Draft): void {
  try {
    storage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is blocked or full: the form works without.
  }
}

export function removeDraft(storage: DraftStorage, key: string): void {
  try {
    storage.removeItem(key);
  } catch {
    // Storage is blocked.
  }
}

/** The values without those that a page calls a secret. */
export function withoutSecrets(values: FormValues, pages: readonly WizardPage[]): FormValues {
  return pages.reduce<FormValues>((left, page) => {
    const kept = strip(left, page.uiSchema);
    return isObject(kept) ? kept : left;
  }, values);
}

function strip(value: unknown, uiSchema: UiSchema): unknown {
  if (isSecret(uiSchema)) return undefined;
  if (Array.isArray(value)) {
    const ui: unknown = uiSchema['items'];
    return value.map((item: unknown, index) => {
      const own: unknown = Array.isArray(ui) ? ui[index] : ui;
      return strip(item, isObject(own) ? own : {}) ?? null;
    });
  }
  if (!isObject(value)) return value;
  const alternatives = [uiSchema['oneOf'], uiSchema['anyOf']].flatMap((list: unknown) =>
    Array.isArray(list) ? list.filter(isObject) : [],
  );
  const kept: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    const uis = [uiSchema, ...alternatives].map((ui): unknown => ui[key]).filter(isObject);
    const stripped = uis.reduce<unknown>((left, ui) => strip(left, ui), part);
    if (stripped !== undefined) {
      Object.defineProperty(kept, key, {
        value: stripped,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return kept;
}

export type Prefill =
  | { readonly kind: 'none' }
  | { readonly kind: 'values'; readonly values: FormValues }
  | { readonly kind: 'bad' };

/** Backstage's `formData` in the address: an object as JSON. */
export function parsePrefill(text: string | null): Prefill {
  if (text === null || text === '') return { kind: 'none' };
  try {
    const values: unknown = JSON.parse(text);
    return isObject(values) ? { kind: 'values', values } : { kind: 'bad' };
  } catch {
    return { kind: 'bad' };
  }
}
