import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toProvenance } from '../../api/provenance.ts';
import { shownState } from './shown-state.ts';

const error = { severity: 'error', code: 'catalog/yaml-syntax', summary: 'A bracket is missing.' };

describe('shownState', () => {
  it('tells a source with errors from one that is fine', () => {
    assert.equal(shownState(toProvenance({ state: 'ok' })), 'ok');
    assert.equal(shownState(toProvenance({ state: 'ok', diagnostics: [error] })), 'broken');
  });

  it('does not count warnings, and leaves the other states alone', () => {
    const warning = { ...error, severity: 'warning' };
    assert.equal(shownState(toProvenance({ state: 'ok', diagnostics: [warning] })), 'ok');
    assert.equal(shownState(toProvenance({ state: 'failing', diagnostics: [error] })), 'failing');
  });
});
