/** The dialogs that the menu of an entity opens, each loaded when it is wanted. */
import type { ComponentType } from 'react';
import type { Entity, EntityRef } from '@callboard/model';
import { messages } from './messages.ts';

export interface EntityDialogProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
  readonly onClose: () => void;
}

export interface EntityDialog {
  readonly id: string;
  /** As in the menu: "Unregister…". */
  readonly title: string;
  readonly color: 'primary' | 'danger';
  readonly load: () => Promise<ComponentType<EntityDialogProps>>;
}

export const entityDialogs: readonly EntityDialog[] = [
  {
    id: 'unregister',
    title: messages.unregister,
    color: 'danger',
    load: async () => (await import('./removal/unregister-dialog.tsx')).UnregisterDialog,
  },
];
