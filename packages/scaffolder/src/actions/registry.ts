/** The actions that steps can name: the portal's own, those of plugins, and files that the configuration names. */
import type { Action } from '@callboard/plugin';

export interface ActionRegistry {
  /** By id; null when nobody has it. */
  find(id: string): Action | null;
  /** Sorted by id. */
  list(): readonly Action[];
}
