/** Leads from a place in a compiled module, as in the stack of an error, to the place in the sources. */
import { SourceMap } from 'node:module';
import { resolve } from 'node:path';
import { isObject, parseJson } from '@callboard/model';
import type { Entry } from './entries.ts';
import type { ModulePosition, SourcePosition } from './extension.ts';
import { nameOf } from './source-name.ts';

/** Sources that the compiler was given as a text: modules of the page. */
const MADE_UP = /^(?:[a-z-]+:|<)/;

/** The extension's own file without a line, when the place is none of the sources. */
export function locate(
  { line, column }: ModulePosition,
  { entry, map }: { readonly entry: Entry; readonly map: string },
): SourcePosition {
  const nowhere = { file: entry.file, line: null, column: null };
  const content = toSourceMap(parseJson(map));
  if (content === null) return nowhere;
  const found = new SourceMap(content).findEntry(line - 1, column - 1);
  // A line without sources would be given those of the line before.
  if (!('originalSource' in found) || found.generatedLine !== line - 1) return nowhere;
  const { originalSource, originalLine, originalColumn } = found;
  if (typeof originalSource !== 'string' || MADE_UP.test(originalSource)) return nowhere;
  const file = nameOf(resolve(entry.root, originalSource), entry);
  return { file, line: originalLine + 1, column: originalColumn + 1 };
}

type SourceMapContent = ConstructorParameters<typeof SourceMap>[0];

/** What the compiler wrote, read again from where it was kept. */
function toSourceMap(value: unknown): SourceMapContent | null {
  if (!isObject(value)) return null;
  const { sources, mappings, names } = value;
  if (typeof mappings !== 'string' || !isTexts(sources) || !isTexts(names)) return null;
  return { file: '', version: 3, sources, sourcesContent: [], names, mappings, sourceRoot: '' };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
