/** `roadiehq:utils:jsonata*`: transforms data by JSONata expressions. https://docs.jsonata.org */
import type { JsonValue } from '@callboard/model';
import { defineAction, type Action } from '@callboard/plugin';
import { stringify } from 'yaml';
import { openWorkspace } from '../../workspace/workspace.ts';
import { runBounded, type Bounds } from './bounded.ts';
import { readText } from './fs-actions.ts';
import { parseJsonText, parseYamlDocuments, parseYamlText, valueOf } from './parsing.ts';
import { toYamlOptions, YAML_OPTIONS } from './yaml-options.ts';

const EXPRESSION = {
  type: 'string',
  title: 'Expression',
  description: 'JSONata expression on the data.',
} as const;
const AS = {
  type: 'string',
  title: 'Result type',
  description: 'The result as text (string, the default) or as what it is (object).',
  enum: ['string', 'object'],
} as const;
const PATH = { type: 'string', title: 'Path', description: 'Path of the file.' } as const;
const OUTPUT = { type: 'object', properties: { result: { title: 'Result' } } } as const;

export function createJsonataAction({ bounds }: { readonly bounds: Bounds }): Action {
  return defineAction({
    id: 'roadiehq:utils:jsonata',
    description: 'Transforms data by a JSONata expression.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['expression'],
        properties: { data: { title: 'Data', description: 'Any value.' }, expression: EXPRESSION },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { input, signal } = context;
      const { data = null, expression } = input;
      const result = await runBounded({ kind: 'jsonata', expression, data }, { signal, bounds });
      if (result !== undefined) context.output('result', result);
    },
  });
}

export function createJsonTransformAction({ bounds }: { readonly bounds: Bounds }): Action {
  return defineAction({
    id: 'roadiehq:utils:jsonata:json:transform',
    description: 'Transforms the data of a JSON file by a JSONata expression; the file stays as it is.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'expression'],
        properties: {
          path: PATH,
          expression: EXPRESSION,
          replacer: {
            type: 'array',
            items: { type: 'string' },
            description: 'Members that the text has; default: all.',
          },
          space: { type: 'string', description: 'What the text is indented with.' },
          as: AS,
        },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { workspacePath, input, signal } = context;
      const { path, expression, replacer, space, as = 'string' } = input;
      const data = parseJsonText(await readText(openWorkspace(workspacePath), path), path);
      const result = await runBounded({ kind: 'jsonata', expression, data }, { signal, bounds });
      if (result === undefined) return;
      context.output('result', as === 'object' ? result : toJson(result, { replacer, space }));
    },
  });
}

export function createYamlTransformAction({ bounds }: { readonly bounds: Bounds }): Action {
  return defineAction({
    id: 'roadiehq:utils:jsonata:yaml:transform',
    description: 'Transforms the data of a YAML file by a JSONata expression; the file stays as it is.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'expression'],
        properties: {
          path: PATH,
          expression: EXPRESSION,
          options: YAML_OPTIONS,
          loadAll: {
            type: 'boolean',
            description: 'The file has several documents: the data is their list.',
          },
          as: AS,
        },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { workspacePath, input, signal } = context;
      const { path, expression, options, loadAll = false, as = 'string' } = input;
      const text = await readText(openWorkspace(workspacePath), path);
      const data: JsonValue = loadAll
        ? parseYamlDocuments(text, path).map((document) => valueOf(document, path))
        : parseYamlText(text, path);
      const result = await runBounded({ kind: 'jsonata', expression, data }, { signal, bounds });
      if (result === undefined) return;
      context.output('result', as === 'object' ? result : stringify(result, toYamlOptions(options)));
    },
  });
}

interface JsonText {
  /** Members that are kept; none given or an empty list: all. */
  readonly replacer: readonly string[] | undefined;
  readonly space: string | undefined;
}

export function toJson(value: JsonValue, { replacer = [], space }: JsonText): string {
  return JSON.stringify(value, replacer.length > 0 ? [...replacer] : null, space);
}
