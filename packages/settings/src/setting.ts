/** What comes over the wire, made into keys and values that can be stored. What cannot be is refused with a code. */
import { isObject } from '@callboard/model';
import { settingsError } from './errors.ts';
import type { SettingKey } from './store.ts';

/** Characters of a bucket or a key; Backstage's table has room for as many. */
const MAX_NAME = 255;
/** Bytes of a value as JSON. */
const MAX_VALUE = 64 * 1024;
/** Levels of lists and objects in a value. */
const MAX_DEPTH = 100;
/** Keys in one question; a user has no more. */
const MAX_ITEMS = 1_000;

/** @throws CodedError `settings/invalid-key` */
export function parseKey(bucket: unknown, key: unknown): SettingKey {
  return { bucket: parseName('bucket', bucket), key: parseName('key', key) };
}

function parseName(what: 'bucket' | 'key', name: unknown): string {
  // A NUL is text to SQLite and an error to PostgreSQL; half a surrogate pair does not come back as it was.
  const usual = typeof name === 'string' && name !== '' && !name.includes('\0') && name.isWellFormed();
  if (usual && name.length <= MAX_NAME) return name;
  throw settingsError('settings/invalid-key', `The ${what} has to be a text of 1 to ${MAX_NAME} characters.`);
}

/**
 * The JSON text of the `value` of a body.
 * @throws CodedError `settings/invalid-value`, `settings/value-too-large`
 */
export function parseValue(body: unknown): string {
  const value = isObject(body) ? body['value'] : undefined;
  if (value === undefined) {
    throw settingsError('settings/invalid-value', 'Missing required field "value"');
  }
  if (!isAtMost(MAX_DEPTH, value)) {
    throw settingsError('settings/invalid-value', `The value has more than ${MAX_DEPTH} levels.`);
  }
  const json = JSON.stringify(value);
  const size = Buffer.byteLength(json);
  if (size <= MAX_VALUE) return json;
  throw settingsError(
    'settings/value-too-large',
    `The value has ${size} bytes as JSON; ${MAX_VALUE} is the limit. Split it, or keep it elsewhere.`,
  );
}

/** @throws CodedError `settings/invalid-list`, `settings/invalid-key` */
export function parseList(body: unknown): readonly SettingKey[] {
  const items = isObject(body) ? body['items'] : undefined;
  if (!Array.isArray(items) || !items.every(isObject)) {
    throw settingsError('settings/invalid-list', 'Send { "items": [{ "bucket": "…", "key": "…" }] }.');
  }
  if (items.length > MAX_ITEMS) {
    throw settingsError(
      'settings/invalid-list',
      `There are ${items.length} items; ${MAX_ITEMS} is the limit.`,
    );
  }
  return items.map(({ bucket, key }) => parseKey(bucket, key));
}

/** Whether a value has at most so many levels; it looks no deeper than that. */
function isAtMost(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isAtMost(levels - 1, child));
}
