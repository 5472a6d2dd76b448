/** All keyboard shortcuts that work at this moment. */
import type { ReactElement } from 'react';
import { Dialog, DialogBody, DialogHeader } from '@backstage/ui';
import { messages } from '../messages.ts';
import './help.css';
import { Keys } from './keys.tsx';
import { useShell } from './shell-context.ts';
import { hasSingleKeys, type ShortcutGroup } from './shortcuts.ts';

export interface HelpProps {
  /** As they were when the help was asked for. */
  readonly groups: readonly ShortcutGroup[];
  readonly onClose: () => void;
}

export function Help({ groups, onClose }: HelpProps): ReactElement {
  const { storage } = useShell();
  return (
    <Dialog className="cb-help" isOpen onOpenChange={(isOpen) => !isOpen && onClose()} width={520}>
      <DialogHeader>{messages.shortcuts}</DialogHeader>
      <DialogBody>
        {!hasSingleKeys(storage) && <p className="cb-help-off">{messages.shortcutsNone}</p>}
        {groups.map(({ name, shortcuts }) => (
          <section key={name ?? ''} className="cb-help-group">
            <h3>{name ?? messages.shortcutsHere}</h3>
            <dl>
              {shortcuts.map(({ keys, title }) => (
                <div key={keys}>
                  <dt>{title}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </Dialog>
  );
}
