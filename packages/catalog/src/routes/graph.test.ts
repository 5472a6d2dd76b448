import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fill, openCatalogApi, PREFIX } from './openapi.fixture.ts';

const ops = {
  kind: 'Group',
  namespace: 'default',
  name: 'ops',
  title: null,
  exists: true,
  description: null,
};

describe('GET /graph', () => {
  it('walks from the entities that are asked for', async () => {
    await using api = await openCatalogApi();
    await fill(api);
    const answer = await api.app.inject(`${PREFIX}/graph?ref=user:ann&depth=2&kind=group&kind=user&kind=api`);
    assert.equal(answer.statusCode, 200);
    assert.deepEqual(answer.json(), {
      roots: ['user:default/ann'],
      nodes: [
        { ...ops, ref: 'user:default/ann', kind: 'User', name: 'ann', type: null, depth: 0 },
        { ...ops, ref: 'group:default/ops', type: 'team', depth: 1 },
      ],
      edges: [{ from: 'user:default/ann', to: 'group:default/ops', type: 'memberOf' }],
      truncated: false,
      total: 2,
    });
  });

  it('names the entity to begin with that is not there', async () => {
    await using api = await openCatalogApi();
    await fill(api);
    const answer = await api.app.inject(`${PREFIX}/graph?ref=user:ann&ref=user:bob`);
    assert.equal(answer.statusCode, 404);
    const { error } = answer.json<{ error: { code: string; message: string } }>();
    assert.equal(error.code, 'catalog/entity-not-found');
    assert.match(error.message, /'user:default\/bob'/);
  });
});
