/** Serves the built web page: files that never change for a year, and the page itself for every other path. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { notFound } from '@callboard/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSettings } from './web-config.ts';
import { createPage, matchesEtag, type Page } from './web-page.ts';

export interface WebOptions {
  readonly settings: WebSettings;
  /** Where the built page is. Default: `dist` of the web room. */
  readonly folder?: string;
}

/** The page as it is served. */
export interface Web {
  /** The next answer has these settings in it. */
  reconfigure(settings: WebSettings): void;
}

const YEAR = 365 * 24 * 3600 * 1_000;

const builtFolder = (): string =>
  fileURLToPath(new URL('dist', import.meta.resolve('@callboard/web/package.json')));

export async function serveWeb(
  http: FastifyInstance,
  { settings, folder = builtFolder() }: WebOptions,
): Promise<Web> {
  const file = `${folder}/index.html`;
  if (!existsSync(file)) {
    http.get('/', async (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send('The web page is not built. Stop the portal and start it with `npm start`, which builds it.\n'),
    );
    return { reconfigure: () => undefined };
  }
  const { default: files } = await import('@fastify/static');
  // One route for all of what is built, not one for each file: they are counted together.
  await http.register(files, {
    root: `${folder}/assets`,
    prefix: '/assets/',
    preCompressed: true,
    maxAge: YEAR,
    immutable: true,
  });
  await http.register(files, {
    root: folder,
    decorateReply: false,
    preCompressed: true,
    wildcard: false,
    globIgnore: ['assets/**', 'index.html', 'index.html.*'],
    setHeaders: (reply) => void reply.header('cache-control', 'no-cache'),
  });
  const page = createPage(file, settings);
  for (const path of ['/', '/index.html']) {
    http.get(path, (request, reply) => answerPage(page, { request, reply }));
  }
  // Paths of the app are made in the browser; the server knows only that they are no files and no API.
  http.get('/*', async (request, reply) => {
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    if (wantsPage && !request.url.startsWith('/api/')) return answerPage(page, { request, reply });
    throw notFound(request);
  });
  return { reconfigure: (next) => page.reconfigure(next) };
}

async function answerPage(
  page: Page,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<FastifyReply> {
  const { etag, encoding, body } = await page.variant(request.headers['accept-encoding']);
  const varied = [reply.getHeader('vary'), 'Accept-Encoding'].filter((name) => name !== undefined);
  reply.headers({ etag, 'cache-control': 'no-cache', vary: varied.join(', ') });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (encoding !== 'identity') void reply.header('content-encoding', encoding);
  return reply.type('text/html; charset=utf-8').send(body);
}
