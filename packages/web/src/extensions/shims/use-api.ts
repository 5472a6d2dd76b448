/** The hooks by which components find services. They need no provider: the services are those of the page. */
import { createElement, type ComponentType, type ReactElement } from 'react';
import { apiHolder, requireApi, type ApiHolder } from '../apis/api-ref.ts';

export function useApi(ref: unknown): unknown {
  return requireApi(ref);
}

export function useApiHolder(): ApiHolder {
  return apiHolder;
}

/** `withApis({catalog: catalogApiRef})(Component)` */
export function withApis(refs: Readonly<Record<string, unknown>>) {
  return (component: ComponentType<Readonly<Record<string, unknown>>>) =>
    function WithApis(props: Readonly<Record<string, unknown>>): ReactElement {
      const found = Object.entries(refs).map(([name, ref]) => [name, requireApi(ref)]);
      return createElement(component, { ...props, ...Object.fromEntries(found) });
    };
}
