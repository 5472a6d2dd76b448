import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLocale, LOCALE_CHOICES, localeName, type Locale } from './locale.ts';

interface Given {
  readonly stored?: string;
  readonly languages?: readonly string[];
  readonly blocked?: boolean;
}

function browser({ stored, languages = ['de-AT', 'en'], blocked = false }: Given = {}): {
  readonly locale: Locale;
  readonly kept: Map<string, string>;
} {
  const kept = new Map(stored === undefined ? [] : [['callboard.locale', stored]]);
  const check = (): void => {
    if (blocked) throw new Error('storage is blocked');
  };
  const storage = {
    getItem: (key: string) => (check(), kept.get(key) ?? null),
    setItem: (key: string, value: string) => (check(), void kept.set(key, value)),
    removeItem: (key: string) => (check(), void kept.delete(key)),
  };
  return { locale: createLocale({ storage, languages: () => languages }), kept };
}

describe('createLocale', () => {
  it('is as the browser has it until something is chosen', () => {
    const { locale, kept } = browser();
    assert.equal(locale.current(), 'de-AT');
    assert.equal(locale.choice(), null);
    locale.choose('fr-FR');
    assert.equal(locale.current(), 'fr-FR');
    assert.equal(kept.get('callboard.locale'), 'fr-FR');
    locale.choose(null);
    assert.equal(locale.current(), 'de-AT');
    assert.equal(kept.size, 0);
  });

  it('takes what is malformed or unknown for no choice', () => {
    for (const stored of ['', 'not a tag', 'en_US.UTF-8', 'xx-XX', '<script>']) {
      assert.equal(browser({ stored }).locale.current(), 'de-AT', stored);
    }
  });

  it('passes over languages of the browser that cannot be formatted, and ends at English', () => {
    assert.equal(browser({ languages: ['C', 'xx', 'pt-BR'] }).locale.current(), 'pt-BR');
    assert.equal(browser({ languages: ['en_US@posix'] }).locale.current(), 'en');
    assert.equal(browser({ languages: [] }).locale.current(), 'en');
  });

  it('works without storage, and tells its listeners', () => {
    const { locale } = browser({ blocked: true });
    const seen: string[] = [];
    const end = locale.subscribe(() => seen.push(locale.current()));
    locale.choose('ja-JP');
    end();
    locale.choose('ar-EG');
    assert.deepEqual(seen, ['ja-JP']);
    assert.equal(locale.current(), 'ar-EG');
  });

  it('offers only languages that can be formatted, each with its own name', () => {
    assert.deepEqual(Intl.DateTimeFormat.supportedLocalesOf([...LOCALE_CHOICES]), LOCALE_CHOICES);
    const names = LOCALE_CHOICES.map(localeName);
    assert.equal(new Set(names).size, LOCALE_CHOICES.length);
    assert.ok(names.includes('français (France)'));
  });
});
