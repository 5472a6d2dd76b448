import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityRow } from '../../api/entity.ts';
import { ACTIONS, type ActionContext } from './actions.ts';
import { parseInput } from './input.ts';
import { toGroups, type Offer, type PaletteGroup } from './items.ts';

const row = (name: string, more: Partial<EntityRow> = {}): EntityRow => ({
  ref: { kind: 'Component', namespace: 'default', name },
  name,
  title: null,
  description: null,
  type: 'service',
  lifecycle: null,
  owner: { kind: 'group', namespace: 'default', name: 'crew' },
  system: null,
  tags: [],
  hasErrors: false,
  ...more,
});

const PAGES = [
  { to: '/catalog', title: 'Catalog', keys: 'g c' },
  { to: '/health', title: 'Health', keys: null },
];

function offered(text: string, more: Partial<Offer> = {}): readonly PaletteGroup[] {
  const about = { recent: [], starred: [], entities: [], pages: PAGES, actions: ACTIONS };
  return toGroups({ text, input: parseInput(text), ...about, ...more });
}

const titles = (groups: readonly PaletteGroup[]): readonly (readonly [string, readonly string[]])[] =>
  groups.map((group) => [group.title, group.items.map((item) => item.title)]);

describe('toGroups', () => {
  it('offers what was seen and starred before anything is typed, each once', () => {
    const groups = offered('', { recent: [row('a')], starred: [row('a'), row('b')], actions: [] });
    assert.deepEqual(titles(groups), [
      ['Seen lately', ['a']],
      ['Starred', ['b']],
      ['Pages', ['Catalog', 'Health']],
    ]);
  });

  it('puts the group with the best match first', () => {
    const entities = [row('catalog-store')];
    assert.equal(offered('catalog', { entities })[0]?.title, 'Pages');
    assert.equal(offered('catalog-store', { entities })[0]?.title, 'Entities');
    // An entity comes before an action that only one of its further words finds.
    assert.equal(offered('toggle', { entities: [row('my-toggle')] })[0]?.title, 'Entities');
    assert.equal(offered('toggle')[0]?.title, 'Actions');
  });

  it('keeps to actions after >, and to entities after a mark', () => {
    assert.deepEqual(
      offered('>dark').map((group) => group.title),
      ['Actions'],
    );
    assert.deepEqual(
      offered('#java', { entities: [row('a')] }).map((group) => group.title),
      ['Entities'],
    );
  });

  it('ends with the search of the catalog', () => {
    const last = offered('two words').at(-1)?.items[0];
    assert.deepEqual(last?.does, { kind: 'go', to: '/catalog?kind=all&q=two%20words' });
  });

  it('tells entities of one name apart', () => {
    const groups = offered('x', {
      entities: [row('x', { title: 'The x', ref: { kind: 'API', namespace: 'lab', name: 'x' } })],
    });
    assert.equal(groups[0]?.items[0]?.hint, 'x · lab · API · service · crew');
  });

  it('gives every line an id of its own', () => {
    const ids = offered('', { recent: [row('a')], starred: [row('b')] }).flatMap((group) =>
      group.items.map((item) => item.id),
    );
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('ACTIONS', () => {
  const done: string[] = [];
  const context = (more: Partial<ActionContext> = {}): ActionContext => ({
    entity: null,
    isStarred: null,
    isSignedIn: true,
    shownTheme: 'light',
    themeChoice: 'system',
    chooseTheme: (choice) => done.push(`theme ${choice}`),
    toggleStar: () => done.push('star'),
    refresh: async () => void done.push('refresh'),
    goTo: (path) => done.push(path),
    address: 'http://portal.test/x',
    copy: async (text) => {
      done.push(`copy ${text}`);
      return false;
    },
    showHelp: () => done.push('help'),
    signOut: async () => void done.push('out'),
    say: (text) => done.push(`said ${text}`),
    ...more,
  });
  const applying = (more: Partial<ActionContext>): readonly string[] =>
    ACTIONS.filter((action) => action.appliesTo(context(more))).map((action) => action.id);

  it('have ids of their own', () => {
    assert.equal(new Set(ACTIONS.map(({ id }) => id)).size, ACTIONS.length);
  });

  it('apply where they make sense', () => {
    const entity = { kind: 'component', namespace: 'default', name: 'x' };
    assert.ok(!applying({}).includes('copy-ref') && !applying({}).includes('star'));
    assert.ok(applying({ entity, isStarred: false }).includes('star'));
    assert.ok(applying({ entity, isStarred: true }).includes('unstar'));
    assert.deepEqual(
      applying({ entity, isStarred: null }).filter((id) => id.includes('star')),
      [],
    );
    assert.ok(applying({ shownTheme: 'dark' }).includes('theme-light'));
    assert.ok(!applying({ isSignedIn: false }).includes('sign-out'));
  });

  it('say when the browser does not let them copy', async () => {
    const entity = { kind: 'component', namespace: 'default', name: 'x' };
    await ACTIONS.find(({ id }) => id === 'copy-ref')?.run(context({ entity }));
    assert.deepEqual(done, ['copy component:default/x', 'said The browser does not let this page copy.']);
  });
});
