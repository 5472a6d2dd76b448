import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { component, createWorld, documents, yaml } from './catalog.fixture.ts';
import { validateSources } from './validate.ts';

describe('validateSources', () => {
  it('finds what is wrong in files, with line and column, without a catalog', async () => {
    await using world = await createWorld();
    await world.write('good.yaml', documents(component('a'), component('b')));
    await world.write('bad.yaml', documents(component('c', { lifecycle: [] }), 'kind: [\n', component('A')));
    const spec = { type: 'x', lifecycle: 'x', owner: 'x', definition: { $text: './none.txt' } };
    await world.write('api.yaml', documents(yaml('API', 'x', { spec }), '# no entity\na: 1\n'));
    const seen: number[] = [];
    const files = ['good.yaml', 'bad.yaml', 'api.yaml', 'none.yaml'].map((name) => world.path(name));
    const { entities, diagnostics } = await validateSources(files, { onFile: () => void seen.push(1) });
    assert.equal(entities, 6);
    assert.equal(seen.length, 4);
    const found = diagnostics.map(({ code, file, line, column }) =>
      [code, file?.replace(world.folder, ''), line, column].join(' '),
    );
    assert.deepEqual(found, [
      'model/wrong-type /bad.yaml 9 5',
      'catalog/yaml-syntax /bad.yaml 15 1',
      'catalog/duplicate-entity /bad.yaml 20 13',
      'catalog/placeholder /api.yaml 11 5',
      'model/missing-field /api.yaml 18 1',
      'model/missing-field /api.yaml 18 1',
      'model/missing-field /api.yaml 18 1',
      'catalog/source-unreadable /none.yaml  ',
    ]);
  });

  it('takes a URL for whatever is asked of it, since nothing is fetched', async () => {
    await using world = await createWorld();
    const definition = { $text: 'https://git.test/api.yaml' };
    await world.write(
      'api.yaml',
      yaml('API', 'x', { spec: { type: 'x', lifecycle: 'x', owner: 'x', definition } }),
    );
    assert.deepEqual((await validateSources([world.path('api.yaml')])).diagnostics, []);
  });
});
