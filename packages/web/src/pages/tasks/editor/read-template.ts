/** Reads the YAML that is being written: the template in it, and the pages of its form. */
import { isObject } from '@callboard/model';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { FormPage } from '../../../api/scaffolder.ts';
import { listIn, objectIn, textIn } from '../../../api/entity.ts';

export type ReadTemplate =
  | {
      readonly kind: 'read';
      readonly entity: Readonly<Record<string, unknown>>;
      readonly pages: readonly FormPage[];
    }
  /** `line`: from 1; null when it is about the whole. */
  | { readonly kind: 'broken'; readonly message: string; readonly line: number | null };

const NO_TEMPLATE = 'There is no entity of kind "Template" in it.';
const TOO_LARGE = 'Its aliases make it too large.';

/** The first template of the file, which may have other entities before it. */
export function readTemplate(text: string): ReadTemplate {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) {
      return { kind: 'broken', message: error.message, line: lines.linePos(error.pos[0]).line };
    }
    const entity = valueOf(document);
    if (entity === undefined) return { kind: 'broken', message: TOO_LARGE, line: null };
    if (isObject(entity) && textIn(entity, 'kind')?.toLowerCase() === 'template') {
      return { kind: 'read', entity, pages: pagesOf(entity) };
    }
  }
  return { kind: 'broken', message: NO_TEMPLATE, line: null };
}

/** Undefined for a document that would grow without bounds. */
function valueOf(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS() ?? null;
  } catch {
    return undefined;
  }
}

/** `spec.parameters` is one page, or a list of them. */
function pagesOf(entity: Readonly<Record<string, unknown>>): readonly FormPage[] {
  const spec = objectIn(entity, 'spec');
  const { parameters } = spec;
  const pages = isObject(parameters) ? [parameters] : listIn(spec, 'parameters');
  return pages.filter(isObject).map((schema) => ({
    title: textIn(schema, 'title'),
    description: textIn(schema, 'description'),
    schema,
  }));
}
