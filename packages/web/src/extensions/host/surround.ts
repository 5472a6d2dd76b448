/** What every custom field is drawn within, once a library that wants it is loaded: the theme of @material-ui/core. */
import type { ComponentType, ReactNode } from 'react';

export type Surround = ComponentType<{ readonly children: ReactNode }>;

let surround: Surround | null = null;

export function currentSurround(): Surround | null {
  return surround;
}

export function setSurround(next: Surround): void {
  surround = next;
}
