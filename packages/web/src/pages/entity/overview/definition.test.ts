import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDefinition } from './definition.ts';

function isPlausible(type: string, text: string): boolean | undefined {
  const definition = readDefinition(type, text);
  return definition.kind === 'text' ? definition.isPlausible : undefined;
}

describe('readDefinition', () => {
  it('shows a short definition whole', () => {
    const text = 'openapi: 3.1.0\ninfo: {title: Shop}\n';
    const start = text.trimEnd();
    assert.deepEqual(readDefinition('openapi', text), {
      kind: 'text',
      text,
      start,
      isCut: false,
      isPlausible: true,
    });
  });

  it('cuts a long one', () => {
    const definition = readDefinition('openapi', `openapi: 3.1.0\n${'x: 1\n'.repeat(1_000_000)}`);
    assert.ok(definition.kind === 'text' && definition.isCut);
    assert.equal(definition.start.split('\n').length, 300);
  });

  it('knows the formats by the key that names them, in YAML and in JSON', () => {
    assert.equal(isPlausible('openapi', '# Shop\n"swagger": "2.0"'), true);
    assert.equal(isPlausible('openapi', '{"info":{},"openapi":"3.1.0"}'), true);
    assert.equal(isPlausible('OpenAPI', 'asyncapi: 3.0.0'), false);
    assert.equal(isPlausible('asyncapi', 'asyncapi: 3.0.0'), true);
    assert.equal(isPlausible('graphql', 'type Query { shop: Shop }'), true);
    assert.equal(isPlausible('grpc', '<html>'), false);
    assert.equal(isPlausible('trpc', 'anything'), true);
  });

  it('tells nothing and something else from a text', () => {
    assert.deepEqual(readDefinition('openapi', ''), { kind: 'none' });
    assert.deepEqual(readDefinition('openapi', undefined), { kind: 'none' });
    assert.deepEqual(readDefinition(null, { openapi: '3.1.0' }), {
      kind: 'other',
      value: { openapi: '3.1.0' },
    });
  });
});
