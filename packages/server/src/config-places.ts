/** Says of what a room found wrong with the configuration in which file and line it is written. */
import type { Config } from '@callboard/kernel';
import type { Diagnostic } from '@callboard/model';

/** Diagnostics that name a key but no file get the place of that key, or of the nearest one above it. */
export function withPlaces(config: Config, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { file, path } = diagnostic;
    if (file !== undefined || path === undefined) return diagnostic;
    for (let key = path; key !== ''; key = above(key)) {
      const position = config.positionOf(key);
      if (position !== null) return { ...diagnostic, ...position };
    }
    return diagnostic;
  });
}

/** `a.b[1].c` → `a.b[1]` → `a.b` → `a` → nothing. */
function above(key: string): string {
  return key.slice(0, Math.max(key.lastIndexOf('.'), key.lastIndexOf('['), 0));
}
