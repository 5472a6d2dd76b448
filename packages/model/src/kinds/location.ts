/** Location: a pointer to other documents with entities. */
import { defineKind } from '../kind.ts';
import { text, texts } from '../shape.ts';
import { CORE_API_VERSIONS } from './core.ts';

export const location = defineKind({
  kind: 'Location',
  apiVersions: CORE_API_VERSIONS,
  description: 'A pointer to other documents with entities.',
  spec: {
    optional: {
      // Default: the type of the location that this entity came from.
      type: text,
      target: text,
      targets: texts,
      // Default: required.
      presence: { is: 'text', oneOf: ['required', 'optional'] },
    },
  },
  relations: [],
});
