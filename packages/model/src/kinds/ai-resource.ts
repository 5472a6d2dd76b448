/** AiResource: context that AI coding tools read. Its known types have fields of their own. */
import { defineKind, type RelationField } from '../kind.ts';
import { RELATION_PAIRS } from '../relations.ts';
import { text, texts } from '../shape.ts';
import { owner, system } from './core.ts';

const required = { type: text, lifecycle: text, owner: text };
const optional = { system: text };

const relations: readonly RelationField[] = [
  { ...owner, allowedKinds: ['Group', 'User'] },
  { ...system, allowedKinds: ['System'] },
];

const toAiResources = { defaultKind: 'AiResource', allowedKinds: ['AiResource'] } as const;

export const aiResource = defineKind({
  kind: 'AiResource',
  apiVersions: ['backstage.io/v1alpha1'],
  description: 'Context that AI coding tools read: skills, rules, and collections of them.',
  spec: { required, optional },
  relations,
  variants: [
    {
      type: 'skill',
      spec: {
        required,
        optional: {
          ...optional,
          disciplines: texts,
          categories: texts,
          agents: texts,
          dependsOn: texts,
          allowedTools: text,
          license: text,
          compatibility: { is: 'text', maxLength: 500 },
        },
      },
      relations: [...relations, { path: 'spec.dependsOn', pair: RELATION_PAIRS.dependsOn, ...toAiResources }],
    },
    {
      type: 'rule',
      spec: {
        required: { ...required, category: text, rationale: text },
        optional: { ...optional, disciplines: texts },
      },
      relations,
    },
    {
      type: 'plugin',
      spec: { required: { ...required, skills: texts }, optional: { ...optional, version: text } },
      relations: [...relations, { path: 'spec.skills', pair: RELATION_PAIRS.hasPart, ...toAiResources }],
    },
    {
      type: 'marketplace',
      spec: { required: { ...required, plugins: texts }, optional: { ...optional, version: text } },
      relations: [...relations, { path: 'spec.plugins', pair: RELATION_PAIRS.hasPart, ...toAiResources }],
    },
  ],
});
