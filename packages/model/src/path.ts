/**
 * Paths inside a document: `metadata.name`, `spec.dependsOn[1]`, `metadata.annotations["backstage.io/x"]`.
 * Keys that are not plain words are written in brackets as JSON text, so a path names exactly one place.
 */

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;
const STEP = /(?:^|(?<!^)\.)([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The path of a member of a mapping. The root of the document is the empty path. */
export function childPath(parent: string, key: string): string {
  if (!PLAIN_KEY.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** The path of an item of a list; the first item is 0. */
export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}

/** The keys and indexes that lead from the root to the place, outermost first; null when it is not a path. */
export function pathSegments(path: string): (string | number)[] | null {
  const segments: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const step = STEP.exec(path);
    if (step === null) return null;
    const [, word, index, quoted] = step;
    if (word !== undefined) segments.push(word);
    else if (index !== undefined) segments.push(Number(index));
    else segments.push(String(JSON.parse(quoted ?? '""')));
  }
  return segments;
}
