/**
 * The button of a menu. The menu itself is loaded once the browser is idle, or when the button is pressed; the first
 * view is a third lighter without it.
 */
import { useEffect, useLayoutEffect, useRef, useState, type ComponentType, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { whenIdle } from './on-demand.ts';
import type { LazyMenuProps, ShellMenuProps } from './menu-entries.ts';

interface Loaded {
  readonly Menu: ComponentType<ShellMenuProps>;
  readonly opens: boolean;
}

export function LazyMenu(props: LazyMenuProps): ReactElement {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const hadFocus = useRef(false);

  async function load({ opens }: Pick<Loaded, 'opens'>): Promise<void> {
    const { ShellMenu } = await import('./menu.tsx');
    // A press counts, whichever of the two loads is done first.
    setLoaded((before) => (before === null || opens ? { Menu: ShellMenu, opens } : before));
  }

  // What fails here is tried again when the button is pressed.
  useEffect(() => whenIdle(() => void load({ opens: false }).catch(() => undefined)), []);

  if (loaded !== null) return <loaded.Menu {...props} opens={loaded.opens} hadFocus={hadFocus} />;
  return (
    <Waiting
      {...props}
      hadFocus={hadFocus}
      onPress={() => void load({ opens: true }).catch(() => undefined)}
    />
  );
}

interface WaitingProps extends LazyMenuProps {
  readonly hadFocus: { current: boolean };
  readonly onPress: () => void;
}

/** The button before its menu is there; as it is taken away it notes whether it had the keyboard. */
function Waiting({ label, className, children, hadFocus, onPress }: WaitingProps): ReactElement {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const shown = button.current;
    return () => {
      hadFocus.current = shown !== null && shown === document.activeElement;
    };
  }, [hadFocus]);
  return (
    <Button
      ref={button}
      className={className}
      variant="tertiary"
      aria-haspopup="menu"
      aria-expanded={false}
      onPress={onPress}
    >
      <span className="cb-hidden">{label}</span>
      {children}
    </Button>
  );
}
