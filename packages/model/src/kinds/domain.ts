/** Domain: systems that share a field of business. */
import { defineKind } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';
import { text } from '../shape.ts';
import { CORE_API_VERSIONS, owner } from './core.ts';

export const domain = defineKind({
  kind: 'Domain',
  apiVersions: CORE_API_VERSIONS,
  description: 'Systems that share a field of business and its terms.',
  spec: { required: { owner: text }, optional: { subdomainOf: text, type: text } },
  relations: [owner, { path: 'spec.subdomainOf', pair: RELATION_PAIRS.partOf, defaultKind: 'Domain' }],
});
