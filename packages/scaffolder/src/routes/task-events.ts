/**
 * Events of a task for who follows it: as server-sent events (WHATWG HTML §9.2), or one answer at a time. Nothing is
 * polled: a reader waits until the task has something new. As in Backstage, the end of a task is told to everybody who
 * asks, also when they say that they have it, so that no client waits for it in vain.
 */
import type { Readable } from 'node:stream';
import { createBell, toEventStream } from '@callboard/kernel';
import type { Task, TaskEvent, Tasks } from '../tasks/task.ts';
import { hasEnded, startsOver, toWireEvent, type WireEvent } from './wire.ts';

export interface TaskEventsOptions {
  readonly tasks: Pick<Tasks, 'get' | 'events' | 'watch'>;
  readonly id: string;
  /** Number of the last event that the reader has; 0 for none. */
  readonly after: number;
  /** Ends the events; is aborted when they have ended. */
  readonly stop: AbortController;
  /** Milliseconds of silence: before a comment of a stream, or before a long poll gives up. */
  readonly silence: number;
}

/** Events that are written at a time. */
const CHUNK = 200;

/**
 * Ends when the task has ended and all was told. The events of a task whose template asks to be started over go on, as
 * Backstage's clients take the end of those for an accident.
 */
async function* taskEvents(options: TaskEventsOptions): AsyncGenerator<string, void> {
  const { tasks, id, stop, silence } = options;
  const { signal } = stop;
  const bell = createBell(signal);
  let { after } = options;
  let toldEnd = false;
  try {
    // Before anything is read, so that nothing falls in between.
    tasks.watch(id, { signal, onEvents: () => bell.ring() });
    while (!signal.aborted) {
      bell.reset();
      // Before its events: those of a task that is seen ended are all there.
      const task = await tasks.get(id);
      const events = await tasks.events(id, { after });
      for (let at = 0; at < events.length && !signal.aborted; at += CHUNK) {
        yield toText(events.slice(at, at + CHUNK), task);
      }
      after = events.at(-1)?.id ?? after;
      toldEnd = events.length === 0 ? toldEnd : events.at(-1)?.type === 'completion';
      if (hasEnded(task)) {
        const end = toldEnd ? [] : await completionOf(tasks, id);
        if (end.length > 0) yield toText(end, task);
        toldEnd = true;
        if (!startsOver(task)) return;
      }
      const rang = await bell.wait(silence);
      if (!rang) yield ': still here\n\n';
    }
  } finally {
    stop.abort();
  }
}

/** The events as a stream of bytes, which stops them when it is destroyed. */
export function taskEventStream(options: TaskEventsOptions): Readable {
  return toEventStream(taskEvents(options), options.stop);
}

/** What is new, at once when there is something; else as soon as there is, or nothing when the silence was too long. */
export async function nextTaskEvents(options: TaskEventsOptions): Promise<readonly WireEvent[]> {
  const { tasks, id, after, stop, silence } = options;
  const { signal } = stop;
  const bell = createBell(signal);
  try {
    tasks.watch(id, { signal, onEvents: () => bell.ring() });
    const task = await tasks.get(id);
    const toWire = (events: readonly TaskEvent[]): readonly WireEvent[] =>
      events.map((event) => toWireEvent(event, task));
    const now = await tasks.events(id, { after });
    if (now.length > 0) return toWire(now);
    const end = hasEnded(task) ? await completionOf(tasks, id) : [];
    if (end.length > 0) return toWire(end);
    await bell.wait(silence);
    return signal.aborted ? [] : toWire(await tasks.events(id, { after }));
  } finally {
    stop.abort();
  }
}

/** The last event that says that the task ended; empty when there is none. */
async function completionOf(tasks: Pick<Tasks, 'events'>, id: string): Promise<readonly TaskEvent[]> {
  const last = (await tasks.events(id)).findLast(({ type }) => type === 'completion');
  return last === undefined ? [] : [last];
}

function toText(events: readonly TaskEvent[], task: Task): string {
  const wire = events.map((event) => toWireEvent(event, task));
  return wire
    .map((event) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}
