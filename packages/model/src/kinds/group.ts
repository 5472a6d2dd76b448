/** Group: a team, a department, or any other set of people. */
import { defineKind } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';
import { text, texts, type ObjectShape } from '../shape.ts';
import { CORE_API_VERSIONS } from './core.ts';

/** How a group or a user is shown. */
export const profile: ObjectShape = {
  is: 'object',
  optional: { displayName: text, email: text, picture: text },
};

export const group = defineKind({
  kind: 'Group',
  apiVersions: CORE_API_VERSIONS,
  description: 'A team, a department, or any other set of people.',
  spec: {
    required: { type: text, children: texts },
    optional: { profile, parent: text, members: texts },
  },
  relations: [
    { path: 'spec.parent', pair: RELATION_PAIRS.childOf, defaultKind: 'Group' },
    { path: 'spec.children', pair: RELATION_PAIRS.parentOf, defaultKind: 'Group' },
    { path: 'spec.members', pair: RELATION_PAIRS.hasMember, defaultKind: 'User' },
  ],
});
