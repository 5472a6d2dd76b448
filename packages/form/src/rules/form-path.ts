/** Names of fields as JSONata paths. */

/** `form.a.b`, with backticks around names that are no plain words. Null for a name that no path can have. */
export function formPath(names: readonly string[]): string | null {
  if (names.length === 0 || names.some((name) => name === '' || name.includes('`'))) return null;
  return ['$$.form', ...names.map(quoted)].join('.');
}

/** Reserved as operators where a name may stand; `null`, `true` and `false` would be values. */
const WORDS = new Set(['and', 'or', 'in', 'null', 'true', 'false', 'function']);

/** A name as a step of a path; the name must be free of backticks. */
export function quoted(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !WORDS.has(name) ? name : `\`${name}\``;
}

/** A field as templates name it: `service`, `aws.region` or `/aws/region`. */
export function namesOf(path: string): readonly string[] {
  if (!path.startsWith('/')) return path.split('.');
  return path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}
