/**
 * Replaces what stands for something else, all through one file: `${NAME}` in texts, and includes.
 * A value that cannot be had is left out with a diagnostic, and the rest goes on.
 */
import { dirname } from 'node:path';
import type { Diagnostic } from '@callboard/model';
import type { FileReader } from './files.ts';
import { includeKeyOf, resolveInclude } from './include.ts';
import type { Parsed } from './parse.ts';
import { substitute } from './substitute.ts';
import {
  diagnostic,
  pathText,
  type ConfigNode,
  type ListNode,
  type MapNode,
  type Origin,
  type Path,
  type ScalarNode,
} from './tree.ts';

/** A value that is gone because environment variables are not set. */
export interface Vanished {
  readonly path: Path;
  readonly origin: Origin;
  readonly variables: readonly string[];
}

/** What all files of one load share. */
export interface TransformContext {
  readonly readVariable: (name: string) => string | undefined;
  readonly reader: FileReader;
  readonly diagnostics: Diagnostic[];
  readonly vanished: Vanished[];
  /** Included files, by layer and path. */
  readonly parsed: Map<string, Parsed>;
  /** How many values may still be visited; aliases and includes could multiply without end. */
  budget: number;
}

/** Where the walk is. */
export interface Spot {
  /** In the result. */
  readonly path: Path;
  /** Of the file that holds the value; relative paths start here. */
  readonly dir: string;
  /** `file#path` of every include on the way, outermost first. */
  readonly chain: readonly string[];
}

/** The most values of one configuration, counted with every use of an alias or include. */
export const MAX_VALUES = 200_000;

/** The transformed content of one file; null when nothing is left of it. */
export function transform(
  root: ConfigNode,
  options: { readonly file: string; readonly context: TransformContext },
): Promise<ConfigNode | null> {
  const { file, context } = options;
  return visit(root, { path: [], dir: dirname(file), chain: [`${file}#`] }, context);
}

async function visit(node: ConfigNode, spot: Spot, context: TransformContext): Promise<ConfigNode | null> {
  context.budget -= 1;
  if (context.budget < 0) {
    if (context.budget === -1) context.diagnostics.push(tooManyValues(node.origin, spot.path));
    return null;
  }
  if (node.kind === 'scalar') return visitScalar(node, spot, context);
  if (node.kind === 'list') return visitList(node, spot, context);
  const key = includeKeyOf(node);
  if (key === null) return visitMap(node, spot, context);
  const included = await resolveInclude(node, { key, origin: node.origin, spot, context });
  if (included === null) return null;
  return included.spot === null ? included.node : visit(included.node, included.spot, context);
}

function visitScalar(node: ScalarNode, spot: Spot, context: TransformContext): ScalarNode | null {
  if (typeof node.value !== 'string') return node;
  const { path } = spot;
  const { origin } = node;
  const { text, unset, problems } = substitute(node.value, context.readVariable);
  for (const problem of problems) {
    context.diagnostics.push(
      diagnostic('warning', 'config/substitution-malformed', {
        place: origin.place,
        path,
        summary: `In '${pathText(path)}', ${problem}`,
        detail: 'Write ${NAME} or ${NAME:-default}, and $${NAME} for the text ${NAME} itself.',
      }),
    );
  }
  if (unset.length > 0) context.vanished.push({ path, origin, variables: unset });
  return text === null ? null : { ...node, value: text };
}

async function visitList(node: ListNode, spot: Spot, context: TransformContext): Promise<ListNode> {
  const items: ConfigNode[] = [];
  for (const [index, item] of node.items.entries()) {
    const result = await visit(item, { ...spot, path: [...spot.path, index] }, context);
    if (result !== null) items.push(result);
  }
  return { ...node, items };
}

async function visitMap(node: MapNode, spot: Spot, context: TransformContext): Promise<MapNode> {
  const entries = new Map<string, ConfigNode>();
  for (const [key, value] of node.entries) {
    const result = await visit(value, { ...spot, path: [...spot.path, key] }, context);
    if (result !== null) entries.set(key, result);
  }
  return { ...node, entries };
}

function tooManyValues(origin: Origin, path: Path): Diagnostic {
  return diagnostic('error', 'config/too-many-values', {
    place: origin.place,
    path,
    summary: `The configuration has more than ${MAX_VALUES} values; the rest was left out`,
    detail: 'Look for aliases or includes that multiply each other.',
  });
}
