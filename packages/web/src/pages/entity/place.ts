/** Where a problem is, as editors write it. */
import type { Diagnostic } from '@callboard/model';

/** `file:line:column`, as far as it is known; null without a file. */
export function placeOf({ file, line, column }: Diagnostic): string | null {
  return file === undefined ? null : [file, line, column].filter((part) => part !== undefined).join(':');
}
