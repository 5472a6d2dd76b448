/** System: components and resources that work together. */
import { defineKind } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';
import { text } from '../shape.ts';
import { CORE_API_VERSIONS, owner } from './core.ts';

export const system = defineKind({
  kind: 'System',
  apiVersions: CORE_API_VERSIONS,
  description: 'Components, resources and APIs that work together and are seen as one thing from outside.',
  spec: { required: { owner: text }, optional: { domain: text, type: text } },
  relations: [owner, { path: 'spec.domain', pair: RELATION_PAIRS.partOf, defaultKind: 'Domain' }],
});
