/** Tells values that JSON can hold, as those of forms are, from anything else. */
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';

/** Parsed JSON always is; undefined, functions and numbers without end are not. */
export function isJsonValue(value: unknown): value is JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    default:
  }
  if (value === null) return true;
  return Array.isArray(value) ? value.every(isJsonValue) : isJsonObject(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value) && Object.values(value).every(isJsonValue);
}
