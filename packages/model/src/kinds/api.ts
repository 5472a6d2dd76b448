/** API: an interface that components provide and consume. */
import { defineKind } from '../kind.ts';
import { text } from '../shape.ts';
import { CORE_API_VERSIONS, owner, system } from './core.ts';

export const api = defineKind({
  kind: 'API',
  apiVersions: CORE_API_VERSIONS,
  description: 'An interface that components provide and consume, such as an OpenAPI or GraphQL definition.',
  spec: {
    required: { type: text, lifecycle: text, owner: text, definition: text },
    optional: { system: text },
  },
  relations: [owner, system],
  variants: [
    {
      // A server of the Model Context Protocol: it says where it is instead of what it offers. One that
      // does have a definition is an API like any other, as it was before Backstage knew the type.
      type: 'mcp-server',
      unless: 'definition',
      spec: {
        required: {
          type: text,
          lifecycle: text,
          owner: text,
          remotes: {
            is: 'list',
            minItems: 1,
            of: { is: 'object', required: { type: text, url: text } },
          },
        },
        optional: { system: text },
      },
      relations: [owner, system],
    },
  ],
});
