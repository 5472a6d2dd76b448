/**
 * Fields that depend on each other: what compiling the form says of it, at its place, and what other portals make of a form
 * that works here.
 */
import { compileForm } from '@callboard/form';
import { isObject, pathSegments, type Diagnostic, type JsonObject } from '@callboard/model';
import { expandFields, type FieldDeclarations } from '../form/expand-fields.ts';
import { hasPlaceholder, itemsOf, objectsIn, pagesOf } from './declared.ts';
import type { Looking } from './looking.ts';
import type { Path } from './source-document.ts';

/** Codes that are about the name of a keyword, and not its value. */
const ABOUT_KEYS = new Set(['form/unknown-key']);
/** Of a form whose pages are in other files in part, nobody can say what it lacks. */
const NEEDS_ALL = new Set(['form/unknown-field']);
const DEEPEST = 40;

/** `declarations`: fields of plugins that are nothing but rules. */
export async function checkFormGraph(looking: Looking, declarations: FieldDeclarations): Promise<void> {
  const { parameters } = looking.spec;
  const isList = Array.isArray(parameters);
  const pages = (isList ? itemsOf(parameters) : [parameters ?? {}]).map((page) =>
    isObject(page) ? page : {},
  );
  const { pages: expanded, warnings } = expandFields(pages, { declarations, isList });
  const [first = {}] = expanded;
  const graph = await compileForm({ pages: isList ? expanded : first });
  const isOpen = hasPlaceholder(parameters);
  for (const diagnostic of [...warnings, ...graph.diagnostics]) {
    if (isOpen && NEEDS_ALL.has(diagnostic.code)) continue;
    report(looking, diagnostic);
  }
  for (const { page, path } of pagesOf(looking.spec))
    checkElsewhere(looking, { schema: page, path, depth: 0 });
}

function report(looking: Looking, { severity, code, summary, detail, path = '' }: Diagnostic): void {
  const isKey = ABOUT_KEYS.has(code);
  // A single page is no list in the text, whatever its path in the graph is.
  looking.report({ severity, code, summary, detail, path: pathSegments(path) ?? [], isKey });
}

interface At {
  readonly schema: JsonObject;
  readonly path: Path;
  readonly depth: number;
}

/** What works here and not in Backstage, so that a template can be shared. */
function checkElsewhere(looking: Looking, { schema, path, depth }: At): void {
  if (depth > DEEPEST) return;
  const deeper = (part: JsonObject, ...keys: Path): void =>
    checkElsewhere(looking, { schema: part, path: [...path, ...keys], depth: depth + 1 });
  const properties = new Map(objectsIn(schema['properties']));
  for (const [name, property] of properties) {
    checkSecretPattern(looking, property, [...path, 'properties', name]);
    deeper(property, 'properties', name);
  }
  for (const [name, dependent] of objectsIn(schema['dependencies'])) {
    const field = properties.get(name)?.['ui:field'];
    if (typeof field === 'string' && Array.isArray(dependent['oneOf'])) {
      looking.report({
        severity: 'info',
        code: 'template/controlling-field',
        summary: `Backstage shows '${name}' as a plain list, and not as ${field}: branches of 'dependencies' depend on it`,
        detail: "It works in this portal. For both, show the fields of the branches with 'allOf' and 'if'.",
        path: [...path, 'properties', name, 'ui:field'],
      });
    }
    deeper(dependent, 'dependencies', name);
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const [index, branch] of itemsOf(schema[keyword]).entries()) {
      if (isObject(branch)) deeper(branch, keyword, index);
    }
  }
  for (const keyword of ['then', 'else', 'items']) {
    const branch = schema[keyword];
    if (isObject(branch)) deeper(branch, keyword);
  }
}

function checkSecretPattern(looking: Looking, schema: JsonObject, path: Path): void {
  if (schema['ui:field'] !== 'Secret' || schema['pattern'] === undefined) return;
  looking.report({
    severity: 'info',
    code: 'template/secret-pattern',
    summary:
      'Backstage checks the asterisks of a secret against its pattern, so the form cannot be sent there',
    detail:
      "It works in this portal, which checks the secret itself. For both, write the pattern in 'secrets.schema'.",
    path: [...path, 'pattern'],
    isKey: true,
  });
}
