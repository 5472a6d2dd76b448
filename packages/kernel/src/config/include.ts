/**
 * Objects that stand for something else: `$env: NAME`, `$file: path` and `$include: path#key.key`.
 * Paths are relative to the file that holds them. Rules of @backstage/config-loader 1.11, except that an
 * included value may itself be an include (there it stays as written).
 */
import { basename, dirname, extname, resolve } from 'node:path';
import type { ConfigCode } from './codes.ts';
import { parseText, type Parsed } from './parse.ts';
import { substitute } from './substitute.ts';
import type { Spot, TransformContext } from './transform.ts';
import { diagnostic, type ConfigNode, type MapNode, type Origin, type ScalarNode } from './tree.ts';

const INCLUDE_KEYS: readonly string[] = ['$file', '$env', '$include'];

/** The key that makes an object an include, or null when it is an ordinary object. */
export function includeKeyOf(node: MapNode): string | null {
  return node.entries.keys().find((key) => INCLUDE_KEYS.includes(key)) ?? null;
}

/** What an include stands for, and where its own relative paths start. */
export interface Included {
  readonly node: ConfigNode;
  /** Null when nothing inside is transformed further. */
  readonly spot: Spot | null;
}

interface Include {
  readonly key: string;
  readonly argument: string;
  readonly origin: Origin;
  readonly spot: Spot;
  readonly context: TransformContext;
}

type Target = Omit<Include, 'argument'>;

/** Reads what an include stands for; null, with the reason noted, when there is nothing. */
export async function resolveInclude(node: MapNode, target: Target): Promise<Included | null> {
  const { key, origin, context } = target;
  const written = node.entries.get(key);
  if (node.entries.size !== 1) {
    return fail(target, 'config/include-malformed', {
      summary: `${key} has other keys beside it`,
      detail: `Move the other keys elsewhere: ${key} replaces the whole object.`,
    });
  }
  if (written?.kind !== 'scalar' || typeof written.value !== 'string') {
    return fail(target, 'config/include-malformed', {
      summary: `${key} has no text as its value`,
      detail: `Write the name as a text: \`${key}: name\`.`,
    });
  }
  const { text: argument, unset } = substitute(written.value, context.readVariable);
  if (argument === null) {
    const names = unset.length === 0 ? 'a variable without a name' : `${unset.join(', ')}, which is not set`;
    return fail(target, 'config/include-malformed', {
      summary: `${key} needs ${names}`,
      detail: 'Set the variable, or give it a default as in ${NAME:-default}.',
    });
  }
  if (key === '$include') return include({ ...target, argument });
  const value = key === '$env' ? readEnv(argument, target) : await readFile({ ...target, argument });
  if (value === null) return null;
  const scalar: ScalarNode = { kind: 'scalar', value, origin };
  return { node: scalar, spot: null };
}

function readEnv(name: string, { origin, spot, context }: Target): string | null {
  const value = context.readVariable(name);
  if (value === undefined) context.vanished.push({ path: spot.path, origin, variables: [name] });
  return value ?? null;
}

async function readFile(request: Include): Promise<string | null> {
  const path = resolve(request.spot.dir, request.argument);
  const read = await request.context.reader.read(path);
  if (read.kind === 'text') return read.text.trimEnd();
  return fail(request, read.code, { summary: `$file: ${path} ${read.reason}`, detail: pathAdvice(request) });
}

async function include(request: Include): Promise<Included | null> {
  const { argument, spot, context } = request;
  const [name = '', dataPath = ''] = argument.split(/#(.*)/s);
  const path = resolve(spot.dir, name);
  if (!['.json', '.yaml', '.yml'].includes(extname(name))) {
    return fail(request, 'config/include-format', {
      summary: `$include: ${name} is neither .yaml, .yml nor .json`,
      detail: 'Use $file for other texts.',
    });
  }
  const id = `${path}#${dataPath}`;
  if (spot.chain.includes(id)) {
    const circle = [...spot.chain.slice(spot.chain.indexOf(id)), id].map(shortName).join(' → ');
    return fail(request, 'config/include-cycle', {
      summary: `$include goes in a circle: ${circle}`,
      detail: 'Remove one of these includes.',
    });
  }
  const read = await context.reader.read(path);
  if (read.kind === 'failed') {
    return fail(request, read.code, {
      summary: `$include: ${path} ${read.reason}`,
      detail: pathAdvice(request),
    });
  }
  const { node } = await parseOnce(path, read.text, request);
  const part = node === null ? null : pick(node, dataPath, request);
  if (part === null) return null;
  return { node: part, spot: { path: spot.path, dir: dirname(path), chain: [...spot.chain, id] } };
}

/** Parses a file once for each source that includes it, so that its diagnostics appear once. */
async function parseOnce(path: string, text: string, { origin, context }: Include): Promise<Parsed> {
  const { layer, source } = origin;
  const id = `${layer}:${path}`;
  const known = context.parsed.get(id);
  if (known !== undefined) return known;
  const parsed = await parseText(text, { file: path, layer, source, json: extname(path) === '.json' });
  context.parsed.set(id, parsed);
  context.diagnostics.push(...parsed.diagnostics);
  return parsed;
}

function pick(root: ConfigNode, dataPath: string, request: Include): ConfigNode | null {
  const keys = dataPath === '' ? [] : dataPath.split('.');
  let node: ConfigNode | undefined = root;
  for (const [index, key] of keys.entries()) {
    if (node?.kind !== 'map') {
      return fail(request, 'config/include-path', {
        summary: `$include: ${request.argument} has no object at '${keys.slice(0, index).join('.')}'`,
        detail: 'Correct the path after #.',
      });
    }
    node = node.entries.get(key);
  }
  if (node !== undefined) return node;
  const { origin, spot, context } = request;
  context.diagnostics.push(
    diagnostic('warning', 'config/include-path', {
      place: origin.place,
      path: spot.path,
      summary: `$include: ${request.argument} leads to nothing, so there is no value`,
      detail: 'Correct the path after #, or remove the key.',
    }),
  );
  return null;
}

function fail(
  at: Target,
  code: ConfigCode,
  problem: { readonly summary: string; readonly detail: string },
): null {
  const where = { place: at.origin.place, path: at.spot.path };
  at.context.diagnostics.push(diagnostic('error', code, { ...where, ...problem }));
  return null;
}

function pathAdvice({ spot }: Include): string {
  return `Correct the path, which starts at ${spot.dir}, or make the file readable.`;
}

/** `file.yaml#key` of an absolute `…/file.yaml#key`. */
function shortName(id: string): string {
  const [file = '', part = ''] = id.split(/#(.*)/s);
  return part === '' ? basename(file) : `${basename(file)}#${part}`;
}
