/** The OpenAPI document of the REST API of extensions. */
import {
  ANY_FAILURE,
  answer,
  answers,
  closed,
  failure,
  inPath,
  jsonBody,
  openApiOf,
  schema,
  TEXT,
  TEXT_OR_NULL,
  TEXTS,
  type OpenApiDocument,
  type Paths,
  type Schemas,
} from '@callboard/kernel/openapi';
import type { JsonObject } from '@callboard/model';

const DESCRIPTION = `Extensions: files with fields of forms that are compiled on the server and run in the browser. Word of changes
is sent as server-sent events by \`GET /v1/events\`: an event \`changed\` whose data is \`{"version"}\`, that of the list.`;

const TAGS = ['Extensions'];
const PLACE: JsonObject = { type: 'integer', minimum: 1 };
const PLACE_OR_NULL: JsonObject = { type: ['integer', 'null'], minimum: 1 };
const HASH: JsonObject = { type: 'string', pattern: '^[0-9a-f]{32}$' };
const NO_MODULE = failure('No extension has, or had since the start, a module of this hash.');

const PATHS: Paths = {
  '/v1/list': {
    get: {
      operationId: 'ListExtensions',
      tags: TAGS,
      summary: 'All extensions, as they are now',
      description: 'Waits for what is being compiled. What cannot be compiled has `errors` and no `hash`.',
      responses: { 200: answer('The extensions.', schema('ExtensionList')), ...ANY_FAILURE },
    },
  },
  '/v1/modules/{file}': {
    get: {
      operationId: 'GetExtensionModule',
      tags: TAGS,
      summary: 'The code of an extension',
      description: 'For `import()` of a browser, which sends no token: it needs no identity.',
      parameters: [inPath('file', 'Hash of the module, and `.js`.')],
      responses: {
        200: answers('A module of JavaScript.', { 'text/javascript': TEXT }),
        404: NO_MODULE,
        ...ANY_FAILURE,
      },
    },
  },
  '/v1/locate': {
    post: {
      operationId: 'LocateInExtension',
      tags: TAGS,
      summary: 'The place in the sources that a place in a module was made of',
      requestBody: jsonBody(closed({ hash: HASH, line: PLACE, column: PLACE })),
      responses: { 200: answer('The place.', schema('SourcePosition')), 404: NO_MODULE, ...ANY_FAILURE },
    },
  },
};

const SCHEMAS: Schemas = {
  ExtensionList: closed({
    extensions: { type: 'array', items: schema('Extension') },
    version: { ...TEXT, description: 'Changes whenever the list does.' },
    folder: { ...TEXT, description: 'Where files are put, as people call it.' },
  }),
  Extension: closed({
    file: { ...TEXT, description: 'Relative to the folder; for a plugin: package and path within it.' },
    hash: { ...HASH, type: ['string', 'null'], description: 'Null while it cannot be compiled.' },
    url: { ...TEXT_OR_NULL, description: 'Where to import it from; null while it cannot be compiled.' },
    needs: { ...TEXTS, description: 'Modules that the page has to have before the import.' },
    names: { ...TEXTS, description: 'Fields that it registers, as far as the source tells.' },
    errors: { type: 'array', items: schema('CompileError') },
  }),
  CompileError: closed({
    file: TEXT,
    line: PLACE_OR_NULL,
    column: PLACE_OR_NULL,
    text: TEXT,
    lineText: TEXT_OR_NULL,
  }),
  SourcePosition: closed({
    file: TEXT,
    line: { ...PLACE_OR_NULL, description: 'Null when the place is code that the compiler added.' },
    column: PLACE_OR_NULL,
  }),
};

/** Plain data that can be written as JSON, OpenAPI 3.1. */
export function extensionsOpenApi(): OpenApiDocument {
  return openApiOf({
    title: 'extensions',
    description: DESCRIPTION,
    tags: [{ name: 'Extensions', description: 'Code of one’s own for the browser.' }],
    paths: PATHS,
    schemas: SCHEMAS,
  });
}
