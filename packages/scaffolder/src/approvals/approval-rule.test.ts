import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { hasErrors } from '@callboard/model';
import { parseApprovalRule } from './approval-rule.ts';

const DAY = 86_400_000;
const plain = {
  count: 1,
  message: 'Do you agree?',
  remindEvery: null,
  expiresAfter: null,
  allowRequester: false,
};

describe('parseApprovalRule', () => {
  it('takes a reference or a list of them for by, and a name without a kind for a group', () => {
    const one = { rule: { ...plain, by: ['user:default/eva'] }, diagnostics: [] };
    assert.deepEqual(parseApprovalRule('User:Eva'), one);
    const two = { rule: { ...plain, by: ['group:default/team-a', 'system:default/shop'] }, diagnostics: [] };
    assert.deepEqual(parseApprovalRule(['team-a', 'system:shop', 'group:default/team-a']), two);
  });

  it('takes all keys, with durations in each form', () => {
    for (const twoDays of ['2d', 'P2D', { days: 2 }]) {
      const written = { by: 'team-a', count: 2, message: 'Ok?', remindEvery: twoDays, expiresAfter: twoDays };
      const { rule, diagnostics } = parseApprovalRule({ ...written, allowRequester: true });
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(rule, {
        by: ['group:default/team-a'],
        count: 2,
        message: 'Ok?',
        remindEvery: 2 * DAY,
        expiresAfter: 2 * DAY,
        allowRequester: true,
      });
    }
  });

  it('names what is wrong, with its path', () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      [undefined, 'x.by'],
      [[], 'x.by'],
      [{ by: ['a', 7] }, 'x.by'],
      [{ by: '' }, 'x.by'],
      [{ by: Array.from({ length: 101 }, (_, index) => `g${index}`) }, 'x.by'],
      [{ by: 'a', count: 0 }, 'x.count'],
      [{ by: 'a', count: 1.5 }, 'x.count'],
      [{ by: 'a', message: ['b'] }, 'x.message'],
      [{ by: 'a', remindEvery: 'often' }, 'x.remindEvery'],
      [{ by: 'a', remindEvery: '1s' }, 'x.remindEvery'],
      [{ by: 'a', expiresAfter: { weeks: -1 } }, 'x.expiresAfter'],
      [{ by: 'a', expiresAfter: '10y' }, 'x.expiresAfter'],
      [{ by: 'a', expiresAfter: 7 }, 'x.expiresAfter'],
      [{ by: 'a', allowRequester: 'perhaps' }, 'x.allowRequester'],
    ];
    for (const [value, path] of wrong) {
      const { rule, diagnostics } = parseApprovalRule(value, { path: 'x' });
      assert.equal(rule, null, JSON.stringify(value));
      assert.deepEqual(
        diagnostics.map((diagnostic) => [diagnostic.severity, diagnostic.path]),
        [['error', path]],
        JSON.stringify(value),
      );
    }
  });

  it('warns of keys that it does not know', () => {
    const { rule, diagnostics } = parseApprovalRule({ by: 'a', remind: '1d' });
    assert.notEqual(rule, null);
    assert.match(diagnostics[0]?.summary ?? '', /no key remind/);
  });

  it('gives a rule or says why not, whatever it is given', () => {
    const value = fc.anything({ withNullPrototype: true });
    const written = fc.oneof(
      value,
      fc.record({
        by: fc.oneof(value, fc.constant('team-a')),
        count: value,
        remindEvery: value,
        expiresAfter: value,
      }),
    );
    fc.assert(
      fc.property(written, (given) => {
        const { rule, diagnostics } = parseApprovalRule(given);
        assert.equal(rule === null, hasErrors(diagnostics));
      }),
    );
  });
});
