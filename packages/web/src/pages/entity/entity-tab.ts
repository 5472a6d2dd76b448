/** What a tab of the entity page is, which tabs an entity has, and what an address below it leads to. Plain data. */
import type { ComponentType } from 'react';
import type { Entity, EntityRef } from '@callboard/model';

export interface EntityTabProps {
  readonly entity: Entity;
  readonly entityRef: EntityRef;
}

/** What a tab shows, below the header of the page. */
export interface EntityTabCode {
  readonly Content: ComponentType<EntityTabProps>;
}

export interface EntityTab {
  /** Unique among all tabs. */
  readonly id: string;
  /** Below the address of the entity, as `yaml`; empty for the first view of the entity. */
  readonly path: string;
  readonly title: string;
  /** Tabs stand in ascending order; the built-in ones are at whole tens. */
  readonly order: number;
  /** Other paths that lead here, such as those that Backstage has for it. A tab with the path itself goes first. */
  readonly aliases?: readonly string[];
  /** True when the tab has addresses of its own below `path`. Default: false, and they lead to nothing. */
  readonly hasSubpaths?: boolean;
  /** Gets entities as they are served, which may lack anything but a kind and a name. */
  readonly appliesTo: (entity: Entity) => boolean;
  /** Called when the tab is pointed at or opened; the answer is kept, a failure is not. */
  readonly load: () => EntityTabCode | Promise<EntityTabCode>;
}

/** The tabs that an entity has, in order. */
export function tabsOf(entity: Entity, tabs: readonly EntityTab[]): readonly EntityTab[] {
  return tabs.filter((tab) => tab.appliesTo(entity)).toSorted((a, b) => a.order - b.order);
}

/** What a path below the entity leads to: a tab, another path to go on to, or nothing. */
export type TabRoute =
  | { readonly kind: 'tab'; readonly tab: EntityTab }
  | { readonly kind: 'redirect'; readonly path: string }
  | { readonly kind: 'nothing' };

/** `inspect`: the view of Backstage's dialog of that name, which its addresses carry as a parameter. */
export function routeOf(
  tabs: readonly EntityTab[],
  { path, inspect }: { readonly path: string; readonly inspect?: string | null },
): TabRoute {
  const [asked = '', ...below] = path.split('/').filter((part) => part !== '');
  const inspected = asked === '' ? inspectedPath(tabs, inspect ?? '') : '';
  if (inspected !== '') return { kind: 'redirect', path: inspected };
  const tab = tabs.find((one) => one.path === asked);
  if (tab !== undefined) {
    return below.length === 0 || tab.hasSubpaths === true ? { kind: 'tab', tab } : { kind: 'nothing' };
  }
  const other = tabs.find((one) => one.aliases?.includes(asked) === true);
  return other === undefined || below.length > 0
    ? { kind: 'nothing' }
    : { kind: 'redirect', path: other.path };
}

/** Empty when it is the first view, or none that is known. */
function inspectedPath(tabs: readonly EntityTab[], inspect: string): string {
  const view = inspect.toLowerCase();
  const tab =
    tabs.find((one) => one.path === view) ?? tabs.find((one) => one.aliases?.includes(view) === true);
  return tab?.path ?? '';
}
