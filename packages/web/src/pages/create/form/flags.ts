/** Feature flags of this browser, where Backstage keeps them: `{"name": 1}` under `featureFlags`. */
import { isObject, parseJson } from '@callboard/model';

const KEY = 'featureFlags';

/** Answers whether a flag is on; none is when the browser blocks storage. */
export function readFlags(storage: Pick<Storage, 'getItem'>): (flag: string) => boolean {
  const flags = parseJson(textIn(storage));
  return (flag) => isObject(flags) && Object.hasOwn(flags, flag) && flags[flag] === 1;
}

function textIn(storage: Pick<Storage, 'getItem'>): string {
  try {
    return storage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
