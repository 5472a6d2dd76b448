/**
 * The language of dates, numbers and sorting: the person's choice, kept in localStorage, or else the browser's own.
 * The texts of the portal are in English whatever is chosen.
 */

/** What is offered. Anything else that the browser supports works as well when it is stored. */
export const LOCALE_CHOICES: readonly string[] = [
  'en-GB',
  'en-US',
  'ar-EG',
  'cs-CZ',
  'da-DK',
  'de-DE',
  'de-CH',
  'es-ES',
  'fi-FI',
  'fr-FR',
  'he-IL',
  'hi-IN',
  'it-IT',
  'ja-JP',
  'ko-KR',
  'nb-NO',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'ru-RU',
  'sv-SE',
  'tr-TR',
  'uk-UA',
  'zh-CN',
];

const KEY = 'callboard.locale';
const FALLBACK = 'en';

export interface LocaleDeps {
  /** Throws when the browser blocks storage; the choice then lasts until the page is left. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** What the browser asks for, the most wanted first. */
  readonly languages: () => readonly string[];
}

export interface Locale {
  /** In use, as `en-GB`; always one that the browser can format. */
  readonly current: () => string;
  /** What it is while nothing is chosen. */
  readonly browser: () => string;
  /** Null: as the browser. */
  readonly choice: () => string | null;
  readonly choose: (choice: string | null) => void;
  /** Calls `listener` after every choice. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createLocale({ storage, languages }: LocaleDeps): Locale {
  const listeners = new Set<() => void>();
  let choice = supported(attempt(() => storage.getItem(KEY)));

  const browser = (): string => languages().map(supported).find(isGiven) ?? FALLBACK;

  return {
    current: () => choice ?? browser(),
    browser,
    choice: () => choice,
    choose(next) {
      choice = supported(next);
      const kept = choice;
      attempt(() => (kept === null ? storage.removeItem(KEY) : storage.setItem(KEY, kept)));
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The name of a language in that language, as `Deutsch (Schweiz)`; the tag itself when the browser has none. */
export function localeName(tag: string): string {
  return attempt(() => new Intl.DisplayNames([tag], { type: 'language' }).of(tag)) ?? tag;
}

/** Null for what is no language tag, and for a language that the browser cannot format. */
function supported(tag: string | null): string | null {
  if (tag === null) return null;
  return attempt(() => Intl.DateTimeFormat.supportedLocalesOf([tag])[0]) ?? null;
}

function isGiven(tag: string | null): tag is string {
  return tag !== null;
}

/** Null when storage is blocked, or when a tag is malformed. */
function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
