import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toProject } from './to-project.ts';

describe('toProject', () => {
  it('is the template without what the catalog added', async () => {
    const project = await toProject({
      spec: { type: 'service', steps: [] },
      metadata: {
        name: 'node-service',
        title: 'Node service',
        uid: 'u',
        etag: 'e',
        annotations: { 'backstage.io/managed-by-location': 'url:https://x', 'a.b/c': 'd' },
      },
      relations: [{ type: 'ownedBy', targetRef: 'group:default/platform' }],
      kind: 'Template',
      apiVersion: 'scaffolder.backstage.io/v1beta3',
    });
    assert.equal(project.name, 'Node service');
    assert.equal(
      project.files[0]?.text,
      [
        'apiVersion: scaffolder.backstage.io/v1beta3',
        'kind: Template',
        'metadata:',
        '  name: node-service',
        '  title: Node service',
        '  annotations:',
        '    a.b/c: d',
        'spec:',
        '  type: service',
        '  steps: []',
        '',
      ].join('\n'),
    );
  });
});
