/** The thread of `bounded.ts`: does one task, posts what came of it as JSON text, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import jsonata from 'jsonata';
import type { BoundedTask } from './bounded.ts';

async function run(task: BoundedTask): Promise<unknown> {
  switch (task.kind) {
    case 'jsonata':
      return jsonata(task.expression).evaluate(task.data);
    case 'replace': {
      const find = new RegExp(task.find, 'g');
      return task.texts.map((text) => text.replaceAll(find, task.by));
    }
    default:
      return task satisfies never;
  }
}

function messageOf(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'message' in error ? String(error.message) : String(error);
}

const task: BoundedTask = workerData;
try {
  // Functions and what is undefined are no JSON: such a result is none.
  parentPort?.postMessage({ json: JSON.stringify(await run(task)) }, []);
} catch (error) {
  parentPort?.postMessage({ error: messageOf(error) }, []);
}
