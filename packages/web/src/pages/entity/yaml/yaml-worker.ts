/** Writes one entity as YAML beside the page: gets the entity, answers with the text. */
import { isObject } from '@callboard/model';
import { yamlText } from './yaml-text.ts';

self.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (isObject(event.data)) self.postMessage(yamlText(event.data), {});
});
