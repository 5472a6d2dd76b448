/**
 * `APP_CONFIG_a_b=value` sets `a.b` above every file. A value is JSON; what is not JSON is taken as text.
 * Nothing is substituted inside. Source of the rules: EnvConfigSource of @backstage/config-loader 1.11.
 */
import type { Diagnostic, JsonValue } from '@callboard/model';
import { diagnostic, fromJson, type ConfigNode, type MapNode, type Origin, type Path } from './tree.ts';

/** The variables of the process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a part of a key looks like, in variables and in the reader. */
export const KEY_PART = /^[a-z][a-z0-9]*(?:[-_:][a-z0-9]+)*$/i;

const PREFIX = 'APP_CONFIG_';

/** The values given by variables, or null when there are none. Empty variables count as not set. */
export function readEnvironment(
  env: Environment,
  options: { readonly layer: number; readonly diagnostics: Diagnostic[] },
): MapNode | null {
  const root = new Map<string, Branch>();
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || text === undefined || text === '') continue;
    const place = { file: `$${name}` };
    const problem = addVariable(root, { name, text, ...options });
    if (problem === null) continue;
    const { summary, detail } = problem;
    options.diagnostics.push(diagnostic('error', 'config/variable-invalid', { place, summary, detail }));
  }
  const origin = { layer: options.layer, source: 'env', place: { file: 'env' } };
  return root.size === 0 ? null : toNode(root, origin);
}

/** A node under construction: either finished by a variable, or open for more variables. */
type Branch = ConfigNode | Map<string, Branch>;

interface Variable {
  readonly name: string;
  readonly text: string;
  readonly layer: number;
  readonly diagnostics: Diagnostic[];
}

interface Problem {
  readonly summary: string;
  readonly detail: string;
}

function addVariable(root: Map<string, Branch>, variable: Variable): Problem | null {
  const { name, text, layer, diagnostics } = variable;
  const key = name.slice(PREFIX.length);
  const parts = key.split('_');
  const last = parts.at(-1) ?? '';
  if (parts.some((part) => !KEY_PART.test(part) || part === 'constructor')) {
    return {
      summary: `${name} does not name a key`,
      detail: `Write ${PREFIX} and the parts of the key joined by _, each starting with a letter.`,
    };
  }
  const holder = openBranch(root, parts.slice(0, -1));
  const detail = 'Unset one of the two variables, or put all values as JSON into one.';
  if (holder === null) {
    return { summary: `${name} lies below a value that another variable sets`, detail };
  }
  if (holder.has(last)) return { summary: `${name} sets a value that another variable sets too`, detail };
  const origin: Origin = { layer, source: 'env', place: { file: `$${name}` } };
  const node = fromJson(parseValue(text), origin, diagnostics);
  if (node.kind === 'scalar' && node.value === null) {
    return {
      summary: `${name} is null, which a variable cannot be`,
      detail: 'Remove the value in a file instead, with an explicit null.',
    };
  }
  holder.set(last, node.kind === 'map' ? new Map(node.entries) : node);
  return null;
}

/** The open branch at a path, made where it does not exist; null when a finished value is in the way. */
function openBranch(root: Map<string, Branch>, path: Path): Map<string, Branch> | null {
  let branch = root;
  for (const step of path) {
    const key = String(step);
    let next = branch.get(key);
    if (next === undefined) {
      next = new Map<string, Branch>();
      branch.set(key, next);
    }
    if (!(next instanceof Map)) {
      if (next.kind !== 'map') return null;
      next = new Map<string, Branch>(next.entries);
      branch.set(key, next);
    }
    branch = next;
  }
  return branch;
}

function toNode(branch: Map<string, Branch>, origin: Origin): MapNode {
  const entries = new Map<string, ConfigNode>();
  for (const [key, value] of branch) {
    if (!(value instanceof Map)) {
      entries.set(key, value);
      continue;
    }
    const first = value.values().next().value;
    const inner = first === undefined || first instanceof Map ? origin : first.origin;
    entries.set(key, toNode(value, inner));
  }
  return { kind: 'map', entries, origin };
}

function parseValue(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
