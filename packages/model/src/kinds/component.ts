/** Component: a piece of software that can be built or deployed by itself. */
import { defineKind } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';
import { text, texts } from '../shape.ts';
import { CORE_API_VERSIONS, dependencyOf, dependsOn, owner, system } from './core.ts';

export const component = defineKind({
  kind: 'Component',
  apiVersions: CORE_API_VERSIONS,
  description:
    'A piece of software that can be built or deployed by itself: a service, a website, a library.',
  spec: {
    required: { type: text, lifecycle: text, owner: text },
    // dependencyOf has no shape in the format: it may be a single reference as well as a list.
    optional: {
      system: text,
      subcomponentOf: text,
      providesApis: texts,
      consumesApis: texts,
      dependsOn: texts,
    },
  },
  relations: [
    owner,
    { path: 'spec.subcomponentOf', pair: RELATION_PAIRS.partOf, defaultKind: 'Component' },
    { path: 'spec.providesApis', pair: RELATION_PAIRS.providesApi, defaultKind: 'API' },
    { path: 'spec.consumesApis', pair: RELATION_PAIRS.consumesApi, defaultKind: 'API' },
    dependsOn,
    dependencyOf,
    system,
  ],
});
