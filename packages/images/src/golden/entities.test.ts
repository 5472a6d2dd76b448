import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BUILTIN_KINDS, createModel, type Entity } from '@callboard/model';
import type { GoldenVersion } from '../identify/golden-image.ts';
import { digestOf } from '../image/digest.ts';
import { AMD64 } from '../image/registry-faults.fixture.ts';
import type { GoldenStatus } from '../images.ts';
import { toEntities } from './entities.ts';
import { applicationSettings, goldenSettings, layer } from './golden.fixture.ts';
import type { ApplicationStatus } from './goldens.ts';

const HOST = { host: 'registry.example.com' };

function versionOf(words: readonly string[], index: string | null = null): GoldenVersion {
  const indexDigest = index === null ? null : digestOf(index);
  return { digest: digestOf(words.join()), indexDigest, diffIds: words.map(layer), layers: [] };
}

function statusOf(name: string, versions: readonly GoldenVersion[]): GoldenStatus {
  const golden = { ...goldenSettings(HOST, name, `golden/${name}:1`), owner: 'group:default/platform' };
  const { registry, repository, tag } = golden;
  const images =
    versions.length === 0 ? [] : [{ name, registry, repository, tag, platform: AMD64, versions }];
  return { golden, images, problem: null, readAt: 1, usedBy: [] };
}

function applicationOf(name: string, base: ApplicationStatus['base']): ApplicationStatus {
  const application = applicationSettings(HOST, name, `apps/${name}:1`);
  return { application, digest: digestOf(name), base, problem: null, readAt: 1 };
}

function dependenciesOf(entities: readonly Entity[]): readonly unknown[] {
  return entities.map(({ metadata, spec }) => [metadata.name, spec?.['dependsOn'] ?? null]);
}

describe('toEntities', () => {
  const model = createModel({ kinds: BUILTIN_KINDS });

  it('makes a resource of each that the model has nothing against', () => {
    const debian = statusOf('Debian-12', [versionOf(['os'], 'index')]);
    const titled = {
      ...debian,
      golden: { ...debian.golden, title: 'Debian', system: 'system:default/base' },
    };
    const base = { golden: 'Debian-12', digest: digestOf('os') };
    const patchedAt = new Map([['Debian-12', Date.UTC(2026, 10, 20, 23)]]);
    const entities = toEntities([titled], [applicationOf('shop', base)], { patchedAt });
    assert.deepEqual(entities, [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Resource',
        metadata: {
          name: 'Debian-12',
          title: 'Debian',
          description: 'Golden image, last patched on 2026-11-20.',
          annotations: {
            'backstage.io/managed-by-location': 'image:registry.example.com/golden/Debian-12:1',
            'backstage.io/managed-by-origin-location': 'image:registry.example.com/golden/Debian-12:1',
            'callboard.dev/image-reference': 'registry.example.com/golden/Debian-12:1',
            'callboard.dev/image-digest': digestOf('index'),
          },
          tags: ['golden-image'],
        },
        spec: { type: 'container-image', owner: 'group:default/platform', system: 'system:default/base' },
      },
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Resource',
        metadata: {
          name: 'shop',
          description: 'Application image on Debian-12, which was last patched on 2026-11-20.',
          annotations: {
            'backstage.io/managed-by-location': 'image:registry.example.com/apps/shop:1',
            'backstage.io/managed-by-origin-location': 'image:registry.example.com/apps/shop:1',
            'callboard.dev/image-reference': 'registry.example.com/apps/shop:1',
            'callboard.dev/image-digest': digestOf('shop'),
            'callboard.dev/image-base-digest': digestOf('os'),
          },
        },
        spec: {
          type: 'container-image',
          owner: 'unknown',
          dependsOn: ['resource:default/debian-12'],
        },
      },
    ]);
    for (const entity of entities) assert.deepEqual(model.check(entity), []);
  });

  it('makes valid ones of what was never read', () => {
    const entities = toEntities(
      [statusOf('debian', [])],
      [{ ...applicationOf('shop', null), digest: null }],
      {
        unowned: 'group:default/platform',
      },
    );
    for (const entity of entities) assert.deepEqual(model.check(entity), []);
    assert.deepEqual(
      entities.map(({ metadata: { description }, spec }) => [description, spec]),
      [
        ['Golden image.', { type: 'container-image', owner: 'group:default/platform' }],
        ['Application image.', { type: 'container-image', owner: 'group:default/platform' }],
      ],
    );
  });

  it('leads each golden image to the nearest one below it, and none to itself', () => {
    const debian = statusOf('debian', [versionOf(['os', 'patch']), versionOf(['os'])]);
    const python = statusOf('python', [versionOf(['os', 'python'])]);
    const django = statusOf('django', [versionOf(['os', 'python', 'django'])]);
    assert.deepEqual(dependenciesOf(toEntities([django, debian, python], [])), [
      ['django', ['resource:default/python']],
      ['debian', null],
      ['python', ['resource:default/debian']],
    ]);
  });

  it('does not put two golden images of the same layers on each other', () => {
    const statuses = [statusOf('one', [versionOf(['os'])]), statusOf('two', [versionOf(['os'])])];
    assert.deepEqual(dependenciesOf(toEntities(statuses, [])), [
      ['one', null],
      ['two', null],
    ]);
  });

  it('names no golden image that is not in the configuration any more', () => {
    const entities = toEntities([], [applicationOf('shop', { golden: 'gone', digest: digestOf('os') })]);
    assert.deepEqual(dependenciesOf(entities), [['shop', null]]);
  });
});
