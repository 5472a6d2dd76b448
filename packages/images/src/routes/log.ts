/** `GET /patches/{id}/log`: a page of lines, or all that comes as server-sent events. */
import { holdStreams } from '@callboard/kernel';
import type { FastifyInstance } from 'fastify';
import type { PatchDesk } from '../images.ts';
import { parseLogQuery, parsePatchId } from './parameters.ts';
import { patchEventStream, type PatchEventsOptions } from './patch-events.ts';

export type LogPace = Pick<PatchEventsOptions, 'heartbeat' | 'grace'>;

const EVENT_STREAM = 'text/event-stream';

export function logRoutes(
  app: FastifyInstance,
  { patches, pace }: { readonly patches: PatchDesk; readonly pace: LogPace },
): void {
  const streams = holdStreams(app);

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
      const stop = streams.open();
      return streams.send(reply, patchEventStream({ patches, id, after, ...pace }, stop));
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
