/** What `fetch:template` of a folder beside the template would do: files that are not there, values nobody reads. */
import { didYouMean, isObject, type JsonObject, type JsonValue } from '@callboard/model';
import picomatch from 'picomatch';
import { scanExpression, type Reference } from './expression-scan.ts';
import { stepsOf, type Looking, type WrittenStep } from './looking.ts';
import { createSyntax } from './syntax.ts';
import type { TemplateFile, TemplateFiles } from './template-files.ts';

const RENDERING = new Set(['fetch:template', 'fetch:template:file']);
/** What stands in files for other programs: `${{ github.sha }}` belongs to a workflow and would vanish. */
const FOREIGN = new Set(['github', 'inputs', 'matrix', 'env', 'vars', 'runner', 'needs', 'job', 'strategy']);

export function checkSkeletons(looking: Looking): void {
  const { files } = looking;
  if (files === null) return;
  for (const written of stepsOf(looking.spec)) {
    const input = written.step['input'];
    if (written.action?.startsWith('fetch:') === true && isObject(input)) {
      checkFetch(looking, { written, input, files });
    }
  }
}

interface Fetch {
  readonly written: WrittenStep;
  readonly input: JsonObject;
  readonly files: TemplateFiles;
}

function checkFetch(looking: Looking, { written, input, files }: Fetch): void {
  const { url } = input;
  if (typeof url !== 'string' || !isLocal(url)) return;
  const folder = normal(url);
  if (folder === null) return;
  const found = files.files.filter(
    ({ path }) => folder === '' || path === folder || path.startsWith(`${folder}/`),
  );
  if (found.length === 0) {
    if (files.isPartial) return;
    looking.report({
      severity: 'error',
      code: 'template/skeleton-missing',
      summary: `${url} is not there`,
      detail: didYouMean(folder, namesOf(files)) ?? 'It is relative to the folder of the template.',
      path: [...written.path, 'input', 'url'],
    });
    return;
  }
  if (RENDERING.has(written.action ?? '')) checkValues(looking, { written, input, files, found, folder });
}

function isLocal(url: string): boolean {
  return !url.includes('${{') && !url.includes('://') && !url.startsWith('/');
}

/** Null when it leads out of the folder of the template. */
function normal(url: string): string | null {
  const parts: string[] = [];
  for (const part of url.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  return parts.join('/');
}

function namesOf({ files }: TemplateFiles): Iterable<string> {
  return new Set(
    files.flatMap(({ path }) => {
      const parts = path.split('/');
      return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    }),
  );
}

interface Rendered extends Fetch {
  readonly found: readonly TemplateFile[];
  readonly folder: string;
}

interface Use extends Reference {
  readonly file: TemplateFile;
}

function checkValues(looking: Looking, { written, input, found, folder }: Rendered): void {
  const cookiecutter = input['cookiecutterCompat'] === true;
  const root = cookiecutter ? 'cookiecutter' : 'values';
  const syntax = cookiecutter ? createSyntax({ filters: [], cookiecutter: true }) : looking.syntax;
  const isCopied = copied(input, folder);
  const uses: Use[] = [];
  for (const file of found) {
    const names = scanExpression(file.path, cookiecutter ? '{{' : '${{').references;
    uses.push(...names.map((reference) => ({ ...reference, file })));
    if (file.text === null || isCopied(file.path)) continue;
    uses.push(...usesIn(looking, { file, text: file.text, syntax, opening: cookiecutter ? '{{' : '${{' }));
  }
  const values = input['values'];
  if (values !== undefined && !isObject(values)) return;
  compare(looking, { written, uses, root, values: values ?? {} });
}

function usesIn(
  looking: Looking,
  {
    file,
    text,
    syntax,
    opening,
  }: { file: TemplateFile; text: string; syntax: Looking['syntax']; opening: '${{' | '{{' },
): readonly Use[] {
  const scan = scanExpression(text, opening);
  if (!scan.isDynamic) return [];
  const problem = syntax.problemOf(text);
  const at = (index: number): { otherFile: string; line: number; path: readonly [] } => ({
    otherFile: file.path,
    line: text.slice(0, index).split('\n').length,
    path: [],
  });
  if (problem !== null) {
    looking.report({
      severity: 'error',
      code: 'template/bad-expression',
      summary: `The file cannot be rendered: ${problem.message}`,
      detail:
        'Put {% raw %} … {% endraw %} around what is for another program, or name the file in copyWithoutTemplating.',
      ...at(problem.index),
    });
  } else {
    for (const { name, index } of scan.filters) {
      if (syntax.hasFilter(name)) continue;
      const summary = `There is no filter '${name}'`;
      const detail = didYouMean(name, syntax.filters);
      looking.report({ severity: 'error', code: 'template/unknown-filter', summary, detail, ...at(index) });
    }
  }
  const foreign = scan.references.find(({ root }) => FOREIGN.has(root));
  if (foreign !== undefined && problem === null) {
    looking.report({
      severity: 'warning',
      code: 'template/swallowed-expression',
      summary: `\${{ ${foreign.root}… }} is rendered with the file, and nothing is left of it`,
      detail: 'Put {% raw %} … {% endraw %} around it, or name the file in copyWithoutTemplating.',
      ...at(foreign.index),
    });
  }
  return scan.references.map((reference) => ({ ...reference, file }));
}

/** Files that are taken as they are: their content is nobody's template. */
function copied(input: JsonObject, folder: string): (path: string) => boolean {
  const patterns = [input['copyWithoutTemplating'], input['copyWithoutRender']].flatMap(texts);
  const extension = input['templateFileExtension'];
  const ending = extension === true ? '.njk' : extension;
  const matches = picomatch([...patterns], { dot: true });
  return (path) => {
    const inside = folder === '' ? path : path.slice(folder.length + 1);
    if (typeof ending === 'string' && !path.endsWith(ending)) return true;
    return patterns.length > 0 && matches(inside);
  };
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

interface Compared {
  readonly written: WrittenStep;
  readonly uses: readonly Use[];
  readonly root: string;
  readonly values: JsonObject;
}

function compare(looking: Looking, { written, uses, root, values }: Compared): void {
  const own = uses.filter((use) => use.root === root);
  // All of them at once, or by a computed name.
  if (own.some(({ keys: [name] }) => typeof name !== 'string')) return;
  const named = Map.groupBy(own, ({ keys: [name] }) => name ?? '');
  for (const name of Object.keys(values)) {
    if (named.has(name)) continue;
    looking.report({
      severity: 'info',
      code: 'template/unused-value',
      summary: `No file of the skeleton uses the value '${name}'`,
      detail: didYouMean(
        name,
        [...named.keys()].filter((one) => !Object.hasOwn(values, one)),
      ),
      path: [...written.path, 'input', 'values', name],
      isKey: true,
    });
  }
  for (const [name, at] of named) {
    const [first] = at;
    if (Object.hasOwn(values, name) || first === undefined || at.some(({ isGuarded }) => isGuarded)) continue;
    const text = first.file.text ?? '';
    looking.report({
      severity: 'warning',
      code: 'template/undefined-value',
      summary: `The step '${written.id}' does not give the value '${name}'`,
      detail: didYouMean(name, Object.keys(values)),
      path: [],
      otherFile: first.file.path,
      line: text.slice(0, first.index).split('\n').length,
    });
  }
}
