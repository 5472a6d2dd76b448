import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { subjectOf } from './subject.ts';

describe('subjectOf', () => {
  it('is the value of the field that names what is made', () => {
    assert.equal(subjectOf({ owner: 'group:default/web', name: ' berth-plan ' }), 'berth-plan');
    assert.equal(subjectOf({ component_id: 'tug-fleet', title: 'Tugs' }), 'tug-fleet');
  });

  it('is the repository of a repository address', () => {
    assert.equal(subjectOf({ repoUrl: 'github.com?owner=harbourline&repo=quay' }), 'quay');
    assert.equal(subjectOf({ repoUrl: 'https://example.org/a?repo=b' }), 'https://example.org/a?repo=b');
  });

  it('is null when nothing names it', () => {
    assert.equal(subjectOf({}), null);
    assert.equal(subjectOf({ name: '  ', id: 5, size: 'large' }), null);
  });

  it('is shortened when it is long', () => {
    assert.equal(subjectOf({ name: 'a'.repeat(200) })?.length, 81);
  });
});
