/** A menu of the shell, opened by its button. It is a file of its own because it is loaded after the first view. */
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { Button, Menu, MenuItem, MenuSection, MenuSeparator, MenuTrigger } from '@backstage/ui';
import { CheckIcon } from '../parts/icons.tsx';
import { Keys } from './keys.tsx';
import './menu.css';
import type { MenuEntry, ShellMenuProps } from './menu-entries.ts';

export function ShellMenu({
  label,
  className,
  groups,
  children,
  opens,
  hadFocus,
}: ShellMenuProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (hadFocus.current) button.current?.focus();
  }, [hadFocus]);
  // The menu gives the keyboard back to its button, which therefore has to have it before the menu opens.
  useEffect(() => setIsOpen(opens), [opens]);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
      <Button ref={button} className={className} variant="tertiary">
        <span className="cb-hidden">{label}</span>
        {children}
      </Button>
      <Menu className="cb-menu" placement="bottom end" aria-label={label}>
        {groups.map(({ title, entries }, index) => [
          index > 0 && <MenuSeparator key={`before ${String(index)}`} />,
          title === null ? (
            entries.map(toItem)
          ) : (
            <MenuSection key={title} title={title}>
              {entries.map(toItem)}
            </MenuSection>
          ),
        ])}
      </Menu>
    </MenuTrigger>
  );
}

function toItem({ id, title, icon, href, run, keys, isChosen }: MenuEntry): ReactElement {
  return (
    <MenuItem
      key={id}
      id={id}
      textValue={title}
      {...(isChosen !== undefined && { 'aria-current': isChosen })}
      {...(icon !== undefined && { iconStart: icon })}
      {...(href !== undefined && { href })}
      {...(run !== undefined && { onAction: run })}
    >
      <bdi className="cb-menu-title">{title}</bdi>
      {keys !== undefined && <Keys keys={keys} />}
      {isChosen === true && <CheckIcon />}
    </MenuItem>
  );
}
