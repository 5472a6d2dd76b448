import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import { parse } from 'yaml';
import { toYaml } from './to-yaml.ts';

const entity: Entity = {
  relations: [{ type: 'ownedBy', targetRef: 'group:default/x' }],
  spec: { type: 'service', replicas: 3, version: '1.10', flags: ['no', 'on'], empty: null },
  metadata: {
    annotations: { 'example.com/script': 'echo 1\necho 2\n' },
    name: 'shop',
    namespace: 'default',
    description: 'Sells: things # to people',
  },
  kind: 'Component',
  apiVersion: 'backstage.io/v1alpha1',
};

describe('toYaml', () => {
  it('writes the envelope in its usual order, and long texts as blocks', async () => {
    assert.equal(
      await toYaml(entity),
      `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  namespace: default
  name: shop
  description: "Sells: things # to people"
  annotations:
    example.com/script: |
      echo 1
      echo 2
spec:
  type: service
  replicas: 3
  version: "1.10"
  flags:
    - no
    - on
  empty: null
relations:
  - type: ownedBy
    targetRef: group:default/x
`,
    );
  });

  it('writes YAML that reads back as the same entity', async () => {
    assert.deepEqual(parse(await toYaml(entity)), entity);
  });

  it('keeps keys that it does not know', async () => {
    const odd: Entity = { ...entity, metadata: { ...entity.metadata, custom: { a: [1, 'two'] } } };
    assert.deepEqual(parse(await toYaml(odd)), odd);
  });
});
