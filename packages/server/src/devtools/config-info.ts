/** `GET /config`: the configuration in force without its secrets, and the files that each key comes from. */
import { isAbsolute, relative } from 'node:path';
import { printConfig, type Config, type LoadedConfig } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';

export interface ConfigInfo {
  /** As `callboard config print` shows it. */
  readonly config: JsonObject;
  readonly callboard: {
    /** All files that were read. */
    readonly files: readonly string[];
    /** By top-level key: files, `$NAME` of environment variables, or `defaults`. */
    readonly sources: Readonly<Record<string, readonly string[]>>;
  };
}

type ConfigMap = ReturnType<Config['tree']>;
type ConfigNode = ConfigMap['entries'] extends ReadonlyMap<string, infer Node> ? Node : never;

/** Files below `cwd` are shown relative to it. */
export function readConfigInfo(loaded: LoadedConfig, cwd: string): ConfigInfo {
  const config = printConfig(loaded);
  const shown = (file: string): string => {
    const path = isAbsolute(file) ? relative(cwd, file) : file;
    return path.startsWith('..') ? file : path;
  };
  const sources = [...loaded.config.tree().entries]
    .filter(([key]) => Object.hasOwn(config, key))
    .map(([key, node]) => [key, [...new Set([...filesOf(node)].map(shown))].toSorted()] as const);
  return {
    config,
    callboard: { files: loaded.files.map(shown), sources: Object.fromEntries(sources) },
  };
}

/** Where the values in a part of the configuration are written. */
function* filesOf(node: ConfigNode): Generator<string> {
  const below = childrenOf(node);
  if (below.length === 0) yield node.origin.place.file;
  for (const child of below) yield* filesOf(child);
}

function childrenOf(node: ConfigNode): readonly ConfigNode[] {
  if (node.kind === 'map') return [...node.entries.values()];
  return node.kind === 'list' ? node.items : [];
}
