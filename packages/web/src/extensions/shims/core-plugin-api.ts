/** `@backstage/core-plugin-api`, as far as fields of forms use it. */
import { Children, isValidElement, useMemo, type ReactNode } from 'react';
import { createApiRef } from '../apis/api-ref.ts';
import { analytics } from './analytics.ts';
import { apiRefs, createApiFactory } from './api-refs.ts';
import { attachComponentData, getComponentData } from './component-data.ts';
import { createPlugin } from './plugin.ts';
import { routes } from './routes.ts';
import { useApi, useApiHolder, withApis } from './use-api.ts';

interface Query {
  readonly key: string;
}

/** The elements of a tree that carry data; those below one that does are not looked at. */
interface Elements {
  readonly selectByComponentData: (query: Query) => Elements;
  readonly findComponentData: (query: Query) => readonly unknown[];
  readonly getElements: () => readonly ReactNode[];
}

function useElementFilter<T>(node: ReactNode, filter: (elements: Elements) => T): T {
  return useMemo(() => filter(elementsOf([node])), [node, filter]);
}

function elementsOf(nodes: readonly ReactNode[]): Elements {
  const select = (key: string): readonly ReactNode[] => nodes.flatMap((node) => carriersIn(node, key));
  return {
    selectByComponentData: ({ key }) => elementsOf(select(key)),
    findComponentData: ({ key }) => select(key).map((node) => getComponentData(node, key)),
    getElements: () => nodes.flatMap((node) => Children.toArray(node)),
  };
}

function carriersIn(node: ReactNode, key: string): readonly ReactNode[] {
  return Children.toArray(node).flatMap((child) => {
    if (!isValidElement<{ readonly children?: ReactNode }>(child)) return [];
    return getComponentData(child, key) === undefined ? carriersIn(child.props.children, key) : [child];
  });
}

interface ComponentOptions {
  readonly name?: string;
  readonly component: { readonly sync?: unknown; readonly lazy?: unknown };
}

/** An extension that is a component. Fields are not made with it; it is handed through. */
function createComponentExtension({ component }: ComponentOptions): { readonly expose: () => unknown } {
  return { expose: () => component.sync ?? component.lazy };
}

export const corePluginApi = {
  ...apiRefs,
  ...analytics,
  ...routes,
  attachComponentData,
  createApiFactory,
  createApiRef,
  createComponentExtension,
  createPlugin,
  createReactExtension: createComponentExtension,
  createRoutableExtension: createComponentExtension,
  getComponentData,
  useApi,
  useApiHolder,
  useElementFilter,
  withApis,
};
