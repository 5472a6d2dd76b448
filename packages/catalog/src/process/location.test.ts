import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import {
  annotatedLocation,
  locationEntityRef,
  resolveTarget,
  toLocationEntity,
  withLocations,
  writtenTargets,
} from './location.ts';

const resolveUrl = (url: string, base: string): string => new URL(url, base).href;

describe('the Location entity of a location', () => {
  const location = { type: 'url', target: 'https://git.test/a.yaml' };

  it('is named after the SHA-1 of type and target', () => {
    const sha1 = createHash('sha1').update('url:https://git.test/a.yaml').digest('hex');
    assert.equal(locationEntityRef(location), `location:default/generated-${sha1}`);
    assert.equal(toLocationEntity(location).metadata.name, `generated-${sha1}`);
    assert.equal(toLocationEntity(location, { name: 'kept' }).metadata.name, 'kept');
  });

  it('comes from itself and points to its target', () => {
    const { metadata, spec } = toLocationEntity(location);
    assert.deepEqual(metadata.annotations, {
      'backstage.io/managed-by-location': 'url:https://git.test/a.yaml',
      'backstage.io/managed-by-origin-location': 'url:https://git.test/a.yaml',
    });
    assert.deepEqual(spec, location);
  });
});

describe('resolveTarget', () => {
  const file = (target: string, base: string): string =>
    resolveTarget({ type: 'file', target }, { type: 'file', target: base }, resolveUrl);
  const url = (target: string, base: string): string =>
    resolveTarget({ type: 'url', target }, { type: 'url', target: base }, resolveUrl);

  it('reads a path relative to the document that holds it', () => {
    assert.equal(file('./b.yaml', '/x/a.yaml'), '/x/b.yaml');
    assert.equal(file('b.yaml', '/x/a.yaml'), '/x/b.yaml');
    assert.equal(file('../y/*.yaml', '/x/a.yaml'), '/y/*.yaml');
    assert.equal(file('/y/./b.yaml', '/x/a.yaml'), '/y/b.yaml');
    assert.equal(file('./b.yaml', '/x/**/*.yaml'), '/x/**/b.yaml');
  });

  it('reads a URL relative to the document that holds it', () => {
    assert.equal(url('./b.yaml', 'https://git.test/x/a.yaml'), 'https://git.test/x/b.yaml');
    assert.equal(url('https://other.test/b.yaml', 'https://git.test/x/a.yaml'), 'https://other.test/b.yaml');
    assert.throws(() => url('https://[bad', 'https://git.test/a.yaml'));
  });

  it('leaves what has no common base as it is written', () => {
    const base = { type: 'file', target: '/x/a.yaml' };
    assert.equal(
      resolveTarget({ type: 'url', target: 'https://git.test/a' }, base, resolveUrl),
      'https://git.test/a',
    );
    assert.equal(resolveTarget({ type: 'ldap', target: 'dc=x' }, base, resolveUrl), 'dc=x');
  });
});

describe('withLocations', () => {
  const at = { location: 'file:/a.yaml', origin: 'file:/*.yaml' };
  const annotationsOf = (annotations: unknown): unknown =>
    withLocations({ apiVersion: 'v1', kind: 'X', metadata: { name: 'a', annotations } }, at).metadata[
      'annotations'
    ];

  it('writes where the entity is from over what the document says, and keeps other annotations', () => {
    const own = {
      'backstage.io/managed-by-location': 'url:https://evil.test',
      'backstage.io/managed-by-origin-location': 'url:https://evil.test',
    };
    const theirs = {
      'backstage.io/managed-by-location': 'file:/a.yaml',
      'backstage.io/managed-by-origin-location': 'file:/*.yaml',
    };
    assert.deepEqual(annotationsOf({ ...own, x: 'y' }), { ...theirs, x: 'y' });
    assert.deepEqual(annotationsOf(undefined), theirs);
    assert.deepEqual(annotationsOf(null), theirs);
  });

  it('writes the namespace out and leaves its argument alone', () => {
    const entity = Object.freeze({ apiVersion: 'v1', kind: 'X', metadata: Object.freeze({ name: 'a' }) });
    assert.equal(withLocations(entity, at).metadata.namespace, 'default');
    assert.equal(
      withLocations({ ...entity, metadata: { name: 'a', namespace: 'n' } }, at).metadata.namespace,
      'n',
    );
  });
});

describe('writtenTargets', () => {
  const location = (spec: Entity['spec'], annotation?: string): Entity => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: {
      name: 'l',
      annotations: annotation === undefined ? {} : { 'backstage.io/managed-by-location': annotation },
    },
    ...(spec !== undefined && { spec }),
  });

  it('takes the type of the document when none is written', () => {
    const { base, type, written, optional } = writtenTargets(
      location({ target: './a', targets: ['./b', './c'] }, 'file:/x/l.yaml'),
    );
    assert.deepEqual(base, { type: 'file', target: '/x/l.yaml' });
    assert.deepEqual([type, written, optional], ['file', ['./a', './b', './c'], false]);
  });

  it('takes what is written, and says whether it may be absent', () => {
    const { type, written, optional } = writtenTargets(
      location({ type: 'url', target: 'https://git.test/a', presence: 'optional' }, 'file:/x/l.yaml'),
    );
    assert.deepEqual([type, written, optional], ['url', ['https://git.test/a'], true]);
  });

  it('finds nothing where nothing is', () => {
    assert.deepEqual(writtenTargets(location(undefined)).written, []);
    assert.deepEqual(annotatedLocation(location({}), 'constructor'), { type: 'unknown', target: 'unknown' });
  });
});
