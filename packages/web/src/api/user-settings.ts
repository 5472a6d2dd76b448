/**
 * What a person set, kept by the server under Backstage's contract for user settings: JSON values, by bucket and
 * key. Readings that are asked for at the same time are one request.
 */
import { isObject } from '@callboard/model';
import { listFrom } from './answer.ts';
import type { Client } from './client.ts';

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

  /** The place in the list of everything that is asked for before the next turn of the event loop. */
  function together(at: SettingKey): { readonly index: number; readonly answer: Promise<unknown> } {
    if (batch === null) {
      const items: SettingKey[] = [];
      const answer = Promise.resolve().then(() => {
        batch = null;
        return client({ path: `${ROOT}/multiget`, body: { items } });
      });
      batch = { items, answer };
    }
    const { items, answer } = batch;
    return { index: items.push(at) - 1, answer };
  }

  return {
    async read(at) {
      const { index, answer } = together(at);
      // In the order that was asked; null for what was never set.
      const found = listFrom(await answer, 'items')[index];
      return isObject(found) ? found['value'] : undefined;
    },

    async write({ bucket, key }, value) {
      const path = `${ROOT}/buckets/${encodeURIComponent(bucket)}/keys/${encodeURIComponent(key)}`;
      await client({ path, method: 'PUT', body: { value } });
    },
  };
}
