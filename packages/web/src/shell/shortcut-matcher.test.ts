import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMatcher, keyNames, type Matcher, type Press } from './shortcut-matcher.ts';

const SHORTCUTS = ['g h', 'g c', '?', '/', 'Mod+k', 'j', 'Shift+F10', 'Alt+ArrowUp', 'j'];

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  timeStamp: 0,
  ...more,
});

/** The shortcuts that the presses complete. */
function typed(
  presses: readonly Press[],
  matcher: Matcher = createMatcher({ isApple: false }),
): readonly string[] {
  return presses.flatMap((one) => SHORTCUTS[matcher(one, SHORTCUTS)] ?? []);
}

describe('createMatcher', () => {
  it('knows single keys and keys one after the other', () => {
    assert.deepEqual(typed([press('?', { shiftKey: true })]), ['?']);
    assert.deepEqual(typed([press('g'), press('h')]), ['g h']);
    assert.deepEqual(typed([press('g'), press('h'), press('c')]), ['g h']);
    assert.deepEqual(typed([press('g'), press('x'), press('h')]), []);
    assert.deepEqual(typed([press('g'), press('g'), press('c')]), ['g c']);
    assert.deepEqual(typed([press('g'), press('?')]), ['?']);
  });

  it('lets time pass only so long within a shortcut', () => {
    assert.deepEqual(typed([press('g'), press('h', { timeStamp: 1_400 })]), ['g h']);
    assert.deepEqual(typed([press('g'), press('h', { timeStamp: 1_600 })]), []);
  });

  it('takes the later of two with the same keys', () => {
    assert.equal(createMatcher({ isApple: false })(press('j'), SHORTCUTS), SHORTCUTS.length - 1);
  });

  it('wants exactly the modifiers', () => {
    assert.deepEqual(typed([press('k'), press('k', { metaKey: true }), press('k', { ctrlKey: true })]), [
      'Mod+k',
    ]);
    assert.deepEqual(typed([press('K', { ctrlKey: true })]), ['Mod+k']);
    assert.deepEqual(typed([press('g', { ctrlKey: true }), press('h')]), []);
    assert.deepEqual(typed([press('F10'), press('F10', { shiftKey: true })]), ['Shift+F10']);
    assert.deepEqual(typed([press('ArrowUp'), press('ArrowUp', { altKey: true })]), ['Alt+ArrowUp']);
    assert.deepEqual(typed([press('G'), press('h')]), []);
  });

  it('takes ⌘ for Mod on the machines of Apple, and leaves Ctrl there to the system', () => {
    const apple = createMatcher({ isApple: true });
    assert.deepEqual(typed([press('k', { ctrlKey: true }), press('k', { metaKey: true })], apple), ['Mod+k']);
  });

  it('is not disturbed by the press of a modifier', () => {
    assert.deepEqual(typed([press('g'), press('Shift', { shiftKey: true }), press('h')]), ['g h']);
  });

  it('goes by what the layout writes, also with AltGr or Option', () => {
    assert.deepEqual(typed([press('/', { ctrlKey: true, altKey: true })]), ['/']);
    assert.deepEqual(typed([press('/', { altKey: true })], createMatcher({ isApple: true })), ['/']);
    assert.deepEqual(typed([press('g', { code: 'KeyU' }), press('h', { code: 'KeyD' })]), ['g h']);
  });

  it('goes by the place of the key where the layout writes no Latin letters', () => {
    assert.deepEqual(typed([press('п', { code: 'KeyG' }), press('р', { code: 'KeyH' })]), ['g h']);
    assert.deepEqual(typed([press('л', { code: 'KeyK', ctrlKey: true })]), ['Mod+k']);
  });
});

describe('keyNames', () => {
  it('names keys as they are on the keyboard', () => {
    assert.deepEqual(keyNames('g h', { isApple: false }), [['G'], ['H']]);
    assert.deepEqual(keyNames('Mod+k', { isApple: true }), [['⌘', 'K']]);
    assert.deepEqual(keyNames('Mod+Shift+Enter', { isApple: false }), [['Ctrl', 'Shift', 'Enter']]);
    assert.deepEqual(keyNames('+', { isApple: false }), [['+']]);
    assert.deepEqual(keyNames('?', { isApple: false }), [['?']]);
  });
});
