/** The theme, the language of dates and numbers, and the keys. All of it is kept on this device. */
import { useState, useSyncExternalStore, type ReactElement } from 'react';
import { Switch } from '@backstage/ui';
import { LOCALE_CHOICES, localeName } from '../../shell/locale.ts';
import { useShell } from '../../shell/shell-context.ts';
import { hasSingleKeys, setSingleKeys } from '../../shell/shortcuts.ts';
import { THEME_CHOICES, type ThemeChoice } from '../../shell/theme.ts';
import { messages as shellMessages } from '../../messages.ts';
import { LocaleExample } from './locale-example.tsx';
import { messages } from './messages.ts';

const THEMES: Readonly<Record<ThemeChoice, string>> = {
  light: shellMessages.themeLight,
  dark: shellMessages.themeDark,
  system: shellMessages.themeSystem,
};

export function GeneralView(): ReactElement {
  return (
    <>
      <ThemeSetting />
      <LocaleSetting />
      <KeysSetting />
    </>
  );
}

function ThemeSetting(): ReactElement {
  const { theme } = useShell();
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <fieldset className="settings-block">
      <legend>{messages.theme}</legend>
      <div className="settings-themes">
        {THEME_CHOICES.map((known) => (
          <label key={known} className="settings-theme">
            <input
              type="radio"
              name="theme"
              checked={known === choice}
              onChange={() => theme.choose(known)}
            />
            <span className="settings-preview" aria-hidden="true">
              {known !== 'dark' && <Preview mode="light" />}
              {known !== 'light' && <Preview mode="dark" />}
            </span>
            <span>{THEMES[known]}</span>
          </label>
        ))}
      </div>
      <p className="settings-note">{messages.keptHere}</p>
    </fieldset>
  );
}

/** A page in the small, in the colours of a theme. */
function Preview({ mode }: { readonly mode: 'light' | 'dark' }): ReactElement {
  return (
    <span className="settings-mini" data-theme-mode={mode}>
      <span className="settings-mini-header" />
      <span className="settings-mini-line" />
      <span className="settings-mini-link" />
      <span className="settings-mini-button" />
    </span>
  );
}

function LocaleSetting(): ReactElement {
  const { locale } = useShell();
  const choice = useSyncExternalStore(locale.subscribe, locale.choice);
  // What somebody stored may be none of those that are offered.
  const offered =
    choice === null || LOCALE_CHOICES.includes(choice) ? LOCALE_CHOICES : [choice, ...LOCALE_CHOICES];
  return (
    <div className="settings-block">
      <label className="settings-label" htmlFor="settings-locale">
        {messages.language}
      </label>
      <select
        className="cb-select"
        id="settings-locale"
        aria-describedby="settings-locale-note"
        value={choice ?? ''}
        onChange={(event) => locale.choose(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{messages.asBrowser(localeName(locale.browser()))}</option>
        {offered.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {localeName(tag)}
          </option>
        ))}
      </select>
      <p className="settings-note" id="settings-locale-note">
        {messages.languageWhy} {messages.keptHere}
      </p>
      <LocaleExample locale={locale.current()} />
    </div>
  );
}

function KeysSetting(): ReactElement {
  const { storage } = useShell();
  const [isOn, setIsOn] = useState(() => hasSingleKeys(storage));
  return (
    <div className="settings-block">
      <h3>{messages.keyboard}</h3>
      <Switch
        label={messages.singleKeys}
        aria-describedby="settings-keys-note"
        isSelected={isOn}
        onChange={(on) => {
          setSingleKeys(storage, on ? 'on' : 'off');
          setIsOn(on);
        }}
      />
      <p className="settings-note" id="settings-keys-note">
        {messages.singleKeysWhy} {messages.keptHere}
      </p>
    </div>
  );
}
