/** Which values let a step run. */
import type { JsonValue } from '@callboard/model';

/** JavaScript's truth, but an empty list is false. So the text `"false"` is true, and so is an expression left as text. */
export function isTruthy(value: JsonValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
