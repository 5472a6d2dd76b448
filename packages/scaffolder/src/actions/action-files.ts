/**
 * Files with actions and plugins of one's own, named in the configuration and loaded when the portal starts: JavaScript,
 * or TypeScript with types that can be stripped. One that is wrong is reported, and keeps the others from nothing.
 */
import { stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@callboard/kernel';
import { isObject, type Diagnostic } from '@callboard/model';
import type { Action, Plugin } from '@callboard/plugin';
import type { ActionSource } from './create-registry.ts';
import { schemaProblem } from './schema-problem.ts';

export interface LoadedActionFiles {
  /** One for each file that has actions; its name is the path. */
  readonly sources: readonly ActionSource[];
  /** Not provisioned yet. */
  readonly plugins: readonly { readonly file: string; readonly plugin: Plugin }[];
  /** `scaffolder/action-file`, `scaffolder/bad-action`; with the path as `file`. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Loads files by their absolute paths, in order. Each export that is an action (of `defineAction`, or of Backstage's
 * `createTemplateAction`), a plugin, or a list of them counts. Never rejects.
 */
export async function loadActionFiles(paths: readonly string[]): Promise<LoadedActionFiles> {
  const sources: ActionSource[] = [];
  const plugins: { file: string; plugin: Plugin }[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of new Set(paths)) {
    const loaded = await loadFile(file);
    diagnostics.push(...loaded.diagnostics);
    if (loaded.actions.length > 0) sources.push({ name: file, actions: loaded.actions });
    plugins.push(...loaded.plugins.map((plugin) => ({ file, plugin })));
  }
  return { sources, plugins, diagnostics };
}

interface LoadedFile {
  readonly actions: readonly Action[];
  readonly plugins: readonly Plugin[];
  readonly diagnostics: readonly Diagnostic[];
}

async function loadFile(file: string): Promise<LoadedFile> {
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    const missing = problem(file, 'There is no such file.', 'Correct "scaffolder.actions" or "plugins".');
    return { actions: [], plugins: [], diagnostics: [missing] };
  }
  try {
    helpWithImports();
    const exports: unknown = await import(pathToFileURL(file).href);
    return sortExports(file, exports);
  } catch (error) {
    const failed = problem(file, `It cannot be loaded: ${firstLine(messageOf(error))}`, adviceFor(error));
    return { actions: [], plugins: [], diagnostics: [failed] };
  }
}

let helps = false;

/** A file anywhere can import `@callboard/plugin`: where it is not installed beside the file, it is the portal's own. */
function helpWithImports(): void {
  if (helps) return;
  helps = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier !== '@callboard/plugin') return next(specifier, context);
      try {
        return next(specifier, context);
      } catch {
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}

/** Whatever reading an export does, as a getter may, is an error of the file. */
function sortExports(file: string, exports: unknown): LoadedFile {
  const actions = new Set<Action>();
  const plugins = new Set<Plugin>();
  const diagnostics: Diagnostic[] = [];
  const values = exportedValues(exports, 0);
  const seen = new Set<unknown>();
  for (const { name, value } of values) {
    if (isPlugin(value)) plugins.add(value);
    if (!isObject(value) || isPlugin(value) || seen.has(value)) continue;
    seen.add(value);
    const wrong = actionProblem(value);
    if (wrong === null && isAction(value)) actions.add(value);
    if (wrong !== null) diagnostics.push(badAction(file, name, wrong));
  }
  if (actions.size + plugins.size + diagnostics.length === 0) {
    const hasFunctions = values.some(({ value }) => typeof value === 'function');
    const advice = hasFunctions
      ? 'It exports functions. Export what they return: export const deploy = createDeployAction();'
      : 'Export what defineAction, createTemplateAction or definePlugin return.';
    diagnostics.push(problem(file, 'It exports no action and no plugin.', advice));
  }
  return { actions: [...actions], plugins: [...plugins], diagnostics };
}

interface Exported {
  readonly name: string;
  readonly value: unknown;
}

/** Lists are taken apart. CommonJS files export all again as `default`. */
function exportedValues(exports: unknown, depth: number): readonly Exported[] {
  if (!isObject(exports) || depth > 2) return [];
  return Object.entries(exports).flatMap(([name, value]): Exported[] => {
    if (name === 'default' && isObject(value) && !('handler' in value) && !isPlugin(value)) {
      return [...exportedValues(value, depth + 1)];
    }
    return Array.isArray(value)
      ? value.map((item, index) => ({ name: `${name}[${index}]`, value: item }))
      : [{ name, value }];
  });
}

function isPlugin(value: unknown): value is Plugin {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['provision'] === 'function';
}

function isAction(value: unknown): value is Action {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['handler'] === 'function';
}

/** What keeps an object that looks like an action from being one; null when it is one, or looks like something else. */
function actionProblem(value: Readonly<Record<string, unknown>>): string | null {
  const { id, handler, schema } = value;
  const looksLikeOne = typeof handler === 'function' || (typeof id === 'string' && schema !== undefined);
  if (!looksLikeOne) return null;
  if (typeof id !== 'string' || !/^[\w-]+(?:[:.][\w-]+)*$/.test(id) || id.length > 200) {
    return 'its id has to be words with colons between, as "acme:deploy".';
  }
  if (typeof handler !== 'function') return `${id} has no handler, which is the function that does it.`;
  if (schema === undefined) return null;
  if (!isObject(schema)) return `the schema of ${id} has to be { input, output }, both JSON Schema.`;
  for (const part of ['input', 'output']) {
    const wrong = schemaProblem(schema[part]);
    if (wrong !== null) return `schema.${part} of ${id} ${wrong}`;
  }
  return null;
}

function badAction(file: string, name: string, wrong: string): Diagnostic {
  const summary = `The export ${name} is no action: ${wrong}`;
  return { severity: 'error', code: 'scaffolder/bad-action', summary, file };
}

function problem(file: string, summary: string, detail: string): Diagnostic {
  return { severity: 'error', code: 'scaffolder/action-file', summary, detail, file };
}

function adviceFor(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
      return 'Install what it imports beside it. Imports of files carry their ending, as ./deploy.ts.';
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'Only types that can be stripped are understood: no enum, namespace or parameter property.';
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return 'Its name has to end with .ts, .mts, .js, .mjs or .cjs.';
    default:
      return 'Run it with node to see where.';
  }
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 300);
}
