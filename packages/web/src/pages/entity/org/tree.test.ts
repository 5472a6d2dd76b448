import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toPerson } from './people.ts';
import { lineKey, treeAction, treeLines, type Branch, type TreeAction, type TreeEntry } from './tree.ts';

function entry(name: string, given: Partial<TreeEntry> = {}): TreeEntry {
  const kind = given.groups === undefined && given.members === undefined ? 'User' : 'Group';
  const person = toPerson({ kind, metadata: { name } });
  assert.ok(person !== null);
  return { person, groups: 0, members: 0, ...given };
}

const g = (name: string): string => `group:default/${name}`;
const top = entry('top', { groups: 2, members: 0 });
const branches = new Map<string, Branch | 'failed'>([
  [
    g('top'),
    { people: [entry('a', { groups: 0, members: 2 }), entry('b', { groups: 0, members: 0 })], more: 7 },
  ],
  [g('a'), { people: [entry('ada'), entry('bob')], more: 0 }],
]);
const expanded = new Set([g('top'), lineKey([g('top'), g('a')])]);
const lines = treeLines({ roots: [top], expanded, branches });

describe('treeLines', () => {
  it('lists what is expanded, in the order of the eye', () => {
    assert.deepEqual(
      lines.map((line) => [line.level, line.kind === 'entry' ? line.entry.person.name : line.kind]),
      [
        [1, 'top'],
        [2, 'a'],
        [3, 'ada'],
        [3, 'bob'],
        [2, 'b'],
        [2, 'more'],
      ],
    );
  });

  it('says where a line stands among its siblings, and whether there is something below', () => {
    const b = lines[4];
    assert.ok(b?.kind === 'entry');
    assert.deepEqual([b.position, b.size, b.isExpanded], [2, 2, null]);
  });

  it('shows what is on the way, and what failed', () => {
    const waiting = treeLines({ roots: [top], expanded, branches: new Map() });
    assert.equal(waiting[1]?.kind, 'loading');
    const failed = treeLines({ roots: [top], expanded, branches: new Map([[g('top'), 'failed']]) });
    assert.equal(failed[1]?.kind, 'failed');
  });

  it('ends a circle where it closes', () => {
    const a = entry('a', { groups: 1, members: 0 });
    const b = entry('b', { groups: 1, members: 0 });
    const circle = treeLines({
      roots: [a],
      expanded: new Set([[g('a')], [g('a'), g('b')], [g('a'), g('b'), g('a')]].map(lineKey)),
      branches: new Map([
        [g('a'), { people: [b], more: 0 }],
        [g('b'), { people: [a], more: 0 }],
      ]),
    });
    assert.equal(circle.length, 3);
    assert.ok(circle[2]?.kind === 'entry' && circle[2].isExpanded === null);
  });
});

describe('treeAction', () => {
  const a = lineKey([g('top'), g('a')]);
  const ada = lineKey([g('top'), g('a'), 'user:default/ada']);
  const b = lineKey([g('top'), g('b')]);
  const press = (at: string, pressed: string): TreeAction => treeAction(lines, { at, pressed });

  it('moves up and down, and to both ends', () => {
    assert.deepEqual(press(a, 'ArrowDown'), { kind: 'focus', key: ada });
    assert.deepEqual(press(ada, 'ArrowUp'), { kind: 'focus', key: a });
    assert.deepEqual(press(g('top'), 'ArrowUp'), { kind: 'none' });
    assert.deepEqual(press(b, 'Home'), { kind: 'focus', key: g('top') });
    assert.deepEqual(press(a, 'End'), { kind: 'focus', key: lines.at(-1)?.key });
  });

  it('goes in and out of groups', () => {
    assert.deepEqual(press(a, 'ArrowRight'), { kind: 'focus', key: ada });
    assert.deepEqual(press(ada, 'ArrowLeft'), { kind: 'focus', key: a });
    assert.deepEqual(press(a, 'ArrowLeft'), { kind: 'collapse', key: a });
    assert.deepEqual(press(b, 'ArrowRight'), { kind: 'none' });
    const closed = treeLines({ roots: [top], expanded: new Set(), branches });
    assert.deepEqual(treeAction(closed, { at: g('top'), pressed: 'ArrowRight' }), {
      kind: 'expand',
      key: g('top'),
    });
    assert.deepEqual(treeAction(closed, { at: g('top'), pressed: ' ' }), { kind: 'expand', key: g('top') });
  });

  it('opens with Enter, and asks for more', () => {
    assert.deepEqual(press(ada, 'Enter'), { kind: 'open', key: ada });
    const more = lines.at(-1)?.key ?? '';
    assert.deepEqual(press(more, 'Enter'), { kind: 'more', key: more });
  });

  it('finds the next name that begins with a letter', () => {
    assert.deepEqual(press(a, 'b'), { kind: 'focus', key: lineKey([g('top'), g('a'), 'user:default/bob']) });
    assert.deepEqual(press(b, 'T'), { kind: 'focus', key: g('top') });
    assert.deepEqual(press(b, 'z'), { kind: 'none' });
    assert.deepEqual(press(b, 'Escape'), { kind: 'none' });
  });

  it('does nothing on a line that is gone', () => {
    assert.deepEqual(press('gone', 'Enter'), { kind: 'none' });
  });
});
