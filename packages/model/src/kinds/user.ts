/** User: a person. */
import { defineKind } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';
import { texts } from '../shape.ts';
import { CORE_API_VERSIONS } from './core.ts';
import { profile } from './group.ts';

export const user = defineKind({
  kind: 'User',
  apiVersions: CORE_API_VERSIONS,
  description: 'A person: an employee, a contractor, or somebody like that.',
  spec: { required: { memberOf: texts }, optional: { profile } },
  relations: [{ path: 'spec.memberOf', pair: RELATION_PAIRS.memberOf, defaultKind: 'Group' }],
});
