/** A portal with nothing but the REST API of golden images: a room in memory, real HTTP on loopback. */
import { CodedError, createHttp, createLog, createMetrics } from '@callboard/kernel';
import type { FastifyInstance } from 'fastify';
import { createFakeImages, type FakeImages } from './images.fixture.ts';
import type { LogPace } from './log.ts';
import { imagesRoutes } from './routes.ts';

export interface ImagesPortal extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly images: FakeImages;
  /** The base of the API; it listens. */
  readonly url: string;
  /** Every route below the prefix as `get /patches/{id}`; those that Fastify adds for HEAD are left out. */
  readonly routes: readonly string[];
  /** What the server wrote to its log. */
  readonly logged: readonly string[];
}

export const PREFIX = '/api/images';
export const ANN = { authorization: 'Bearer user:default/ann' };

/** `pace`: long enough to never come, where the test does not say. */
export async function openPortal(pace: LogPace = { heartbeat: 3_600_000, grace: 1 }): Promise<ImagesPortal> {
  const images = createFakeImages();
  const logged: string[] = [];
  const app = createHttp({
    log: createLog({ write: (line) => logged.push(line) }),
    metrics: createMetrics(),
    health: { isReady: () => true },
  });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (!url.startsWith(PREFIX)) return;
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push(toOperation(each, url));
  });
  await app.register(async (scope) => imagesRoutes(scope, { images, whoOf, pace }), { prefix: PREFIX });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}${PREFIX}`;
  return { app, images, url, routes, logged, [Symbol.asyncDispose]: () => app.close() };
}

async function whoOf({ authorization }: { readonly authorization?: string | undefined }): Promise<string> {
  const who = authorization?.replace('Bearer ', '');
  if (who === undefined) throw new CodedError(401, 'test/nobody', 'Missing credentials');
  return who;
}

function toOperation(method: string, url: string): string {
  return `${method.toLowerCase()} ${url.slice(PREFIX.length).replace(/:(\w+)/g, '{$1}')}`;
}
