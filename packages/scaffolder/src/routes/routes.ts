/** The REST API of software templates, mounted at `/api/scaffolder`: Backstage's, and ours beside it. */
import type { FastifyInstance } from 'fastify';
import { approvalRoutes } from './approval-routes.ts';
import type { EventPace, ScaffolderRoutesDeps } from './deps.ts';
import { eventRoutes } from './event-routes.ts';
import { formRoutes } from './form-routes.ts';
import { scaffolderOpenApi } from './openapi.ts';
import { refuseQuery } from './query.ts';
import { taskRoutes } from './task-routes.ts';
import { createTemplateLookup, templateRoutes } from './template-routes.ts';

const PACE: EventPace = { heartbeat: 15_000, poll: 30_000 };

export function scaffolderRoutes(scope: FastifyInstance, deps: ScaffolderRoutesDeps): void {
  const { tasks, pace = PACE } = deps;
  scope.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });
  const templates = createTemplateLookup(deps);
  templateRoutes(scope, { ...deps, templates });
  formRoutes(scope, { ...deps, templates });
  taskRoutes(scope, { ...deps, templates });
  eventRoutes(scope, { tasks, pace });
  approvalRoutes(scope, deps);
  scope.get('/openapi.json', async ({ url }) => {
    refuseQuery(url);
    return scaffolderOpenApi();
  });
}
