/** The filters that every template has, beside those of the engine itself. Names and results are Backstage's. */
import { isObject, parseRef, type JsonObject, type JsonValue } from '@callboard/model';
import type { TemplateFilterExtension } from '@callboard/plugin';
import { parseRepoUrl, type KnownForge } from './repo-url.ts';

const TEXT = { type: 'string' };

/**
 * `parseRepoUrl`, `parseEntityRef`, `pick` and `projectSlug`.
 * @param forges see `parseRepoUrl`
 */
export function defaultFilters(
  forges: readonly KnownForge[] | null,
): Readonly<Record<string, TemplateFilterExtension>> {
  return {
    parseRepoUrl: {
      description: 'Takes the address of a repository apart: host, owner, repo and what else its forge has.',
      schema: { input: TEXT, output: repoSpecSchema() },
      examples: [
        {
          example: step('Take a repository apart', '${{ parameters.repoUrl | parseRepoUrl }}'),
          notes:
            '`github.com?repo=shop&owner=harbourline` gives `{"host":"github.com","owner":"harbourline","repo":"shop"}`',
        },
      ],
      filter: (input) => ({ ...parseRepoUrl(needText(input, 'parseRepoUrl'), forges) }),
    },
    parseEntityRef: {
      description: 'Takes a reference of an entity apart: kind, namespace and name.',
      schema: {
        input: { anyOf: [TEXT, compoundRefSchema(['name'])] },
        arguments: [
          {
            type: 'object',
            properties: { defaultKind: TEXT, defaultNamespace: TEXT },
            additionalProperties: false,
          },
        ],
        output: compoundRefSchema(['kind', 'namespace', 'name']),
      },
      examples: [
        {
          description: 'Without defaults',
          example: step('Take a reference apart', '${{ parameters.owner | parseEntityRef }}'),
          notes: '`group:docs` gives `{"kind":"group","namespace":"default","name":"docs"}`',
        },
        {
          description: 'With defaults',
          example: step(
            'Take a reference apart',
            "${{ parameters.owner | parseEntityRef({ defaultKind: 'group', defaultNamespace: 'sea' }) }}",
          ),
          notes: '`docs` gives `{"kind":"group","namespace":"sea","name":"docs"}`',
        },
      ],
      filter: parseEntityRefFilter,
    },
    pick: {
      description: 'One member of an object, by its key or by a path with dots.',
      schema: { input: {}, arguments: [TEXT], output: {} },
      examples: [
        {
          example: step('Take a name', "${{ parameters.owner | parseEntityRef | pick('name') }}"),
          notes: '`group:docs` gives `docs`',
        },
      ],
      filter: (input, path) =>
        typeof path === 'string' || typeof path === 'number' ? pick(input, String(path)) : undefined,
    },
    projectSlug: {
      description: 'The `owner/repo` of the address of a repository.',
      schema: { input: TEXT, output: TEXT },
      examples: [
        {
          example: step('Name the project', '${{ parameters.repoUrl | projectSlug }}'),
          notes: '`github.com?repo=shop&owner=harbourline` gives `harbourline/shop`',
        },
      ],
      filter: (input) => {
        const { owner, repo } = parseRepoUrl(needText(input, 'projectSlug'), forges);
        return `${owner}/${repo}`;
      },
    },
  };
}

function parseEntityRefFilter(input: JsonValue | undefined, given?: JsonValue): JsonObject {
  const defaults = isObject(given) ? given : {};
  const kind = textOf(defaults['defaultKind']);
  const namespace = textOf(defaults['defaultNamespace']);
  const written = writtenRef(input);
  const ref =
    written === null
      ? null
      : parseRef(written, {
          ...(kind === null ? {} : { kind }),
          ...(namespace === null ? {} : { namespace }),
        });
  if (ref !== null) return { kind: ref.kind, namespace: ref.namespace, name: ref.name };
  throw new TypeError('The input is no reference of an entity with a kind, as "component:default/shop"');
}

/** A reference as a text; the parts of one become it again. */
function writtenRef(input: JsonValue | undefined): string | null {
  if (typeof input === 'string') return input;
  if (!isObject(input)) return null;
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((part) => textOf(input[part]));
  if (name === null || name === undefined) return null;
  return `${kind ? `${kind}:` : ''}${namespace ? `${namespace}/` : ''}${name}`;
}

function pick(input: JsonValue | undefined, path: string): JsonValue | undefined {
  if (isObject(input) && Object.hasOwn(input, path)) return member(input, path);
  let value = input;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '')) value = member(value, key);
  return value;
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function needText(input: JsonValue | undefined, filter: string): string {
  if (typeof input === 'string') return input;
  throw new TypeError(`The input of ${filter} has to be a text`);
}

function repoSpecSchema(): JsonObject {
  const properties = {
    host: TEXT,
    owner: TEXT,
    repo: TEXT,
    organization: TEXT,
    workspace: TEXT,
    project: TEXT,
  };
  return { type: 'object', properties, required: ['host'] };
}

function compoundRefSchema(required: readonly string[]): JsonObject {
  return { type: 'object', properties: { kind: TEXT, namespace: TEXT, name: TEXT }, required };
}

function step(name: string, message: string): string {
  return `- id: log\n  name: ${name}\n  action: debug:log\n  input:\n    message: ${message}\n`;
}
