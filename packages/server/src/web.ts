/** Serves the built web page: files that never change for a year, and the page itself for every other path. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { notFound } from '@callboard/kernel';
import type { FastifyInstance } from 'fastify';

const BUILT = fileURLToPath(new URL('dist', import.meta.resolve('@callboard/web/package.json')));
const YEAR = 365 * 24 * 3600 * 1_000;

export async function serveWeb(http: FastifyInstance): Promise<void> {
  if (!existsSync(`${BUILT}/index.html`)) {
    http.get('/', async (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send('The web page is not built. Stop the portal and start it with `npm start`, which builds it.\n'),
    );
    return;
  }
  const { default: files } = await import('@fastify/static');
  await http.register(files, {
    root: BUILT,
    preCompressed: true,
    wildcard: false,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/');
      void reply.header('cache-control', hashed ? `public, max-age=${YEAR / 1_000}, immutable` : 'no-cache');
    },
  });
  // Paths of the app are made in the browser; the server knows only that they are no files and no API.
  http.get('/*', async (request, reply) => {
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    if (wantsPage && !request.url.startsWith('/api/')) return reply.sendFile('index.html');
    throw notFound(request);
  });
}
