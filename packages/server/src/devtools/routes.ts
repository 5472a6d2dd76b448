/** Backstage's devtools API, mounted at `/api/devtools`: the portal itself, for whoever runs it. */
import type { LoadedConfig } from '@callboard/kernel';
import type { FastifyInstance } from 'fastify';
import { readConfigInfo } from './config-info.ts';
import { createEndpointChecks, type EndpointDeps } from './endpoints.ts';
import { readInfo, type InfoDeps } from './info.ts';

export interface DevtoolsDeps extends InfoDeps, EndpointDeps {
  readonly loaded: LoadedConfig;
  /** What files are shown relative to. */
  readonly cwd: string;
}

export function devtoolsRoutes(app: FastifyInstance, deps: DevtoolsDeps): void {
  const { loaded, cwd } = deps;
  const checkEndpoints = createEndpointChecks(loaded.config, deps);
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/info', () => readInfo(deps));
  app.get('/config', () => readConfigInfo(loaded, cwd));
  app.get('/external-dependencies', () => checkEndpoints());
}
