/** Three buttons, one pressed: light, dark, or as the system has it. */
import { useSyncExternalStore, type ReactElement } from 'react';
import { ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { messages } from '../messages.ts';
import { MoonIcon, ScreenIcon, SunIcon } from '../parts/icons.tsx';
import { THEME_CHOICES, type Theme, type ThemeChoice } from './theme.ts';

const LOOKS: Readonly<Record<ThemeChoice, { readonly label: string; readonly icon: ReactElement }>> = {
  light: { label: messages.themeLight, icon: <SunIcon /> },
  dark: { label: messages.themeDark, icon: <MoonIcon /> },
  system: { label: messages.themeSystem, icon: <ScreenIcon /> },
};

export function ThemeSwitch({ theme }: { readonly theme: Theme }): ReactElement {
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <ToggleButtonGroup
      className="cb-theme"
      aria-label={messages.theme}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[choice]}
      onSelectionChange={(keys) => {
        const next = THEME_CHOICES.find((known) => keys.has(known));
        if (next !== undefined) theme.choose(next);
      }}
    >
      {THEME_CHOICES.map((known) => (
        <ToggleButton key={known} id={known} aria-label={LOOKS[known].label} iconStart={LOOKS[known].icon} />
      ))}
    </ToggleButtonGroup>
  );
}
