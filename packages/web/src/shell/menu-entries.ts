/** What stands in a menu of the shell. */
import type { ReactElement, ReactNode } from 'react';

export interface MenuEntry {
  readonly id: string;
  readonly title: string;
  readonly icon?: ReactElement;
  /** Where it leads: a path within the portal, or another site. */
  readonly href?: string;
  readonly run?: () => void;
  /** The shortcut that does the same, as in `useShortcuts`. */
  readonly keys?: string;
  /** Of a choice: whether it is the one that holds. */
  readonly isChosen?: boolean;
}

export interface MenuGroup {
  /** Null for a group that needs no heading. */
  readonly title: string | null;
  readonly entries: readonly MenuEntry[];
}

export interface LazyMenuProps {
  /** What the button and its menu are for. */
  readonly label: string;
  readonly className: string;
  readonly groups: readonly MenuGroup[];
  /** What stands on the button. */
  readonly children: ReactNode;
}

export interface ShellMenuProps extends LazyMenuProps {
  /** Whether it opens at once, because its button was pressed before it was there. */
  readonly opens: boolean;
  /** Whether its button takes the place of one that had the keyboard; known when the menu is there. */
  readonly hadFocus: { readonly current: boolean };
}
