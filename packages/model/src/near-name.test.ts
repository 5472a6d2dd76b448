import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { didYouMean, nearName } from './near-name.ts';

describe('nearName', () => {
  it('finds the name that is few letters away', () => {
    const known = ['fetch:plain', 'fetch:template', 'publish:github', 'id'];
    assert.equal(nearName('fetch:tmplate', known), 'fetch:template');
    assert.equal(nearName('Fetch:Plain', known), 'fetch:plain');
    assert.equal(nearName('publish:gihtub', known), 'publish:github');
    assert.equal(nearName('ids', known), 'id');
  });

  it('finds none where nothing is near, nor the name itself', () => {
    assert.equal(nearName('xy', ['ab', 'fetch:plain']), null);
    assert.equal(nearName('same', ['same']), null);
    assert.equal(didYouMean('deploy', ['fetch:plain']), undefined);
    assert.equal(nearName('x'.repeat(100_000), ['x'.repeat(99_999)]), null);
  });
});
