import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFormSession, type FormSession } from '@callboard/form';
import type { FormPage } from '../../../api/scaffolder.ts';
import { readRjsfAsModule } from '../rjsf.fixture.ts';
import type { PageView } from './page-view.ts';

readRjsfAsModule();
const { preparePages } = await import('./prepare-form.ts');
const { createPageView, pageAfter, pageBefore } = await import('./page-view.ts');

const user = { ref: null, name: '', displayName: null, email: null, groups: [] };

function pageOf(properties: Readonly<Record<string, unknown>>): FormPage {
  return { title: null, description: null, schema: { properties } };
}

async function open(
  given: readonly FormPage[],
): Promise<{ readonly session: FormSession; readonly view: PageView }> {
  const { pages, graph } = await preparePages(given, () => false);
  const session = createFormSession({ graph, user, ask: async () => assert.fail('nothing to ask') });
  const words = { fields: new Set<string>(), layouts: new Set<string>(), widgets: {}, isFlagOn: () => false };
  await session.settled();
  return { session, view: createPageView({ pages, graph, session, words }) };
}

const ruled = (text: string) => ({ type: 'string', 'ui:visible': text });

describe('createPageView', () => {
  it('passes over a page of which everything is hidden, and brings it back', async () => {
    const { session, view } = await open([
      pageOf({ kind: { type: 'string' } }),
      pageOf({ a: ruled("form.kind = 'a'"), b: ruled("form.kind = 'a'") }),
      pageOf({ c: { type: 'string' }, d: ruled("form.kind = 'a'") }),
    ]);
    const before = view.now();
    assert.deepEqual([...before.skipped], [1]);
    assert.deepEqual([...(before.pages[2]?.keys ?? [])], ['c']);
    assert.equal(pageAfter(0, before), 2);
    assert.equal(pageAfter(2, before), 3);
    assert.equal(pageBefore(2, before), 0);
    assert.equal(pageBefore(0, before), -1);
    assert.ok(view.all[1]?.keys.has('b'));

    session.enter(['c'], 'x');
    await session.settled();
    assert.equal(view.now(), before, 'what hides nothing changes nothing');

    session.enter(['kind'], 'a');
    await session.settled();
    const after = view.now();
    assert.deepEqual([...after.skipped], []);
    assert.equal(after.pages[0], before.pages[0]);
    assert.ok(after.pages[2]?.keys.has('d'));
    session.close();
  });

  it('shows a form without rules as it is', async () => {
    const { session, view } = await open([pageOf({ a: { type: 'string' } }), pageOf({})]);
    const { pages, skipped } = view.now();
    assert.equal(pages, view.all);
    assert.equal(skipped.size, 0);
    session.close();
  });
});
