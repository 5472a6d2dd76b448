/** `GET /v2/tasks/{taskId}/eventstream` and `…/events`: what happens to a task, while it happens. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { EventPace, ScaffolderRoutesDeps } from './deps.ts';
import { parseAfter, parseTaskId } from './parameters.ts';
import { nextTaskEvents, taskEventStream } from './task-events.ts';

type OfTask = { Params: { readonly taskId: string } };

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  // nginx holds answers back until its buffers are full, unless it is told not to.
  'x-accel-buffering': 'no',
  // A server that closes would wait for a connection that is idle afterwards until that times out.
  connection: 'close',
};

export function eventRoutes(
  app: FastifyInstance,
  { tasks, pace }: Pick<ScaffolderRoutesDeps, 'tasks'> & { readonly pace: EventPace },
): void {
  const open = new Set<AbortController>();
  let isClosing = false;
  // The server waits for answers to end, and these would not.
  app.addHook('preClose', (done) => {
    isClosing = true;
    for (const stop of open) stop.abort();
    done();
  });

  const openStop = (): AbortController => {
    const stop = new AbortController();
    open.add(stop);
    stop.signal.addEventListener('abort', () => open.delete(stop));
    if (isClosing) stop.abort();
    return stop;
  };

  // HEAD would read the events to no one, for as long as there are any.
  const route = { exposeHeadRoute: false };

  app.get<OfTask>('/v2/tasks/:taskId/eventstream', route, async ({ params, url, headers }, reply) => {
    const id = parseTaskId(params.taskId);
    const after = parseAfter(url, headers['last-event-id']);
    // While nothing was sent, so that a task that is not there is an error and no stream.
    await tasks.get(id);
    const stop = openStop();
    const stream = taskEventStream({ tasks, id, after, stop, silence: pace.heartbeat });
    return reply.headers(STREAM_HEADERS).send(stream);
  });

  app.get<OfTask>('/v2/tasks/:taskId/events', route, async ({ params, url }, reply) => {
    const id = parseTaskId(params.taskId);
    const after = parseAfter(url);
    const stop = openStop();
    stopWhenGone(reply, stop);
    const events = await nextTaskEvents({ tasks, id, after, stop, silence: pace.poll });
    if (isClosing) void reply.header('connection', 'close');
    return events;
  });
}

/** When the answer was sent, or when nobody waits for it any more. */
export function stopWhenGone(reply: FastifyReply, stop: AbortController): void {
  reply.raw.once('close', () => stop.abort());
}
