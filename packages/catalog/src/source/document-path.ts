/**
 * Paths as diagnostics write them, `spec.steps[2].id`, resolved in a parsed YAML document to the offset
 * where a reader should look.
 */
import type * as YamlModule from 'yaml';
import type { Pair } from 'yaml';

type Yaml = typeof YamlModule;

/**
 * The offset of the scalar at a path, of the key of a collection there, or of the nearest ancestor that
 * exists. Null for a document without content. `yaml` is the module itself, which is loaded late.
 */
export function offsetOf(yaml: Yaml, root: unknown, path: string): number | null {
  let node = root;
  let offset = startOf(yaml, node);
  let rest = path;
  while (rest !== '') {
    const step = stepInto(yaml, node, rest);
    if (step === null) return offset;
    offset = startOf(yaml, step.label) ?? offset;
    node = step.node;
    rest = step.rest;
  }
  const isValue = yaml.isScalar(node) && node.value !== null;
  return isValue ? startOf(yaml, node) : offset;
}

/** The offset where a node begins. */
export function startOf(yaml: Yaml, node: unknown): number | null {
  return (yaml.isNode(node) ? node.range?.[0] : undefined) ?? null;
}

interface Step {
  /** What names the child: its key, or the item itself. */
  readonly label: unknown;
  readonly node: unknown;
  readonly rest: string;
}

function stepInto(yaml: Yaml, node: unknown, path: string): Step | null {
  if (yaml.isMap(node)) return stepIntoMap(yaml, node.items, path);
  if (!yaml.isSeq(node)) return null;
  const index = /^\[(\d+)\]/.exec(path);
  const item = index === null ? undefined : node.items[Number(index[1])];
  if (index === null || item === undefined) return null;
  return { label: item, node: item, rest: path.slice(index[0].length).replace(/^\./, '') };
}

/** Takes the longest key that the path begins with: keys such as `backstage.io/source-location` hold dots. */
function stepIntoMap(yaml: Yaml, items: readonly Pair[], path: string): Step | null {
  let best: Step | null = null;
  for (const { key, value } of items) {
    const name = yaml.isScalar(key) ? String(key.value) : '';
    for (const head of [name, `["${name}"]`, `['${name}']`]) {
      const tail = path.slice(head.length);
      if (head === '' || !path.startsWith(head) || !/^(?:$|[.[])/.test(tail)) continue;
      const rest = tail.replace(/^\./, '');
      if (best === null || rest.length < best.rest.length) best = { label: key, node: value, rest };
    }
  }
  return best;
}
