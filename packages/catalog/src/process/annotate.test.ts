import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { createFakeUrls } from '../catalog.fixture.ts';
import { createAnnotator, type SourceUrls } from './annotate.ts';
import type { ProcessContext } from './processor.ts';

const nowhere: SourceUrls = { resolveEditUrl: () => null, folderUrl: () => null };

async function annotate(
  annotations: Record<string, string> | undefined,
  {
    urls = createFakeUrls(),
    type = 'url',
    target = 'https://git.test/x/a.yaml',
  }: { urls?: SourceUrls; type?: string; target?: string } = {},
): Promise<unknown> {
  const location = { type, target };
  const context: ProcessContext = {
    location,
    origin: location,
    emitRelation: () => undefined,
    emitRefreshKey: () => undefined,
    emitEntity: () => undefined,
    report: () => undefined,
  };
  const metadata = { name: 'a', ...(annotations !== undefined && { annotations }) };
  const entity = { apiVersion: 'v1', kind: 'X', metadata };
  const result = await createAnnotator(urls).preProcess?.(entity, context);
  return result?.metadata['annotations'];
}

describe('createAnnotator', () => {
  it('says of what came from a URL where it can be seen, edited and found', async () => {
    assert.deepEqual(await annotate(undefined), {
      'backstage.io/view-url': 'https://git.test/x/a.yaml',
      'backstage.io/edit-url': 'https://git.test/x/a.yaml?edit',
      'backstage.io/source-location': 'url:https://git.test/x/',
    });
  });

  it('leaves out what is not known of the host', async () => {
    assert.deepEqual(await annotate({ a: 'b' }, { urls: nowhere }), {
      a: 'b',
      'backstage.io/view-url': 'https://git.test/x/a.yaml',
    });
  });

  it('lets the document have the last word', async () => {
    const written = {
      'backstage.io/view-url': 'https://v',
      'backstage.io/source-location': 'url:https://s/',
    };
    const found = await annotate(written);
    assert.ok(isObject(found));
    assert.deepEqual({ ...found, ...written }, found);
  });

  it('gives no edit URL for a commit, which cannot be edited', async () => {
    const target = `https://git.test/blob/${'a1'.repeat(20)}/a.yaml`;
    const found = await annotate(undefined, { target });
    assert.equal(isObject(found) && 'backstage.io/edit-url' in found, false);
  });

  it('leaves alone what came from elsewhere', async () => {
    assert.equal(await annotate(undefined, { type: 'file', target: '/a.yaml' }), undefined);
  });

  it('takes scripts out of links, wherever the entity came from', async () => {
    const rejected = 'https://backstage.io/annotation-rejected-for-security-reasons';
    for (const type of ['file', 'url']) {
      const found = await annotate(
        { 'backstage.io/view-url': ' java\nscript:alert(1)', 'backstage.io/edit-url': 'JavaScript:x' },
        { type },
      );
      assert.ok(isObject(found));
      assert.equal(found['backstage.io/view-url'], rejected);
      assert.equal(found['backstage.io/edit-url'], rejected);
    }
  });
});
