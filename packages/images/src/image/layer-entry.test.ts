import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { cleanPath } from './layer-entry.ts';

describe('cleanPath', () => {
  it('gives a path without empty, `.` and `..` parts, or throws', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', '.', '..', '', 'c.d', '...')), (parts) => {
        const path = parts.join('/');
        let clean: string;
        try {
          clean = cleanPath(path);
        } catch {
          assert.ok(path === '' || path.startsWith('/') || parts.includes('..'));
          return;
        }
        assert.deepEqual(
          clean === '' ? [] : clean.split('/'),
          parts.filter((part) => part !== '' && part !== '.'),
        );
      }),
    );
  });
});
