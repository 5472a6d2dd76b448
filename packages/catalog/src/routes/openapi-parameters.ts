/** The parameters of the OpenAPI document that more than one operation has. */
import { STRING, STRINGS, type Parameters } from './openapi-forms.ts';

const FILTER = `Which entities to answer with. One value is a list of conditions separated by commas, all of which
have to hold; when the parameter is repeated, one of its values has to hold.

- \`key=value\` asks for the value. The same key twice in one list means either value.
- \`key\` alone asks that the key is there, whatever its value.

Keys and values are compared without regard to case. A key is the way to a value inside the entity, joined by dots:
\`kind\`, \`metadata.name\`, \`spec.type\`, \`metadata.annotations.backstage.io/orphan\`. It leads into arrays as well:
for \`metadata.tags: [java]\` both \`metadata.tags=java\` and \`metadata.tags.java\` hold. Relations are asked for by
type: \`relations.ownedBy=group:default/ops\`.

The answer to \`?filter=kind=component,spec.type=service&filter=kind=api\` is all APIs and those components that are
services.`;

const FIELDS = `Which parts of each entity to keep, as keys joined by dots and separated by commas; everything when
absent. \`fields=kind,metadata.name,relations\` gives entities with those parts alone, so that even properties which
an entity always has are missing unless they are named.`;

const CURSOR = `The \`nextCursor\` or \`prevCursor\` of an earlier page. It holds the filter, the order and the full
text of the request that made it: of the other parameters only \`fields\` and \`limit\` still count.`;

const ORDER_FIELD = `Orders by a key, written as for \`filter\` and followed by \`,asc\` (the default) or \`,desc\`:
\`orderField=metadata.name,desc\`. Entities without the key are left out. Only the first value counts. The order is
that of the uid when absent.`;

const TOTAL_ITEMS = `Whether entities are counted. With \`exclude\` the \`totalItems\` of the answer is 0.`;

const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: STRING,
});

export const PARAMETERS: Parameters = {
  kind: inPath('kind', 'The kind of the entity, in upper or lower case.'),
  namespace: inPath('namespace', 'The namespace of the entity; `default` for those that name none.'),
  name: inPath('name', 'The `metadata.name` of the entity, in upper or lower case.'),
  uid: inPath('uid', 'The `metadata.uid` of the entity.'),
  id: inPath('id', 'The id of the registered location.'),
  filter: { name: 'filter', in: 'query', description: FILTER, schema: STRINGS },
  fields: { name: 'fields', in: 'query', description: FIELDS, explode: false, schema: STRINGS },
  limit: {
    name: 'limit',
    in: 'query',
    description: 'How many entities to answer with at most.',
    schema: { type: 'integer', minimum: 0 },
  },
  offset: {
    name: 'offset',
    in: 'query',
    description: 'How many entities to skip. Default: 0.',
    schema: { type: 'integer', minimum: 0 },
  },
  after: {
    name: 'after',
    in: 'query',
    description:
      'Where the page starts, as the `link` header of the page before says. It wins over `limit` and `offset`.',
    schema: { type: 'string', minLength: 1 },
  },
  cursor: { name: 'cursor', in: 'query', description: CURSOR, schema: { type: 'string', minLength: 1 } },
  orderField: { name: 'orderField', in: 'query', description: ORDER_FIELD, schema: STRINGS },
  totalItems: {
    name: 'totalItems',
    in: 'query',
    description: TOTAL_ITEMS,
    schema: { type: 'string', enum: ['include', 'exclude'], default: 'include' },
  },
};
