/** Who is signed in, and what is theirs: their page, the settings, the theme, the way out. */
import { useEffect, useState, useSyncExternalStore, type ReactElement } from 'react';
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { useAppConfig } from '../api/app-config.ts';
import { useServices } from '../api/services.ts';
import type { Identity } from '../api/session.ts';
import { messages } from '../messages.ts';
import {
  CardIcon,
  HelpIcon,
  KeyboardIcon,
  LeaveIcon,
  MoonIcon,
  ScreenIcon,
  SettingsIcon,
  SunIcon,
  UserIcon,
} from '../parts/icons.tsx';
import { entityPath, shortName } from '../parts/ref-text.ts';
import { LazyMenu } from './lazy-menu.tsx';
import type { MenuEntry, MenuGroup } from './menu-entries.ts';
import { whenIdle } from './on-demand.ts';
import { useShell } from './shell-context.ts';
import { THEME_CHOICES, type ThemeChoice } from './theme.ts';

const THEME_LOOKS: Readonly<Record<ThemeChoice, { readonly title: string; readonly icon: ReactElement }>> = {
  light: { title: messages.themeLight, icon: <SunIcon /> },
  dark: { title: messages.themeDark, icon: <MoonIcon /> },
  system: { title: messages.themeSystem, icon: <ScreenIcon /> },
};

export interface UserMenuProps {
  /** Null until somebody is signed in. */
  readonly identity: Identity | null;
  readonly onHelp: () => void;
  readonly onSignOut: () => void;
}

export function UserMenu({ identity, onHelp, onSignOut }: UserMenuProps): ReactElement {
  const { theme } = useShell();
  const { support } = useAppConfig();
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  const ref = identity === null ? null : parseRef(identity.userEntityRef);
  const hasPage = useHasPage(ref);
  const name = identity === null ? messages.guestMenu : nameOf(identity);

  const mine: readonly MenuEntry[] = [
    ...(ref !== null && hasPage
      ? [{ id: 'page', title: messages.yourPage, icon: <CardIcon />, href: entityPath(ref) }]
      : []),
    { id: 'profile', title: messages.profile, icon: <UserIcon />, href: '/settings/profile' },
    { id: 'settings', title: messages.settings, icon: <SettingsIcon />, href: '/settings', keys: 'g s' },
  ];
  const themes: MenuGroup = {
    title: messages.theme,
    entries: THEME_CHOICES.map((known) => ({
      id: `theme-${known}`,
      ...THEME_LOOKS[known],
      isChosen: known === choice,
      run: () => theme.choose(known),
    })),
  };
  const help: readonly MenuEntry[] = [
    { id: 'shortcuts', title: messages.shortcuts, icon: <KeyboardIcon />, run: onHelp, keys: '?' },
    ...support.map(({ title, url }) => ({ id: url, title, icon: <HelpIcon />, href: url })),
    ...(identity === null
      ? []
      : [{ id: 'sign-out', title: messages.signOut, icon: <LeaveIcon />, run: onSignOut }]),
  ];
  const groups: readonly MenuGroup[] = [
    ...(identity === null ? [] : [{ title: messages.signedInAs(name), entries: mine }]),
    themes,
    { title: null, entries: help },
  ];
  return (
    <LazyMenu
      label={identity === null ? name : messages.signedInAs(name)}
      className="cb-user"
      groups={groups}
    >
      <span className="cb-avatar" aria-hidden="true">
        {identity === null ? <UserIcon /> : Array.from(name)[0]?.toUpperCase()}
      </span>
    </LazyMenu>
  );
}

/** The name of a person for people. */
export function nameOf({ displayName, userEntityRef }: Identity): string {
  const ref = parseRef(userEntityRef);
  return displayName ?? (ref === null ? userEntityRef : shortName(ref, 'user'));
}

/** Whether the person is in the catalog. It is asked once, and not before the page is there. */
function useHasPage(ref: EntityRef | null): boolean {
  const { catalog } = useServices();
  const [isTime, setIsTime] = useState(false);
  useEffect(() => whenIdle(() => setIsTime(true)), []);
  const text = ref === null ? '' : stringifyRef(ref);
  const query = useQuery({
    queryKey: ['is-in-catalog', text],
    enabled: isTime && text !== '',
    queryFn: async ({ signal }) => (await catalog.byRefs([text], signal))[0] !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return query.data === true;
}
