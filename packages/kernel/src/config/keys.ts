/** Checks keys against the schemas, without a validator: unknown ones, deprecated ones, and conflicts. */
import type { Diagnostic } from '@callboard/model';
import { nearest } from './near.ts';
import {
  deprecationOf,
  describesKey,
  isConflict,
  knownKeys,
  rulesBelow,
  rulesOf,
  type ConfigSchema,
  type Rule,
} from './schema.ts';
import { diagnostic, isNull, pathText, type ConfigNode, type MapNode, type Path } from './tree.ts';

/** Only keys below a part that a schema closes can be unknown; all others pass, for plugins have many. */
export function checkKeys(root: MapNode, schemas: readonly ConfigSchema[]): readonly Diagnostic[] {
  return [...checkNode(root, [], rulesOf(schemas, root))];
}

function* checkNode(node: ConfigNode, path: Path, rules: readonly Rule[]): Generator<Diagnostic> {
  if (rules.length === 0) return;
  const deprecation = deprecationOf(rules);
  if (deprecation !== null) yield deprecated(node, path, deprecation);
  if (isConflict(rules)) yield conflict(node, path);
  if (node.kind === 'scalar') return;
  const known = node.kind === 'map' ? knownKeys(rules, path.length === 0 ? 'root' : 'below') : null;
  for (const [step, child] of node.kind === 'map' ? node.entries : node.items.entries()) {
    if (isNull(child)) continue;
    if (known !== null && !describesKey(rules, String(step))) {
      yield unknown({ node: child, path: [...path, step], key: String(step), known });
      continue;
    }
    yield* checkNode(child, [...path, step], rulesBelow(rules, step, child));
  }
}

function unknown(options: {
  readonly node: ConfigNode;
  readonly path: Path;
  readonly key: string;
  readonly known: ReadonlySet<string>;
}): Diagnostic {
  const { node, path, key, known } = options;
  const meant = nearest(key, known);
  const list = [...known].toSorted((a, b) => a.localeCompare(b)).join(', ');
  const advice = list === '' ? 'Remove it; no key means anything here.' : `Known keys: ${list}.`;
  return diagnostic('warning', 'config/unknown-key', {
    place: node.origin.place,
    path,
    summary: `'${pathText(path)}' is not a known key and does nothing`,
    detail: meant === null ? advice : `Did you mean '${meant}'? ${advice}`,
  });
}

function deprecated(node: ConfigNode, path: Path, text: string): Diagnostic {
  return diagnostic('warning', 'config/deprecated-key', {
    place: node.origin.place,
    path,
    summary: `'${pathText(path)}' is deprecated and may be removed soon`,
    detail: text === '' ? 'Remove it.' : text,
  });
}

function conflict(node: ConfigNode, path: Path): Diagnostic {
  return diagnostic('warning', 'config/visibility-conflict', {
    place: node.origin.place,
    path,
    summary: `Schemas call '${pathText(path)}' both frontend and secret; it is treated as secret`,
    detail: 'Tell the authors of the plugins that describe this key; it does not reach the browser.',
  });
}
