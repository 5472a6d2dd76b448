/** `GET /v2/tasks/{taskId}/eventstream` and `…/events`: what happens to a task, while it happens. */
import { holdStreams } from '@callboard/kernel';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EventPace, ScaffolderRoutesDeps } from './deps.ts';
import { parseAfter, parseTaskId } from './parameters.ts';
import { nextTaskEvents, taskEventStream } from './task-events.ts';

type OfTask = { Params: { readonly taskId: string } };

export function eventRoutes(
  app: FastifyInstance,
  { tasks, pace }: Pick<ScaffolderRoutesDeps, 'tasks'> & { readonly pace: EventPace },
): void {
  const streams = holdStreams(app);

  // HEAD would read the events to no one, for as long as there are any.
  const route = { exposeHeadRoute: false };

  app.get<OfTask>('/v2/tasks/:taskId/eventstream', route, async ({ params, url, headers }, reply) => {
    const id = parseTaskId(params.taskId);
    const after = parseAfter(url, headers['last-event-id']);
    // While nothing was sent, so that a task that is not there is an error and no stream.
    await tasks.get(id);
    const stop = streams.open();
    const stream = taskEventStream({ tasks, id, after, stop, silence: pace.heartbeat });
    return streams.send(reply, stream);
  });

  app.get<OfTask>('/v2/tasks/:taskId/events', route, async ({ params, url }, reply) => {
    const id = parseTaskId(params.taskId);
    const after = parseAfter(url);
    const stop = streams.open();
    stopWhenGone(reply, stop);
    const events = await nextTaskEvents({ tasks, id, after, stop, silence: pace.poll });
    if (streams.isClosing()) void reply.header('connection', 'close');
    return events;
  });
}

/** When the answer was sent, or when nobody waits for it any more. */
export function stopWhenGone(reply: FastifyReply, stop: AbortController): void {
  reply.raw.once('close', () => stop.abort());
}
