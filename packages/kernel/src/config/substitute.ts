/**
 * `${NAME}`, `${NAME:-default}` and `$${literal}` inside texts, as @backstage/config-loader 1.11 reads them:
 * braces do not nest, names and defaults are trimmed, an empty variable also takes the default.
 */

export interface Substitution {
  /** Null when a variable is not set and has no default: the whole value is gone. */
  readonly text: string | null;
  /** The names that made it null. */
  readonly unset: readonly string[];
  /** What is malformed, in words; such a part is kept as written, or is as good as not set. */
  readonly problems: readonly string[];
}

const REFERENCE = /(\$?\$\{[^{}]*\})/;
/** `${` that no brace ends. `${{` is left alone: templates use it. */
const UNFINISHED = /\$\{(?!\{)/;

export function substitute(text: string, read: (name: string) => string | undefined): Substitution {
  if (!text.includes('${')) return { text, unset: [], problems: [] };
  const unset: string[] = [];
  const problems: string[] = [];
  const parts = text.split(REFERENCE).map((part, index) => {
    if (index % 2 === 0) {
      if (UNFINISHED.test(part)) problems.push('`${` is not closed by a `}` and was kept as written');
      return part;
    }
    if (part.startsWith('$$')) return part.slice(1);
    const { name, fallback } = parseReference(part);
    if (name === '') problems.push(`\`${part}\` names no variable`);
    const value = fallback === null ? read(name) : read(name) || fallback || undefined;
    if (value === undefined && name !== '') unset.push(name);
    return value;
  });
  return { text: parts.includes(undefined) ? null : parts.join(''), unset, problems };
}

function parseReference(part: string): { readonly name: string; readonly fallback: string | null } {
  const separator = part.indexOf(':-');
  if (separator === -1) return { name: part.slice(2, -1).trim(), fallback: null };
  return { name: part.slice(2, separator).trim(), fallback: part.slice(separator + 2, -1).trim() };
}
