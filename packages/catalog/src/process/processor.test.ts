import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject, type EntityEnvelope } from '@callboard/model';
import {
  ALL_KINDS,
  codesOf,
  component,
  createFileWorld,
  documents,
  yaml,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { inOrder, type Processor } from './processor.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const A = 'component:default/a';

const specOf = (entity: EntityEnvelope): Record<string, unknown> =>
  isObject(entity.spec) ? entity.spec : {};

function componentNamed(name: string, spec: object = {}): EntityEnvelope {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type: 'service', lifecycle: 'production', owner: 'team-a', ...spec },
  };
}

/** Emits a component for each name in `spec.parts`. */
const parts: Processor = {
  name: 'parts',
  postProcess: (entity, context) => {
    const names = specOf(entity)['parts'];
    for (const name of Array.isArray(names) ? names : []) {
      context.emitEntity({ entity: componentNamed(String(name)) });
    }
    return entity;
  },
};

describe('inOrder', () => {
  const named = (name: string, priority?: number): Processor =>
    priority === undefined ? { name } : { name, priority };
  const names = (list: readonly Processor[]): string[] => list.map(({ name }) => name);

  it('puts smaller priorities first, equal ones as they were registered', () => {
    const list = [named('a'), named('b', 30), named('c', 10), named('d'), named('e', 20)];
    assert.deepEqual(names(inOrder(list)), ['c', 'a', 'd', 'e', 'b']);
  });

  it('follows the configuration: other priorities, disabled ones', () => {
    const list = [named('a'), named('b'), named('constructor'), named('toString')];
    const options = { a: { priority: 50 }, b: { disabled: true } };
    assert.deepEqual(names(inOrder(list, options)), ['constructor', 'toString', 'a']);
  });
});

describe('a processor of a plugin', () => {
  it('completes entities before they are checked, and changes good ones', async () => {
    const seen: string[] = [];
    const processor: Processor = {
      name: 'owner',
      preProcess: async (entity, { location, origin }) => {
        seen.push(`${location.type} ${origin.type}`);
        return entity.kind === 'Component'
          ? { ...entity, spec: { owner: 'someone', ...specOf(entity) } }
          : entity;
      },
      postProcess: (entity) => ({ ...entity, metadata: { ...entity.metadata, title: 'Changed' } }),
    };
    const spec = { type: 'service', lifecycle: 'x' };
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': yaml('Component', 'a', { spec }) },
      { processors: [processor] },
    );
    assert.equal(world.entity(A).spec?.['owner'], 'someone');
    assert.equal(world.entity(A).metadata.title, 'Changed');
    assert.ok(seen.every((text) => text === 'file file'));
    await check(world);
  });

  it('adds relations of the entity and of others, which go with it', async () => {
    const processor: Processor = {
      name: 'relate',
      postProcess: (entity, context) => {
        if (entity.metadata.name !== 'a') return entity;
        const b = 'component:default/b';
        context.emitRelation({ sourceRef: A, type: 'likes', targetRef: b });
        context.emitRelation({ sourceRef: b, type: 'likedBy', targetRef: A });
        context.emitRelation({ sourceRef: b, type: 'likedBy', targetRef: A });
        return entity;
      },
    };
    await using world = await createFileWorld(
      ['a.yaml', 'b.yaml'],
      { 'a.yaml': component('a'), 'b.yaml': component('b') },
      { processors: [processor] },
    );
    const likes = (ref: string) => world.entity(ref).relations?.filter(({ type }) => type.startsWith('like'));
    assert.deepEqual(likes(A), [{ type: 'likes', targetRef: 'component:default/b' }]);
    assert.deepEqual(likes('component:default/b'), [{ type: 'likedBy', targetRef: A }]);
    await check(world);
    const [, b] = world.catalog.settings.locations;
    await world.catalog.reconfigure({ ...world.catalog.settings, locations: b === undefined ? [] : [b] });
    await world.catalog.engine.idle();
    assert.deepEqual(likes('component:default/b'), []);
    await check(world);
  });

  it('emits further entities, which come from where their parent does and go when it emits them no longer', async () => {
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': component('a', { parts: ['p', 'q'] }) },
      { processors: [parts] },
    );
    assert.deepEqual(world.refs(), [A, 'component:default/p', 'component:default/q']);
    const { annotations } = world.entity('component:default/p').metadata;
    assert.equal(annotations?.['backstage.io/managed-by-location'], `file:${world.path('a.yaml')}`);
    assert.deepEqual(
      (await world.explain('component:default/p')).sources.map(({ ref }) => ref),
      [A, world.locationOf('a.yaml'), 'provider:config'],
    );
    await check(world);
    await world.write('a.yaml', component('a', { parts: ['q', 'r'] }));
    await world.poll();
    assert.deepEqual(world.refs(), [A, 'component:default/q', 'component:default/r']);
    await check(world);
    await world.write('a.yaml', component('b'));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/b']);
    await check(world);
  });

  it('that is removed takes its entities along', async () => {
    const { 'a.yaml': text } = { 'a.yaml': component('a', { parts: ['p'] }) };
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': text }, { processors: [parts] });
    assert.equal(world.refs().length, 2);
    await world.restart({ processors: [] });
    assert.deepEqual(world.refs(), [A]);
    await check(world);
    await world.restart({ processors: [parts] });
    assert.equal(world.refs().length, 2);
    await check(world);
  });

  it('keeps what it emitted while it fails', async () => {
    let fails = false;
    const moody: Processor = {
      name: 'moody',
      priority: 30,
      postProcess: (entity) => {
        if (fails && entity.metadata.name === 'a') throw new Error('not today');
        return entity;
      },
    };
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': documents(component('a', { parts: ['p'] }), component('b')) },
      { processors: [parts, moody] },
    );
    fails = true;
    await world.write('a.yaml', documents(component('a', { parts: ['q'] }), component('b')));
    await world.poll();
    assert.deepEqual(world.refs(), [A, 'component:default/b', 'component:default/p']);
    assert.match(world.errors(A).join(), /Processor moody threw an error: not today/);
    assert.deepEqual(world.errors('component:default/b'), []);
    await check(world);
    fails = false;
    await world.poll();
    assert.deepEqual(world.refs(), [A, 'component:default/b', 'component:default/q']);
    assert.deepEqual(world.errors(A), []);
    await check(world);
  });

  it('may emit an entity that others emit too, which stays as long as one does', async () => {
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': documents(component('a', { parts: ['p'] }), component('b', { parts: ['p', 'p'] })) },
      { processors: [parts] },
    );
    await world.write('a.yaml', documents(component('a'), component('b', { parts: ['p'] })));
    await world.poll();
    assert.ok(world.refs().includes('component:default/p'));
    await world.write('a.yaml', documents(component('a'), component('b')));
    await world.poll();
    assert.deepEqual(world.refs(), [A, 'component:default/b']);
    await check(world);
  });

  it('may emit what emits its parent, or itself, without end', async () => {
    const circle: Processor = {
      name: 'circle',
      postProcess: (entity, context) => {
        const next = { a: 'b', b: 'a', c: 'c' }[entity.metadata.name];
        if (next !== undefined) context.emitEntity({ entity: componentNamed(next) });
        return entity;
      },
    };
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': documents(component('a'), component('c')) },
      { processors: [circle] },
    );
    assert.deepEqual(world.refs(), [A, 'component:default/b', 'component:default/c']);
    await world.catalog.engine.refresh(A);
    await world.catalog.engine.refresh(world.locationOf('a.yaml'));
    await world.catalog.engine.idle();
    assert.ok(world.warnings.some((line) => line.includes('the entity that it was processing')));
    await check(world);
    await world.catalog.reconfigure({ ...world.catalog.settings, locations: [] });
    assert.equal(world.catalog.index.size, 0);
  });

  it('is told on the parent what is wrong with what it emitted; the rest comes in', async () => {
    const odd: Processor = {
      name: 'odd',
      postProcess: (entity, context) => {
        if (entity.metadata.name !== 'a') return entity;
        for (const value of [
          null,
          { kind: 'Component' },
          componentNamed('fine'),
          { ...componentNamed('u'), kind: 'User' },
        ]) {
          context.emitEntity({ entity: value });
        }
        return entity;
      },
    };
    const rules = [{ allow: ALL_KINDS.filter((kind) => kind !== 'User').map((kind) => ({ kind })) }];
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': component('a') },
      { processors: [odd], settings: { rules } },
    );
    assert.deepEqual(world.refs(), [A, 'component:default/fine']);
    assert.deepEqual(codesOf((await world.explain(A)).diagnostics), [
      'catalog/emitted-invalid',
      'catalog/emitted-invalid',
      'catalog/kind-not-allowed',
    ]);
    await check(world);
  });

  it('may know kinds that the model does not have', async () => {
    const robots: Processor = {
      name: 'robots',
      validateKind: (entity, context) => {
        if (entity.kind !== 'Robot') return false;
        if (entity.spec?.['arms'] === undefined) {
          context.report({
            severity: 'error',
            code: 'robots/arms',
            summary: 'A robot has arms',
            path: 'spec',
          });
        }
        return true;
      },
    };
    const rules = [{ allow: ['Robot', 'Droid'].map((kind) => ({ kind })) }];
    await using world = await createFileWorld(
      ['a.yaml'],
      {
        'a.yaml': documents(
          yaml('Robot', 'good', { spec: { arms: 2 } }),
          yaml('Robot', 'bad'),
          yaml('Droid', 'unknown'),
        ),
      },
      { processors: [robots], settings: { rules } },
    );
    assert.deepEqual(world.refs(), ['robot:default/good']);
    const [error] = (await world.explain('robot:default/bad')).diagnostics;
    assert.equal(error?.code, 'robots/arms');
    assert.ok((error?.line ?? 0) > 10);
    assert.equal((await world.explain('droid:default/unknown')).diagnostics[0]?.code, 'model/unknown-kind');
  });

  it('may not rename an entity', async () => {
    const renaming: Processor = {
      name: 'renaming',
      preProcess: (entity) =>
        entity.kind === 'Location' ? entity : { ...entity, metadata: { ...entity.metadata, name: 'other' } },
    };
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': component('a') },
      { processors: [renaming] },
    );
    assert.deepEqual(world.refs(), []);
    assert.equal((await world.explain(A)).diagnostics[0]?.code, 'catalog/ref-changed');
  });

  it('that is slow keeps neither other locations nor other entities waiting', async () => {
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const slow: Processor = {
      name: 'slow',
      preProcess: async (entity) => {
        if (!entity.metadata.name.startsWith('slow')) return entity;
        waiting += 1;
        if (waiting === 4) gate.resolve();
        await gate.promise;
        return entity;
      },
    };
    await using world = await createFileWorld(
      ['a.yaml', 'b.yaml'],
      {
        'a.yaml': documents(...['1', '2', '3', '4'].map((n) => component(`slow${n}`))),
        'b.yaml': component('b'),
      },
      { processors: [slow] },
    );
    assert.equal(world.refs().length, 5);
    await check(world);
  });

  it('gives values that JSON drops without harm', async () => {
    const careless: Processor = {
      name: 'careless',
      preProcess: (entity) => ({ ...entity, spec: { ...specOf(entity), nothing: undefined, x: Number.NaN } }),
    };
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': component('a') },
      { processors: [careless] },
    );
    assert.equal(Object.hasOwn(world.entity(A).spec ?? {}, 'nothing'), false);
    await check(world);
  });
});
