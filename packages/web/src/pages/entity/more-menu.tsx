/** What can be done with an entity besides the usual. The menu's code comes with the first press, or when pointed at. */
import { useEffect, useState, type ComponentType, type ReactElement } from 'react';
import { ButtonIcon } from '@backstage/ui';
import type { Entity, EntityRef } from '@callboard/model';
import { MoreIcon } from '../../parts/icons.tsx';
import type { EntityDialog, EntityDialogProps } from './dialogs.ts';
import type { MenuActionsProps } from './menu-actions.tsx';
import { messages } from './messages.ts';

export interface MoreMenuProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

type Loaded<Props> = ComponentType<Props> | null;

const SAID_FOR_MS = 2_500;

const loadMenu = async (): Promise<ComponentType<MenuActionsProps>> =>
  (await import('./menu-actions.tsx')).MenuActions;

export function MoreMenu({ entity, entityRef }: MoreMenuProps): ReactElement {
  const [Menu, setMenu] = useState<Loaded<MenuActionsProps>>(null);
  const [Dialog, setDialog] = useState<Loaded<EntityDialogProps>>(null);
  const [said, say] = useSaid();

  async function openMenu(): Promise<void> {
    try {
      const menu = await loadMenu();
      setMenu(() => menu);
    } catch {
      say(messages.menuFailed);
    }
  }

  async function openDialog({ load }: EntityDialog): Promise<void> {
    try {
      const dialog = await load();
      setDialog(() => dialog);
    } catch {
      say(messages.menuFailed);
    }
  }

  return (
    <>
      <span className="entity-said" role="status">
        {said}
      </span>
      {Menu === null ? (
        <ButtonIcon
          variant="secondary"
          aria-label={messages.more}
          aria-haspopup="menu"
          icon={<MoreIcon />}
          onHoverStart={() => void loadMenu().catch(() => undefined)}
          onPress={() => void openMenu()}
        />
      ) : (
        <Menu
          entity={entity}
          entityRef={entityRef}
          onSaid={say}
          onDialog={(dialog) => void openDialog(dialog)}
        />
      )}
      {Dialog !== null && <Dialog entity={entity} entityRef={entityRef} onClose={() => setDialog(null)} />}
    </>
  );
}

/** A text that is there for a moment. */
function useSaid(): readonly [string, (text: string) => void] {
  const [said, say] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => say(''), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, say];
}
