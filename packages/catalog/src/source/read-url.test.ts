import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createUrlSource } from './read-url.ts';

describe('createUrlSource', () => {
  const source = createUrlSource({
    read: async () => ({ kind: 'content', bytes: Buffer.from('a: 1'), etag: '"1"' }),
    resolveUrl: (url) => url,
  });
  const read = (target: string) =>
    Array.fromAsync(source.read({ target, optional: false, fingerprints: new Map() }));

  it('says that patterns are not read, instead of asking for a file of that name', async () => {
    const [outcome] = await read('https://git.test/o/r/blob/main/**/catalog-info.yaml');
    assert.ok(outcome?.kind === 'failed');
    assert.equal(outcome.diagnostic.code, 'catalog/url-glob');
  });

  it('reads a URL with a star in its query', async () => {
    const [outcome] = await read('https://git.test/file.yaml?q=*');
    assert.equal(outcome?.kind, 'content');
  });
});
