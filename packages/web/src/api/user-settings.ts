/**
 * What a person set, kept by the server under Backstage's contract for user settings: JSON values, by bucket and
 * key. Readings that are asked for at the same time are one request.
 */
import { isObject } from '@callboard/model';
import type { Client } from './client.ts';
import { listIn, textIn } from './entity.ts';

export interface SettingKey {
  readonly bucket: string;
  readonly key: string;
}

export interface UserSettings {
  /** Undefined when it was never set. */
  readonly read: (at: SettingKey) => Promise<unknown>;
  readonly write: (at: SettingKey, value: unknown) => Promise<void>;
}

const ROOT = '/api/user-settings';

export function createUserSettings(client: Client): UserSettings {
  let batch: { readonly items: SettingKey[]; readonly answer: Promise<unknown> } | null = null;

  /** Everything that is asked for before the next turn of the event loop. */
  function together(at: SettingKey): Promise<unknown> {
    if (batch !== null) {
      batch.items.push(at);
      return batch.answer;
    }
    const items = [at];
    const answer = Promise.resolve().then(() => {
      batch = null;
      return client({ path: `${ROOT}/multiget`, body: { items } });
    });
    batch = { items, answer };
    return answer;
  }

  return {
    async read(at) {
      const answer = await together(at);
      const found = listIn(answer, 'items').find(
        (item) => textIn(item, 'bucket') === at.bucket && textIn(item, 'key') === at.key,
      );
      return isObject(found) ? found['value'] : undefined;
    },

    async write({ bucket, key }, value) {
      const path = `${ROOT}/buckets/${encodeURIComponent(bucket)}/keys/${encodeURIComponent(key)}`;
      await client({ path, method: 'PUT', body: { value } });
    },
  };
}
