/**
 * YAML or JSON text into a tree with positions. Values are those of `yaml`, the parser Backstage uses
 * (YAML 1.2 core schema, one document, `<<` is an ordinary key).
 */
import type { Diagnostic, JsonPrimitive } from '@callboard/model';
import type * as Yaml from 'yaml';
import { diagnostic, isUnsafeKey, type ConfigNode, type Origin, type Path, type Place } from './tree.ts';

type YamlLibrary = typeof Yaml;

export interface ParseOptions {
  readonly file: string;
  readonly layer: number;
  readonly source: string;
  /** JSON: a repeated key is no error, the last one counts. */
  readonly json: boolean;
}

export interface Parsed {
  /** Null when the text holds nothing, or cannot be trusted because of an error. */
  readonly node: ConfigNode | null;
  readonly diagnostics: readonly Diagnostic[];
}

let library: Promise<YamlLibrary> | null = null;

/** Loads the parser; a load of the configuration starts this before it reads its files. */
export function loadParser(): Promise<YamlLibrary> {
  library ??= import('yaml');
  return library;
}

export async function parseText(text: string, options: ParseOptions): Promise<Parsed> {
  const yaml = await loadParser();
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: !options.json,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: options.file, line, column: col };
  };
  if (document.errors.length > 0) {
    const diagnostics = document.errors.map(({ code, message, pos }) =>
      syntaxError(code === 'MULTIPLE_DOCS' ? 'The file holds several documents' : message, placeAt(pos[0])),
    );
    return { node: null, diagnostics };
  }
  const diagnostics = document.warnings.map((warning) =>
    diagnostic('warning', 'config/yaml-warning', {
      place: placeAt(warning.pos[0]),
      summary: warning.message,
      detail: 'The value is taken as if it had no tag. Remove the tag.',
    }),
  );
  if (document.contents === null) return { node: null, diagnostics };
  const { layer, source } = options;
  const build: Build = { yaml, document, placeAt, diagnostics, layer, source, built: new Map() };
  const origin = originAt(document.contents, build);
  const node = toNode(document.contents, { origin, path: [] }, build);
  const broken = diagnostics.some(({ severity }) => severity === 'error');
  return { node: broken ? null : node, diagnostics };
}

interface Build {
  readonly yaml: YamlLibrary;
  readonly document: Yaml.Document.Parsed;
  readonly placeAt: (offset: number) => Place;
  readonly diagnostics: Diagnostic[];
  readonly layer: number;
  readonly source: string;
  /** What each part of the text became; null while it is being built. An alias shares its anchor's node. */
  readonly built: Map<unknown, ConfigNode | null>;
}

/** Where a value is written: at its key, or at itself in a list. */
interface Spot {
  readonly origin: Origin;
  readonly path: Path;
}

function toNode(ast: unknown, spot: Spot, build: Build): ConfigNode {
  if (build.yaml.isAlias(ast)) return resolveAlias(ast, spot.origin, build);
  build.built.set(ast, null);
  const node = toContent(ast, spot, build);
  build.built.set(ast, node);
  return node;
}

function toContent(ast: unknown, spot: Spot, build: Build): ConfigNode {
  const { yaml } = build;
  const { origin, path } = spot;
  if (yaml.isMap(ast)) return { kind: 'map', entries: toEntries(ast, path, build), origin };
  if (!yaml.isSeq(ast)) {
    return { kind: 'scalar', value: yaml.isScalar(ast) ? toPrimitive(ast.value) : null, origin };
  }
  const items = ast.items.map((item, index) =>
    toNode(item, { origin: originAt(item, build), path: [...path, index] }, build),
  );
  return { kind: 'list', items, origin };
}

function toEntries(ast: Yaml.YAMLMap, path: Path, build: Build): ReadonlyMap<string, ConfigNode> {
  const { yaml, diagnostics } = build;
  const entries = new Map<string, ConfigNode>();
  for (const { key, value } of ast.items) {
    const origin = originAt(key, build);
    const { place } = origin;
    if (!yaml.isScalar(key)) {
      diagnostics.push(syntaxError('A key is not a plain text', place));
      continue;
    }
    const name = String(toPrimitive(key.value) ?? '');
    if (name === '<<') diagnostics.push(mergeKey(place));
    if (isUnsafeKey({ key: name, path, place, diagnostics })) continue;
    entries.set(name, toNode(value, { origin, path: [...path, name] }, build));
  }
  return entries;
}

function resolveAlias(alias: Yaml.Alias, origin: Origin, build: Build): ConfigNode {
  const target = alias.resolve(build.document);
  const node = target === undefined ? undefined : build.built.get(target);
  if (node !== undefined && node !== null) return node;
  const problem = node === null ? 'is used inside itself' : 'is not defined above';
  build.diagnostics.push(syntaxError(`The alias *${alias.source} ${problem}`, origin.place));
  return { kind: 'scalar', value: null, origin };
}

function originAt(ast: unknown, build: Build): Origin {
  const offset = build.yaml.isNode(ast) ? (ast.range?.[0] ?? 0) : 0;
  return { layer: build.layer, source: build.source, place: build.placeAt(offset) };
}

/** The core schema makes nothing else than these. */
function toPrimitive(value: unknown): JsonPrimitive {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

function syntaxError(message: string, place: Place): Diagnostic {
  return diagnostic('error', 'config/yaml-syntax', {
    place,
    summary: message,
    detail: 'Correct the text here or just above. Until then nothing of this file is used.',
  });
}

function mergeKey(place: Place): Diagnostic {
  return diagnostic('warning', 'config/yaml-warning', {
    place,
    summary: '`<<` is an ordinary key here: the configuration is YAML 1.2, which has no merge keys',
    detail: 'Write the values out, or put them in a file of their own and use $include.',
  });
}
