import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { describe, it } from 'node:test';

describe('the door of access', () => {
  it('loads the cryptography when the first token needs it, not at start', async () => {
    let loaded = false;
    const hooks = registerHooks({
      resolve: (specifier, context, next) => {
        loaded ||= specifier === 'jose';
        return next(specifier, context);
      },
    });
    const { openPortal } = await import('./portal.fixture.ts');
    await using portal = await openPortal();
    assert.equal((await portal.ask('/api/catalog/entities')).status, 401);
    assert.equal(loaded, false);
    await portal.signIn();
    assert.equal(loaded, true);
    hooks.deregister();
  });
});
