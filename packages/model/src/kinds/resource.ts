/** Resource: infrastructure that components need at run time. */
import { defineKind } from '../kind.ts';
import { text, texts } from '../shape.ts';
import { CORE_API_VERSIONS, dependencyOf, dependsOn, owner, system } from './core.ts';

export const resource = defineKind({
  kind: 'Resource',
  apiVersions: CORE_API_VERSIONS,
  description: 'Infrastructure that components need at run time: a database, a bucket, a cluster.',
  spec: {
    required: { type: text, owner: text },
    // dependencyOf has no shape in the format: it may be a single reference as well as a list.
    optional: { dependsOn: texts, system: text },
  },
  relations: [owner, dependsOn, dependencyOf, system],
});
