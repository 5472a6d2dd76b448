/**
 * Loads a configuration: find the files, then for each read, parse, transform; put the variables on top;
 * merge; check. What is broken is left out with a diagnostic, so there is always a Config; whether one
 * starts with errors is the caller's decision.
 */
import { basename, extname } from 'node:path';
import type { Diagnostic, JsonObject } from '@callboard/model';
import { checkConfig } from './check.ts';
import { Config } from './config.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { createFileReader, findFiles, type FileReader } from './files.ts';
import { merge } from './merge.ts';
import { loadParser, parseText } from './parse.ts';
import type { ConfigSchema } from './schema.ts';
import { MAX_VALUES, transform, type TransformContext, type Vanished } from './transform.ts';
import { diagnostic, fromJson, isNull, nodeAt, pathText, type ConfigNode, type MapNode } from './tree.ts';

export interface LoadOptions {
  /**
   * YAML or JSON files, weakest first, relative to `cwd`. When absent or empty, the default files in `cwd`:
   * `app-config.yaml`, `app-config.<env>.yaml` for each name in the variable BACKSTAGE_ENV (separated by
   * commas), `app-config.local.yaml`, `app-config.<env>.local.yaml`.
   */
  readonly files?: readonly string[];
  readonly cwd: string;
  /** `process.env`: for substitution, BACKSTAGE_ENV and `APP_CONFIG_a_b`. */
  readonly env: Environment;
  /** Values below all files. */
  readonly defaults?: JsonObject;
  /** Checked when given. `checkConfig` checks later, when the schemas depend on the configuration. */
  readonly schemas?: readonly ConfigSchema[];
}

export interface LoadedConfig {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute paths of everything read, `$file` and `$include` too. */
  readonly files: readonly string[];
  /** Every file that was read or looked for in vain, with a stamp that changes when the file does. */
  readonly stamps: ReadonlyMap<string, string>;
  readonly options: LoadOptions;
}

/** Never rejects because of what the files hold; see `diagnostics`. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { cwd, env, defaults = {}, schemas = [] } = options;
  const parser = loadParser();
  const reader = createFileReader();
  const diagnostics: Diagnostic[] = [];
  const files = await findFiles({ files: options.files ?? [], cwd, env, reader, diagnostics });
  await parser;

  const context: TransformContext = {
    readVariable: (name) => env[name]?.trim(),
    reader,
    diagnostics,
    vanished: [],
    parsed: new Map(),
    budget: MAX_VALUES,
  };
  let root = defaultsTree(defaults, diagnostics);
  for (const [index, file] of files.entries()) {
    const tree = await loadFile(file, index + 1, context);
    if (tree !== null) root = merge(root, tree);
  }
  const variables = readEnvironment(env, { layer: files.length + 1, diagnostics });
  if (variables !== null) root = merge(root, variables);

  diagnostics.push(...reportVanished(root, context.vanished));
  const config = Config.fromTree(root);
  diagnostics.push(...(await checkConfig(config, schemas)));
  return { config, diagnostics, files: reader.files(), stamps: reader.stamps(), options };
}

function defaultsTree(defaults: JsonObject, diagnostics: Diagnostic[]): MapNode {
  const origin = { layer: 0, source: 'defaults', place: { file: 'defaults' } };
  const tree = fromJson(defaults, origin, diagnostics);
  return tree.kind === 'map' ? tree : { kind: 'map', entries: new Map(), origin };
}

/** The content of one file, or null when there is none or it cannot be used. */
async function loadFile(file: string, layer: number, context: TransformContext): Promise<MapNode | null> {
  const { diagnostics } = context;
  const text = await readText(file, context);
  if (text === null) return null;
  const json = extname(file) === '.json';
  const parsed = await parseText(text, { file, layer, source: basename(file), json });
  diagnostics.push(...parsed.diagnostics);
  if (parsed.node === null || isNull(parsed.node)) return null;
  const tree = await transform(parsed.node, { file, context });
  if (tree?.kind === 'map') return tree;
  diagnostics.push(notAnObject(tree ?? parsed.node));
  return null;
}

async function readText(
  file: string,
  context: { readonly reader: FileReader; readonly diagnostics: Diagnostic[] },
): Promise<string | null> {
  const read = await context.reader.read(file);
  if (read.kind === 'text') return read.text;
  context.diagnostics.push(
    diagnostic('error', read.code, {
      place: { file },
      summary: `The configuration file ${file} ${read.reason}`,
      detail: 'Correct the path given with --config, or the file and its permissions.',
    }),
  );
  return null;
}

function notAnObject(node: ConfigNode): Diagnostic {
  return diagnostic('error', 'config/not-an-object', {
    place: node.origin.place,
    summary: 'The configuration file is not an object',
    detail: 'Write `key: value` lines at the left margin. Nothing of this file is used.',
  });
}

/** Warns of values lost to variables that are not set, unless a later source decides the value anyway. */
function reportVanished(root: MapNode, vanished: readonly Vanished[]): readonly Diagnostic[] {
  return vanished
    .filter((lost) => !isOverridden(root, lost))
    .map(({ path, origin, variables }) => {
      const names = [...new Set(variables)];
      const unset = names.length === 1 ? `${names.join()} is` : `${names.join(' and ')} are`;
      const instead = path.some((step) => typeof step === 'number') ? null : nodeAt(root, path);
      const used = instead === null ? '' : ` Until then the value from ${instead.origin.place.file} is used.`;
      return diagnostic('warning', 'config/variable-unset', {
        place: origin.place,
        path,
        summary: `'${pathText(path)}' is left out, because ${unset} not set in the environment`,
        detail: `Set the variable, write a default as in \${NAME:-default}, or remove the key.${used}`,
      });
    });
}

function isOverridden(root: MapNode, { path, origin }: Vanished): boolean {
  let node: ConfigNode = root;
  for (const step of path) {
    if (node.kind !== 'map') break;
    const next = node.entries.get(String(step));
    if (next === undefined) return false;
    node = next;
  }
  return node.origin.layer > origin.layer;
}
