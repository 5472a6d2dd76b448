import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  resourceEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
  type Entity as PublishedEntity,
  type KindValidator,
} from '@backstage/catalog-model';
import { parseRef, refOf, type Entity, type JsonValue } from '@callboard/model';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { entityTexts, generateCatalog, kindCounts } from './catalog-data.ts';

const VALIDATORS: Readonly<Record<string, KindValidator>> = {
  API: apiEntityV1alpha1Validator,
  Component: componentEntityV1alpha1Validator,
  Domain: domainEntityV1alpha1Validator,
  Group: groupEntityV1alpha1Validator,
  Resource: resourceEntityV1alpha1Validator,
  System: systemEntityV1alpha1Validator,
  User: userEntityV1alpha1Validator,
};

/** Reference fields and the kind that an unqualified reference in them means. */
const REFERENCES: Readonly<Record<string, string | null>> = {
  owner: 'group',
  parent: 'group',
  memberOf: 'group',
  domain: 'domain',
  system: 'system',
  providesApis: 'api',
  consumesApis: 'api',
  dependsOn: null,
};

function parsed(count: number): Entity[] {
  return [...entityTexts(count)].map((text): Entity => parse(text));
}

function targets(entity: Entity): string[] {
  return Object.entries(REFERENCES).flatMap(([field, kind]) =>
    asList(entity.spec?.[field]).map((text) => {
      const ref = typeof text === 'string' ? parseRef(text, kind === null ? {} : { kind }) : null;
      assert.ok(ref !== null, `${field} of ${refOf(entity)}`);
      return `${ref.kind}:${ref.namespace}/${ref.name}`;
    }),
  );
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

describe('kindCounts', () => {
  it('adds up to the count, with at least one group to own things', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), (count) => {
        const counts = kindCounts(count);
        assert.equal(
          Object.values(counts).reduce((total: number, each: number) => total + each, 0),
          count,
        );
        assert.ok(Object.values(counts).every((each: number) => each >= 0));
        assert.ok(counts.groups >= 1);
      }),
    );
  });

  it('keeps the proportions of a large catalog', () => {
    assert.deepEqual(kindCounts(10_000), {
      groups: 100,
      users: 1000,
      domains: 20,
      systems: 200,
      apis: 2000,
      resources: 1000,
      components: 5680,
    });
  });

  it('refuses what is no positive integer', () => {
    for (const count of [0, -1, 1.5, Number.NaN]) assert.throws(() => kindCounts(count), RangeError);
  });
});

describe('entityTexts', () => {
  it('yields entities that the published validators accept, each with a name of its own', async () => {
    for (const text of entityTexts(300)) {
      const entity: PublishedEntity = parse(text);
      assert.equal(await VALIDATORS[entity.kind]?.check(entity), true, text);
    }
    assert.equal(new Set(parsed(300).map(refOf)).size, 300);
  });

  it('refers only to entities of the same catalog, and to itself never', () => {
    for (const count of [1, 2, 5, 19, 50, 400]) {
      const entities = parsed(count);
      const known = new Set(entities.map(refOf));
      for (const entity of entities) {
        for (const target of targets(entity)) {
          assert.ok(known.has(target), `${refOf(entity)} -> ${target} of ${count}`);
          assert.notEqual(target, refOf(entity));
        }
      }
    }
  });

  it('gives a component an owner, a system, three APIs and two dependencies', () => {
    for (const entity of parsed(400)) {
      if (entity.kind === 'Component') assert.equal(targets(entity).length, 7);
    }
  });

  it('repeats itself for the same seed and differs for another', () => {
    const texts = [...entityTexts(200, 7)];
    assert.deepEqual([...entityTexts(200, 7)], texts);
    assert.notDeepEqual([...entityTexts(200, 8)], texts);
  });

  it('takes about 600 bytes for an entity', () => {
    const texts = [...entityTexts(2000)];
    const bytes = texts.reduce((total, text) => total + text.length, 0) / texts.length;
    assert.ok(bytes > 560 && bytes < 640, `${bytes}`);
  });
});

describe('generateCatalog', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catalog-data-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('writes every entity once, in files of the asked size', async () => {
    assert.deepEqual(await generateCatalog({ entities: 23, folder, perFile: 10 }), {
      files: 3,
      entities: 23,
    });
    const texts = await Promise.all(
      ['part-0000.yaml', 'part-0001.yaml', 'part-0002.yaml'].map((name) =>
        readFile(join(folder, name), 'utf8'),
      ),
    );
    assert.deepEqual(
      texts.map((text) => text.split('---\n').length),
      [10, 10, 3],
    );
    assert.equal(texts.join('---\n'), [...entityTexts(23)].join('---\n'));
  });

  it('removes the files of an earlier run and nothing else', async () => {
    await writeFile(join(folder, 'keep.yaml'), 'kept');
    await generateCatalog({ entities: 30, folder, perFile: 10 });
    await generateCatalog({ entities: 5, folder, perFile: 10 });
    assert.deepEqual((await readdir(folder)).toSorted(), ['keep.yaml', 'part-0000.yaml']);
  });

  it('refuses counts that are no positive integers', async () => {
    await assert.rejects(generateCatalog({ entities: 0, folder }), RangeError);
    await assert.rejects(generateCatalog({ entities: 5, folder, perFile: 0 }), RangeError);
  });
});
