/** Routes of Backstage's plugins. The portal has none of them: a reference resolves to nothing. */
import { useParams } from 'react-router-dom';

interface RouteOptions {
  readonly id?: string;
}

function createRef({ id = 'extension' }: RouteOptions = {}): Readonly<Record<string, unknown>> {
  return { $$type: '@backstage/RouteRef', id, toString: () => `routeRef{${id}}` };
}

export const routes = {
  createRouteRef: createRef,
  createSubRouteRef: createRef,
  createExternalRouteRef: createRef,
  useRouteRef: () => undefined,
  useRouteRefParams: () => useParams(),
};
