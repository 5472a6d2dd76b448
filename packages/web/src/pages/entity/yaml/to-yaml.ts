/** Entities as YAML. The library is loaded when it is needed, and works beside the page when there is much to do. */
import type { Entity } from '@callboard/model';
import { cutValue } from './cut.ts';

/** For entities of a usual size; see `wholeYaml` for any other. */
export async function toYaml(entity: object): Promise<string> {
  const { yamlText } = await import('./yaml-text.ts');
  return yamlText(entity);
}

/** The whole entity, however large: written in a worker when it would keep the page from answering. */
export async function wholeYaml(entity: Entity): Promise<string> {
  return cutValue(entity).cuts.length === 0 ? toYaml(entity) : inWorker(entity);
}

function inWorker(entity: Entity): Promise<string> {
  const worker = new Worker(new URL('yaml-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<string>((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<unknown>) => resolve(String(event.data)));
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.postMessage(entity, {});
  }).finally(() => worker.terminate());
}
