/** The menu of an entity: it opens as soon as its code is there, since that was asked for with a press. */
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { ButtonIcon, Menu, MenuItem, MenuSeparator, MenuTrigger } from '@backstage/ui';
import { stringifyRef, type Entity, type EntityRef } from '@callboard/model';
import { annotation } from '../../api/entity.ts';
import { messages as shellMessages } from '../../messages.ts';
import { writeClipboard } from '../../parts/clipboard.ts';
import { CopyIcon, EditIcon, ExternalIcon, MoreIcon } from '../../parts/icons.tsx';
import { entityPath } from '../../parts/ref-text.ts';
import { safeUrl } from '../../parts/safe-url.ts';
import { entityDialogs, type EntityDialog } from './dialogs.ts';
import { messages } from './messages.ts';
import { wholeYaml } from './yaml/to-yaml.ts';

export interface MenuActionsProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
  /** Gets what was done, in words. */
  readonly onSaid: (text: string) => void;
  readonly onDialog: (dialog: EntityDialog) => void;
}

export function MenuActions({ entity, entityRef, onSaid, onDialog }: MenuActionsProps): ReactElement {
  const trigger = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    // The button that was pressed is gone; this one has its place, and gets the focus back when the menu closes.
    trigger.current?.focus();
    setIsOpen(true);
  }, []);

  async function copy(text: string | Promise<string>): Promise<void> {
    try {
      onSaid((await writeClipboard(await text)) ? shellMessages.copied : messages.copyFailed);
    } catch {
      onSaid(messages.copyFailed);
    }
  }

  const view = safeUrl(annotation(entity, 'backstage.io/view-url'));
  const edit = safeUrl(annotation(entity, 'backstage.io/edit-url'));
  const link = new URL(entityPath(entityRef), window.location.href).href;
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
      <ButtonIcon ref={trigger} variant="secondary" aria-label={messages.more} icon={<MoreIcon />} />
      <Menu aria-label={messages.more} placement="bottom end">
        <MenuItem iconStart={<CopyIcon />} onAction={() => void copy(stringifyRef(entityRef))}>
          {shellMessages.copyReference}
        </MenuItem>
        <MenuItem iconStart={<CopyIcon />} onAction={() => void copy(link)}>
          {messages.copyLink}
        </MenuItem>
        <MenuItem iconStart={<CopyIcon />} onAction={() => void copy(wholeYaml(entity))}>
          {messages.copyAsYaml}
        </MenuItem>
        {(view !== null || edit !== null) && <MenuSeparator />}
        {view !== null && <Outside href={view} icon={<ExternalIcon />} text={messages.viewSource} />}
        {edit !== null && <Outside href={edit} icon={<EditIcon />} text={messages.editSource} />}
        {entityDialogs.length > 0 && <MenuSeparator />}
        {entityDialogs.map((dialog) => (
          <MenuItem key={dialog.id} color={dialog.color} onAction={() => onDialog(dialog)}>
            {dialog.title}
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}

interface OutsideProps {
  readonly href: string;
  readonly icon: ReactElement;
  readonly text: string;
}

function Outside({ href, icon, text }: OutsideProps): ReactElement {
  return (
    <MenuItem
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      iconStart={icon}
      aria-label={`${text} ${shellMessages.opensElsewhere}`}
    >
      {text}
    </MenuItem>
  );
}
