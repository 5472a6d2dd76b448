/**
 * Replaces `$text`, `$json` and `$yaml` by what they point to. What was read becomes a refresh key, so that the
 * entity is made again when it changes.
 */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { messageOf } from '@callboard/kernel';
import {
  findPlaceholders,
  replacePlaceholders,
  type JsonValue,
  type LocationRef,
  type Placeholder,
} from '@callboard/model';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { expandedSize } from '../source/document-value.ts';
import { globBase } from '../source/read-file.ts';
import type { UrlReading } from '../source/read-url.ts';
import type { ProcessContext, Processor } from './processor.ts';

/** Turns the bytes a placeholder points to into the value that replaces it. A plugin may add others. */
export type PlaceholderResolver = (content: { readonly text: string; readonly target: string }) => JsonValue;

const TEXT_RESOLVERS: Readonly<Record<string, PlaceholderResolver>> = {
  text: ({ text }) => text,
  json: ({ text }) => toJson(JSON.parse(text)),
  yaml: ({ text, target }) => {
    const documents: unknown[] = loadAll(text, null, { schema: CORE_SCHEMA });
    if (documents.length !== 1) {
      throw new Error(`${target} must hold exactly one document, but it holds ${documents.length}`);
    }
    if (expandedSize(documents[0]) > MAX_BYTES)
      throw new Error(`${target} is too large with its aliases expanded`);
    return toJson(documents[0]);
  },
};

const MAX_BYTES = 20 * 1024 * 1024;

export function createSubstitution(options: {
  readonly urls: UrlReading;
  readonly resolvers?: Readonly<Record<string, PlaceholderResolver>>;
}): Processor {
  const resolvers = new Map(Object.entries({ ...TEXT_RESOLVERS, ...options.resolvers }));
  return {
    name: 'PlaceholderProcessor',
    preProcess: (entity, context) => {
      const placeholders = findPlaceholders(entity, resolvers);
      if (placeholders.length === 0) return entity;
      return resolveAll(placeholders, context).then((values) => replacePlaceholders(entity, values));
    },
  };

  async function resolveAll(
    placeholders: readonly Placeholder[],
    context: ProcessContext,
  ): Promise<Map<string, JsonValue>> {
    const values = new Map<string, JsonValue>();
    for (const placeholder of placeholders) {
      const { path, key } = placeholder;
      const resolver = resolvers.get(key);
      if (resolver === undefined) continue;
      try {
        const content = await read(placeholder, context);
        values.set(path, resolver(content));
      } catch (error) {
        context.report({
          severity: 'error',
          code: 'catalog/placeholder',
          summary: `Placeholder $${key} could not be replaced: ${messageOf(error)}`,
          detail: 'It takes a URL, or a path relative to the document, inside the folder of its location.',
          path,
        });
      }
    }
    return values;
  }

  async function read(
    { value }: Placeholder,
    context: ProcessContext,
  ): Promise<{ text: string; target: string }> {
    if (typeof value !== 'string') throw new Error('its value is not a text');
    const { location, origin } = context;
    if (location.type === 'file' && !value.includes('://')) {
      const folders = [dirname(location.target), ...(origin.type === 'file' ? [originFolder(origin)] : [])];
      if (isAbsolute(value)) throw outside(value, folders);
      const target = join(dirname(location.target), value);
      context.emitRefreshKey(`file:${target}`);
      return { text: await readInside(target, value, folders), target };
    }
    const isRelative = location.type === 'url';
    const target = isRelative ? options.urls.resolveUrl(value, location.target) : value;
    context.emitRefreshKey(`url:${target}`);
    const content = await options.urls.read(target, {});
    if (content.kind !== 'content') throw new Error(`${target} gave no content`);
    return { text: new TextDecoder().decode(content.bytes), target };
  }
}

/** The folder that a location was configured with. */
function originFolder({ target }: LocationRef): string {
  const { base, isGlob } = globBase(target);
  return isGlob ? base : dirname(target);
}

/** A document may only point to files beside or below it, or below the folder that its location was configured with. */
async function readInside(target: string, written: string, folders: readonly string[]): Promise<string> {
  const real = await realpath(target);
  const roots = await Promise.all(folders.map((folder) => realpath(folder)));
  if (!roots.some((root) => isBelow(relative(root, real)))) throw outside(written, folders);
  const bytes = await readFile(real);
  if (bytes.length > MAX_BYTES) throw new Error(`${written} has more than ${MAX_BYTES / 1024 / 1024} MiB`);
  return bytes.toString();
}

function isBelow(path: string): boolean {
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

function outside(written: string, folders: readonly string[]): Error {
  return new Error(`${written} is outside ${[...new Set(folders)].join(' and ')}`);
}

/** YAML and JSON parsers give JSON values only; other values (dates, maps) are turned into text by JSON itself. */
function toJson(value: unknown): JsonValue {
  const json: JsonValue = JSON.parse(JSON.stringify(value ?? null));
  return json;
}
