/** `GET /patches/{id}/log`: a page of lines, or all that comes as server-sent events. */
import type { FastifyInstance } from 'fastify';
import type { PatchDesk } from '../images.ts';
import { parseLogQuery, parsePatchId } from './parameters.ts';
import { patchEventStream, type PatchEventsOptions } from './patch-events.ts';

export type LogPace = Pick<PatchEventsOptions, 'heartbeat' | 'grace'>;

const EVENT_STREAM = 'text/event-stream';

const STREAM_HEADERS = {
  'content-type': EVENT_STREAM,
  // nginx holds answers back until its buffers are full, unless it is told not to.
  'x-accel-buffering': 'no',
  // A server that closes would wait for a connection that is idle afterwards until that times out.
  connection: 'close',
};

export function logRoutes(
  app: FastifyInstance,
  { patches, pace }: { readonly patches: PatchDesk; readonly pace: LogPace },
): void {
  const open = new Set<AbortController>();
  let isClosing = false;
  // The server waits for answers to end, and these would not.
  app.addHook('preClose', (done) => {
    isClosing = true;
    for (const stop of open) stop.abort();
    done();
  });

  // HEAD would read the events to no one, for as long as there are any.
  app.get<{ Params: { readonly id: string } }>(
    '/patches/:id/log',
    { exposeHeadRoute: false },
    async ({ params, url, headers }, reply) => {
      const id = parsePatchId(params.id);
      const { after, limit } = parseLogQuery(url, headers['last-event-id']);
      // Also while nothing was sent, so that a patch that is not there is an error and no stream.
      await patches.get(id);
      if (!wantsEvents(headers.accept)) return { items: await patches.lines(id, { after, limit }) };
      const stop = new AbortController();
      const stream = patchEventStream({ patches, id, after, ...pace }, stop);
      open.add(stop);
      stream.once('close', () => open.delete(stop));
      if (isClosing) stop.abort();
      return reply.headers(STREAM_HEADERS).send(stream);
    },
  );
}

/** Whether the header names event streams, and does not refuse them by a weight of 0. */
function wantsEvents(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === EVENT_STREAM && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}
