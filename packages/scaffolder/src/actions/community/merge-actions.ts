/** `roadiehq:utils:json:merge`, `:yaml:merge` and `:merge`: new data over that of a file. */
import { extname } from 'node:path';
import { CodedError } from '@callboard/kernel';
import { defineAction, type Action } from '@callboard/plugin';
import { stringify } from 'yaml';
import { openWorkspace } from '../../workspace/workspace.ts';
import { absolutePath, readText } from './fs-actions.ts';
import { mergeIntoDocument } from './merge-document.ts';
import {
  badData,
  parseJsonText,
  parseYamlDocuments,
  parseYamlText,
  valueOf,
  type YamlDocument,
} from './parsing.ts';
import { mergeValues, type Lists } from './values.ts';
import { toYamlOptions, YAML_OPTIONS } from './yaml-options.ts';

const CONTENT = {
  anyOf: [{ type: 'string' }, { type: 'object' }],
  title: 'Content',
  description: 'What is merged into the file: an object, or the text of one.',
} as const;
const MERGE_ARRAYS = {
  type: 'boolean',
  title: 'Merge lists',
  description: 'Lists get what they do not have; else they are replaced. Default: false.',
} as const;
const PATH = { type: 'string', title: 'Path', description: 'Path of the file.' } as const;
const OUTPUT = {
  type: 'object',
  properties: { path: { type: 'string', title: 'Path of the file' } },
} as const;

const listsOf = (mergeArrays: boolean | undefined): Lists => (mergeArrays === true ? 'append' : 'replace');

export function createJsonMergeAction(): Action {
  return defineAction({
    id: 'roadiehq:utils:json:merge',
    description: 'Merges data into a JSON file, which is made when it is not there.',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'content'],
        properties: {
          path: PATH,
          content: CONTENT,
          mergeArrays: MERGE_ARRAYS,
          matchFileIndent: {
            type: 'boolean',
            title: 'Match indent',
            description: 'Indents as the file does. Default: two spaces.',
          },
        },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { workspacePath, input, logger } = context;
      const { path, content, mergeArrays, matchFileIndent } = input;
      const workspace = openWorkspace(workspacePath);
      const isThere = workspace.stat(path) !== null;
      if (!isThere) logger.info(`There is no ${path}, so it is made.`);
      const text = isThere ? await readText(workspace, path) : '{}';
      const more = typeof content === 'string' ? parseJsonText(content, 'The content') : content;
      const merged = mergeValues(parseJsonText(text, path), more, listsOf(mergeArrays));
      const indent = matchFileIndent === true ? indentOf(text) : 2;
      await workspace.writeFile(path, JSON.stringify(merged, null, indent));
      context.output('path', absolutePath(workspace, path));
    },
  });
}

/** Of the first line that has one. */
function indentOf(text: string): string | number {
  return /^([\t ]+)\S/m.exec(text)?.[1] ?? 2;
}

/** `yaml:merge` is an older name of `merge`. */
export function createMergeAction(id: 'roadiehq:utils:merge' | 'roadiehq:utils:yaml:merge'): Action {
  return defineAction({
    id,
    description: 'Merges data into a file of JSON (.json) or YAML (.yaml, .yml).',
    supportsDryRun: true,
    schema: {
      input: {
        type: 'object',
        required: ['path', 'content'],
        properties: {
          path: PATH,
          content: CONTENT,
          mergeArrays: MERGE_ARRAYS,
          preserveYamlComments: {
            type: 'boolean',
            title: 'Preserve comments',
            description: 'Keeps the comments of a YAML file. Default: false.',
          },
          useDocumentIncludingField: {
            type: 'object',
            title: 'Which document',
            description: 'Of several YAML documents, those with this value in this field.',
            required: ['key', 'value'],
            properties: { key: { type: 'string' }, value: { type: 'string' } },
          },
          options: YAML_OPTIONS,
        },
      },
      output: OUTPUT,
    },
    handler: async (context) => {
      const { workspacePath, input, logger } = context;
      const { path, content, preserveYamlComments = false, useDocumentIncludingField: field } = input;
      const workspace = openWorkspace(workspacePath);
      const text = await readText(workspace, path);
      const lists = listsOf(input.mergeArrays);
      switch (extname(path)) {
        case '.json': {
          const more = typeof content === 'string' ? parseJsonText(content, 'The content') : content;
          const merged = mergeValues(parseJsonText(text, path), more, lists);
          await workspace.writeFile(path, JSON.stringify(merged, null, 2));
          break;
        }
        case '.yml':
        case '.yaml': {
          const more = typeof content === 'string' ? parseYamlText(content, 'The content') : content;
          const documents = parseYamlDocuments(text, path);
          const chosen = chooseDocuments(documents, { field, path });
          if (chosen.size === 0) logger.warn(`No document of ${path} has ${field?.key} = ${field?.value}.`);
          const options = toYamlOptions(input.options);
          const texts = documents.map((document) => {
            const isChosen = chosen.has(document);
            if (preserveYamlComments) {
              if (isChosen) mergeIntoDocument(document, more, lists);
              // The line between documents is written below.
              document.directives.docStart = null;
              return document.toString(options);
            }
            const value = valueOf(document, path);
            return stringify(isChosen ? mergeValues(value, more, lists) : value, options);
          });
          await workspace.writeFile(path, texts.join('---\n'));
          break;
        }
        default:
          throw unknownFormat(path);
      }
      context.output('path', absolutePath(workspace, path));
    },
  });
}

interface Choice {
  readonly field: { readonly key: string; readonly value: string } | undefined;
  readonly path: string;
}

/** The only document, or those that have the field. */
function chooseDocuments(
  documents: readonly YamlDocument[],
  { field, path }: Choice,
): ReadonlySet<YamlDocument> {
  if (documents.length === 0) throw badData(path, 'empty: it has no document to merge into');
  if (documents.length === 1) return new Set(documents);
  if (field === undefined) {
    const message = `${path} has ${documents.length} documents. Name one with "useDocumentIncludingField".`;
    throw new CodedError(400, 'scaffolder/invalid-input', message);
  }
  return new Set(documents.filter((document) => fieldOf(document, field.key) === field.value));
}

/** A member of that name, or else what the dotted path leads to; as text. */
function fieldOf(document: YamlDocument, key: string): string | null {
  const value: unknown = document.get(key) ?? document.getIn(key.split('.'));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null;
}

function unknownFormat(path: string): CodedError {
  const message = `${path} cannot be merged into: its name has to end with .json, .yaml or .yml.`;
  return new CodedError(400, 'scaffolder/invalid-input', message);
}
