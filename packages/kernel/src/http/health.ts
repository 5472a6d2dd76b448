/** Liveness, readiness and metrics: the routes that a platform asks, open to everybody. */
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../telemetry/metrics.ts';

export interface Health {
  /** True from the moment that requests can be answered until shut-down begins. */
  isReady(): boolean;
}

export function healthRoutes(
  app: FastifyInstance,
  { health, metrics }: { health: Health; metrics: Metrics },
): void {
  app.get('/.backstage/health/v1/liveness', async () => ({ status: 'ok' }));
  app.get('/.backstage/health/v1/readiness', async (_request, reply) => {
    if (health.isReady()) return { status: 'ok' };
    return reply.code(503).send({ status: 'error', message: 'The portal is starting or stopping.' });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
