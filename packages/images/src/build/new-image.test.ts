import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../image/digest.ts';
import { bareImage, newImage } from './new-image.ts';

const AT = Date.UTC(2026, 5, 1);
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf('new'), size: 3 };
const rawConfig = {
  architecture: 'arm64',
  variant: 'v8',
  os: 'linux',
  author: 'somebody',
  docker_version: '20.10',
  config: {
    User: '65532',
    Env: ['A=b'],
    Cmd: null,
    Healthcheck: { Test: ['NONE'] },
    Labels: { a: '1', b: '2' },
  },
  rootfs: { type: 'layers', diff_ids: [digestOf('old')] },
  history: [{ created_by: 'first', empty_layer: true }],
};
const rawManifest = {
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  layers: [
    { mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', digest: digestOf('blob'), size: 4 },
  ],
  annotations: { kept: 'yes', 'org.opencontainers.image.base.digest': 'sha256:older' },
};
const target = {
  registry: 'registry.example.com',
  repository: 'golden/debian',
  tag: null,
  labels: { b: 'two', c: 'three' },
  annotations: { extra: 'note' },
  createdBy: 'callboard patch',
  createdAt: AT,
};
const base = { registry: 'registry.example.com', repository: 'golden/debian', digest: digestOf('base') };

function parsed(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString('utf8'));
}

describe('newImage', () => {
  const made = newImage({ base, rawManifest, rawConfig, layer, diffId: digestOf('tar'), target });

  it('adds labels, a layer and a line of history, and keeps all else of the configuration', () => {
    assert.deepEqual(parsed(made.config), {
      ...rawConfig,
      created: '2026-06-01T00:00:00.000Z',
      config: { ...rawConfig.config, Labels: { a: '1', b: 'two', c: 'three' } },
      rootfs: { type: 'layers', diff_ids: [digestOf('old'), digestOf('tar')] },
      history: [...rawConfig.history, { created: '2026-06-01T00:00:00.000Z', created_by: 'callboard patch' }],
    });
    assert.equal(made.configDigest, digestOf(made.config));
  });

  it('is an OCI manifest that names its base, also for a Docker one', () => {
    assert.deepEqual(parsed(made.manifest), {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: made.configDigest,
        size: made.config.length,
      },
      layers: [{ mediaType: layer.mediaType, digest: digestOf('blob'), size: 4 }, layer],
      annotations: {
        kept: 'yes',
        'org.opencontainers.image.created': '2026-06-01T00:00:00.000Z',
        'org.opencontainers.image.base.name': `registry.example.com/golden/debian@${base.digest}`,
        'org.opencontainers.image.base.digest': base.digest,
        extra: 'note',
      },
    });
  });

  it('makes no labels where there were none', () => {
    const plain = { ...rawConfig, config: { User: 'x' } };
    const bare = newImage({
      base,
      rawManifest,
      rawConfig: plain,
      layer,
      diffId: digestOf('tar'),
      target: { ...target, labels: {} },
    });
    assert.deepEqual(Object(parsed(bare.config)).config, { User: 'x' });
  });
});

describe('bareImage', () => {
  it('says nothing of what runs', () => {
    const bare = bareImage({ rawConfig, layers: [{ descriptor: layer, diffId: digestOf('tar') }] });
    assert.deepEqual(parsed(bare.config), {
      architecture: 'arm64',
      os: 'linux',
      variant: 'v8',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf('tar')] },
    });
  });
});
